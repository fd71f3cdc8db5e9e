"""Meters: the list, one with its places and readings, its curve of a day, and what an exchange would mean."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl
from django.db.models import F, QuerySet

from wandeng.calc.curves import POINTS_PER_DAY
from wandeng.domains.metering import frames, judging
from wandeng.domains.metering.models import IntervalFile, Meter, MeterInstallation, Reading
from wandeng.domains.metering.types import (
    ExchangePreview,
    HoldReason,
    InstallationShown,
    MeterReading,
    MeterView,
    Ratio,
    Registers,
)
from wandeng.infra.columns import ColumnStore
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import NotFound
from wandeng.kernel.periods import Month

Rows = QuerySet[Any, Any]
MONTHS_BACK = 3
UNIT_OF_INSTALLATION = "usage_point__account__unit__path"


def meters_rows(scope: Scope) -> Rows:
    """Meters that hang: id (of the installation), asset_number, kind, digits, tested_on, point_code, account_number,
    account_name, route_code, route_position, multiplier, source, installed_on, unit_id, unit_name."""
    rows = scope.limit(MeterInstallation.objects.filter(removed_on__isnull=True), UNIT_OF_INSTALLATION)
    return rows.values(
        "id",
        "route_position",
        "multiplier",
        "source",
        "installed_on",
        asset_number=F("meter__asset_number"),
        kind=F("meter__kind"),
        digits=F("meter__digits"),
        tested_on=F("meter__tested_on"),
        point_code=F("usage_point__code"),
        account_number=F("usage_point__account__account_number"),
        account_name=F("usage_point__account__name"),
        route_code=F("route__code"),
        unit_id=F("usage_point__account__unit_id"),
        unit_name=F("usage_point__account__unit__name"),
    )


def stock_rows() -> Rows:
    """Meters that hang nowhere, of all units, as stock belongs to none: id, asset_number, kind, digits, state, tested_on."""
    return Meter.objects.exclude(state="INSTALLED").values("id", "asset_number", "kind", "digits", "state", "tested_on")


def meter_view(scope: Scope, asset_number: str) -> MeterView:
    """A meter with the places of the scope where it hung, newest first. One that hung only elsewhere is not found, one
    that never hung is anybody's. Raises :class:`NotFound`."""
    meter = Meter.objects.filter(asset_number=asset_number).first()
    if meter is None:
        raise NotFound(f"there is no meter {asset_number}")
    every = MeterInstallation.objects.filter(meter=meter)
    rows = scope.limit(every, UNIT_OF_INSTALLATION).select_related("usage_point__account__unit", "route")
    places = tuple(_place(row) for row in rows.order_by("-installed_on", "-pk"))
    if not places and every.exists():
        raise NotFound(f"there is no meter {asset_number}")
    return MeterView(
        meter.asset_number, meter.kind, meter.digits, meter.rated_current_ma, meter.state, meter.tested_on, places
    )


def meter_readings(scope: Scope, asset_number: str, *, limit: int = 60) -> tuple[MeterReading, ...]:
    """The newest readings of a meter at the places of the scope, newest first, with the energy each closes."""
    rows = scope.limit(
        Reading.objects.filter(installation__meter__asset_number=asset_number), f"installation__{UNIT_OF_INSTALLATION}"
    ).select_related("installation__meter")
    chosen = list(rows.order_by("-read_on", "-pk")[: limit + 1])
    energy = _energies(chosen)
    return tuple(reading_shown(row, *energy.get(row.pk, (None, None))) for row in chosen[:limit])


def reading_shown(row: Reading, energy_ckwh: int | None, days: int | None) -> MeterReading:
    """A reading as pages show it."""
    return MeterReading(
        reading_id=row.pk,
        installation_id=row.installation_id,
        read_on=row.read_on,
        registers=Registers(**{name: getattr(row, name) for name in Registers.__dataclass_fields__}),
        source=row.source,
        state=row.state,
        hold_reason=row.hold_reason,
        is_current=row.is_current,
        supersedes=row.supersedes,
        received_at=row.received_at,
        actor=row.actor,
        energy_ckwh=energy_ckwh,
        days=days,
    )


def curve_month(scope: Scope, asset_number: str, *, on: date) -> Month | None:
    """The newest of the last three months that have curves at all, if the meter has one there."""
    installations = _installations(scope, asset_number)
    first = Month.of(on).plus(1 - MONTHS_BACK)
    months = IntervalFile.objects.filter(month__gte=str(first), month__lte=str(Month.of(on))).values_list(
        "month", flat=True
    )
    for month in sorted(set(months), reverse=True):
        if _days(installations, Month.parse(month)):
            return Month.parse(month)
    return None


def curve_days(scope: Scope, asset_number: str, month: Month) -> tuple[date, ...]:
    """The days of a month of which the meter has quarter hours."""
    return _days(_installations(scope, asset_number), month)


