"""Ids that lie close together are read as a range, which is one scan; scattered ones have to be looked up by a join."""

from __future__ import annotations

import polars as pl

_MOST_OTHERS = 2
"""A range is read when at most half of what lies in it is somebody else's: a join costs more than those rows."""


def dense(ids: pl.Series) -> tuple[int, int] | None:
    """The range ``first`` ≤ id < ``end`` that holds all of these ids, or ``None`` when it would hold more others than
    these. What is read by it still has to be joined with the ids.

    >>> dense(pl.Series([7, 5, 8])), dense(pl.Series([5, 5_000])), dense(pl.Series([], dtype=pl.Int64))
    ((5, 9), None, None)
    """
    if ids.is_empty():
        return None
    first, last = ids.min(), ids.max()
    if not isinstance(first, int) or not isinstance(last, int):
        return None
    end = last + 1
    return (first, end) if end - first <= _MOST_OTHERS * ids.n_unique() else None
