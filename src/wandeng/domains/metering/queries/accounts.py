"""What an account's meters are and were, what they showed, and its curve of a few days."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl
from django.db.models import Q

from wandeng.calc.curves import POINTS_PER_DAY
from wandeng.domains.metering.frames import intervals
from wandeng.domains.metering.models import MeterInstallation, Reading
from wandeng.infra.columns import ColumnStore
from wandeng.infra.scope import Scope

UNIT = "usage_point__account__unit__path"
WH_PER_CKWH = 10
POINTS_PER_HOUR = POINTS_PER_DAY // 24


@dataclass(frozen=True, slots=True)
class MeterHung:
    """A meter at a usage point of an account, from a day to a day; ``removed_on`` is empty while it hangs."""

    asset_number: str
    usage_point: str
    kind: str
    digits: int
    installed_on: date
    removed_on: date | None
    multiplier: int | None
    ct: str
    pt: str
    route_code: str
    route_position: int
    source: str


@dataclass(frozen=True, slots=True)
class ReadingOfAccount:
    """A reading of an account, with its period registers and demand where the meter has them, 0.01 kWh on its face."""

    reading_id: int
    usage_point: str
    asset_number: str
    read_on: date
    total_ckwh: int
    sharp_ckwh: int | None
    peak_ckwh: int | None
    valley_ckwh: int | None
    deep_ckwh: int | None
    multiplier: int | None
    source: str
    state: str
    hold_reason: str
    is_current: bool
    supersedes: int | None


@dataclass(frozen=True, slots=True)
class MeterFound:
    """A meter in a list of things found: where it hangs, or hung last."""

    id: int
    asset_number: str
    state: str
    account_number: str
    account_name: str
    usage_point: str


@dataclass(frozen=True, slots=True)
class DayUsed:
    """The energy of a day by the curves of an account, 0.01 kWh with the multipliers; ``points`` of its quarter hours are
    known."""

    on: date
    energy_ckwh: int
    points: int


@dataclass(frozen=True, slots=True)
class HourUsed:
    """The energy of an hour of a day, 0.01 kWh with the multipliers; ``hour`` 0 begins at midnight, ``points`` of its
    quarter hours are known."""

    hour: int
    energy_ckwh: int
    points: int


@dataclass(frozen=True, slots=True)
class CurveUse:
    """What curves tell, oldest first: the days, and the hours of the last of them."""

    days: tuple[DayUsed, ...]
    hours: tuple[HourUsed, ...]


def meters_of(scope: Scope, account_number: str) -> tuple[MeterHung, ...]:
    """The meters of an account, those that hang first, then the last removed."""
    rows = MeterInstallation.objects.filter(usage_point__account__account_number=account_number)
    named = scope.limit(rows.select_related("meter", "usage_point", "route"), UNIT)
    found = sorted(named, key=lambda row: (row.removed_on is None, row.installed_on), reverse=True)
    return tuple(
        MeterHung(
            row.meter.asset_number,
            row.usage_point.code,
            row.meter.kind,
            row.meter.digits,
            row.installed_on,
            row.removed_on,
            row.multiplier,
            _ratio(row.ct_primary_a, row.ct_secondary_a),
            _ratio(row.pt_primary_v, row.pt_secondary_v),
            row.route.code if row.route else "",
            row.route_position,
            row.source,
        )
        for row in found
    )


def readings_of_account(
    scope: Scope, account_number: str, *, limit: int = 60, of_note: bool = False
) -> tuple[ReadingOfAccount, ...]:
    """The readings of an account, newest first, superseded and refused ones included; with ``of_note`` only those a person
    had a hand in or has to: held, refused, corrected, estimated, or told by the customer."""
    rows = Reading.objects.filter(installation__usage_point__account__account_number=account_number)
    if of_note:
        rows = rows.filter(
            Q(state__in=["HELD", "REFUSED"]) | Q(supersedes__isnull=False) | Q(source__in=["ESTIMATE", "CUSTOMER"])
        )
    named = scope.limit(
        rows.select_related("installation__meter", "installation__usage_point"), f"installation__{UNIT}"
    )
    return tuple(
        ReadingOfAccount(
            reading_id=row.pk,
            usage_point=row.installation.usage_point.code,
            asset_number=row.installation.meter.asset_number,
            read_on=row.read_on,
            total_ckwh=row.total_ckwh,
            sharp_ckwh=row.sharp_ckwh,
            peak_ckwh=row.peak_ckwh,
            valley_ckwh=row.valley_ckwh,
            deep_ckwh=row.deep_ckwh,
            multiplier=row.installation.multiplier,
            source=row.source,
            state=row.state,
            hold_reason=row.hold_reason,
            is_current=row.is_current,
            supersedes=row.supersedes,
        )
        for row in named.order_by("-read_on", "-pk")[:limit]
    )


def meters_by_id(scope: Scope, ids: Sequence[int], *, limit: int) -> tuple[MeterFound, ...]:
    """The meters with these ids that hang, or hung last, at a point inside the scope, in the order of ``ids``."""
    rows = MeterInstallation.objects.filter(meter_id__in=ids).select_related("meter", "usage_point__account")
    latest: dict[int, MeterInstallation] = {}
    for row in scope.limit(rows, UNIT).order_by("installed_on"):
        latest[row.meter_id] = row
    return tuple(
        MeterFound(
            one,
            latest[one].meter.asset_number,
            latest[one].meter.state,
            latest[one].usage_point.account.account_number,
            latest[one].usage_point.account.name,
            latest[one].usage_point.code,
        )
        for one in ids
        if one in latest
    )[:limit]


def curve_use(scope: Scope, account_number: str, *, from_on: date, to_on: date) -> CurveUse:
    """The energy of each day ``from_on`` ≤ day < ``to_on`` for which the account has curves, and of each hour of the last."""
    rows = MeterInstallation.objects.filter(
        usage_point__account__account_number=account_number, usage_point__kind="LOAD", installed_on__lt=to_on
    ).exclude(removed_on__lte=from_on)
    hung = {
        row.pk: (row.multiplier or 1, row.usage_point.account.unit.path)
        for row in scope.limit(rows.select_related("usage_point__account__unit"), UNIT)
    }
    if not hung:
        return CurveUse((), ())
    path = next(iter(hung.values()))[1]
    factors = pl.DataFrame({"installation_id": list(hung), "multiplier": [factor for factor, _ in hung.values()]})
    with ColumnStore() as store:
        curves = intervals(store, from_on=from_on, to_on=to_on, unit_path=path, installation_ids=list(hung)).collect()
    curves = curves.join(factors, on="installation_id").with_columns(hour=pl.col("point") // POINTS_PER_HOUR)
    last = curves.filter(pl.col("day") == pl.col("day").max())
    return CurveUse(
        tuple(DayUsed(day, wh // WH_PER_CKWH, points) for day, wh, points in _summed(curves, "day")),
        tuple(HourUsed(hour, wh // WH_PER_CKWH, points) for hour, wh, points in _summed(last, "hour")),
    )


def _summed(curves: pl.DataFrame, by: str) -> Iterator[tuple[Any, int, int]]:
    """Wh with the multipliers and how many quarter hours, by a column and in its order."""
    energy = (pl.col("active_wh").cast(pl.Int64) * pl.col("multiplier")).sum()
    return curves.group_by(by).agg(energy.alias("wh"), pl.len().alias("points")).sort(by).iter_rows()


def _ratio(primary: int | None, secondary: int | None) -> str:
    return f"{primary}/{secondary}" if primary and secondary else ""
