"""A case as its customer sees it by the link they were given: steps, promise, what is waited for; nothing personal."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from wandeng.domains.cases import evidence, form, log, tracking
from wandeng.domains.cases.charter import Charter, local_day
from wandeng.domains.cases.models import Case, CaseEntry
from wandeng.domains.cases.types import CaseShown
from wandeng.infra.processes.course import Course, steps_for
from wandeng.infra.processes.definition import ProcessDefinition
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import NotFound

Words = tuple[str, str]
"""Chinese and English."""


@dataclass(frozen=True, slots=True)
class TrackStep:
    """A step: ``status`` DONE (with its day), HERE or AHEAD; ``is_yours`` is the customer's own."""

    code: str
    name: Words
    status: str
    is_yours: bool
    done_on: date | None


@dataclass(frozen=True, slots=True)
class Track:
    """How far a case is. ``account_masked`` shows the last four digits, empty where nobody may learn whose it is. ``wanted``
    is what the customer has still to do or bring, ``pauses`` why the clocks stand still; ``due_at`` is when the utility
    promised to be done with what runs now, ``due_on`` the last day of that, ``days_left`` the days until then, below zero when
    it is late."""

    number: str
    title: Words
    state: str
    unit_name: str
    account_masked: str
    opened_on: date
    ended_on: date | None
    steps: tuple[TrackStep, ...]
    here: Words
    wanted: tuple[Words, ...]
    pauses: tuple[Words, ...]
    due_at: datetime | None
    due_on: date | None
    days_left: int | None
    hotline: str


def link_token(scope: Scope, number: str) -> str:
    """The token of a case's link, for staff to hand over. Raises :class:`NotFound`, also outside the scope."""
    return tracking.token_of(scope.one(Case.objects.select_related("unit"), "unit__path", "case", number=number))


def link_tokens(numbers: Collection[str]) -> dict[str, str]:
    """Case → the token of its link, of cases that the reader was shown."""
    return tracking.tokens_of(numbers)


def link_token_of(seen: CaseShown) -> str:
    """The same of a case that was read already."""
    withdrawn = sum(one.kind == "NOTED" and one.what == tracking.LINK for one in seen.entries)
    return tracking.token(seen.glance.number, withdrawn)


def track(token: str, *, charter: Charter, now: datetime) -> Track:
    """The case that a token opens, to whoever holds it. Raises :class:`NotFound` for a token that opens nothing."""
    rows = Case.objects.select_related("unit", "account")
    row = rows.filter(number=tracking.number_in(token)[:24]).first()
    if row is None or not tracking.holds(row, token):
        raise NotFound("this link opens nothing")
    return told(row, charter=charter, now=now)


def told(row: Case, *, charter: Charter, now: datetime) -> Track:
    """How far a case is; of whoever asks it is known already that they may know."""
    body, answers = charter.body_of(row), form.answers_of(row)
    course = log.course_of(row, body, log.Log(row, list(CaseEntry.objects.filter(case=row).order_by("place"))))
    here = body.step(row.step) if row.step else None
    pauses = {one.code: (one.name_zh, one.name_en) for one in body.pauses}
    is_open = row.state == "OPEN"
    ended = row.ended_at or row.finished_at
    due = row.due_at if is_open and not row.is_paused else None
    last = local_day(due - timedelta(microseconds=1)) if due else None
    hidden = row.is_confidential or row.is_anonymous or row.account is None
    return Track(
        number=row.number, title=(body.title_zh, body.title_en), state=row.state, unit_name=row.unit.name,
        account_masked="" if hidden or row.account is None else f"****{row.account.account_number[-4:]}",
        opened_on=local_day(row.opened_at), ended_on=local_day(ended) if ended else None,
        steps=_steps(body, answers, course), here=(here.name_zh, here.name_en) if here else ("", ""),
        wanted=_wanted(row, body, answers) if is_open else (),
        pauses=tuple(pauses[code] for code in course.paused_by if code in pauses) if is_open else (),
        due_at=due, due_on=last, days_left=(last - local_day(now)).days if last else None,
        hotline=charter.hotline(row.unit.territory, on=local_day(now)),
    )  # fmt: skip


def _steps(body: ProcessDefinition, answers: dict[str, str], course: Course) -> tuple[TrackStep, ...]:
    done = {stay.step: stay.to_at for stay in course.stays if stay.finished and stay.to_at}
    place = body.step_codes.index(course.step) if course.step else len(body.steps)
    found = []
    for one in steps_for(body, form.questions(answers)):
        at = body.step_codes.index(one.code)
        status = "HERE" if at == place else "DONE" if at < place else "AHEAD"
        when = done.get(one.code)
        found.append(
            TrackStep(
                one.code, (one.name_zh, one.name_en), status, one.by_customer,
                local_day(when) if status == "DONE" and when else None,
            )
        )  # fmt: skip
    return tuple(found)


def _wanted(row: Case, body: ProcessDefinition, answers: dict[str, str]) -> tuple[Words, ...]:
    """The customer's own step, and papers that are not here yet, those for later steps too."""
    asked = form.questions(answers)
    here = evidence.documents_here(row) if body.documents else frozenset[str]()
    step = body.step(row.step) if row.step else None
    own = ((step.name_zh, step.name_en),) if step and step.by_customer else ()
    return own + tuple(
        (one.name_zh, one.name_en)
        for one in body.documents
        if one.code not in here and (not one.only_if or asked.get(one.only_if, True))
    )
