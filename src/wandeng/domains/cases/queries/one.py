"""One case with everything about it: course, clocks with every promise in force, form, papers, timeline."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

from django.db.models import Q

from wandeng.calc.clocks import clock as clocks
from wandeng.calc.clocks.days import DayLine
from wandeng.domains.cases import evidence, form, log, reach
from wandeng.domains.cases.charter import Charter, limits_of, local_day
from wandeng.domains.cases.models import Case, CaseClock, CaseEntry, CasePaper
from wandeng.domains.cases.queries.known import glance, named
from wandeng.domains.cases.types import (
    CallBackShown,
    CaseShown,
    ClockShown,
    DocumentShown,
    EntryShown,
    FieldShown,
    PaperShown,
    Place,
    StepShown,
)
from wandeng.infra import pii
from wandeng.infra.processes.course import steps_for
from wandeng.infra.processes.definition import ProcessDefinition
from wandeng.infra.processes.parts import START, FormField, Named, Scale
from wandeng.infra.scope import Scope, the_one
from wandeng.kernel.errors import NoRuleInForce


def case(scope: Scope, number: str, *, charter: Charter, now: datetime) -> CaseShown:
    """One case. Personal values are masked; of a confidential one not even the name is told.

    Raises :class:`NotFound`, also out of reach.
    """
    rows = Case.objects.select_related("unit", "account", "transformer", "into", "parent")
    row = reach.one(scope, rows, number)
    version = charter.version_of(row)
    body, answers = version.body, form.answers_of(row)
    entries = list(CaseEntry.objects.filter(case=row).order_by("place"))
    course = log.course_of(row, body, log.Log(row, entries))
    first = body.classification.first if body.classification else ()
    second = next((one.second for one in first if one.code == row.first_class), ())
    papers = list(CasePaper.objects.filter(case=row).order_by("at", "id"))
    here = frozenset(one.document for one in papers if one.kind == "DOCUMENT")
    # One look for both kinds of relation: the page of a case may not cost a query for each.
    related = list(
        Case.objects.filter(Q(into=row) | Q(parent=row)).order_by("id").values_list("number", "into_id", "parent_id")
    )
    account = None if row.is_confidential else row.account
    return CaseShown(
        id=row.pk, glance=glance(row, charter), channel=row.channel, unit_code=row.unit.code, unit_path=row.unit.path,
        account_name=account.name if account else "", address=account.address if account else "",
        transformer_code=row.transformer.code if row.transformer else "",
        transformer_name=row.transformer.name if row.transformer else "", locality=row.locality,
        first_class=named(first, row.first_class), second_class=named(second, row.second_class),
        grade=named(_values(body.grades), row.grade), urgency=named(_values(body.urgency), row.urgency),
        is_anonymous=row.is_anonymous, is_confidential=row.is_confidential, outside_number=row.outside_number,
        step=row.step, role=row.role, rounds=row.rounds, is_paused=row.is_paused, paused_by=course.paused_by,
        pressed=row.pressed, press_most=body.pressing.most if body.pressing else 0, supervised_at=row.supervised_at,
        returned=row.returned, result=row.result, finished_at=row.finished_at, ended_at=row.ended_at,
        into=row.into.number if row.into else "", parent=row.parent.number if row.parent else "",
        merged=tuple(number for number, into, _parent in related if into == row.pk),
        parts=tuple(number for number, _into, parent in related if parent == row.pk),
        steps=_steps(row, body, answers), clocks=_clocks(row, body, charter, now), fields=_fields(row, body, answers),
        documents=_documents(body, answers, here), papers=_papers(papers), entries=tuple(_entry(one) for one in entries),
        call_backs=_call_backs(row),
        pauses=tuple((one.code, one.name_zh, one.name_en) for one in body.pauses if row.step in one.steps and not one.by_itself),
        results=tuple((one.code, one.name_zh, one.name_en) for one in body.closing.results), defined_path=version.path,
        missing=form.missing_fields(body, answers, by=_due_here(row, body)),
        call_back_role=body.call_back.role if body.call_back else "", needs_result="RESULT" in body.closing.needs, asked_again_at=row.asked_again_at,
    )  # fmt: skip


def _values(scale: Scale | None) -> tuple[Named, ...]:
    return scale.values if scale else ()


def _due_here(row: Case, body: ProcessDefinition) -> list[str]:
    codes = body.step_codes
    return [START, *codes[: codes.index(row.step) + 1]] if row.step else []


def _steps(row: Case, body: ProcessDefinition, answers: dict[str, str]) -> tuple[StepShown, ...]:
    ours = {one.code for one in steps_for(body, form.questions(answers))}
    place = body.step_codes.index(row.step) if row.step else len(body.steps)
    found = []
    for number, one in enumerate(body.steps):
        status = "HERE" if number == place else "DONE" if number < place else "AHEAD"
        found.append(
            StepShown(
                one.code, one.name_zh, one.name_en, one.stage, one.role, one.by_customer, one.may_return, one.evidence,
                status if one.code in ours else "LEFT_OUT",
            )
        )  # fmt: skip
    return tuple(found)


def _clocks(row: Case, body: ProcessDefinition, charter: Charter, now: datetime) -> tuple[ClockShown, ...]:
    rows = CaseClock.objects.filter(case=row).order_by("round", "started_at", "id")
    days = charter.days()
    return tuple(_clock(one, row, body, charter, days, now) for one in rows)


def _clock(
    one: CaseClock, row: Case, body: ProcessDefinition, charter: Charter, days: DayLine, now: datetime
) -> ClockShown:  # fmt: skip
    standing = clocks.standing(log.clock_of(one), days, at=now)
    rule = log.rule_named(body, one.clock)
    others: tuple[tuple[str, int, str], ...] = ()
    if rule.limit:
        of = next((each for each in log.classes_of(row) if each in rule.runs_for), "ALL")
        try:
            found = limits_of(
                rule.limit, charter=charter, of=of, on=local_day(one.started_at), territory=row.unit.territory
            )  # fmt: skip
            others = tuple((each.commitment_zh, each.amount, each.unit) for each in found.all[1:])
        except NoRuleInForce:
            others = ()
    territory = charter.rules.territories.get(one.commitment)
    return ClockShown(
        code=one.clock, name_zh=rule.name_zh, name_en=rule.name_en, round=one.round, started_at=one.started_at,
        due_at=standing.due_at, stopped_at=one.stopped_at, amount=one.amount, measure=one.measure,
        commitment=one.commitment, commitment_zh=territory.name_zh if territory else "", rule_path=one.rule_path,
        status=_status(one, is_over=standing.is_over), share_e4=standing.share_e4, is_confirmed=standing.is_confirmed,
        others=others,
    )  # fmt: skip


def _status(one: CaseClock, *, is_over: bool) -> str:
    if one.stopped_at is None:
        return "PAUSED" if one.is_paused else "LATE" if is_over else "RUNNING"
    if not one.is_finished:
        return "DROPPED"
    return "BROKEN" if is_over else "KEPT"


def _fields(row: Case, body: ProcessDefinition, answers: dict[str, str]) -> tuple[FieldShown, ...]:
    return tuple(
        FieldShown(
            one.code, one.name_zh, one.name_en, one.kind, one.by, one.required, one.personal,
            _shown(answers.get(one.code, ""), one, is_confidential=row.is_confidential),
            tuple((choice.code, choice.name_zh, choice.name_en) for choice in one.choices),
        )
        for one in body.fields
    )  # fmt: skip


HIDDEN = "***"


def _shown(text: str, one: FormField, *, is_confidential: bool) -> str:
    if not one.personal or not text:
        return text
    return HIDDEN if is_confidential else masked(text, kind=one.kind)


def masked(text: str, *, kind: str) -> str:
    """A personal value as pages show it: of a number its ends, of a name its beginning, of a place its first half.

    >>> masked("13812345678", kind="PHONE"), masked("欧阳小明", kind="TEXT"), masked("", kind="TEXT")
    ('138****5678', '欧阳**', '')
    """
    if kind == "PHONE":
        return pii.mask_phone(text) if text else ""
    kept = (len(text) + 1) // 2
    return text[:kept] + "*" * (len(text) - kept)


def _documents(body: ProcessDefinition, answers: dict[str, str], here: frozenset[str]) -> tuple[DocumentShown, ...]:
    asked = form.questions(answers)
    return tuple(
        DocumentShown(one.code, one.name_zh, one.name_en, one.by, one.code in here)
        for one in body.documents
        if not one.only_if or asked.get(one.only_if, True)
    )


def _papers(rows: list[CasePaper]) -> tuple[PaperShown, ...]:
    return tuple(
        PaperShown(
            one.pk, one.kind, one.document, one.step, one.label, one.file_name,
            Place(one.longitude_e6, one.latitude_e6) if one.longitude_e6 is not None and one.latitude_e6 is not None else None,
            one.at, one.actor, one.destroyed_at,
        )
        for one in rows
    )  # fmt: skip


def _entry(one: CaseEntry) -> EntryShown:
    return EntryShown(
        one.place, one.kind, one.what, one.at, one.noted_at, one.actor, one.note, json.loads(one.facts)
    )  # fmt: skip


def _call_backs(row: Case) -> tuple[CallBackShown, ...]:
    return tuple(
        CallBackShown(
            one.pk, one.round, one.state, one.due_at, one.next_at, one.attempts, one.channel, one.score, one.remark,
            one.answered_at, one.called_by,
        )
        for one in row.call_backs.order_by("round")
    )  # fmt: skip


def form_filled(scope: Scope, number: str, *, charter: Charter) -> tuple[FieldShown, ...]:
    """The fields of the application for the customer to sign (免填单): names and places in the clear, telephone numbers masked,
    of a confidential case nothing personal. Raises :class:`NotFound`, also outside the scope."""
    row = scope.one(Case.objects.select_related("unit"), "unit__path", "case", number=number)
    body, answers = charter.body_of(row), form.answers_of(row)
    found = []
    for one in _fields(row, body, answers):
        is_open = one.by == START and one.personal and one.kind != "PHONE" and not row.is_confidential
        found.append(replace(one, value=answers.get(one.code, "")) if is_open else one)
    return tuple(one for one in found if one.by == START)


def is_reached(scope: Scope, number: str) -> bool:
    """Whether a case lies in the unit or hands of who asks."""
    return reach.limit(scope, Case.objects.filter(number=number)).exists()


def is_own(scope: Scope, number: str) -> bool:
    """Whether a case lies in the unit of who asks: what the work on it needs not, another office does not see."""
    return scope.limit(Case.objects.filter(number=number), "unit__path").exists()


def is_told(scope: Scope, number: str, key: str) -> bool:
    """Whether who asks told something of a case under a key, wherever the case is now: what is told again was taken."""
    return bool(key) and CaseEntry.objects.filter(case__number=number, key=key, actor=scope.person).exists()


def paper(scope: Scope, paper_id: int) -> tuple[str, bytes]:
    """Name and content of a paper's file. Raises :class:`NotFound`, also out of reach."""
    rows = CasePaper.objects.select_related("case__unit").filter(pk=paper_id)
    row = the_one(reach.limit(scope, rows, "case__"), "paper", paper_id)
    return row.file_name, evidence.content(row)
