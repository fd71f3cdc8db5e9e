"""Money that either side knows by another number, paired by its amount: an acquirer's lines and what terminals took."""

from __future__ import annotations

import polars as pl


def by_amount(ours: pl.DataFrame, theirs: pl.DataFrame) -> pl.DataFrame:
    """``theirs`` (key, theirs_fen, their_number) with the key of ours for every line of the same amount, the first with the
    first. A line that went back first takes one of the same amount off, so that a voided sale stands on neither side."""
    standing = _without_voided(theirs)
    numbered = _numbered(standing, "theirs_fen")
    own = _numbered(ours, "ours_fen").select("ours_fen", "place", own_key="key")
    paired = numbered.join(own, left_on=["theirs_fen", "place"], right_on=["ours_fen", "place"], how="left")
    return paired.select(pl.coalesce("own_key", "key").alias("key"), "theirs_fen", "their_number").sort("key")


def _without_voided(theirs: pl.DataFrame) -> pl.DataFrame:
    sign = pl.col("theirs_fen") < 0
    marked = theirs.sort("key").with_columns(size=pl.col("theirs_fen").abs(), is_back=sign)
    marked = marked.with_columns(place=pl.int_range(pl.len()).over("size", "is_back"))
    both = marked.filter(pl.col("is_back")).join(marked.filter(~pl.col("is_back")), on=["size", "place"], how="semi")
    gone = both.select("size", "place")
    return marked.join(gone, on=["size", "place"], how="anti").select(theirs.columns)


def _numbered(rows: pl.DataFrame, amount: str) -> pl.DataFrame:
    return rows.sort("key").with_columns(place=pl.int_range(pl.len()).over(amount))
