"""From steps to pieces: for each area and customer the time without supply, every second once.

Steps of several interruptions may overlap (a fault during planned work) or touch. Together they are one period without
supply: its first step is the one that interrupted, later ones only lengthen it. A period is sustained or momentary as a
whole. Source: DL/T 836.1-2016 and IEEE 1366, clause 3 (step restoration).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import polars as pl

Ints = npt.NDArray[np.int64]

STEPS = pl.Schema(
    {
        "event": pl.Int64, "transformer": pl.Int64, "account": pl.Int64, "begin": pl.Int64, "end": pl.Int64,
        "customers": pl.Int64,
    }
)  # fmt: skip
SUPPLIES = pl.Schema({"event": pl.Int64, "account": pl.Int64, "transformer": pl.Int64})
PIECES = pl.Schema(
    {
        "event": pl.Int64, "transformer": pl.Int64, "account": pl.Int64, "begin": pl.Int64, "end": pl.Int64,
        "starts": pl.Int64, "began": pl.Int64, "lasts": pl.Int64, "customers": pl.Int64, "areas": pl.Int64,
    }
)  # fmt: skip
"""A piece of a period without supply: ``starts`` 1 for its first, ``began`` and ``lasts`` (seconds) of the whole period.
Rows without an account are areas with all their customers; rows with one put right what differs for that customer, a
negative number of ``customers`` taking it out of its area."""

_REACH = np.int64(1) << np.int64(40)
"""Above every number of seconds, so that groups lie one after the other on one axis."""


def pieces(steps: pl.DataFrame, supplies: pl.DataFrame) -> pl.DataFrame:
    """:data:`STEPS` and :data:`SUPPLIES` → :data:`PIECES`, areas first."""
    plain = steps.filter(pl.col("account").is_null()) if steps["account"].null_count() < steps.height else steps
    areas = _merged(plain, ["transformer"]).with_columns(areas=pl.lit(1, pl.Int64)).select(PIECES.names())
    low = steps.filter(pl.col("account").is_not_null())
    if low.is_empty() and supplies.is_empty():
        return areas
    single = low.join(supplies, on="account", how="anti")
    return pl.concat([areas, _singles(single, plain, areas), several(steps, supplies)])


def _merged(rows: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """The rows cut so that the members of a group (``key``) never overlap, with ``starts``, ``began`` and ``lasts``."""
    order = [*key, "begin", *(["late"] if "late" in rows.columns else []), "end", "event"]
    ordered = rows.sort(order)
    if ordered.is_empty():
        number = pl.lit(0, pl.Int64)
        return ordered.with_columns(starts=number, began=number, lasts=number)
    begin, end = ordered["begin"].to_numpy(), ordered["end"].to_numpy()
    group = np.zeros(len(begin), np.int64)
    for name in key:
        values = ordered[name].to_numpy()
        group[1:] |= values[1:] != values[:-1]
    shift = np.cumsum(group) * _REACH
    first, last = begin + shift, end + shift
    reached = np.empty_like(last)
    reached[0] = -1
    np.maximum.accumulate(last[:-1], out=reached[1:])
    # Reached before this step by its own group or by an earlier one, which lies below.
    starts = first > reached
    cut = np.maximum(first, reached)
    seconds = np.maximum(last - cut, 0)
    heads = np.flatnonzero(starts)
    period = np.cumsum(starts) - 1
    lasts = np.add.reduceat(seconds, heads)
    told = ordered.with_columns(
        begin=pl.Series(cut - shift), end=pl.Series(cut - shift + seconds), starts=pl.Series(starts.astype(np.int64)),
        began=pl.Series(begin[heads][period]), lasts=pl.Series(lasts[period]),
    )  # fmt: skip
    kept = seconds > 0
    return told if kept.all() else told.filter(pl.Series(kept))


def _singles(low: pl.DataFrame, steps: pl.DataFrame, areas: pl.DataFrame) -> pl.DataFrame:
    """Customers whose own point was interrupted: out of their area, and in with the time of both."""
    whose = low.select("account", "transformer").unique(maintain_order=True)
    common = ["event", "transformer", "account", "begin", "end"]
    with_area = whose.join(steps.drop("account"), on="transformer").select(common)
    own = _merged(pl.concat([with_area, low.select(common)]), ["account"])
    added = own.with_columns(customers=pl.lit(1, pl.Int64), areas=pl.lit(0, pl.Int64))
    taken = whose.join(areas.drop("account"), on="transformer").with_columns(
        customers=pl.lit(-1, pl.Int64), areas=pl.lit(0, pl.Int64)
    )
    return pl.concat([added.select(PIECES.names()), taken.select(PIECES.names())])


def several(steps: pl.DataFrame, supplies: pl.DataFrame) -> pl.DataFrame:
    """Pieces of the customers with several supplies: out while all of them are. An interruption counts with the supplies
    that stood when it happened; of two that meet, the one that took the last supply has interrupted."""
    if supplies.is_empty():
        return pl.DataFrame(schema=PIECES)
    hit = _supply_steps(steps, supplies)
    covered = _merged(hit, ["account", "transformer"]).select("account", "transformer", "begin", "end")
    count = supplies.group_by("event", "account").agg(pl.len().alias("count"))
    own = (
        hit.join(supplies, on=["event", "account", "transformer"], how="semi")
        .group_by("event", "account")
        .agg(
            pl.col("transformer").min().alias("taken"),
            pl.col("begin").min().alias("first"),
            pl.col("end").max().alias("last"),
        )
    )
    # Nearly always the other supply stood: only who lost them all around the time of the event is looked at closer.
    asked = (
        supplies.join(own, on=["event", "account"])
        .join(covered, on=["account", "transformer"])
        .filter((pl.col("begin") < pl.col("last")) & (pl.col("end") > pl.col("first")))
    )
    lost = asked.group_by("event", "account").agg(pl.col("transformer").n_unique().alias("lost"))
    at_risk = lost.join(count, on=["event", "account"]).filter(pl.col("lost") == pl.col("count"))
    asked = asked.join(at_risk.select("event", "account"), on=["event", "account"], how="semi")
    edges = pl.concat(
        [
            asked.select("event", "account", at="begin", change=pl.lit(1, pl.Int64)),
            asked.select("event", "account", at="end", change=pl.lit(-1, pl.Int64)),
        ]
    ).sort("event", "account", "at", "change")
    # Every group goes back to zero, so one running sum serves them all.
    dark = (
        edges.with_columns(depth=pl.col("change").cum_sum(), until=pl.col("at").shift(-1))
        .join(count, on=["event", "account"])
        .filter((pl.col("depth") == pl.col("count")) & (pl.col("until") > pl.col("at")))
    )
    found = (
        dark.join(own, on=["event", "account"])
        .filter((pl.col("at") < pl.col("last")) & (pl.col("until") > pl.col("first")))
        .select(
            "event", "account", transformer="taken", begin="at", end="until",
            late=(pl.col("first") != pl.col("at")).cast(pl.Int64),
        )
    )  # fmt: skip
    whole = _merged(found, ["account"]).with_columns(customers=pl.lit(1, pl.Int64), areas=pl.lit(0, pl.Int64))
    return whole.select(PIECES.names()).cast(PIECES)


def _supply_steps(steps: pl.DataFrame, supplies: pl.DataFrame) -> pl.DataFrame:
    """Steps by customer with several supplies and by supply: of the whole area, and of the customer's own point."""
    pairs = supplies.select("account", "transformer").unique()
    columns = ["event", "account", "transformer", "begin", "end"]
    whole = pairs.join(steps.filter(pl.col("account").is_null()).drop("account"), on="transformer").select(columns)
    point = steps.join(pairs, on=["account", "transformer"], how="semi").select(columns)
    return pl.concat([whole, point])
