"""How long the stages of a work take (环节时长): percentiles by group, of times in columns.

A stage is the time from when its step became the next one to when it was done for the first time; the whole is the time from
the beginning to the first end of the last step. A percentile is a time that was really seen (nearest rank): the smallest that
at least so many of a hundred do not exceed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import polars as pl

PERCENTS: Final = (50, 90, 95)
WHOLE: Final = "WHOLE"
"""The stage of them all together."""
SPREADS = pl.Schema(
    {
        "group": pl.String(),
        "stage": pl.String(),  # the step's code, or WHOLE
        "works": pl.Int64(),  # how many have come to the end of the stage
        **{f"p{percent}": pl.Int64() for percent in PERCENTS},  # seconds
        "longest": pl.Int64(),
    }
)


def spreads(works: pl.DataFrame, steps: Sequence[str]) -> pl.DataFrame:
    """:data:`SPREADS` of ``works``: a row a group and stage that any work of it has reached, groups by code, stages in order.

    ``works`` has ``group``, ``begun_at`` and, for each step in order, a column of its code: when it was first done, null while
    it is not. A work whose steps were told out of order counts no negative time: such a stage is left out.
    """
    edges = ("begun_at", *steps)
    stages = [(step, before) for before, step in zip(edges, steps, strict=False)]
    if steps:
        stages.append((WHOLE, "begun_at"))
    long = [
        works.select(
            pl.col("group").cast(pl.String),
            pl.lit(place).alias("place"),
            pl.lit(code).alias("stage"),
            (pl.col(steps[-1] if code == WHOLE else code) - pl.col(before)).dt.total_seconds().alias("seconds"),
        )
        for place, (code, before) in enumerate(stages)
    ]
    if not long:
        return pl.DataFrame(schema=SPREADS)
    told = pl.concat(long).filter(pl.col("seconds") >= 0)
    return (
        told.group_by("group", "place", "stage")
        .agg(
            pl.len().alias("works"),
            *(_nearest_rank(percent) for percent in PERCENTS),
            pl.col("seconds").max().alias("longest"),
        )
        .sort("group", "place")
        .select(SPREADS.names())
        .cast(dict(SPREADS))  # type: ignore[arg-type]
    )


def _nearest_rank(percent: int) -> pl.Expr:
    """The value at rank ⌈percent × n ÷ 100⌉, in integers."""
    rank = (pl.len().cast(pl.Int64) * percent + 99) // 100
    return pl.col("seconds").sort().get(rank - 1).alias(f"p{percent}")
