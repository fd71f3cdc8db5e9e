"""What the clock asks of appointments: slots and runs made ahead every night, reminders when they are due; and what the end of
a case does to its appointments.

Each reminder is a transaction of its own that also says that it was told: killed anywhere, the sweep goes on where it was and
tells nobody twice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from wandeng.domains.appointments.actions import booking, reminding, running, slots
from wandeng.domains.appointments.queries import agreed
from wandeng.infra import jobs
from wandeng.infra.effective.current import library as current_library
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.events import Body
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.errors import Refused
from wandeng.kernel.periods import BILLING_ZONE

REMIND = "appointments.remind"
MAKE_AHEAD = "appointments.make_ahead"
REMINDERS_A_BATCH = 200
CASE_ENDED = "工单已办结"

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Reminded:
    """What a sweep came to: reminders sent or given to be telephoned, and those that could not be."""

    told: int
    faults: int


@dataclass(frozen=True, slots=True)
class MadeAhead:
    """What a night made: slots of places, and runs of routes."""

    slots: int
    runs: int


def remind(*, now: datetime, library: RuleLibrary, progress: Callable[[], None] = lambda: None) -> Reminded:
    """Remind of every appointment whose reminder is due, the earliest first; ``progress`` is called a batch."""
    told, stuck = 0, set[int]()
    while due := reminding.due(now=now, most=REMINDERS_A_BATCH, but=stuck):
        for telling_id in due:
            try:
                told += reminding.remind(telling_id=telling_id, at=now, library=library)
            except Refused:
                # One notice whose text is not in force must not silence all others.
                stuck.add(telling_id)
        progress()
    return Reminded(told, len(stuck))


def make_ahead(*, on: date, library: RuleLibrary) -> MadeAhead:
    """Make slots and runs as far ahead as the rules say; what is there already stays. Raises ``NoRuleInForce`` for a year
    without a calendar."""
    return MadeAhead(slots.open_ahead(on=on, library=library), running.plan_ahead(on=on, library=library))


def call_off_of_case(body: Body, now: datetime) -> None:
    """A case has ended: nobody is to come for it any more, and nobody to wait. One that was merged is gone on with in another
    case, and what was agreed stays. Told twice, nothing is left the second time."""
    if body["state"] == "MERGED":
        return
    for number in agreed.ahead_of_case(body["number"], now=now):
        booking.cancel(
            number=number, reason=CASE_ENDED, side="US", actor=SYSTEM, at=now, library=current_library()
        )  # fmt: skip


def kinds(clock: Clock) -> Mapping[str, jobs.Handler]:
    """Job kind → function."""

    def remind_job(_payload: jobs.Payload, held: jobs.Claim) -> jobs.Payload:
        done = remind(now=clock(), library=current_library(), progress=lambda: jobs.extend(held, now=clock()))
        return {"told": done.told, "faults": done.faults}

    def ahead_job(_payload: jobs.Payload, held: jobs.Claim) -> jobs.Payload:
        jobs.extend(held, now=clock())
        done = make_ahead(on=clock().astimezone(BILLING_ZONE).date(), library=current_library())
        return {"slots": done.slots, "runs": done.runs}

    return {REMIND: remind_job, MAKE_AHEAD: ahead_job}
