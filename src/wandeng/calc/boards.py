"""What a community board may say of bills due (公示栏欠费): counts that single nobody out, and house numbers without anything else.

Pure: columns in, plain values out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

HOUSE = r"(\d+(?:[-－]\d+)*(?:号楼|号|栋|幢|座|弄)?(?:\d+(?:单元|室|号|户)?)*)$"
"""The end of an address from its last number of a house on: ``12号``, ``3栋2单元501``, ``3-2-501``."""


@dataclass(frozen=True, slots=True)
class ArrearsBand:
    """So many customers owe from ``from_fen`` (not included) to ``to_fen`` (included); ``None``: without an upper edge."""

    from_fen: int
    to_fen: int | None
    customers: int


def bands(owed_fen: pl.Series, edges_fen: Sequence[int], *, least: int) -> tuple[ArrearsBand, ...]:
    """Customers by what they owe (fen above 0), in bands of at least ``least`` each; none when all of them are fewer.

    A band that is too small goes to the next higher one, the last to the one below: sums stay whole, nobody stands alone.

    >>> bands(pl.Series([100, 100, 900, 5_000]), [500, 1_000], least=2)
    (ArrearsBand(from_fen=0, to_fen=500, customers=2), ArrearsBand(from_fen=500, to_fen=None, customers=2))
    """
    made: list[ArrearsBand] = []
    begin = count = 0
    for low, high in zip([0, *edges_fen], [*edges_fen, None], strict=True):
        count += int(((owed_fen > low) & (owed_fen <= high)).sum() if high is not None else (owed_fen > low).sum())
        if count >= least:
            made.append(ArrearsBand(begin, high, count))
            begin, count = high or 0, 0
    if made and made[-1].to_fen is not None:
        made[-1] = ArrearsBand(made[-1].from_fen, None, made[-1].customers + count)
    return tuple(made)


def houses(addresses: pl.Series) -> tuple[str, ...]:
    """The house numbers at the end of addresses, each once, shortest first; an address that does not end in one is left out.

    >>> houses(pl.Series(["白水县新华村12号", "新华村3栋2单元501", "供销社对面"]))
    ('12号', '3栋2单元501')
    """
    found = addresses.str.strip_chars().str.extract(HOUSE).drop_nulls().unique()
    return tuple(sorted(found.to_list(), key=lambda one: (len(one), one)))
