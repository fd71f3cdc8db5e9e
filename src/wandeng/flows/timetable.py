"""The timetable (定时任务表): which work is due by the clock, written as jobs by every worker at each of its turns.

When is the utility's own decision (``organization.timed_parameters``). A slot is written once, whoever comes first: the
mark of the kind moves forward in the transaction of the slot's jobs. A worker that was away makes up what it missed, not
how often: of a kind that looks at how things stand the newest slot, of a kind that does one day's work every day missed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.db import transaction

from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.flows import (
    appointments,
    cases,
    disconnection,
    dunning,
    housekeeping,
    loss_leads,
    outbound_calls,
    payment_circle,
    payment_days,
    prepay,
    storms,
)
from wandeng.infra import audit, jobs, timed
from wandeng.infra.scope import Scope, require_root
from wandeng.infra.timed import JobOfSlot, Mark
from wandeng.kernel import slots
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound
from wandeng.kernel.periods import BILLING_ZONE
from wandeng.kernel.slots import Rhythm, Slot

PREFIX = "timetable."
SILENT_AFTER = timedelta(hours=1)
"""A timetable nobody has looked at for so long: no worker runs."""

RhythmOn = Callable[[date], Rhythm]


class MakeUp(StrEnum):
    """What is made up after a pause: the newest slot, or each day's."""

    NEWEST = "NEWEST"
    EACH_DAY = "EACH_DAY"


@dataclass(frozen=True, slots=True)
class Timed:
    """A kind of timed work: its job kind, the name of its parameters, whether each root unit has a job of its own."""

    kind: str
    name: str
    make_up: MakeUp = MakeUp.NEWEST
    is_by_unit: bool = False


TIMETABLE: tuple[Timed, ...] = (
    Timed(housekeeping.EXPIRE_AGREEMENTS, "agreements"),
    Timed(payment_days.REVIEW_PLANS, "plans"),
    Timed(cases.RECOMPUTE, "case_recompute"),
    Timed(dunning.RUN, "dunning", is_by_unit=True),
    Timed(housekeeping.CLEAR, "housekeeping"),
    Timed(appointments.MAKE_AHEAD, "appointments_ahead"),
    Timed(housekeeping.CHECK_BOOKS, "books"),
    Timed(housekeeping.VOLTAGE, "voltage"),
    Timed(payment_circle.MONTHLY, "payment_circle"),
    Timed(loss_leads.NIGHT, "losses", is_by_unit=True),
    Timed(prepay.DAY, "prepay", is_by_unit=True),
    Timed(payment_days.SETTLE_ONLINE, "online_days", MakeUp.EACH_DAY),
    Timed(payment_days.REMIND, "reconciliation"),
    Timed(cases.TELL, "case_clocks"),
    Timed(housekeeping.OVERRUNS, "outage_overruns"),
    Timed(storms.BY_EVENTS, "supply_events"),
    Timed(appointments.REMIND, "appointment_reminders"),
    Timed(outbound_calls.PLACE, "outbound_calls"),
    Timed(disconnection.EXCHANGE, "supply_exchange"),
    Timed(disconnection.SWEEP, "supply_sweep"),
)
"""What is due by the clock: the one table. Times and switches are parameters of the utility."""


@dataclass(frozen=True, slots=True)
class LastRun:
    """The jobs of a kind's last slot (or those a person asked for since): the worst state, and what they came to together."""

    slot: str
    job_id: int
    state: str
    jobs: int
    done: int
    asked_at: datetime
    finished_at: datetime | None
    error: str
    result: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class TimedShown:
    """A line of the timetable. ``at_minute`` (after local midnight) or ``every_minutes``; ``next_at`` ``None`` when off."""

    kind: str
    name_zh: str
    name_en: str
    is_on: bool
    at_minute: int | None
    every_minutes: int | None
    make_up: str
    is_by_unit: bool
    when_parameter: str
    switch_parameter: str
    last: LastRun | None
    next_at: datetime | None


def enqueue_due(*, now: datetime) -> int:
    """Write the jobs of every slot that is due and was not dealt with yet; returns how many jobs."""
    rhythms, marks = _rhythms(), timed.marks()
    turn = marks.get(timed.TURN)
    written = sum(_enqueue_kind(one, rhythms[one.kind], marks.get(one.kind), now) for one in TIMETABLE)
    timed.note_turn(at=now, noted=turn.slot_at if turn else None)
    return written


def shown(scope: Scope, *, now: datetime) -> tuple[TimedShown, ...]:
    """The timetable with what ran last and what comes next. Raises :class:`NotFound` below a root unit: timed work is the
    whole installation's."""
    if not scope.is_root:
        raise NotFound("there is no timetable")
    rhythms, marks = _rhythms(), timed.marks()
    ran = timed.last_jobs([mark for mark in marks.values() if mark.kind != timed.TURN])
    today, named = now.astimezone(BILLING_ZONE).date(), {one.name: one for one in organization.TIMED}
    lines = []
    for one in TIMETABLE:
        rhythm, kind = rhythms[one.kind](today), named[one.name]
        following = slots.following(rhythms[one.kind], after=now)
        lines.append(
            TimedShown(
                kind=one.kind, name_zh=kind.zh, name_en=kind.en, is_on=rhythm.is_on, at_minute=rhythm.at_minute,
                every_minutes=rhythm.every_minutes, make_up=one.make_up, is_by_unit=one.is_by_unit,
                when_parameter=kind.when, switch_parameter=kind.switch, last=_last(ran.get(one.kind, [])),
                next_at=following.at if following else None,
            )
        )  # fmt: skip
    return tuple(lines)


