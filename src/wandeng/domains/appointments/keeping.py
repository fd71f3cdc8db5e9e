"""What every action on an appointment has in common: its row under its lock, its line in the log, a word on its case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from wandeng.domains.appointments import seats, telling
from wandeng.domains.appointments.events import AppointmentEnded
from wandeng.domains.appointments.models import Appointment
from wandeng.domains.appointments.states import APPOINTMENT
from wandeng.domains.appointments.types import SUBJECT, Booked
from wandeng.domains.cases.actions import steering
from wandeng.infra import audit, events
from wandeng.infra.scope import Scope
from wandeng.infra.transitions import MoveRefused, move
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import InvalidInput

LONGEST_REASON = 200
_RELATED = ("unit", "account", "case__unit", "slot__unit", "slot__place", "slot__stop__run__vehicle")
_GIVES_BACK = ("cancel", "rebook")
_LOGGED = {
    "keep": "appointment.keep", "customer_missed": "appointment.customer_missed", "we_missed": "appointment.we_missed",
    "cancel": "appointment.cancel", "rebook": "appointment.rebook",
}  # fmt: skip


def locked(actor: Actor, number: str, *other_slots: int) -> Appointment:
    """An appointment under its lock, its slot (and further ones) locked before it: everybody locks slots first, so that
    nobody waits for somebody who waits for them. Raises :class:`NotFound`, also outside the actor's scope."""
    own = Appointment.objects.filter(number=number).values_list("slot_id", flat=True)
    seats.lock([*own, *other_slots])
    rows = Appointment.objects.select_related(*_RELATED)
    if transaction.get_connection().features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    return Scope.of(actor).one(rows, "unit__path", "appointment", number=number)


def end(
    row: Appointment, verb: str, *, actor: Actor, at: datetime, reason: str = "", side: str = "", words: str
) -> None:
    """Bring an appointment to an end: its place is given back where nobody is served in it, reminders are dropped, its case
    and others hear of it. Raises :class:`MoveRefused` when it has ended already."""
    if row.state != APPOINTMENT.start:
        raise MoveRefused(f"appointment {row.number} is {row.state}: it has ended", state=row.state, move=verb)
    move(
        row, APPOINTMENT, verb, actor=actor, at=at, reason=reason, explanation=reason, side=side, ended_at=at,
        ended_by=actor.code,
    )  # fmt: skip
    if verb in _GIVES_BACK:
        seats.give_back(row.slot_id)
    telling.drop(row, actor=actor, at=at)
    tell_case(row, f"{words}{f'：{reason}' if reason else ''}", actor, at)
    record(_LOGGED[verb], row, {"state": row.state}, actor, at, reason)
    events.publish(AppointmentEnded(row.number, row.state, row.unit.path), at=at)


def tell_case(row: Appointment, words: str, actor: Actor, at: datetime) -> None:
    """A word on the timeline of the case; where it lies outside what the actor sees, the product writes it."""
    if row.case is None:
        return
    by = actor if Scope.of(actor).covers(row.case.unit.path) else SYSTEM
    when = telling.spoken(row.slot.starts_at, row.slot.ends_at)
    text = f"{words}（预约{row.number}，{when}，{seats.where(row.slot)}）"
    steering.note(number=row.case.number, text=text, actor=by, at=at)


def record(
    action: str, row: Appointment, facts: Mapping[str, object], actor: Actor, at: datetime, reason: str = ""
) -> None:
    """One line of the operation log."""
    audit.record(
        actor=actor, action=action, subject=(SUBJECT, row.number), facts=facts, at=at, reason=reason,
        unit_path=row.unit.path,
    )  # fmt: skip


def booked(row: Appointment, *, is_new: bool = True) -> Booked:
    """Where an appointment stands."""
    return Booked(row.number, row.state, row.slot.starts_at, row.slot.ends_at, seats.where(row.slot), is_new)


def a_reason(reason: str) -> str:
    """The reason, cleaned. Raises :class:`InvalidInput` without one, or for one that is too long."""
    cleaned = reason.strip()
    if not cleaned or len(cleaned) > LONGEST_REASON:
        raise InvalidInput(f"this is done for a stated reason of at most {LONGEST_REASON} signs")
    return cleaned
