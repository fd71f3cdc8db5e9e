"""What an interruption comes to: areas, customers, first off and last on, from the columns of its steps."""

from __future__ import annotations

import polars as pl

from wandeng.calc.interruptions import periods

ONGOING = 1 << 36
"""The end, in seconds, of a step that has none yet."""


def sums(steps: pl.DataFrame, supplies: pl.DataFrame) -> pl.DataFrame:
    """``event``, ``areas``, ``customers``, ``off``, ``on`` (null while any step is open) from ``STEPS`` and ``SUPPLIES`` of
    ``calc.interruptions``; an open step ends at :data:`ONGOING`."""
    whole = steps.filter(pl.col("account").is_null())
    areas = whole.group_by("event", "transformer").agg(pl.col("customers").max())
    by_area = areas.group_by("event").agg(pl.len().alias("areas"), pl.col("customers").sum().alias("by_area"))
    points = (
        steps.filter(pl.col("account").is_not_null())
        .join(areas, on=["event", "transformer"], how="anti")
        .join(supplies, on=["event", "account"], how="anti")
        .group_by("event")
        .agg(pl.col("account").n_unique().alias("by_point"))
    )
    # Each interruption by itself: another one that took the other supply is none of its customers.
    theirs = steps.join(supplies, on="event", how="semi").partition_by("event", as_dict=True)
    dark = [
        periods.several(theirs[event], part)
        for event, part in supplies.partition_by("event", as_dict=True, maintain_order=True).items()
        if event in theirs
    ]
    doubled = (
        pl.concat([pl.DataFrame(schema=periods.PIECES), *dark])
        .group_by("event")
        .agg(pl.col("account").n_unique().alias("by_supplies"))
    )
    ends = steps.group_by("event", maintain_order=True).agg(
        pl.col("begin").min().alias("off"), pl.col("end").max().alias("on")
    )
    joined = ends.join(by_area, on="event", how="left", maintain_order="left")
    for part in (points, doubled):
        joined = joined.join(part, on="event", how="left", maintain_order="left")
    counts = [pl.col(name).fill_null(0).cast(pl.Int64) for name in ("by_area", "by_point", "by_supplies")]
    return joined.select(
        "event", pl.col("areas").fill_null(0).cast(pl.Int64), customers=pl.sum_horizontal(counts), off="off",
        on=pl.when(pl.col("on") < ONGOING).then("on"),
    )  # fmt: skip
