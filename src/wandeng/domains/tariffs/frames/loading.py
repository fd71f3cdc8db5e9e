"""Imported price assignments into their table: periods of a usage point never overlap."""

from __future__ import annotations

import polars as pl

from wandeng.domains.tariffs.models import PriceAssignment
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import merging, overlaps


def overlapping(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """Which of ``rows`` (``line``, ``usage_point_id``, ``valid_from``, ``valid_to``) may not stand: those whose period meets
    one of the table, or an earlier row's. A row of the same start replaces what the table has. Returns ``line``,
    ``other_from``, ``other_to``."""
    columns = ["usage_point_id", "valid_from", "valid_to"]
    stored = merging.find(store, PriceAssignment, rows.select("usage_point_id"), columns)
    return overlaps.overlapping(rows, stored, of="usage_point_id", start="valid_from", end="valid_to")


def load_price_assignments(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """``rows``: ``line`` and the columns of :class:`PriceAssignment` but ``id``, none overlapping. A known assignment (same
    usage point, same start) takes the new terms. Returns ``line`` and ``outcome``."""
    key = ["usage_point_id", "valid_from"]
    stored = merging.find(store, PriceAssignment, rows.select(key), ["id", "valid_to"]).rename({"valid_to": "was_to"})
    # What ends sooner ends first: the guard of the table looks at every single change.
    shorter = rows.join(stored, on=key).filter(pl.col("valid_to") < pl.col("was_to"))
    merging.change(store, PriceAssignment, shorter, ["valid_to"])
    merged = merging.merge(store, PriceAssignment, rows, key=key)
    cut = shorter.select("line", pl.lit(merging.CHANGED).alias("outcome"))
    return merging.worst(pl.concat([merged.select("line", "outcome"), cut]))
