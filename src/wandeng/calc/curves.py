"""Interval curves: quarter hours become what a register would have counted, by period, and the maximum demand.

A point's energy is a whole number of Wh; a register counts 0.01 kWh. Rounding each period by itself would let the
periods drift from the total, so they are rounded cumulatively, in a fixed order: they always add up to the rounded total.
Everything is on the meter's face; the multiplier is applied once, by rating, as for any meter.
"""

from __future__ import annotations

from datetime import date

import polars as pl
import pyarrow as pa

from wandeng.calc.rating.exact import half_up
from wandeng.calc.rating.frames import Measure
from wandeng.calc.timetable import Timetable
from wandeng.kernel.units import WH_PER_CKWH

POINTS_PER_DAY = 96
DEMAND_E4_PER_QUARTER_WH = 40
"""1 Wh in a quarter of an hour is 4 W on average, 40 × 10⁻⁴ kW."""

CURVES = pa.schema(
    [
        ("installation_id", pa.int64()),
        ("day", pa.date32()),                   # local date of the quarter hour's start
        ("point", pa.int16()),                  # 0..95: the quarter hour that starts at point × 15 minutes
        ("active_wh", pa.int32()),              # energy of the quarter hour
        ("export_wh", pa.int32()),              # null where the meter has no such channel
        ("reactive_varh", pa.int32()),
        ("reactive_export_varh", pa.int32()),
    ]
)  # fmt: skip
"""One row per installation and quarter hour, none twice. A missing quarter hour is a missing row, never a zero."""

SPANS = pa.schema([("installation_id", pa.int64()), ("from_on", pa.date32()), ("to_on", pa.date32())])

ASSIGNED = pa.schema(
    [
        ("installation_id", pa.int64()),
        ("valid_from", pa.date32()),
        ("valid_to", pa.date32()),
        ("schedule", pa.int32()),               # null: priced by period, but no rule tells the periods of these days
    ]
)  # fmt: skip
"""By which schedule an installation's quarter hours are counted, day by day. Days without a row have no periods."""

PERIODS = {"sharp": Measure.SHARP, "peak": Measure.PEAK, "valley": Measure.VALLEY, "deep": Measure.DEEP}
"""The registers of periods in the order of rounding. Flat has none: it is the total less the others."""
CHANNELS = {"reactive": "reactive_varh", "reactive_export": "reactive_export_varh", "export": "export_wh"}
ENERGIES = ("total", *PERIODS, *CHANNELS)

REGISTERS = pa.schema([*SPANS, *[(name, pa.int64()) for name in ENERGIES], ("demand_e4", pa.int64())])
"""What registers at zero would have shown at the end of a span, 0.01 kWh (kvarh), and the highest quarter hour in 10⁻⁴
kW (最大需量). All null where a quarter hour is missing: a missing reading until the gap is filled."""

UNCOVERED = pa.schema([("schedule", pa.int32()), ("day", pa.date32()), ("point", pa.int16())])

_KEY = ["installation_id", "from_on"]


def registers(curves: pa.Table, spans: pa.Table, assigned: pa.Table, timetable: Timetable) -> pa.Table:
    """Sum the curves of each span into registers (REGISTERS, in the order of ``spans``).

    Tables have the columns of CURVES, SPANS and ASSIGNED. Period registers are null for an installation without a
    schedule; quarter hours of days without one, and those the schedule leaves out (:func:`uncovered`), count in no
    period but flat. Reactive and exported energy are null unless every quarter hour has them. The demand is the mean
    power of the clock's quarter hours: the sliding window of the national rule needs finer points than 96 a day.

    Memory goes with ``curves``, about four times its size: give many installations in parts.
    """
    days = _days(spans, assigned)
    points = (
        pl.DataFrame(curves)
        .join(pl.DataFrame(spans), on="installation_id")
        .filter((pl.col("day") >= pl.col("from_on")) & (pl.col("day") < pl.col("to_on")))
    )
    whole = points.group_by(_KEY).agg(
        pl.len().alias("points"),
        pl.col("active_wh").cast(pl.Int64).sum().alias("wh"),
        (pl.col("active_wh").cast(pl.Int64).max() * DEMAND_E4_PER_QUARTER_WH).alias("demand_e4"),
        *[_all_there(column).alias(name) for name, column in CHANNELS.items()],
    )
    unruled = days.filter(pl.col("schedule").is_null()).select(*_KEY, pl.lit(True).alias("unruled")).unique()
    found = (
        pl.DataFrame(spans)
        .join(whole, on=_KEY, how="left", maintain_order="left")
        .join(_by_period(points, days, timetable), on=_KEY, how="left", maintain_order="left")
        .join(unruled, on=_KEY, how="left", maintain_order="left")
    )
    complete = pl.col("points") == (pl.col("to_on") - pl.col("from_on")).dt.total_days() * POINTS_PER_DAY
    known = complete & pl.col("unruled").is_null()
    total = half_up(pl.col("wh"), WH_PER_CKWH).alias("total")
    channels = [half_up(pl.col(name), WH_PER_CKWH).alias(name) for name in CHANNELS]
    told = found.with_columns(total, *_cumulative(), *channels).with_columns(
        pl.when(known).then(pl.col(name)).alias(name) for name in (*ENERGIES, "demand_e4")
    )
    return told.select(REGISTERS.names).to_arrow().cast(REGISTERS).combine_chunks()


