"""The kinds of cases: what can be opened on a day, and one definition in force with every promise its clocks run by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from wandeng.domains.cases.charter import Charter, limits_of
from wandeng.infra.processes.definition import ProcessDefinition
from wandeng.infra.processes.parts import ClockRule, FormField, Named
from wandeng.kernel.errors import NoRuleInForce

Worded = tuple[str, str, str]
"""Code, Chinese, English."""


@dataclass(frozen=True, slots=True)
class KindGlance:
    """A kind of case that can be opened: ``process`` is its code; ``channels`` by which it comes in, ``needs`` what must be known first."""

    process: str
    title_zh: str
    title_en: str
    effective_from: date
    channels: tuple[str, ...]
    needs: tuple[str, ...]
    steps: int
    clocks: int
    path: str


@dataclass(frozen=True, slots=True)
class FieldOfKind:
    """A field of the form; ``by`` is the step at which it must be filled, START before the first."""

    code: str
    name_zh: str
    name_en: str
    by: str
    kind: str
    required: bool
    personal: bool
    known_as: str
    choices: tuple[Worded, ...]


@dataclass(frozen=True, slots=True)
class StepOfKind:
    """A step: its role, or the customer's own; ``only_if`` the yes-or-no field without which it is left out."""

    code: str
    name_zh: str
    name_en: str
    stage: str
    role: str
    by_customer: bool
    may_return: bool
    only_if: str
    evidence: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentOfKind:
    """A document to hand in by a step."""

    code: str
    name_zh: str
    name_en: str
    by: str
    only_if: str


@dataclass(frozen=True, slots=True)
class PromiseShown:
    """What one issuer promises of a class in a territory; the ``strictest`` is what a clock runs by."""

    territory: str
    of: str
    amount: int
    measure: str
    commitment: str
    commitment_zh: str
    is_strictest: bool
    citation: str
    path: str


@dataclass(frozen=True, slots=True)
class ClockOfKind:
    """A clock from the beginning of step ``starts`` to the end of step ``stops``. ``own`` is a limit of the process itself as
    (amount, unit); without one, ``promises`` are those in force."""

    code: str
    name_zh: str
    name_en: str
    starts: str
    stops: str
    limit: str
    own: tuple[int, str] | None
    classes: tuple[str, ...]
    channels: tuple[str, ...]
    paused_by: tuple[str, ...]
    warned: tuple[tuple[int, str], ...]
    breach: tuple[str, ...]
    promises: tuple[PromiseShown, ...]


@dataclass(frozen=True, slots=True)
class PauseOfKind:
    """A reason for which clocks stand still."""

    code: str
    name_zh: str
    name_en: str
    steps: tuple[str, ...]
    evidence: tuple[str, ...]
    by_itself: bool
    most_days: int
    approved_by: str


@dataclass(frozen=True, slots=True)
class KindShown:
    """A definition in force: its classes, form, steps, clocks and end."""

    glance: KindGlance
    may_be_anonymous: bool
    may_be_confidential: bool
    joined_by: str
    joined_within_hours: int
    classes: tuple[tuple[str, str, str, tuple[Worded, ...]], ...]
    grades: tuple[Worded, ...]
    urgency: tuple[Worded, ...]
    stages: tuple[Worded, ...]
    fields: tuple[FieldOfKind, ...]
    documents: tuple[DocumentOfKind, ...]
    steps: tuple[StepOfKind, ...]
    clocks: tuple[ClockOfKind, ...]
    pauses: tuple[PauseOfKind, ...]
    results: tuple[Worded, ...]
    closing_needs: tuple[str, ...]
    call_back_percent: int
    press_most: int


def kinds(*, charter: Charter, on: date) -> tuple[KindGlance, ...]:
    """The kinds of cases that can be opened on a day, by code."""
    return tuple(
        _glance(one.body, one.path, one.effective_from) for one in charter.processes.in_force(on)
    )  # fmt: skip


def kind(process: str, *, charter: Charter, on: date, territories: Iterable[str] = ()) -> KindShown:
    """One definition in force on a day, with the promises of each territory.

    Raises :class:`NotFound` for a process nobody described, :class:`NoRuleInForce` for one not in force on the day.
    """
    version = charter.processes.version(process, on=on)
    body, known = version.body, tuple(dict.fromkeys(territories))
    first = body.classification.first if body.classification else ()
    return KindShown(
        glance=_glance(body, version.path, version.effective_from),
        may_be_anonymous=body.intake.may_be_anonymous, may_be_confidential=body.intake.may_be_confidential,
        joined_by=body.intake.joined_by, joined_within_hours=body.intake.joined_within_hours,
        classes=tuple((one.code, one.name_zh, one.name_en, _worded(one.second)) for one in first),
        grades=_worded(body.grades.values if body.grades else ()),
        urgency=_worded(body.urgency.values if body.urgency else ()), stages=_worded(body.stages),
        fields=tuple(_field(one) for one in body.fields),
        documents=tuple(DocumentOfKind(one.code, one.name_zh, one.name_en, one.by, one.only_if) for one in body.documents),
        steps=tuple(
            StepOfKind(one.code, one.name_zh, one.name_en, one.stage, one.role, one.by_customer, one.may_return,
                       one.only_if, tuple(one.evidence))
            for one in body.steps
        ),
        clocks=tuple(_clock(one, charter, on, known) for one in body.clocks),
        pauses=tuple(
            PauseOfKind(one.code, one.name_zh, one.name_en, tuple(one.steps), tuple(one.evidence), one.by_itself,
                        one.most_days, one.approved_by)
            for one in body.pauses
        ),
        results=_worded(body.closing.results), closing_needs=tuple(body.closing.needs),
        call_back_percent=body.call_back.percent if body.call_back else 0,
        press_most=body.pressing.most if body.pressing else 0,
    )  # fmt: skip


def _glance(body: ProcessDefinition, path: str, since: date) -> KindGlance:
    return KindGlance(
        body.process, body.title_zh, body.title_en, since, tuple(body.intake.channels), tuple(body.intake.needs),
        len(body.steps), len(body.clocks), path,
    )  # fmt: skip


def _worded(values: Iterable[Named]) -> tuple[Worded, ...]:
    return tuple((one.code, one.name_zh, one.name_en) for one in values)


def _field(one: FormField) -> FieldOfKind:
    return FieldOfKind(
        one.code, one.name_zh, one.name_en, one.by, one.kind, one.required, one.personal, one.known_as,
        _worded(one.choices),
    )  # fmt: skip


def _clock(rule: ClockRule, charter: Charter, on: date, territories: tuple[str, ...]) -> ClockOfKind:
    promises = [
        promise for territory in territories if rule.limit for of in rule.runs_for
        for promise in _promises(rule.limit, charter, of, on, territory)
    ]  # fmt: skip
    return ClockOfKind(
        rule.code, rule.name_zh, rule.name_en, rule.starts, rule.stops, rule.limit,
        (rule.own.amount, rule.own.unit) if rule.own else None, tuple(rule.classes), tuple(rule.channels),
        tuple(rule.paused_by), tuple((one.percent, one.role) for one in rule.warned), tuple(rule.breach),
        tuple(promises),
    )  # fmt: skip


def _promises(key: str, charter: Charter, of: str, on: date, territory: str) -> tuple[PromiseShown, ...]:
    try:
        found = limits_of(key, charter=charter, of=of, on=on, territory=territory)
    except NoRuleInForce:
        return ()
    return tuple(
        PromiseShown(territory, of, one.amount, one.unit, one.commitment, one.commitment_zh, one is found.strictest,
                     one.citation, one.path)
        for one in found.all
    )  # fmt: skip
