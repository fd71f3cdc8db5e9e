"""The end of a case: the customer is asked (回访), a dissatisfied one opens it again, and nothing closes unseen (销号)."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, time, timedelta

from django.db import transaction

from wandeng.calc.clocks import clock as clocks
from wandeng.calc.clocks.clock import Clock
from wandeng.calc.clocks.days import DayLine
from wandeng.calc.clocks.terms import Limit, Unit
from wandeng.domains.cases import evidence, form, log, recording, years
from wandeng.domains.cases.actions import telling
from wandeng.domains.cases.charter import Charter, limits_of, local_day
from wandeng.domains.cases.events import CaseClosed, CaseReopened
from wandeng.domains.cases.locking import locked_case
from wandeng.domains.cases.models import CallBack, Case
from wandeng.domains.cases.states import CALL_BACK, CASE
from wandeng.domains.cases.types import Done, NothingUnseen
from wandeng.infra import audit, events, ids, statements
from wandeng.infra.processes.definition import ProcessDefinition
from wandeng.infra.processes.parts import CallBack as CallBackRule
from wandeng.infra.scope import require
from wandeng.infra.statements import Reading
from wandeng.infra.transitions import move, move_held
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput
from wandeng.kernel.periods import BILLING_ZONE

BETWEEN_ATTEMPTS = timedelta(hours=2)
SATISFIED_FROM = 3
"""Scores from 3 (acceptable) are satisfied, 1 and 2 are not: as the buttons of a satisfaction rater say."""
REOPENERS = ("CALL_CLERK", "DISPATCHER", "AUDITOR", "COUNTY_MANAGER", "PROVINCIAL_MANAGER")


def after_last_step(
    row: Case, written: log.Log, charter: Charter, *, actor: Actor, at: datetime, since: datetime
) -> None:
    """All steps are done: OPEN → FINISHED, a call-back is wanted when the case is drawn, and a case that owes nobody
    anything closes at once.

    Raises :class:`NothingUnseen` while a result is missing, ``FormIncomplete`` for documents.
    """
    body = charter.body_of(row)
    require_ready(row, body, evidence.documents_here(row) if "DOCUMENTS" in body.closing.needs else frozenset())
    move_held(row, CASE, "finish", actor=actor, at=at, finished_at=since)
    if is_drawn(row, body):
        want_call_back(row, body.call_back, charter, at=at, since=since)
    else:
        _close(row, written, body, actor=actor, at=at, note="")


def require_ready(row: Case, body: ProcessDefinition, documents: frozenset[str]) -> None:
    """Raises :class:`NothingUnseen` while a result is missing, ``FormIncomplete`` for documents."""
    if "RESULT" in body.closing.needs and row.result not in {one.code for one in body.closing.results}:
        raise NothingUnseen("say what came of the case before its last step is finished", needs=["RESULT"])
    if "DOCUMENTS" in body.closing.needs:
        due = ["START", *body.step_codes]
        form.require_documents(body, form.answers_of(row), documents, by=due)


def is_drawn(row: Case, body: ProcessDefinition) -> bool:
    """Whether the customer is asked: a share of the cases that follows from number and round, so nobody can choose."""
    rule = body.call_back
    if rule is None or (row.is_anonymous and not rule.anonymous):
        return False
    digest = hashlib.sha256(f"{row.number}:{row.rounds}".encode()).digest()
    return int.from_bytes(digest[:4], "big") % 100 < rule.percent


def want_call_back(
    row: Case, rule: CallBackRule | None, charter: Charter, *, at: datetime, since: datetime
) -> None:  # fmt: skip
    """Write down that this round is to be asked about, with its limit."""
    if rule is not None:
        made = wanted_call_back(row, rule, charter, charter.days(), at=at, since=since)
        made.pk = ids.reserve(CallBack, 1)
        statements.insert([made])


def wanted_call_back(
    row: Case, rule: CallBackRule, charter: Charter, days: DayLine, *, at: datetime, since: datetime
) -> CallBack:  # fmt: skip
    """A call-back of the present round that is not stored yet and has no id."""
    found = limits_of(
        rule.limit, charter=charter, of="ALL", on=local_day(since), territory=row.unit.territory
    ).strictest  # fmt: skip
    running = Clock(since, Limit(found.amount, Unit(found.unit)))
    due = clocks.due_at(running, days) or since
    return CallBack(case=row, round=row.rounds, due_at=due, next_at=calling_time(rule, at))


def calling_time(rule: CallBackRule, at: datetime) -> datetime:
    """``at``, or the next moment of the hours in which customers are called."""
    local = at.astimezone(BILLING_ZONE)
    if rule.from_time <= local.time() < rule.to_time:
        return at
    day: date = local.date() if local.time() < rule.from_time else local.date() + timedelta(days=1)
    begins: time = rule.from_time
    return datetime.combine(day, begins, BILLING_ZONE)


@transaction.atomic
def call_back(
    *, number: str, score: int, remark: str, channel: str, actor: Actor, at: datetime, charter: Charter
) -> Done:  # fmt: skip
    """What the customer said of the round: satisfied closes the case, dissatisfied opens it again with new clocks.

    ``score`` 1 to 5, ``channel`` PHONE, SMS or PORTAL. Raises :class:`Conflict` when nobody is to be asked any more,
    :class:`InvalidInput` for a score outside, or a dissatisfied one without a word why.
    """
    row = locked_case(actor, number)
    body, one = charter.body_of(row), _wanted(row)
    require(actor, body.call_back.role if body.call_back else "", *OVERSEERS, unit_path=row.unit.path)
    require_answer(score, channel)
    is_satisfied = score >= SATISFIED_FROM
    if not is_satisfied and not remark.strip():
        raise InvalidInput("say what the customer is not satisfied with")
    verb = "satisfied" if is_satisfied else "dissatisfied"
    move_held(one, CALL_BACK, verb, actor=actor, at=at, score=score, remark=audit.without_numbers(remark),
              channel=channel, answered_at=at, called_by=actor.code, attempts=one.attempts + 1)  # fmt: skip
    written = log.Log.of(row)
    written.add("CALLED_BACK", at=at, noted_at=at, actor=actor, what=one.state, note=remark,
                facts={"score": score, "channel": channel})  # fmt: skip
    recording.record("case.call_back", row, {"score": score, "channel": channel}, actor, at, remark)
    if is_satisfied:
        _close(row, written, body, actor=actor, at=at, note="")
    else:
        _open_again(row, written, charter, actor=actor, at=at, reason=remark)
    return recording.done(row)


def require_answer(score: int, channel: str) -> None:
    """Raises :class:`InvalidInput` for what is no answer of a customer."""
    if not 1 <= score <= 5 or channel not in ("PHONE", "SMS", "PORTAL"):
        raise InvalidInput("a score lies between 1 and 5, by PHONE, SMS or PORTAL")


OVERSEERS = ("COUNTY_MANAGER", "PROVINCIAL_MANAGER", "AUDITOR")


@transaction.atomic
def not_reached(*, number: str, remark: str, actor: Actor, at: datetime, charter: Charter) -> Done:
    """Nobody answered. After as many attempts as the definition allows the case closes as not reached, and is counted so."""
    row = locked_case(actor, number)
    body, one = charter.body_of(row), _wanted(row)
    rule = body.call_back
    if rule is None:
        raise Conflict(f"cases of {body.process} are not called back")
    require(actor, rule.role, *OVERSEERS, unit_path=row.unit.path)
    written = log.Log.of(row)
    attempts = one.attempts + 1
    written.add("CALLED_BACK", at=at, noted_at=at, actor=actor, what="NOT_REACHED", note=remark,
                facts={"attempt": attempts})  # fmt: skip
    recording.record("case.not_reached", row, {"attempt": attempts}, actor, at, remark)
    if attempts >= rule.attempts:
        move(one, CALL_BACK, "give_up", actor=actor, at=at, attempts=attempts, called_by=actor.code, remark=remark)
        _close(row, written, body, actor=actor, at=at, note="")
    else:
        CallBack.objects.filter(pk=one.pk).update(
            attempts=attempts, next_at=calling_time(rule, at + BETWEEN_ATTEMPTS), called_by=actor.code
        )
        written.keep()
    return recording.done(row)


@transaction.atomic
def reopen(*, number: str, reason: str, actor: Actor, at: datetime, charter: Charter) -> Done:
    """Open a finished or closed case again (重启): the same number, a new round, new clocks.

    Raises :class:`Conflict` for a case of a kind that is not opened again.
    """
    row = locked_case(actor, number)
    require(actor, *REOPENERS, unit_path=row.unit.path)
    if not reason.strip():
        raise InvalidInput("say why the case is opened again")
    CallBack.objects.filter(case=row, state="WANTED").delete()
    _open_again(row, log.Log.of(row), charter, actor=actor, at=at, reason=reason)
    recording.record("case.reopen", row, {"round": row.rounds}, actor, at, reason)
    return recording.done(row)


def _open_again(
    row: Case, written: log.Log, charter: Charter, *, actor: Actor, at: datetime, reason: str
) -> None:  # fmt: skip
    body = charter.body_of(row)
    if body.call_back is None:
        raise Conflict(f"a case of {body.process} is not opened again: a new one is taken")
    written.add("REOPENED", at=at, noted_at=at, actor=actor, what=body.call_back.reopens_at, note=reason)
    log.settle(row, written, charter, also={"handler": "", "result": ""})
    move(row, CASE, "reopen", actor=actor, at=at, reason=reason, finished_at=None, ended_at=None)
    telling.tell_next(row, body, actor=actor, at=at)
    telling.tell(row, body, "case_reopened", [row.owner], key=f"{row.rounds}", actor=actor, at=at)
    events.publish(CaseReopened(row.number, row.process, row.rounds, row.unit.path), at=at)


def _close(
    row: Case, written: log.Log, body: ProcessDefinition, *, actor: Actor, at: datetime, note: str
) -> None:  # fmt: skip
    move_held(row, CASE, "close", actor=actor, at=at, ended_at=at, kept_until=years.kept_until(row, body, at))
    years.hand_down(row)
    written.add("CLOSED", at=at, noted_at=at, actor=actor, note=note, facts={"result": row.result})
    written.keep()
    events.publish(CaseClosed(row.number, row.process, row.state, row.unit.path), at=at)


def _wanted(row: Case) -> CallBack:
    found = _WANTED.first(row.pk)
    if found is None:
        raise Conflict(f"nobody is to be asked about case {row.number}", state=row.state)
    return found


_WANTED: Reading[CallBack] = Reading(
    lambda case: CallBack.objects.filter(case_id=case, state="WANTED").order_by("-round"), int
)