def _days(installations: list[int], month: Month) -> tuple[date, ...]:
    if not installations:
        return ()
    period = month.period
    with ColumnStore() as store:
        scan = frames.intervals(store, from_on=period.from_on, to_on=period.to_on, installation_ids=installations)
        days = scan.select(pl.col("day").unique().sort()).collect()
    return tuple(days["day"].to_list())


def curve(scope: Scope, asset_number: str, day: date) -> tuple[int | None, ...]:
    """The 96 quarter hours of a day in Wh on the meter's face; ``None`` where one is missing, empty where all are."""
    installations = _installations(scope, asset_number)
    if not installations:
        return ()
    with ColumnStore() as store:
        found = frames.intervals(
            store, from_on=day, to_on=date.fromordinal(day.toordinal() + 1), installation_ids=installations
        ).collect()
    known = dict(zip(found["point"].to_list(), found["active_wh"].to_list(), strict=True))
    return tuple(known.get(point) for point in range(POINTS_PER_DAY)) if known else ()


def exchange_preview(
    scope: Scope, *, usage_point: str, removed: Registers, new_meter: str, new_multiplier: int, on: date
) -> ExchangePreview:
    """What exchanging the meter at a usage point would mean; nothing is done.

    Raises :class:`NotFound` when no meter hangs there, also outside the scope.
    """
    rows = MeterInstallation.objects.filter(removed_on__isnull=True).select_related("meter", "usage_point")
    old = scope.one(rows, UNIT_OF_INSTALLATION, "meter at usage point", usage_point__code=usage_point)
    before = Reading.objects.filter(installation=old, is_current=True, state="ACCEPTED")
    last = before.filter(read_on__lte=on).order_by("-read_on").first()
    new = Meter.objects.filter(asset_number=new_meter).first()
    doubts, energy = [], None
    if before.filter(read_on__gt=on).exists():
        doubts.append("READ_LATER")
    if last is not None:
        advance = (removed.total_ckwh - last.total_ckwh) % judging.modulus_of(old.meter.digits)
        if removed.total_ckwh < last.total_ckwh:
            doubts.append(HoldReason.LOWER_THAN_LAST)
        energy = None if old.multiplier is None else advance * old.multiplier
        allowed = old.usage_point.contract_capacity_ckva * 24 * max((on - last.read_on).days, 1)
        if energy is not None and allowed and energy > allowed:
            doubts.append(HoldReason.OVER_CAPACITY)
    if removed.total_ckwh >= judging.modulus_of(old.meter.digits):
        doubts.append(HoldReason.OVER_MODULUS)
    if new is None:
        doubts.append("UNKNOWN_METER")
    elif new.state != "IN_STOCK":
        doubts.append("NOT_IN_STOCK")
    if new_multiplier != old.multiplier:
        doubts.append("MULTIPLIER_CHANGES")
    return ExchangePreview(
        old_meter=old.meter.asset_number,
        old_multiplier=old.multiplier,
        installed_on=old.installed_on,
        last_on=None if last is None else last.read_on,
        last_ckwh=None if last is None else last.total_ckwh,
        energy_ckwh=energy,
        new_meter=new_meter,
        new_digits=None if new is None else new.digits,
        doubts=tuple(doubts),
    )


def _installations(scope: Scope, asset_number: str) -> list[int]:
    rows = MeterInstallation.objects.filter(meter__asset_number=asset_number)
    return list(scope.limit(rows, UNIT_OF_INSTALLATION).values_list("pk", flat=True))


def _place(row: MeterInstallation) -> InstallationShown:
    account = row.usage_point.account
    return InstallationShown(
        installation_id=row.pk,
        usage_point=row.usage_point.code,
        account_number=account.account_number,
        account_name=account.name,
        unit_name=account.unit.name,
        route_code=row.route.code if row.route is not None else "",
        route_position=row.route_position,
        installed_on=row.installed_on,
        removed_on=row.removed_on,
        ratio=Ratio(row.ct_primary_a, row.ct_secondary_a, row.pt_primary_v, row.pt_secondary_v),
        multiplier=row.multiplier,
        source=row.source,
    )


def _energies(rows: list[Reading]) -> dict[int, tuple[int, int]]:
    """Energy and days since the counting reading before, by reading; ``rows`` newest first."""
    found: dict[int, tuple[int, int]] = {}
    before: dict[int, Reading] = {}
    for row in reversed(rows):
        if not row.is_current or row.state != "ACCEPTED":
            continue
        last, place = before.get(row.installation_id), row.installation
        if last is not None and place.multiplier is not None:
            advance = (row.total_ckwh - last.total_ckwh) % judging.modulus_of(place.meter.digits)
            found[row.pk] = advance * place.multiplier, (row.read_on - last.read_on).days
        before[row.installation_id] = row
    return found
