"""What meters, transformer terminals and switches last said of their supply (停上电事件): who stands dark, who lit.

A head-end repeats itself, is late and mixes the order up, and a loose contact says off and on all night. So the standing of a
thing follows from the set of its events and nothing else: told twice, late or in another order, the same comes out.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

EVENTS = pl.Schema({"thing": pl.Int64(), "is_off": pl.Boolean(), "occurred": pl.Int64()})
"""``occurred``: seconds since 1970 by the thing's own clock."""
STANDINGS = pl.Schema({"thing": pl.Int64(), "standing": pl.String(), "since": pl.Int64(), "changes": pl.Int64()})
"""``standing``: DARK, LIT, or why it counts for nothing: FLAPPING, MOMENTARY (off for too short a time yet), OLD. ``since``: when
it began to stand so. ``changes`` within the minutes of flapping."""


@dataclass(frozen=True, slots=True)
class Believing:
    """How far events are believed. Off counts after ``momentary_seconds``, and for ``dark_hours``; on counts for
    ``lit_minutes``: what was lit an hour ago may be dark by now. ``flaps`` changes within ``flap_minutes`` are a loose
    contact. An event more than ``ahead_seconds`` in the future comes from a wrong clock."""

    momentary_seconds: int
    dark_hours: int
    lit_minutes: int
    flaps: int
    flap_minutes: int
    ahead_seconds: int


def standings(events: pl.DataFrame, *, at: int, believing: Believing) -> pl.DataFrame:
    """:data:`STANDINGS` at a moment (seconds since 1970), one row a thing, by thing; things whose events all lie in the future
    are left out. Off and on in the same second: it is on."""
    told = events.select(EVENTS.names()).filter(pl.col("occurred") <= at + believing.ahead_seconds)
    ordered = told.sort("thing", "occurred", "is_off", descending=[False, False, True])
    # What is told twice lies beside itself now, and is no turn.
    another = pl.col("thing").ne_missing(pl.col("thing").shift(1))
    turned = ordered.filter(another | pl.col("is_off").ne_missing(pl.col("is_off").shift(1)))
    recent = pl.col("occurred") > at - believing.flap_minutes * 60
    last = turned.group_by("thing", maintain_order=True).agg(
        pl.col("is_off").last(), pl.col("occurred").last().alias("since"),
        (recent.sum() - (recent & (pl.int_range(pl.len()) == 0)).sum()).cast(pl.Int64).alias("changes"),
    )  # fmt: skip
    heard = ordered.group_by("thing").agg(pl.col("occurred").last().alias("heard"))
    off, age = pl.col("is_off"), at - pl.col("since")
    standing = (
        pl.when(pl.col("changes") >= believing.flaps)
        .then(pl.lit("FLAPPING"))
        .when(off & (age < believing.momentary_seconds))
        .then(pl.lit("MOMENTARY"))
        .when(off & (at - pl.col("heard") > believing.dark_hours * 3600))
        .then(pl.lit("OLD"))
        .when(off)
        .then(pl.lit("DARK"))
        .when(at - pl.col("heard") > believing.lit_minutes * 60)
        .then(pl.lit("OLD"))
        .otherwise(pl.lit("LIT"))
    )
    found = last.join(heard, on="thing", how="left", maintain_order="left").with_columns(standing=standing)
    return found.select(STANDINGS.names()).cast(STANDINGS).sort("thing")
