"""What came of an appointment: kept, missed by the customer (爽约), missed by us (失约); and a mark taken back."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from wandeng.domains.appointments import keeping, telling
from wandeng.domains.appointments.models import Appointment
from wandeng.domains.appointments.roles import KEEPERS, SERVERS
from wandeng.domains.appointments.states import APPOINTMENT
from wandeng.domains.appointments.types import Booked, TooEarly
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import require
from wandeng.infra.transitions import MoveRefused, move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict
from wandeng.kernel.periods import BILLING_ZONE


@transaction.atomic
def keep(*, number: str, actor: Actor, at: datetime) -> Booked:
    """The customer was served (已赴约), on the day of the slot or later. Raises :class:`NotFound`, :class:`TooEarly`,
    :class:`MoveRefused`."""
    row = _served(number, actor)
    if at.astimezone(BILLING_ZONE).date() < row.slot.on:
        raise TooEarly(f"appointment {number} is on {row.slot.on}", on=row.slot.on)
    keeping.end(row, "keep", actor=actor, at=at, words="预约已履约")
    return keeping.booked(row)


@transaction.atomic
def customer_missed(*, number: str, reason: str, actor: Actor, at: datetime) -> Booked:
    """The customer did not come, or was not there (爽约). Raises as :func:`keep`, :class:`TooEarly` before the slot begins,
    :class:`InvalidInput` without a reason."""
    row = _served(number, actor)
    _begun(row, at)
    keeping.end(row, "customer_missed", actor=actor, at=at, reason=keeping.a_reason(reason), words="客户爽约")
    return keeping.booked(row)


@transaction.atomic
def we_missed(*, number: str, reason: str, actor: Actor, at: datetime, library: RuleLibrary) -> Booked:
    """We did not come, or could not serve (失约): the customer is told, with our apology, and books again first. Before the
    slot begins it is cancelled instead. Raises as :func:`customer_missed`."""
    row = _served(number, actor)
    _begun(row, at)
    fail(row, reason=keeping.a_reason(reason), actor=actor, at=at, library=library)
    return keeping.booked(row)


def fail(row: Appointment, *, reason: str, actor: Actor, at: datetime, library: RuleLibrary) -> None:
    """Mark a locked appointment as missed by us and tell the customer."""
    keeping.end(row, "we_missed", actor=actor, at=at, reason=reason, side="US", words="我方失约")
    telling.tell_now(row, telling.MISSED_BY_US, library=library, actor=actor, at=at, reason=reason)


@transaction.atomic
def take_back(*, number: str, reason: str, actor: Actor, at: datetime) -> Booked:
    """A mark was made in error: the appointment is to be marked again. Raises :class:`MoveRefused` for one that nobody
    marked, :class:`Conflict` for one that was booked again since."""
    row = keeping.locked(actor, number)
    require(actor, *KEEPERS, unit_path=row.unit.path)
    why = keeping.a_reason(reason)
    if Appointment.objects.filter(follows=row).exists():
        raise Conflict(f"appointment {number} was booked again", number=number)
    if row.state not in APPOINTMENT.origins("take_back"):
        raise MoveRefused(f"appointment {number} is {row.state}: there is no mark to take back", state=row.state)
    move(
        row,
        APPOINTMENT,
        "take_back",
        actor=actor,
        at=at,
        reason=why,
        explanation="",
        side="",
        ended_at=None,
        ended_by="",
    )
    keeping.tell_case(row, f"更正预约结果：{why}", actor, at)
    keeping.record("appointment.take_back", row, {"state": row.state}, actor, at, why)
    return keeping.booked(row)


def _served(number: str, actor: Actor) -> Appointment:
    row = keeping.locked(actor, number)
    require(actor, *SERVERS, unit_path=row.unit.path)
    return row


def _begun(row: Appointment, at: datetime) -> None:
    if at < row.slot.starts_at:
        raise TooEarly(f"appointment {row.number} begins at {row.slot.starts_at.isoformat()}", number=row.number)
