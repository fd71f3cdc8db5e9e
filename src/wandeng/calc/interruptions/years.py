"""The year of every customer: how long and how often without supply, for millions at once.

Customers stand in the order of their areas, so what happened to an area is added at its first customer and taken away
after its last; a running sum hands it to all of them (difference arrays). Only customers for whom something differs are
looked at one by one: a point of their own was interrupted, they have several supplies, or they came or left in between.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl

from wandeng.kernel.errors import InvalidInput

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Members:
    """Customers sorted by ``transformer``; ``since`` and ``until`` are seconds since 1970 between which they were
    connected."""

    account: Ints
    transformer: Ints
    since: Ints
    until: Ints

    def __post_init__(self) -> None:
        if len(self.transformer) > 1 and bool((self.transformer[1:] < self.transformer[:-1]).any()):
            raise InvalidInput("customers must stand in the order of their transformers")


def year(
    members: Members, pieces: pl.DataFrame, several: npt.NDArray[np.int64], *, begin: int, end: int, over_seconds: int
) -> tuple[Ints, Ints]:
    """Seconds and times without supply of every member between ``begin`` and ``end``, sustained periods only, split at both
    ends. ``several``: accounts with several supplies, for whom their area's time does not count."""
    here = pieces.filter((pl.col("begin") < end) & (pl.col("end") > begin) & (pl.col("lasts") > over_seconds))
    areas = here.filter(pl.col("areas") == 1)
    seconds, times = _by_area(members, areas, begin, end)
    partly = np.flatnonzero((members.since > begin) | (members.until < end))
    if len(partly):
        seconds[partly], times[partly] = _clipped(members, partly, areas, begin, end)
    _put_right(members, here.filter(pl.col("areas") == 0), several, seconds, times, begin, end)
    return seconds, times


def _by_area(members: Members, areas: pl.DataFrame, begin: int, end: int) -> tuple[Ints, Ints]:
    sums = areas.group_by("transformer").agg(_seconds(begin, end).sum(), _times(begin, end).sum())
    which = sums["transformer"].to_numpy()
    first = np.searchsorted(members.transformer, which, side="left")
    after = np.searchsorted(members.transformer, which, side="right")
    spread = []
    for name in ("seconds", "times"):
        values = sums[name].to_numpy()
        steps = np.zeros(len(members.account) + 1, np.int64)
        np.add.at(steps, first, values)
        np.subtract.at(steps, after, values)
        spread.append(np.cumsum(steps[:-1]))
    return spread[0], spread[1]


def _clipped(
    members: Members, rows: npt.NDArray[np.intp], areas: pl.DataFrame, begin: int, end: int
) -> tuple[Ints, Ints]:
    """Members connected for a part of the window only."""
    theirs = pl.DataFrame(
        {
            "row": np.arange(len(rows)), "transformer": members.transformer[rows],
            "since": np.maximum(members.since[rows], begin), "until": np.minimum(members.until[rows], end),
        }
    )  # fmt: skip
    met = theirs.join(areas, on="transformer").filter(
        (pl.col("begin") < pl.col("until")) & (pl.col("end") > pl.col("since"))
    )
    length = pl.min_horizontal("end", "until") - pl.max_horizontal("begin", "since")
    begun = pl.col("starts") * (pl.col("begin") >= pl.col("since")).cast(pl.Int64)
    sums = met.group_by("row").agg(length.sum().alias("seconds"), begun.sum().alias("times"))
    seconds, times = np.zeros(len(rows), np.int64), np.zeros(len(rows), np.int64)
    at = sums["row"].to_numpy()
    seconds[at], times[at] = sums["seconds"].to_numpy(), sums["times"].to_numpy()
    return seconds, times


def _put_right(
    members: Members,
    own: pl.DataFrame,
    several: npt.NDArray[np.int64],
    seconds: Ints,
    times: Ints,
    begin: int,
    end: int,
) -> None:
    """Customers with rows of their own: those rows alone, without what their area had."""
    added = own.filter(pl.col("customers") == 1)
    sums = added.group_by("account").agg(_seconds(begin, end).sum(), _times(begin, end).sum())
    named = pl.DataFrame({"account": several}, {"account": pl.Int64}).join(
        sums, on="account", how="full", coalesce=True
    )
    if named.is_empty():
        return
    found = np.flatnonzero(np.isin(members.account, named["account"].to_numpy()))
    at = pl.DataFrame({"row": found, "account": members.account[found]}).join(named, on="account").fill_null(0)
    rows = at["row"].to_numpy()
    seconds[rows], times[rows] = at["seconds"].to_numpy(), at["times"].to_numpy()


def _seconds(begin: int, end: int) -> pl.Expr:
    length = pl.min_horizontal("end", pl.lit(end)) - pl.max_horizontal("begin", pl.lit(begin))
    return length.alias("seconds")


def _times(begin: int, end: int) -> pl.Expr:
    inside = (pl.col("begin") >= begin) & (pl.col("begin") < end)
    return (pl.col("starts") * inside.cast(pl.Int64)).alias("times")
