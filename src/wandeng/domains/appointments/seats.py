"""Places in a slot: taken and given back by one conditional statement, so that two who ask at once cannot have the same."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, QuerySet

from wandeng.domains.appointments.models import ServiceSlot
from wandeng.domains.appointments.types import SlotClosed, SlotFull
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor

_RELATED = ("unit", "place", "stop__run__vehicle")


def for_update(rows: QuerySet[ServiceSlot]) -> QuerySet[ServiceSlot]:
    """The rows under their locks, where the database has such; always in the order of their ids."""
    if transaction.get_connection().features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    return rows.order_by("id")


def slot(actor: Actor, slot_id: int) -> ServiceSlot:
    """A slot. Raises :class:`NotFound`, also outside the actor's scope."""
    rows = ServiceSlot.objects.select_related(*_RELATED)
    return Scope.of(actor).one(rows, "unit__path", "service slot", pk=slot_id)


def lock(slot_ids: Iterable[int]) -> None:
    """Lock slots that one transaction is going to change, in one order for everybody."""
    list(for_update(ServiceSlot.objects.filter(pk__in=sorted(set(slot_ids)))))


def take(row: ServiceSlot, *, at: datetime, minutes_before: int) -> None:
    """Take a place in a slot. Raises :class:`SlotFull` for the last one gone, :class:`SlotClosed` for one that takes no more."""
    if row.starts_at - timedelta(minutes=minutes_before) < at:
        raise SlotClosed(f"slot {row.pk} begins too soon, or has begun", slot=row.pk)
    free = ServiceSlot.objects.filter(pk=row.pk, state="OPEN", booked__lt=F("capacity"))
    taken = free.update(booked=F("booked") + 1)
    now = ServiceSlot.objects.filter(pk=row.pk).values_list("state", "booked").first()
    if now is not None:
        row.booked = now[1]
    if not taken:
        if now is None or now[0] != "OPEN":
            raise SlotClosed(f"slot {row.pk} is closed", slot=row.pk)
        raise SlotFull(f"slot {row.pk} has no place left", slot=row.pk)


def give_back(slot_id: int) -> None:
    """Give a place back."""
    ServiceSlot.objects.filter(pk=slot_id).update(booked=F("booked") - 1)


def where(row: ServiceSlot) -> str:
    """Where a slot is, in words for the customer."""
    if row.stop is not None:
        spot = f"（{row.stop.address}）" if row.stop.address else ""
        return f"{row.stop.name}{spot}流动服务车"
    if row.place is None:
        return ""
    return f"上门服务（{row.place.name}）" if row.place.kind == "CREW" else f"{row.place.name}（{row.place.address}）"


def spot(row: ServiceSlot) -> str:
    """The same for a page, which says the kind of place in the reader's language: names and address alone."""
    parts = (row.stop.name, row.stop.address) if row.stop else (row.place.name, row.place.address) if row.place else ()
    return " · ".join(part for part in parts if part)
