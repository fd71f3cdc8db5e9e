"""Codes of a file → ids of rows, with a finding for each code nobody knows and for each thing outside the unit."""

from __future__ import annotations

import polars as pl

from wandeng.infra.imports import findings
from wandeng.infra.imports.spec import LoadContext


def resolve(
    rows: pl.DataFrame, known: pl.DataFrame, column: str, what: str, context: LoadContext
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Join ``known`` (one row for each value of ``column``) to ``rows`` and take the rows out whose code is unknown, or
    lies outside the importing unit when ``known`` has a ``path``. Empty codes stay, with nulls. Returns the rows that
    are in order, and the findings. ``what`` names the thing for people."""
    joined = rows.join(known.with_columns(pl.lit(True).alias("__found")), on=column, how="left", maintain_order="left")
    strange = joined.filter(pl.col(column).is_not_null() & pl.col("__found").is_null())
    found = findings.about(strange, column, "UNKNOWN_REFERENCE", f"已有的{what} (known here)")
    if "path" in known.columns and context.unit_path:
        beyond = joined.filter(~pl.col("path").str.starts_with(context.unit_path))
        found = findings.gather(
            found, findings.about(beyond, column, "OUTSIDE_UNIT", f"本单位范围内的{what} (within the importing unit)")
        )
    drop = ["__found", "path"] if "path" in known.columns else ["__found"]
    return findings.without(joined, found).drop(drop), found
