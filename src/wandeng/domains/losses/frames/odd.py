"""Which areas stand out over some days, and what their losses came to."""

from __future__ import annotations

from datetime import date

import polars as pl
import pyarrow as pa

from wandeng.infra.columns import ColumnStore

_DAYS = pa.schema(
    [
        ("transformer_id", pa.int64()), ("feeder_id", pa.int64()), ("day", pa.date32()), ("status", pa.string()),
        ("loss_ckwh", pa.int64()), ("rate_e4", pa.int64()),
    ]
)  # fmt: skip


def days(store: ColumnStore, *, unit_path: str, from_on: date, to_on: date) -> pl.DataFrame:
    """What stands of the days ``from_on`` ≤ day < ``to_on``: transformer_id, feeder_id, day, status, loss_ckwh, rate_e4."""
    found = store.read(
        "SELECT a.transformer_id, a.feeder_id, a.day, a.status, a.loss_ckwh, a.rate_e4 FROM losses_arealoss a "
        "JOIN organization_unit u ON u.id = a.unit_id WHERE a.is_current AND a.day >= ? AND a.day < ? "
        f"AND substr(u.path, 1, {len(unit_path)}) = ? ORDER BY a.transformer_id, a.day",
        (from_on, to_on, unit_path),
        schema=_DAYS,
    )
    return pl.DataFrame(found)


def odd_areas(rows: pl.DataFrame, *, least: int) -> pl.DataFrame:
    """Areas that were high or negative on at least ``least`` of the days: ``transformer_id``, ``kind`` (that of more days),
    ``odd_days``, ``rate_e4`` (mean of those days)."""
    kind = pl.when(pl.col("status") == "NEGATIVE").then(pl.lit("NEGATIVE")).otherwise(pl.lit("HIGH")).alias("kind")
    odd = rows.filter(pl.col("status").is_in(["HIGH", "VERY_HIGH", "NEGATIVE"])).with_columns(kind)
    told = odd.group_by("transformer_id", "kind").agg(
        pl.len().cast(pl.Int64).alias("odd_days"), (pl.col("rate_e4").sum() // pl.len()).alias("rate_e4")
    )
    first = told.sort("transformer_id", "odd_days", descending=[False, True]).unique("transformer_id", keep="first")
    return first.filter(pl.col("odd_days") >= least).sort("transformer_id")
