"""The share of voltage in range of a unit, by class, by area against its promise, by unit, and month by month."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import polars as pl
from django.db.models import Q, Sum
from django.db.models.functions import ExtractMonth

from wandeng.calc import voltage
from wandeng.domains.organization import queries as organization
from wandeng.domains.voltage import rules
from wandeng.domains.voltage.models import VoltageDay, VoltagePoint
from wandeng.domains.voltage.types import ClassShare, Qualification, UnitShare, VoltageArea, VoltageClass, VoltageTarget
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.periods import Month, Period

_SUMS = ("monitored", "over", "under", *voltage.FAULTS)
_SCHEMA = {
    "point": pl.Int64, "voltage_class": pl.String, "area": pl.String, "unit_code": pl.String, "unit_name": pl.String,
    **dict.fromkeys(_SUMS, pl.Int64),
}  # fmt: skip


def qualification(
    scope: Scope, *, unit_code: str, period: Period, library: RuleLibrary | None = None
) -> Qualification:  # fmt: skip
    """电压合格率 of a unit and all below it, by the rules in force on the last day of the period.

    Raises :class:`NotFound` for the unit, ``NoRuleInForce``.
    """
    unit = organization.unit(scope, unit_code)
    within = scope.narrowed(unit.path)
    on = period.to_on - timedelta(days=1)
    rule, means = rules.deviation(on, library=library), rules.monitoring(on, library=library).means
    weight, by_time = Fraction(rule.weights.weight_a), means.of == "TIME"
    found = _minutes(within, period)
    shares = voltage.class_share(found, by_time=by_time)
    before = voltage.class_share(_minutes(within, _year_before(period)), by_time=by_time)
    return Qualification(
        unit.code, unit.name, period.from_on, period.to_on,
        e5(voltage.composite(shares, weight_a=weight)), e5(voltage.composite(before, weight_a=weight)),
        tuple(_class(found, str(one), shares) for one in VoltageClass),
        tuple(
            VoltageTarget(VoltageArea(one.area.upper()), one.source, str(one.percent), _area_share(found, one.area.upper(), by_time))
            for one in rule.targets
        ),
        _units(found, weight, by_time), _without_data(within, period, found),
    )  # fmt: skip


def months(
    scope: Scope, *, unit_code: str, year: int, up_to: date, library: RuleLibrary | None = None
) -> list[tuple[str, int | None]]:
    """The composite share (10⁻⁵) of each month of a year that has begun, by the rules of its first day."""
    unit = organization.unit(scope, unit_code)
    rows = scope.narrowed(unit.path).limit(VoltageDay.objects.all(), "point__unit__path").filter(day__year=year)
    grouped = (
        rows.order_by()
        .annotate(month=ExtractMonth("day"))
        .values_list("month", "point_id", "point__voltage_class")
        .annotate(*(Sum(name) for name in ("monitored", "over", "under")))
    )
    schema = {"month": pl.Int64, "point": pl.Int64, "voltage_class": pl.String} | dict.fromkeys(_SUMS[:3], pl.Int64)
    found = pl.DataFrame(list(grouped), schema, orient="row")
    told = []
    for number in range(1, 13):
        month = Month.of(date(year, number, 1))
        if month.first > up_to:
            break
        rule = rules.deviation(month.first, library=library)
        by_time = rules.monitoring(month.first, library=library).means.of == "TIME"
        shares = voltage.class_share(found.filter(month=number), by_time=by_time)
        told.append((str(month), e5(voltage.composite(shares, weight_a=Fraction(rule.weights.weight_a)))))
    return told


def e5(share: Fraction | None) -> int | None:
    """A share in 10⁻⁵ (percent with three decimals), rounded half up."""
    return None if share is None else int(share * 100_000 + Fraction(1, 2))


def _minutes(scope: Scope, period: Period) -> pl.DataFrame:
    """Each point's minutes in the period: :data:`_SCHEMA`."""
    rows = scope.limit(VoltageDay.objects.all(), "point__unit__path").filter(
        day__gte=period.from_on, day__lt=period.to_on
    )
    grouped = (
        rows.order_by()
        .values_list("point_id", "point__voltage_class", "point__area", "point__unit__code", "point__unit__name")
        .annotate(*(Sum(name) for name in _SUMS))
    )
    return pl.DataFrame(list(grouped), _SCHEMA, orient="row")


def _class(found: pl.DataFrame, name: str, shares: dict[str, Fraction]) -> ClassShare:
    part = found.filter(voltage_class=name)
    monitored, over, under = part.select(pl.col("monitored", "over", "under").sum()).row(0)
    return ClassShare(
        name, part.filter(pl.col("monitored") > 0).height, monitored, over, under, e5(shares.get(name))
    )  # fmt: skip


def _area_share(found: pl.DataFrame, area: str, by_time: bool) -> int | None:
    """Promises are on residential voltage: class D."""
    part = found.filter(voltage_class=str(VoltageClass.D), area=area)
    return e5(voltage.class_share(part, by_time=by_time).get(str(VoltageClass.D)))


def _units(found: pl.DataFrame, weight: Fraction, by_time: bool) -> tuple[UnitShare, ...]:
    told = []
    for (code, name), part in found.partition_by("unit_code", "unit_name", as_dict=True).items():
        over, under, faulty = part.select(
            pl.col("over").sum(), pl.col("under").sum(), pl.sum_horizontal(voltage.FAULTS).sum().alias("faulty")
        ).row(0)
        share = e5(voltage.composite(voltage.class_share(part, by_time=by_time), weight_a=weight))
        told.append(UnitShare(str(code), str(name), part.height, over, under, faulty, share))
    return tuple(sorted(told, key=lambda one: (one.share_e5 is None, one.share_e5 or 0, one.unit_code)))


def _without_data(scope: Scope, period: Period, found: pl.DataFrame) -> int:
    """Points in service in the period without a minute monitored."""
    rows = scope.limit(VoltagePoint.objects.all(), "unit__path").filter(valid_from__lt=period.to_on)
    there = set(
        rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=period.from_on)).values_list("pk", flat=True)
    )  # fmt: skip
    return len(there - set(found.filter(pl.col("monitored") > 0)["point"].to_list()))


def _year_before(period: Period) -> Period:
    """Periods are whole months."""
    first, last = Month.of(period.from_on).plus(-12), Month.of(period.to_on).plus(-12)
    return Period(first.first, last.first)
