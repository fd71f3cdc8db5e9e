"""People decide about single readings: release or refuse a held one, correct one that stands."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from wandeng.domains.metering.actions.batches import SOURCES
from wandeng.domains.metering.events import ReadingCorrected, ReadingsAccepted
from wandeng.domains.metering.models import MeterInstallation, Reading, RereadOrder
from wandeng.domains.metering.states import READING, REREAD
from wandeng.domains.metering.types import REGISTERS, Registers
from wandeng.infra import audit, events, ids
from wandeng.infra.scope import Scope
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput

SETTLED = "示数已另行处理 the reading was decided otherwise"
UNIT_OF_READING = "installation__usage_point__account__unit__path"


@transaction.atomic
def release_reading(*, reading_id: int, actor: Actor, at: datetime, reason: str) -> None:
    """Accept a held reading: a person has looked, and it is true.

    Raises :class:`NotFound`, :class:`MoveRefused` when it is not held, :class:`InvalidInput` without a reason.
    """
    reading = in_scope(reading_id, actor)
    move(reading, READING, "release", actor=actor, at=at, reason=_stated(reason))
    settle_rereads(reading_id, actor=actor, at=at)
    events.publish(ReadingsAccepted(reading.pk, reading.pk, 1, reading.read_on, reading.read_on), at=at)


@transaction.atomic
def refuse_reading(*, reading_id: int, actor: Actor, at: datetime, reason: str) -> None:
    """Refuse a held reading: it stays on record and is never billed; the day is open for a true one.

    Raises as :func:`release_reading`.
    """
    move(in_scope(reading_id, actor), READING, "refuse", actor=actor, at=at, reason=_stated(reason))
    settle_rereads(reading_id, actor=actor, at=at)


@transaction.atomic
def correct_reading(
    *, reading_id: int, registers: Registers, actor: Actor, at: datetime, reason: str, source: str = "MANUAL"
) -> int:
    """Put a true reading in the place of one that stands, accepted or held; the old one stays on record.

    Returns the new reading's id. What was billed from the old one is billing's to mend; it hears
    ``ReadingCorrected``.

    Raises :class:`Conflict` when the reading was superseded or refused, or says the same already;
    :class:`InvalidInput` for a register over the meter's digits, or without a reason.
    """
    _stated(reason)
    if source not in SOURCES:
        raise InvalidInput(f"a reading comes from {', '.join(SOURCES)}, not '{source}'")
    old = in_scope(reading_id, actor)
    if not old.is_current or old.state == "REFUSED":
        raise Conflict(f"reading {reading_id} does not stand any more: correct the one that took its place")
    values = registers.columns()
    if all(getattr(old, name) == value for name, value in values.items()):
        raise Conflict(f"reading {reading_id} shows these values already")
    require_digits(registers, old.installation.meter.digits)
    if not Reading.objects.filter(pk=old.pk, is_current=True).update(is_current=False):
        raise Conflict(f"somebody else corrected reading {reading_id} first")
    settle_rereads(reading_id, actor=actor, at=at)
    new = add_reading(old.installation, old.read_on, registers, source=source, actor=actor, at=at, supersedes=old.pk)
    usage_point = old.installation.usage_point
    facts = {"superseded": old.pk, "was_ckwh": old.total_ckwh, "is_ckwh": registers.total_ckwh, "on": old.read_on}
    audit.record(
        actor=actor,
        action="reading.correct",
        subject=new,
        facts=facts,
        at=at,
        reason=reason,
        unit_path=usage_point.account.unit.path,
    )
    events.publish(ReadingCorrected(new.pk, old.pk, usage_point.pk, old.read_on), at=at)
    return new.pk


def add_reading(
    installation: MeterInstallation,
    on: date,
    registers: Registers,
    *,
    source: str,
    actor: Actor,
    at: datetime,
    supersedes: int | None = None,
) -> Reading:
    """Write one accepted reading, in the caller's transaction."""
    return Reading.objects.create(
        id=ids.reserve(Reading, 1),
        installation=installation,
        read_on=on,
        source=source,
        state="ACCEPTED",
        supersedes=supersedes,
        received_at=at,
        actor=actor.code,
        **registers.columns(),
    )


def require_digits(registers: Registers, digits: int) -> None:
    """Raises :class:`InvalidInput` for a register that a meter of so many digits cannot show."""
    for name in REGISTERS:
        value = registers.columns()[name]
        if value is not None and value >= 10 ** (digits + 2):
            raise InvalidInput(f"{name} {value} has more than the meter's {digits} digits")


def open_rereads(reading_id: int) -> list[int]:
    """Ids of the open orders to read a reading again, at most one."""
    rows = RereadOrder.objects.filter(reading_id=reading_id, state__in=("ORDERED", "TAKEN"))
    return list(rows.values_list("pk", flat=True))


def settle_rereads(reading_id: int, *, actor: Actor, at: datetime) -> None:
    """Cancel the open order to read a reading again, which was decided without it; in the caller's transaction."""
    for order in RereadOrder.objects.filter(reading_id=reading_id, state__in=("ORDERED", "TAKEN")):
        move(order, REREAD, "cancel", actor=actor, at=at, reason=SETTLED)


def in_scope(reading_id: int, actor: Actor) -> Reading:
    """The reading with its meter and unit. Raises :class:`NotFound`, also outside the actor's scope."""
    rows = Reading.objects.select_related("installation__meter", "installation__usage_point__account__unit")
    return Scope.of(actor).one(rows, UNIT_OF_READING, "reading", pk=reading_id)


def _stated(reason: str) -> str:
    if not reason.strip():
        raise InvalidInput("say why: the reason stays with the reading")
    return reason
