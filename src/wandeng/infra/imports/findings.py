"""Findings as frames: made from masks and columns, joined per row, shown as objects."""

from __future__ import annotations

import polars as pl

from wandeng.infra.imports.spec import FINDINGS, LINE, PERSONAL
from wandeng.kernel.findings import Finding

SHOWN_CHARACTERS = 80


def empty() -> pl.DataFrame:
    """No findings, with their columns."""
    return pl.DataFrame(schema=FINDINGS)


def about(
    rows: pl.DataFrame, column: str, code: str, expected: str, *, found: str | pl.Expr | None = None
) -> pl.DataFrame:
    """One finding for each of ``rows``. ``found`` is a column of the rows, or an expression; by default ``column``'s."""
    value = pl.col(column) if found is None else pl.col(found) if isinstance(found, str) else found
    if column in PERSONAL:
        value = _masked(value)
    return rows.select(
        pl.col(LINE),
        pl.lit(column).alias("column"),
        pl.lit(code).alias("code"),
        value.cast(pl.String).fill_null("").str.slice(0, SHOWN_CHARACTERS).alias("found"),
        pl.lit(expected).alias("expected"),
    )


def _masked(text: pl.Expr) -> pl.Expr:
    """As ``pii.mask_phone`` shows a number."""
    long = text.str.len_chars() >= 7
    shown = pl.concat_str(text.str.slice(0, 3), pl.lit("****"), text.str.slice(-4))
    return pl.when(long).then(shown).when(text.str.len_chars() > 0).then(pl.lit("****"))


def without(rows: pl.DataFrame, found: pl.DataFrame) -> pl.DataFrame:
    """The rows nobody complained about, in their order."""
    return (
        rows if found.is_empty() else rows.join(found.select(LINE).unique(), on=LINE, how="anti", maintain_order="left")
    )


def gather(*frames: pl.DataFrame) -> pl.DataFrame:
    """All findings, by line; within a line in the order they were made."""
    kept = [frame for frame in frames if not frame.is_empty()]
    return pl.concat(kept).sort(LINE, maintain_order=True) if kept else empty()


def as_objects(found: pl.DataFrame, file: str) -> list[Finding]:
    """The rows of a findings frame as values, with the file they are about."""
    return [Finding(file, *row) for row in found.iter_rows()]
