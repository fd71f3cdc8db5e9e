"""Which quarter hours of curves are missing."""

from __future__ import annotations

from datetime import date

import polars as pl
import pyarrow as pa

from wandeng.calc.curves import POINTS_PER_DAY
from wandeng.domains.customers.types import AccountSet
from wandeng.domains.metering.frames import registers
from wandeng.domains.metering.frames.intervals import intervals
from wandeng.infra.columns import ColumnStore

GAPS = pa.schema([("installation_id", pa.int64()), ("day", pa.date32()), ("missing", pa.int16())])


def interval_gaps(store: ColumnStore, *, accounts: AccountSet, from_on: date, to_on: date) -> pa.Table:
    """Days on which an installation billed from curves lacks quarter hours: (installation_id, day, missing)."""
    hung = pl.DataFrame(registers.installations(store, accounts=accounts, from_on=from_on, to_on=to_on))
    expected = (
        hung.filter(pl.col("source") == "INTERVAL")
        .with_columns(
            pl.max_horizontal("installed_on", pl.lit(from_on)).alias("first"),
            pl.min_horizontal("removed_on", pl.lit(to_on)).alias("end"),
        )
        .with_columns(pl.date_ranges("first", "end", closed="left").alias("day"))
        .explode("day", empty_as_null=False, keep_nulls=False)
        .select("installation_id", "day")
    )
    ids = expected["installation_id"].unique().to_list()
    stored = (
        intervals(store, from_on=from_on, to_on=to_on, installation_ids=ids)
        .group_by("installation_id", "day")
        .agg(pl.len().cast(pl.Int16).alias("stored"))
        .collect()
    )
    gaps = (
        expected.join(stored, on=["installation_id", "day"], how="left")
        .with_columns((POINTS_PER_DAY - pl.col("stored").fill_null(0)).alias("missing"))
        .filter(pl.col("missing") > 0)
        .sort("installation_id", "day")
    )
    return gaps.select(GAPS.names).to_arrow().cast(GAPS)
