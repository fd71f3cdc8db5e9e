"""Installations billed from curves: quarter hours summed into what a register would have counted.

Rows start at 0 and end at the energy of the span, in 0.01 kWh on the meter's face; the multiplier is applied once,
by rating, as for any meter.
"""

from __future__ import annotations

from datetime import date

import polars as pl

from wandeng.calc.rating.frames import Measure
from wandeng.domains.metering.frames.intervals import POINTS_PER_DAY, intervals
from wandeng.domains.metering.types import CurveSchedules
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.units import WH_PER_CKWH

DEMAND_E4_PER_QUARTER_WH = 40
"""1 Wh in a quarter of an hour is 4 W on average, 40 × 10⁻⁴ kW."""

_PERIODS = {"sharp": Measure.SHARP, "peak": Measure.PEAK, "valley": Measure.VALLEY, "deep": Measure.DEEP}
_CHANNELS = {
    "reactive": "reactive_varh",
    "reactive_export": "reactive_export_varh",
    "export": "export_wh",
}
ENERGIES = ("total", *_PERIODS, *_CHANNELS)


def energies(store: ColumnStore, spans: pl.DataFrame, schedules: CurveSchedules | None) -> pl.DataFrame:
    """Sum the curves of each span.

    ``spans``: installation_id, usage_point_id, from_on, to_on. Adds the ENERGIES in 0.01 kWh (0.01 kvarh) and
    ``demand_e4``, the highest quarter hour. Period energies are null without a schedule, other channels where the
    meter has none. A span with a quarter hour missing has no total: it is a missing reading until the gap is filled
    (:func:`~wandeng.domains.metering.frames.gaps.interval_gaps` lists them).

    Energies are rounded where the periods meet, so that they always add up to the total. Raises
    :class:`InvalidInput` for a schedule that leaves a quarter hour of a span without a period.
    """
    first, last = spans.select(pl.col("from_on").min(), pl.col("to_on").max()).row(0)
    points = (
        intervals(store, from_on=first, to_on=last, installation_ids=spans["installation_id"].unique().to_list())
        .join(spans.lazy(), on="installation_id")
        .filter((pl.col("day") >= pl.col("from_on")) & (pl.col("day") < pl.col("to_on")))
        .collect()
    )
    key = ["installation_id", "from_on"]
    whole = points.group_by(key).agg(
        pl.len().alias("points"),
        pl.col("active_wh").cast(pl.Int64).sum().alias("wh"),
        (pl.col("active_wh").cast(pl.Int64).max() * DEMAND_E4_PER_QUARTER_WH).alias("demand_e4"),
        *[_summed(column).alias(name) for name, column in _CHANNELS.items()],
    )
    found = spans.join(whole, on=key, how="left").join(_by_period(points, schedules, first, last), on=key, how="left")
    complete = pl.col("points") == (pl.col("to_on") - pl.col("from_on")).dt.total_days() * POINTS_PER_DAY
    registers = [
        _half_up(pl.col("wh")).alias("total"),
        *_cumulative(),
        *[_half_up(pl.col(c)).alias(c) for c in _CHANNELS],
    ]
    return (
        found.with_columns(registers)
        .with_columns(pl.when(complete).then(pl.col(name)).alias(name) for name in (*ENERGIES, "demand_e4"))
        .select(*spans.columns, *ENERGIES, "demand_e4")
    )


def _summed(column: str) -> pl.Expr:
    """The sum of a channel, null unless every quarter hour has it."""
    return pl.when(pl.col(column).null_count() == 0).then(pl.col(column).cast(pl.Int64).sum())


def _half_up(wh: pl.Expr) -> pl.Expr:
    return (2 * wh + WH_PER_CKWH) // (2 * WH_PER_CKWH)


def _cumulative() -> list[pl.Expr]:
    """Each period as the difference of rounded running sums, flat taking the rest: parts never pass the total."""
    running = pl.lit(0, pl.Int64)
    parts = []
    for name in _PERIODS:
        after = running + pl.col(f"{name}_wh")
        parts.append((_half_up(after) - _half_up(running)).alias(name))
        running = after
    return parts


def _by_period(points: pl.DataFrame, schedules: CurveSchedules | None, first: date, last: date) -> pl.DataFrame:
    """Wh of each period of the points that have a schedule."""
    names = [f"{name}_wh" for name in _PERIODS]
    if schedules is None:
        return (
            points.select("installation_id", "from_on")
            .unique()
            .with_columns(pl.lit(None, pl.Int64).alias(name) for name in names)
        )
    priced = points.join(pl.DataFrame(schedules.of_point), on="usage_point_id").join(
        _calendar(schedules, first, last), on=["schedule", "day", "point"], how="left"
    )
    uncovered = priced.filter(pl.col("period").is_null()).head(1)
    if uncovered.height:
        row = uncovered.row(0, named=True)
        raise InvalidInput(f"schedule {row['schedule']} has no period for point {row['point']} of {row['day']}")
    return priced.group_by("installation_id", "from_on").agg(
        pl.col("active_wh").filter(pl.col("period") == int(measure)).cast(pl.Int64).sum().alias(f"{name}_wh")
        for name, measure in _PERIODS.items()
    )


def _calendar(schedules: CurveSchedules, first: date, last: date) -> pl.DataFrame:
    """Period of every quarter hour of the window: schedule, day, point, period."""
    days = pl.DataFrame({"day": pl.date_range(first, last, closed="left", eager=True)})
    special = pl.DataFrame(schedules.special_days).rename({"on": "day"})
    in_month = pl.col("month_mask").cast(pl.Int32) // pl.lit(2, pl.Int32).pow(pl.col("day").dt.month() - 1) % 2 == 1
    ordinary = (
        pl.DataFrame(schedules.spans)
        .join(days, how="cross")
        .filter((pl.col("day") >= pl.col("valid_from")) & (pl.col("day") < pl.col("valid_to")) & in_month)
        .join(special.select("schedule", "day").unique(), on=["schedule", "day"], how="anti")
    )
    columns = ["schedule", "day", "start_point", "end_point", "period"]
    return (
        pl.concat([ordinary.select(columns), special.select(columns)])
        .with_columns(pl.int_ranges("start_point", "end_point", dtype=pl.Int16).alias("point"))
        .explode("point", empty_as_null=False, keep_nulls=False)
        .select("schedule", "day", "point", "period")
    )


def as_ends(summed: pl.DataFrame) -> pl.DataFrame:
    """Energies as readings at both ends: 0 at the start, the energy at the end, null where it is not known."""
    return summed.with_columns(
        *[pl.when(pl.col(name).is_not_null()).then(pl.lit(0, pl.Int64)).alias(f"{name}_start") for name in ENERGIES],
        *[pl.col(name).alias(f"{name}_end") for name in ENERGIES],
    ).drop(ENERGIES)
