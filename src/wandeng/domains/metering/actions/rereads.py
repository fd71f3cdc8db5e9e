"""Orders to read a meter again (复抄): given for a held reading, taken, and ended by what the meter really showed."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from wandeng.domains.metering.actions import readings
from wandeng.domains.metering.models import RereadOrder
from wandeng.domains.metering.states import REREAD
from wandeng.domains.metering.types import Registers
from wandeng.infra import audit, ids
from wandeng.infra.scope import Scope
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput
from wandeng.kernel.periods import BILLING_ZONE

UNIT_OF_ORDER = f"reading__{readings.UNIT_OF_READING}"


@transaction.atomic
def order_reread(*, reading_id: int, due_on: date, actor: Actor, at: datetime, reason: str) -> int:
    """Order that the meter of a held reading is read again by ``due_on``; returns the order's id.

    Raises :class:`NotFound`; :class:`Conflict` when the reading is not held any more or is ordered again already;
    :class:`InvalidInput` for a day that is past.
    """
    reading = readings.in_scope(reading_id, actor)
    if reading.state != "HELD" or not reading.is_current:
        raise Conflict(f"reading {reading_id} is not held: there is nothing to read again for")
    if due_on < at.astimezone(BILLING_ZONE).date():
        raise InvalidInput(f"{due_on} is past: nobody can read a meter then")
    if RereadOrder.objects.filter(reading=reading, state__in=("ORDERED", "TAKEN")).exists():
        raise Conflict(f"reading {reading_id} has an open order to read again")
    order = RereadOrder.objects.create(
        id=ids.reserve(RereadOrder, 1),
        reading=reading,
        due_on=due_on,
        ordered_at=at,
        ordered_by=actor.code,
        reason=reason,
    )
    path = reading.installation.usage_point.account.unit.path
    facts = {"reading": reading.pk, "due_on": due_on}
    audit.record(actor=actor, action="reread.order", subject=order, facts=facts, at=at, reason=reason, unit_path=path)
    return order.pk


@transaction.atomic
def take_reread(*, order_id: int, actor: Actor, at: datetime) -> None:
    """Take an order: the actor goes. Raises :class:`NotFound`, :class:`MoveRefused` when it is not open."""
    move(_order(order_id, actor), REREAD, "take", actor=actor, at=at, taken_by=actor.code)


@transaction.atomic
def give_back_reread(*, order_id: int, actor: Actor, at: datetime, reason: str) -> None:
    """Give a taken order back. Raises as :func:`take_reread`."""
    move(_order(order_id, actor), REREAD, "give_back", actor=actor, at=at, reason=reason, taken_by="")


@transaction.atomic
def complete_reread(*, order_id: int, registers: Registers, actor: Actor, at: datetime, reason: str) -> int:
    """Somebody looked again. The same values release the held reading; others take its place, accepted, because they
    were seen twice. Returns the id of the reading that stands.

    Raises :class:`NotFound`, :class:`MoveRefused`, :class:`InvalidInput` for a register over the meter's digits or
    without a reason.
    """
    order = _order(order_id, actor)
    move(order, REREAD, "complete", actor=actor, at=at, reason=reason)
    held = order.reading
    if all(getattr(held, name) == value for name, value in registers.columns().items()):
        readings.release_reading(reading_id=held.pk, actor=actor, at=at, reason=reason)
        return int(held.pk)
    return readings.correct_reading(reading_id=held.pk, registers=registers, actor=actor, at=at, reason=reason)


@transaction.atomic
def cancel_reread(*, order_id: int, actor: Actor, at: datetime, reason: str) -> None:
    """Cancel an open order; the reading stays held. Raises as :func:`take_reread`."""
    if not reason.strip():
        raise InvalidInput("say why the order is cancelled")
    move(_order(order_id, actor), REREAD, "cancel", actor=actor, at=at, reason=reason)


def _order(order_id: int, actor: Actor) -> RereadOrder:
    rows = RereadOrder.objects.select_related("reading")
    return Scope.of(actor).one(rows, UNIT_OF_ORDER, "re-read order", pk=order_id)
