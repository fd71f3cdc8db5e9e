"""How much was drawn at most at meters, what hangs at a point, and by which route the neighbours are read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Max

from wandeng.domains.metering.models import Meter, MeterInstallation, Reading
from wandeng.kernel.money import divide_half_up

_E4_PER_CKW = 100


def highest_demand(points: Sequence[int], *, since: date) -> dict[int, int]:
    """The highest demand (最大需量) read at each of the usage points on or after a day, 0.01 kW behind the multiplier; points
    whose meters show none, or whose multiplier is not known, are absent."""
    rows = Reading.objects.filter(
        installation__usage_point_id__in=list(points), installation__multiplier__isnull=False, read_on__gte=since,
        is_current=True, state="ACCEPTED", demand_e4__isnull=False,
    ).order_by()  # fmt: skip
    found = rows.values_list("installation__usage_point_id").annotate(
        most=Max(F("demand_e4") * F("installation__multiplier"))
    )
    return {point: divide_half_up(most, _E4_PER_CKW) for point, most in found}


@dataclass(frozen=True, slots=True)
class MeterHere:
    """The meter that hangs at a usage point; ``multiplier`` 0 where it is not known."""

    asset_number: str
    multiplier: int
    route_code: str


def meter_at(usage_point: str) -> MeterHere | None:
    """The meter that hangs at a usage point now; ``None`` where none does."""
    rows = MeterInstallation.objects.filter(usage_point__code=usage_point, removed_on__isnull=True)
    row = rows.select_related("meter", "route").first()
    if row is None:
        return None
    return MeterHere(row.meter.asset_number, row.multiplier or 0, row.route.code if row.route else "")


def route_behind(transformer_code: str) -> str:
    """The route by which most meters behind a transformer are read; empty where none is."""
    rows = MeterInstallation.objects.filter(
        usage_point__transformer__code=transformer_code, removed_on__isnull=True, route__isnull=False
    ).order_by()
    counted = rows.values_list("route__code").annotate(n=Count("pk")).order_by("-n", "route__code")
    first = counted.first()
    return str(first[0]) if first else ""


def state_of_meter(asset_number: str) -> str:
    """IN_STOCK, INSTALLED, REMOVED or SCRAPPED; empty for a meter that nobody has taken into stock."""
    return Meter.objects.filter(asset_number=asset_number).values_list("state", flat=True).first() or ""
