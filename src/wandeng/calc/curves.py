"""Interval curves: 96 points a day become energy per time-of-use period, and the 15-minute maximum demand.

A point's energy is a whole number of Wh; a bill counts in 0.01 kWh. Rounding each period by itself would let the periods
drift from the total, so they are rounded cumulatively, in a fixed order: their sum is always the rounded total.
"""

from __future__ import annotations

from typing import Literal

import polars as pl
import pyarrow as pa

from wandeng.calc.rating.exact import half_up
from wandeng.kernel.units import CKW_PER_KW, WH_PER_CKWH

POINTS_PER_DAY = 96
POINTS_PER_HOUR = 4
WH_PER_KWH = 1000

CURVES = pa.schema(
    [
        ("installation_id", pa.int64()),
        ("day", pa.date32()),               # local date of the interval's start
        ("point", pa.int8()),               # 0..95: the quarter hour that starts at point × 15 minutes
        ("energy_wh", pa.int64()),          # of the interval, after the multiplier
    ]
)  # fmt: skip
"""One row per installation and quarter hour. A missing interval is a missing row, never a zero."""

SCHEDULE = pa.schema(
    [
        ("schedule_id", pa.int32()),
        ("month_mask", pa.int16()),         # bit m-1 set: the rows hold in month m
        ("day_kind", pa.int8()),            # 0 ordinary days; others as in SPECIAL_DAYS
        ("from_point", pa.int8()),
        ("to_point", pa.int8()),            # half-open, at most 96; a period over midnight is two rows
        ("period", pa.int8()),              # frames.Measure: SHARP, PEAK, FLAT, VALLEY, DEEP
    ]
)  # fmt: skip
"""Which period a quarter hour belongs to: for each schedule and month the points of a day are covered exactly once."""

SPECIAL_DAYS = pa.schema([("schedule_id", pa.int32()), ("day", pa.date32()), ("day_kind", pa.int8())])
"""Days with a schedule of their own: holidays with deep valleys, sharp days above a forecast temperature."""

ASSIGNED = pa.schema([("installation_id", pa.int64()), ("schedule_id", pa.int32())])

PERIOD_ENERGIES = pa.schema(
    [
        ("installation_id", pa.int64()),
        ("period", pa.int8()),
        ("energy_ckwh", pa.int64()),
        ("intervals", pa.int32()),          # how many quarter hours were there to be summed
    ]
)  # fmt: skip
DEMANDS = pa.schema(
    [
        ("installation_id", pa.int64()),
        ("demand_ckw", pa.int64()),
        ("day", pa.date32()),               # when it first occurred
        ("point", pa.int8()),
    ]
)  # fmt: skip
GAPS = pa.schema([("installation_id", pa.int64()), ("day", pa.date32()), ("intervals", pa.int32())])


def period_energies(curves: pa.Table, assigned: pa.Table, schedule: pa.Table, special_days: pa.Table) -> pa.Table:
    """Energy of every installation by period, in 0.01 kWh (PERIOD_ENERGIES), sorted by installation and period.

    Tables have the columns of CURVES, ASSIGNED, SCHEDULE and SPECIAL_DAYS. The periods of an installation add up to its
    total Wh rounded once: each gets ``R(sum up to it) − R(sum before it)`` in the order of the period codes. Intervals
    that no row of the schedule covers are left out here and told by :func:`uncovered`.
    """
    in_period = (
        _by_kind(curves, assigned, special_days)
        .join(_by_point(schedule), on=["schedule_id", "month", "day_kind", "point"])
        .group_by("installation_id", "period")
        .agg(pl.col("energy_wh").sum(), pl.len().cast(pl.Int32).alias("intervals"))
        .sort("installation_id", "period")
    )
    upto = pl.col("energy_wh").cum_sum().over("installation_id")
    rounded = half_up(upto, WH_PER_CKWH) - half_up(upto - pl.col("energy_wh"), WH_PER_CKWH)
    return _arrow(in_period.with_columns(energy_ckwh=rounded), PERIOD_ENERGIES)


def uncovered(curves: pa.Table, assigned: pa.Table, schedule: pa.Table, special_days: pa.Table) -> pa.Table:
    """Days on which an installation has intervals that its schedule puts in no period (GAPS)."""
    without = (
        _by_kind(curves, assigned, special_days, how="left")
        .join(_by_point(schedule), on=["schedule_id", "month", "day_kind", "point"], how="anti")
        .group_by("installation_id", "day")
        .agg(pl.len().cast(pl.Int32).alias("intervals"))
        .sort("installation_id", "day")
    )
    return _arrow(without, GAPS)


def incomplete_days(curves: pa.Table) -> pa.Table:
    """Days of an installation with fewer than 96 intervals (GAPS, ``intervals`` those present)."""
    present = (
        pl.LazyFrame(pl.from_arrow(curves))
        .group_by("installation_id", "day")
        .agg(pl.col("point").n_unique().cast(pl.Int32).alias("intervals"))
        .filter(pl.col("intervals") < POINTS_PER_DAY)
        .sort("installation_id", "day")
    )
    return _arrow(present, GAPS)


def maximum_demand(curves: pa.Table) -> pa.Table:
    """The highest quarter-hour mean power of every installation, in 0.01 kW, and when it first occurred (DEMANDS).

    kW = Wh × 4 / 1000, rounded half up to 0.01 kW. The national rule's sliding window needs finer points than 96 a day;
    fixed quarter hours are what the meters freeze.
    """
    demand = half_up(pl.col("energy_wh") * POINTS_PER_HOUR * CKW_PER_KW, WH_PER_KWH)
    highest = (
        pl.LazyFrame(pl.from_arrow(curves))
        .sort("installation_id", "day", "point")
        .group_by("installation_id", maintain_order=True)
        .agg(pl.all().get(pl.col("energy_wh").arg_max()))
        .with_columns(demand_ckw=demand)
    )
    return _arrow(highest, DEMANDS)


def _by_kind(
    curves: pa.Table, assigned: pa.Table, special_days: pa.Table, how: Literal["inner", "left"] = "inner"
) -> pl.LazyFrame:
    """Intervals with their schedule, month and the kind of their day."""
    schedules = pl.LazyFrame(pl.from_arrow(assigned))
    special = pl.LazyFrame(pl.from_arrow(special_days))
    joined = pl.LazyFrame(pl.from_arrow(curves)).join(schedules, on="installation_id", how=how)
    return joined.join(special, on=["schedule_id", "day"], how="left").with_columns(
        pl.col("day_kind").fill_null(0), month=pl.col("day").dt.month()
    )


def _by_point(schedule: pa.Table) -> pl.LazyFrame:
    """The schedule as one row per schedule, month, kind of day and point."""
    rows = pl.LazyFrame(pl.from_arrow(schedule))
    months = pl.LazyFrame({"month": range(1, 13)}, schema={"month": pl.Int8})
    points = pl.LazyFrame({"point": range(POINTS_PER_DAY)}, schema={"point": pl.Int8})
    holds = (pl.col("month_mask").cast(pl.Int64) // pl.lit(2).pow(pl.col("month") - 1).cast(pl.Int64)) % 2 == 1
    return (
        rows.join(months, how="cross")
        .filter(holds)
        .join(points, how="cross")
        .filter(pl.col("point") >= pl.col("from_point"), pl.col("point") < pl.col("to_point"))
        .select("schedule_id", "month", "day_kind", "point", "period")
    )


def _arrow(frame: pl.LazyFrame, schema: pa.Schema) -> pa.Table:
    collected = frame.select(schema.names).collect(engine="streaming")
    return collected.to_arrow().cast(schema).combine_chunks()
