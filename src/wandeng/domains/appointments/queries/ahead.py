"""Stops of mobile service vehicles in the days ahead: where, when, whose; nothing of who booked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wandeng.domains.appointments.models import RunStop

MOST_STOPS = 2_000


@dataclass(frozen=True, slots=True)
class StopAhead:
    """A stop that is not over (degrees in 10⁻⁶, ``None`` where the route does not say), and how many places are left to book."""

    name: str
    address: str
    longitude_e6: int | None
    latitude_e6: int | None
    starts_at: datetime
    ends_at: datetime
    vehicle_name: str
    unit_name: str
    places_left: int


def stops_ahead(*, from_at: datetime, to_at: datetime) -> tuple[StopAhead, ...]:
    """Stops of runs that take place which end after ``from_at`` and begin before ``to_at``, the earliest first: for everybody, as
    they are announced."""
    rows = (
        RunStop.objects.filter(state__in=["AHEAD", "HERE"], slot__ends_at__gt=from_at, slot__starts_at__lt=to_at)
        .exclude(run__state="CANCELLED")
        .select_related("slot", "run__vehicle", "run__unit")
        .order_by("slot__starts_at", "id")[:MOST_STOPS]
    )
    return tuple(
        StopAhead(
            one.name, one.address, one.longitude_e6, one.latitude_e6, one.slot.starts_at, one.slot.ends_at,
            one.run.vehicle.name, one.run.unit.name, max(0, one.slot.capacity - one.slot.booked),
        )
        for one in rows
    )  # fmt: skip
