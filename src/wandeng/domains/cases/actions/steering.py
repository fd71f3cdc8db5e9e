"""Steering cases from outside their steps: press (催办), supervise (督办), transfer, reclassify, merge, split, withdraw, note."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from django.db import transaction

from wandeng.domains.cases import following, log, recording, years
from wandeng.domains.cases.actions import intake, telling
from wandeng.domains.cases.charter import Charter
from wandeng.domains.cases.events import CaseClosed
from wandeng.domains.cases.locking import locked_case
from wandeng.domains.cases.models import CallBack, Case
from wandeng.domains.cases.states import CASE
from wandeng.domains.cases.types import Done, Opened, PressedEnough, Request
from wandeng.domains.organization import queries as organization
from wandeng.infra import events
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput

PRESSING = ("CALL_CLERK", "HALL_CLERK", "DISPATCHER", "COUNTY_MANAGER", "PROVINCIAL_MANAGER")
ANSWERABLE = ("DISPATCHER", "COUNTY_MANAGER", "PROVINCIAL_MANAGER", "AUDITOR")


@transaction.atomic
def press(*, number: str, note: str, actor: Actor, at: datetime, charter: Charter) -> Done:
    """The customer asks how it goes: whoever has it in hand is told at once, and it is counted.

    Raises :class:`PressedEnough` beyond what the process allows.
    """
    row = open_row(actor, number)
    require(actor, *PRESSING, unit_path=row.unit.path)
    body = charter.body_of(row)
    most = body.pressing.most if body.pressing else 0
    if row.pressed >= most:
        raise PressedEnough(f"case {number} was pressed {row.pressed} times: it is to be supervised now", most=most)
    put(row, "PRESSED", note, actor, at, also={"pressed": row.pressed + 1})
    people = [row.handler] if row.handler else list(telling.people_for(row, row.role, at)) if row.role else []
    telling.tell(row, body, "case_pressed", people, key=str(row.pressed), actor=actor, at=at)
    recording.record("case.press", row, {"times": row.pressed}, actor, at, note)
    return recording.done(row)


@transaction.atomic
def supervise(*, number: str, reason: str, actor: Actor, at: datetime, charter: Charter) -> Done:
    """Put a case under supervision: it leads every queue until it ends, and its people and their head are told."""
    row = open_row(actor, number)
    require(actor, *ANSWERABLE, unit_path=row.unit.path)
    require_reason(reason)
    body = charter.body_of(row)
    put(row, "SUPERVISED", reason, actor, at, also={"supervised_at": row.supervised_at or at})
    people = [row.handler] if row.handler else list(telling.people_for(row, row.role, at)) if row.role else []
    people += telling.people_for(row, "COUNTY_MANAGER", at)
    telling.tell(row, body, "case_supervised", people, key=telling.moment(at), actor=actor, at=at)
    recording.record("case.supervise", row, {"step": row.step}, actor, at, reason)
    return recording.done(row)


@transaction.atomic
def transfer(*, number: str, unit_code: str, reason: str, actor: Actor, at: datetime, charter: Charter) -> Done:
    """Give the case to another unit: its clocks run on, whoever took it first stays its owner.

    Raises :class:`NotFound` for a unit outside the installation's root that the actor stands under.
    """
    row = open_row(actor, number)
    require(actor, row.role, *ANSWERABLE, "CALL_CLERK", unit_path=row.unit.path)
    require_reason(reason)
    root = row.unit.path.split("/")[0] + "/"
    unit = organization.unit(Scope(root), unit_code)
    left = row.unit.code
    if unit.code == left:
        raise Conflict(f"case {number} is with {unit_code} already")
    put(row, "TRANSFERRED", reason, actor, at, also={"unit_id": unit.unit_id, "handler": ""},
          facts={"from": left, "to": unit.code})  # fmt: skip
    row.refresh_from_db()
    telling.tell_next(row, charter.body_of(row), actor=actor, at=at)
    recording.record("case.transfer", row, {"from": left, "to": unit.code}, actor, at, reason)
    return recording.done(row)


@transaction.atomic
def reclassify(
    *, number: str, first_class: str, second_class: str, grade: str, urgency: str, reason: str, actor: Actor, at: datetime,
    charter: Charter,
) -> Done:  # fmt: skip
    """Correct class, grade or urgency; empty leaves as it is. Raises :class:`InvalidInput` for what the process has not."""
    row = open_row(actor, number)
    require(actor, row.role, *ANSWERABLE, "CALL_CLERK", unit_path=row.unit.path)
    require_reason(reason)
    body = charter.body_of(row)
    asked = Request(row.process, row.channel, {}, first_class=first_class or row.first_class,
                    second_class=second_class if first_class else second_class or row.second_class)  # fmt: skip
    first, second = intake.classes(body, asked)
    level = intake.on_scale(body.urgency, urgency or row.urgency)
    also = {
        "first_class": first, "second_class": second, "grade": intake.on_scale(body.grades, grade or row.grade)[0],
        "urgency": level[0], "urgency_rank": level[1],
    }  # fmt: skip
    before = {name: getattr(row, name) for name in also}
    changed = {name: value for name, value in also.items() if before[name] != value}
    put(row, "RECLASSIFIED", reason, actor, at, also=also, facts=changed)
    recording.record("case.reclassify", row, changed, actor, at, reason)
    return recording.done(row)


@transaction.atomic
def note(*, number: str, text: str, actor: Actor, at: datetime) -> Done:
    """Write something on the timeline; the case goes on as it is."""
    row = locked_case(actor, number, in_hand=True)
    if not text.strip():
        raise InvalidInput("a note needs words")
    put(row, "NOTED", text, actor, at)
    recording.record("case.note", row, {}, actor, at, "")
    return recording.done(row)


@transaction.atomic
def merge(*, number: str, into: str, reason: str, actor: Actor, at: datetime) -> Done:
    """Two cases about one thing: this one ends in the other, and both say so. What was merged into this one before goes on in the
    other too, which decides how long their evidence is kept.

    Raises :class:`Conflict` for cases of different kinds or one that is not open.
    """
    first, second = sorted((number, into))
    if first == second:
        raise InvalidInput("a case is not merged into itself")
    # Locked in the order of their numbers, whichever goes into which.
    rows = {one: open_row(actor, one) for one in (first, second)}
    row, kept = rows[number], rows[into]
    require(actor, row.role, *ANSWERABLE, "CALL_CLERK", unit_path=row.unit.path)
    require_reason(reason)
    if row.process != kept.process:
        raise Conflict(f"case {number} is a {row.process}, case {into} a {kept.process}")
    _end(row, "merge", "MERGED", reason, actor, at, into=kept.pk, facts={"into": into})
    Case.objects.filter(into_id=row.pk, state="MERGED").update(into_id=kept.pk)
    put(kept, "JOINED", reason, actor, at, facts={"case": number})
    recording.record("case.merge", row, {"into": into}, actor, at, reason)
    return recording.done(row)


@transaction.atomic
def split(*, number: str, request: Request, actor: Actor, at: datetime, charter: Charter) -> Opened:
    """A second matter in one case becomes a case of its own, of any kind; each refers to the other."""
    row = open_row(actor, number)
    asked = replace(request, account_number=request.account_number or _account_number(row),
                    unit_code=request.unit_code or row.unit.code)  # fmt: skip
    made = intake.open_case(request=asked, actor=actor, at=at, charter=charter)
    Case.objects.filter(number=made.number).update(parent=row.pk)
    put(row, "SPLIT", "", actor, at, facts={"case": made.number})
    recording.record("case.split", row, {"case": made.number}, actor, at, "")
    return made


@transaction.atomic
def withdraw(*, number: str, reason: str, actor: Actor, at: datetime, charter: Charter) -> Done:
    """The customer takes it back: the case ends, with the reason; nobody is called back. What proves it is kept its years from
    now."""
    row = open_row(actor, number)
    require(actor, row.role, *ANSWERABLE, "CALL_CLERK", "HALL_CLERK", unit_path=row.unit.path)
    require_reason(reason)
    until = years.kept_until(row, charter.body_of(row), at)
    _end(row, "withdraw", "WITHDRAWN", reason, actor, at, kept_until=until)
    years.hand_down(row)
    recording.record("case.withdraw", row, {}, actor, at, reason)
    return recording.done(row)


def _end(
    row: Case, verb: str, kind: str, reason: str, actor: Actor, at: datetime, *, into: int | None = None,
    kept_until: date | None = None, facts: dict[str, object] | None = None,
) -> None:  # fmt: skip
    put(row, kind, reason, actor, at, facts=facts)
    row.clocks.filter(stopped_at__isnull=True).update(stopped_at=at, next_at=None, next_percent=None, is_paused=False)
    CallBack.objects.filter(case=row, state="WANTED").delete()
    move(
        row, CASE, verb, actor=actor, at=at, reason=reason, ended_at=at, into_id=into, kept_until=kept_until, due_at=None,
        due_clock="",
    )  # fmt: skip
    following.follow(row, None, actor=actor, at=at)
    events.publish(CaseClosed(row.number, row.process, row.state, row.unit.path), at=at)


def open_row(actor: Actor, number: str) -> Case:
    """A case under its lock. Raises :class:`NotFound`, :class:`Conflict` for one that is not open."""
    row = locked_case(actor, number)
    if row.state != "OPEN":
        raise Conflict(f"case {number} is {row.state}", state=row.state)
    return row


def put(
    row: Case, kind: str, text: str, actor: Actor, at: datetime, *, also: dict[str, object] | None = None,
    facts: dict[str, object] | None = None,
) -> None:  # fmt: skip
    """One entry more, and columns beside it."""
    written = log.Log.of(row)
    written.add(kind, at=at, noted_at=at, actor=actor, what=row.step, note=text, facts=facts)
    written.keep()
    if also:
        Case.objects.filter(pk=row.pk).update(**also)
        row.refresh_from_db()


def _account_number(row: Case) -> str:
    return row.account.account_number if row.account else ""


def require_reason(text: str) -> None:
    """Raises :class:`InvalidInput` where nobody said why."""
    if not text.strip():
        raise InvalidInput("say why")