@transaction.atomic
def run_now(*, kind: str, actor: Actor, at: datetime, reason: str) -> int:
    """Have a kind of timed work done now, whatever the clock says and also when it is switched off. Returns how many jobs.

    Raises :class:`NotAllowed` unless the actor administers the whole installation, :class:`NotFound` for a kind that the
    timetable does not have, :class:`InvalidInput` without a reason, :class:`Conflict` while one waits or is at work.
    """
    require_root(actor, Role.ADMINISTRATOR)
    found = next((one for one in TIMETABLE if one.kind == kind), None)
    if found is None:
        raise NotFound(f"there is no timed work {kind}")
    if not reason.strip():
        raise InvalidInput("timed work is started by hand for a stated reason")
    if timed.is_pending(kind):
        raise Conflict(f"timed work {kind} waits or is at work already")
    slot = Slot(f"now:{at.isoformat()}", at, at.astimezone(BILLING_ZONE).date())
    timed.begin(kind, at=at)
    keys = _write(found, [slot], at)
    timed.note_jobs(kind, dedup_keys=keys)
    facts = {"kind": kind, "on": slot.day}
    audit.record(
        actor=actor, action="timetable.run", subject=("infra.TimedWork", kind), facts=facts, at=at, reason=reason
    )
    return len(keys)


def last_turn() -> datetime | None:
    """When a worker last looked at the timetable, to the minute."""
    mark = timed.marks().get(timed.TURN)
    return mark.slot_at if mark else None


def _enqueue_kind(one: Timed, rhythm_on: RhythmOn, mark: Mark | None, now: datetime) -> int:
    if mark is None:
        # Seen for the first time: it begins with the next slot, nobody is dunned the minute the first worker starts.
        timed.begin(one.kind, at=now)
        return 0
    due = _due(one, rhythm_on, mark, now)
    if not due:
        return 0
    with transaction.atomic():
        if not timed.advance(one.kind, to=due[-1].at):
            return 0
        wanted = [slot for slot in due if rhythm_on(slot.day).is_on]
        if wanted and not wanted[-1].is_of_day and timed.is_pending(one.kind):
            # The one before is still waiting or at work: what is repeated needs no queue of itself.
            return 0
        keys = _write(one, wanted, now)
        if keys:
            timed.note_jobs(one.kind, dedup_keys=keys)
    return len(keys)


def _due(one: Timed, rhythm_on: RhythmOn, mark: Mark, now: datetime) -> list[Slot]:
    """What must be done, the oldest first."""
    open_slots = slots.missed(rhythm_on, after=mark.slot_at, until=now)
    if one.make_up is MakeUp.EACH_DAY:
        return list(open_slots)[::-1]
    newest = next(open_slots, None)
    return [newest] if newest else []


def _write(one: Timed, due: Iterable[Slot], now: datetime) -> list[str]:
    """The jobs of slots; the keys of those that were not there yet."""
    units = (
        [unit.code for unit in organization.unit_tree(Scope.everywhere()) if unit.depth == 0]
        if one.is_by_unit
        else [""]
    )
    keys = []
    for slot in due:
        for unit in units:
            key = ":".join(part for part in (one.kind, slot.name, unit) if part)
            payload = {"slot": slot.name, "on": slot.day.isoformat()} | ({"unit": unit} if unit else {})
            if jobs.enqueue(kind=one.kind, dedup_key=key, payload=payload, at=now):
                keys.append(key)
    return keys


def _rhythms() -> dict[str, RhythmOn]:
    """Job kind → its rhythm on a day, as the utility has settled it. One query."""
    value_on = organization.settled_since(PREFIX)
    named = {kind.name: kind for kind in organization.TIMED}

    def of(kind: organization.TimedKind) -> RhythmOn:
        def rhythm_on(on: date) -> Rhythm:
            value, is_on = value_on(kind.when, on), bool(value_on(kind.switch, on))
            if kind.daily_at is None:
                return Rhythm(every_minutes=value, is_on=is_on)
            return Rhythm(at_minute=value, is_on=is_on)

        return rhythm_on

    return {one.kind: of(named[one.name]) for one in TIMETABLE}


_WORST_FIRST = ("PARKED", "RUNNING", "QUEUED", "CANCELLED", "DONE")


def _last(found: list[JobOfSlot]) -> LastRun | None:
    """The newest slot among the jobs, taken together."""
    if not found:
        return None
    name = json.loads(found[-1].payload).get("slot", "")
    mine = [job for job in found if json.loads(job.payload).get("slot", "") == name]
    state = min((job.state for job in mine), key=_WORST_FIRST.index)
    sums: dict[str, int] = {}
    for job in mine:
        for key, value in json.loads(job.result or "{}").items():
            sums[key] = sums.get(key, 0) + int(value)
    ends = [job.finished_at for job in mine if job.finished_at is not None]
    return LastRun(
        slot=name, job_id=mine[0].id, state=state, jobs=len(mine), done=sum(job.state == "DONE" for job in mine),
        asked_at=mine[0].created_at, finished_at=max(ends) if len(ends) == len(mine) else None,
        error=next((job.last_error for job in mine if job.last_error), ""), result=sums,
    )  # fmt: skip
