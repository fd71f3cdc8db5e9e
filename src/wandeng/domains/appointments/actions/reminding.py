"""Reminders (预约提醒): sent when they are due, once; who has no account is telephoned."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from wandeng.domains.appointments import keeping, telling
from wandeng.domains.appointments.models import AppointmentTelling
from wandeng.domains.appointments.roles import BOOKERS
from wandeng.domains.appointments.states import TELLING
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import require
from wandeng.infra.transitions import MoveRefused, move
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import NotFound


def due(*, now: datetime, most: int, but: Collection[int] = ()) -> tuple[int, ...]:
    """Ids of reminders whose time has come, the earliest first."""
    rows = AppointmentTelling.objects.filter(state="WANTED", due_at__lte=now).exclude(pk__in=but)
    return tuple(rows.order_by("due_at", "id").values_list("pk", flat=True)[:most])


@transaction.atomic
def remind(*, telling_id: int, at: datetime, library: RuleLibrary) -> bool:
    """Remind of an appointment, or have somebody call. Whether there was anything to say: of one that has ended, has begun,
    or whose next reminder is due too, nothing is said."""
    number = AppointmentTelling.objects.filter(pk=telling_id).values_list("appointment__number", flat=True).first()
    if number is None:
        return False
    row = keeping.locked(SYSTEM, number)
    one = AppointmentTelling.objects.get(pk=telling_id)
    if one.state != "WANTED":
        return False
    # After a pause of the worker only the last reminder that is due is sent, not each on the way.
    later = AppointmentTelling.objects.filter(
        appointment=row, state="WANTED", due_at__lte=at, due_at__gt=one.due_at
    ).exists()
    if row.state != "BOOKED" or row.slot.starts_at <= at or later:
        move(one, TELLING, "drop", actor=SYSTEM, at=at)
        return False
    one.appointment = row
    telling.tell(one, library=library, actor=SYSTEM, at=at)
    return True


@transaction.atomic
def called(*, number: str, what: str, actor: Actor, at: datetime) -> None:
    """Somebody without an account was telephoned. Raises :class:`NotFound`, :class:`MoveRefused` for what was told already."""
    row = keeping.locked(actor, number)
    require(actor, *BOOKERS, unit_path=row.unit.path)
    one = AppointmentTelling.objects.filter(appointment=row, what=what).first()
    if one is None:
        raise NotFound(f"nothing is to be told of appointment {number} as {what}")
    if one.state != "TO_CALL":
        raise MoveRefused(f"nobody is to be telephoned any more about appointment {number}", state=one.state)
    move(one, TELLING, "called", actor=actor, at=at, told_at=at, told_by=actor.code)
    keeping.record("appointment.called", row, {"what": what}, actor, at)
