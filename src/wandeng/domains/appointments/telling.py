"""What customers are told of their appointments: notices for those with an account, a call to make for the others."""

from __future__ import annotations

from datetime import datetime, timedelta

from wandeng.domains.appointments import rules, seats
from wandeng.domains.appointments.models import Appointment, AppointmentTelling
from wandeng.domains.appointments.states import TELLING
from wandeng.domains.notices import actions as notices
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.appointments import Appointments
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.ids import AccountId
from wandeng.kernel.periods import BILLING_ZONE

BOOKED, CANCELLED, MISSED_BY_US, MOVED = "BOOKED", "CANCELLED", "MISSED_BY_US", "MOVED"
_TEMPLATES = {
    BOOKED: "appointment_booked", CANCELLED: "appointment_cancelled", MISSED_BY_US: "appointment_missed_by_us",
    MOVED: "appointment_moved",
}  # fmt: skip
REMINDER = "appointment_reminder"


def plan(row: Appointment, rule: Appointments, *, at: datetime) -> None:
    """Write down the reminders of an appointment whose time has not passed already."""
    due = [(one.code, row.slot.starts_at - timedelta(minutes=one.minutes_before)) for one in rule.reminders.steps]
    AppointmentTelling.objects.bulk_create(
        AppointmentTelling(appointment=row, what=what, due_at=due_at) for what, due_at in due if due_at > at
    )


def drop(row: Appointment, *, actor: Actor, at: datetime) -> None:
    """Nobody is to be reminded any more."""
    for one in AppointmentTelling.objects.filter(appointment=row, state__in=["WANTED", "TO_CALL"]).order_by("id"):
        move(one, TELLING, "drop", actor=actor, at=at)


def put_off(
    row: Appointment, by: timedelta, turn: int, *, library: RuleLibrary, actor: Actor, at: datetime, reason: str
) -> None:
    """The slot of an appointment begins later, for the ``turn``-th time: its reminders wait as long, and the customer is told
    the new time. Who still had to be telephoned about an earlier one is told the last time only."""
    for one in AppointmentTelling.objects.filter(appointment=row, state="WANTED").order_by("id"):
        AppointmentTelling.objects.filter(pk=one.pk).update(due_at=one.due_at + by)
    for one in AppointmentTelling.objects.filter(appointment=row, state="TO_CALL", what__startswith=MOVED).order_by(
        "id"
    ):
        move(one, TELLING, "drop", actor=actor, at=at)
    what = MOVED if turn == 1 else f"{MOVED}-{turn}"
    tell_now(row, what, library=library, actor=actor, at=at, reason=reason)


def tell_now(
    row: Appointment, what: str, *, library: RuleLibrary, actor: Actor, at: datetime, reason: str = ""
) -> None:
    """Tell something at once; of what was told before and taken back, a second telling says nothing new."""
    telling, is_new = AppointmentTelling.objects.get_or_create(appointment=row, what=what, defaults={"due_at": at})
    if is_new:
        tell(telling, library=library, actor=actor, at=at, reason=reason)


def tell(telling: AppointmentTelling, *, library: RuleLibrary, actor: Actor, at: datetime, reason: str = "") -> None:
    """Send the notice, or have somebody call."""
    row = telling.appointment
    if row.account_id is None:
        move(telling, TELLING, "call", actor=actor, at=at)
        return
    template = _TEMPLATES.get(telling.what.partition("-")[0], REMINDER)
    notices.send(
        key=f"appointment:{row.number}:{telling.what}", template=template, account=AccountId(row.account_id),
        slots=slots_of(row, library) | {"reason": reason}, at=at, actor=actor,
    )  # fmt: skip
    move(telling, TELLING, "send", actor=actor, at=at, told_at=at, told_by=actor.code)


def slots_of(row: Appointment, library: RuleLibrary) -> dict[str, str]:
    """What the texts name: when, where, what for, and the number."""
    names = rules.service_names(library, on=row.slot.on, territory=row.unit.territory)
    return {
        "at": spoken(row.slot.starts_at, row.slot.ends_at), "place": seats.where(row.slot),
        "service": names.get(row.service, (row.service, ""))[0], "appointment": row.number,
    }  # fmt: skip


def spoken(starts_at: datetime, ends_at: datetime) -> str:
    """The time of an appointment in words."""
    first, last = starts_at.astimezone(BILLING_ZONE), ends_at.astimezone(BILLING_ZONE)
    return f"{first.month}月{first.day}日{first:%H:%M}–{last:%H:%M}"
