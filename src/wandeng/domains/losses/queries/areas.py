"""One area: its days with their revisions, its months, what its meters showed on a day, neighbours that mirror it."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from django.db.models import Value
from django.db.models.functions import TruncMonth

from wandeng.domains.losses import evidence, rules
from wandeng.domains.losses.frames import odd
from wandeng.domains.losses.models import AreaLoss
from wandeng.domains.losses.queries.summing import summed
from wandeng.domains.losses.types import AreaPage, DayLoss, Neighbour, PointDay, Sums
from wandeng.domains.metering import frames as metering
from wandeng.domains.network import queries as network
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope

MONTHS_BACK = 400


def area(scope: Scope, code: str, *, from_on: date, to_on: date, library: RuleLibrary | None = None) -> AreaPage:
    """An area and its days ``from_on`` ≤ day < ``to_on``. Raises :class:`NotFound`."""
    place = network.area_labels(scope, code)
    rows = AreaLoss.objects.filter(transformer_id=place.id, day__gte=from_on, day__lt=to_on)
    every = [_day(row) for row in rows.order_by("-day", "-revision")]
    standing = {row.day: row.revision for row in rows if row.is_current}
    days = tuple(one for one in every if standing.get(one.day) == one.revision)
    (whole,) = summed(rows.filter(is_current=True), "transformer__code", "transformer__name") or [
        Sums(code, place.name, 0, 0, 0, None, 0, 0)
    ]
    back = AreaLoss.objects.filter(
        transformer_id=place.id, is_current=True, day__gte=to_on - timedelta(days=MONTHS_BACK), day__lt=to_on
    )
    months = sorted(
        summed(back.annotate(month=TruncMonth("day"), label=Value("")), "month", "label"), key=lambda one: one.code
    )
    return AreaPage(
        int(place.id), place.code, place.name, place.unit_code, place.unit_name, place.feeder_code, place.feeder_name,
        place.capacity_ckva, days, tuple(one for one in every if standing.get(one.day) != one.revision), whole,
        tuple(months), _neighbours(scope, int(place.id), place.unit_path, from_on, to_on, library),
    )  # fmt: skip


def area_points(scope: Scope, code: str, *, on: date) -> tuple[PointDay, ...]:
    """What every meter behind an area showed on a day, those that were not read first. Raises :class:`NotFound`."""
    place = network.area_labels(scope, code)
    with ColumnStore() as store:
        energies = metering.daily_energies(store, unit_path=place.unit_path, on=on, transformer_id=int(place.id))
    read = {one["usage_point_id"]: one for one in energies.to_dicts()}
    found = []
    for point in network.points_of_area(place.id, on=on):
        told = read.get(point.id, {})
        found.append(
            PointDay(
                point.code, point.kind, point.account_number, told.get("energy_ckwh"), told.get("export_ckwh"),
                bool(told.get("is_timed", True)),
            )
        )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.energy_ckwh is not None, one.kind != "SUPPLY", one.code)))


def _neighbours(
    scope: Scope, transformer_id: int, unit_path: str, from_on: date, to_on: date, library: RuleLibrary | None
) -> tuple[Neighbour, ...]:
    """Areas of the same unit and feeder whose losses mirror this one's."""
    at_most = float(rules.line_loss(to_on - timedelta(days=1), library=library).leads.mirror_correlation)
    with ColumnStore() as store:
        days = odd.days(store, unit_path=unit_path, from_on=from_on, to_on=to_on)
    feeder = days.filter(pl.col("transformer_id") == transformer_id)["feeder_id"].unique()
    pairs = evidence.mirror_pairs(days.filter(pl.col("feeder_id").is_in(feeder.implode())), at_most=at_most)
    mine = [one for one in pairs if transformer_id in one[:2]]
    names = network.transformer_names(scope, [other for one in mine for other in one[:2]])
    found = []
    for loses, gains, correlation, moved in mine:
        other = gains if loses == transformer_id else loses
        if other in names:
            other_code, other_name = names[other]
            found.append(Neighbour(other_code, other_name, round(correlation * 10_000), round(moved), other == gains))
    return tuple(found)


def _day(row: AreaLoss) -> DayLoss:
    return DayLoss(
        row.day, row.revision, row.status, row.reason, tuple(one for one in row.hints.split(",") if one),
        row.supplied_ckwh, row.fed_ckwh, row.sold_ckwh, row.loss_ckwh, row.rate_e4, row.points, row.read,
        row.computed_at,
    )  # fmt: skip
