"""Periods that must not meet: those of a file among themselves and against those that are stored."""

from __future__ import annotations

import polars as pl

from wandeng.infra.imports.spec import LINE


def overlapping(rows: pl.DataFrame, stored: pl.DataFrame, *, of: str, start: str, end: str) -> pl.DataFrame:
    """Rows whose half-open period meets a stored one, or that of an earlier row, of the same ``of``. A null ``end`` is
    open. A stored period that starts with a row's is that row's own. Returns ``line``, ``other_from``, ``other_to``."""
    columns = [of, start, end]
    others_stored = stored.select(columns).join(rows.select(of, start), on=[of, start], how="anti")
    others = pl.concat(
        [
            others_stored.select(pl.lit(-1, dtype=pl.Int64).alias("other"), *columns),
            rows.select(pl.col(LINE).alias("other"), *columns),
        ]
    ).rename({start: "other_from", end: "other_to"})
    starts_before_other_ends = pl.col("other_to").is_null() | (pl.col(start) < pl.col("other_to"))
    other_starts_before_end = pl.col(end).is_null() | (pl.col("other_from") < pl.col(end))
    return (
        rows.select(LINE, *columns)
        .join(others, on=of)
        .filter((pl.col("other") < pl.col(LINE)) & starts_before_other_ends & other_starts_before_end)
        .select(LINE, "other_from", "other_to")
        .unique(LINE, keep="first", maintain_order=True)
    )
