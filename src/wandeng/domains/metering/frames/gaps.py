"""Which quarter hours of curves are missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl
import pyarrow as pa

from wandeng.calc.curves import POINTS_PER_DAY
from wandeng.domains.customers.types import AccountSet
from wandeng.domains.metering.frames import points, registers
from wandeng.domains.metering.frames.intervals import intervals
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.periods import Month

GAPS = pa.schema([("installation_id", pa.int64()), ("day", pa.date32()), ("missing", pa.int16())])


def interval_gaps(store: ColumnStore, *, accounts: AccountSet, from_on: date, to_on: date) -> pa.Table:
    """Days on which an installation billed from curves lacks quarter hours: (installation_id, day, missing)."""
    hung = pl.DataFrame(registers.installations(store, accounts=accounts, from_on=from_on, to_on=to_on))
    gaps = _gaps(store, hung.with_columns(period_from=pl.lit(from_on), period_to=pl.lit(to_on)))
    return gaps.select(GAPS.names).to_arrow().cast(GAPS)


def points_with_whole_curves(
    store: ColumnStore, *, accounts: AccountSet, usage_points: Sequence[int], month: Month
) -> list[int]:
    """Those of ``usage_points`` that are billed in ``month``, from curves only, and lack no quarter hour of the period."""
    wanted = pl.DataFrame(points.points(store, accounts=accounts, month=month)).filter(
        pl.col("usage_point_id").is_in(list(usage_points))
    )
    if wanted.is_empty():
        return []
    first, end = wanted.select(pl.col("period_from").min(), pl.col("period_to").max()).row(0)
    hung = pl.DataFrame(registers.installations(store, accounts=accounts, from_on=first, to_on=end)).join(
        wanted.select("usage_point_id", "period_from", "period_to"), on="usage_point_id"
    )
    lacking = hung.filter(pl.col("source") != "INTERVAL")["usage_point_id"]
    gaps = _gaps(store, hung).join(hung.select("installation_id", "usage_point_id"), on="installation_id")
    curved = hung.filter(~pl.col("usage_point_id").is_in(pl.concat([lacking, gaps["usage_point_id"]]).implode()))
    return curved["usage_point_id"].unique().sort().to_list()


def _gaps(store: ColumnStore, hung: pl.DataFrame) -> pl.DataFrame:
    """Days with missing quarter hours of the installations with the source INTERVAL, each between its ``period_from`` and
    ``period_to``."""
    expected = (
        hung.filter(pl.col("source") == "INTERVAL")
        .with_columns(
            pl.max_horizontal("installed_on", "period_from").alias("first"),
            pl.min_horizontal("removed_on", "period_to").alias("end"),
        )
        .with_columns(pl.date_ranges("first", "end", closed="left").alias("day"))
        .explode("day", empty_as_null=False, keep_nulls=False)
        .select("installation_id", "day")
    )
    if expected.is_empty():
        return pl.DataFrame(GAPS.empty_table())
    ids = expected["installation_id"].unique().to_list()
    first, last = expected.select(pl.col("day").min(), pl.col("day").max().alias("last")).row(0)
    stored = (
        intervals(store, from_on=first, to_on=last + timedelta(days=1), installation_ids=ids)
        .group_by("installation_id", "day")
        .agg(pl.len().cast(pl.Int16).alias("stored"))
        .collect()
    )
    return (
        expected.join(stored, on=["installation_id", "day"], how="left")
        .with_columns((POINTS_PER_DAY - pl.col("stored").fill_null(0)).alias("missing"))
        .filter(pl.col("missing") > 0)
        .sort("installation_id", "day")
    )