def uncovered(spans: pa.Table, assigned: pa.Table, timetable: Timetable) -> pa.Table:
    """Quarter hours of the spans that their schedules put in no period (UNCOVERED), in order."""
    days = _days(spans, assigned).drop_nulls("schedule").select("schedule", "day").unique()
    found = (
        _calendar(days, timetable).filter(pl.col("period").is_null()).sort("schedule", "day", "point").drop("period")
    )
    return found.select(UNCOVERED.names).to_arrow().cast(UNCOVERED)


def _all_there(column: str) -> pl.Expr:
    """The sum of a channel, null unless every quarter hour has it."""
    return pl.when(pl.col(column).null_count() == 0).then(pl.col(column).cast(pl.Int64).sum())


def _cumulative() -> list[pl.Expr]:
    """Each period as the difference of rounded running sums, flat taking the rest: parts never pass the total."""
    running = pl.lit(0, pl.Int64)
    parts = []
    for name in PERIODS:
        after = running + pl.col(f"{name}_wh")
        parts.append((half_up(after, WH_PER_CKWH) - half_up(running, WH_PER_CKWH)).alias(name))
        running = after
    return parts


def _days(spans: pa.Table, assigned: pa.Table) -> pl.DataFrame:
    """Every day of the spans that is priced by period: ``_KEY``, day, schedule."""
    return (
        pl.DataFrame(spans)
        .join(pl.DataFrame(assigned), on="installation_id")
        .with_columns(
            first=pl.max_horizontal("from_on", "valid_from"), end=pl.min_horizontal("to_on", "valid_to")
        )
        .filter(pl.col("first") < pl.col("end"))
        .with_columns(day=pl.date_ranges("first", "end", closed="left"))
        .explode("day", empty_as_null=False, keep_nulls=False)
        .select(*_KEY, "day", "schedule")
    )  # fmt: skip


def _by_period(points: pl.DataFrame, days: pl.DataFrame, timetable: Timetable) -> pl.DataFrame:
    """Wh of each period and span. The period of a quarter hour is looked up by its place in one long list: schedule by
    schedule, day by day."""
    ruled = days.drop_nulls("schedule")
    known = ruled.select("schedule", "day").unique().sort("schedule", "day")
    periods = _calendar(known, timetable).sort("schedule", "day", "point")["period"]
    numbered = known.with_columns(place=pl.int_range(pl.len()) * POINTS_PER_DAY)
    placed = ruled.join(numbered, on=["schedule", "day"]).drop("schedule")
    priced = (
        points.select(*_KEY, "day", "point", "active_wh")
        .join(placed, on=[*_KEY, "day"])
        .with_columns(period=pl.lit(periods).gather(pl.col("place") + pl.col("point")))
    )
    return priced.group_by(_KEY).agg(
        pl.col("active_wh").filter(pl.col("period") == int(measure)).cast(pl.Int64).sum().alias(f"{name}_wh")
        for name, measure in PERIODS.items()
    )


def _calendar(days: pl.DataFrame, timetable: Timetable) -> pl.DataFrame:
    """All quarter hours of days (schedule, day): schedule, day, point, period, the last null where there is none."""
    special = pl.DataFrame(timetable.special_days).rename({"on": "day"}).join(days, on=["schedule", "day"])
    in_month = pl.col("month_mask").cast(pl.Int32) // pl.lit(2, pl.Int32).pow(pl.col("day").dt.month() - 1) % 2 == 1
    ordinary = (
        days.join(special, on=["schedule", "day"], how="anti")
        .join(pl.DataFrame(timetable.spans), on="schedule")
        .filter((pl.col("day") >= pl.col("valid_from")) & (pl.col("day") < pl.col("valid_to")) & in_month)
    )
    columns = ["schedule", "day", "start_point", "end_point", "period"]
    told = (
        pl.concat([ordinary.select(columns), special.select(columns)])
        .with_columns(point=pl.int_ranges("start_point", "end_point", dtype=pl.Int16))
        .explode("point", empty_as_null=False, keep_nulls=False)
        .select("schedule", "day", "point", "period")
    )
    points = pl.DataFrame({"point": range(POINTS_PER_DAY)}, schema={"point": pl.Int16})
    return days.join(points, how="cross").join(told, on=["schedule", "day", "point"], how="left")


def span_window(spans: pa.Table) -> tuple[date, date]:
    """The first day of any span and the first after all of them; there is at least one span."""
    first, end = pl.DataFrame(spans).select(pl.col("from_on").min(), pl.col("to_on").max()).row(0)
    return first, end
