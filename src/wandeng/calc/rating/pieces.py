"""Pieces: a usage point under one set of terms, with the energy it used while they held.

Readings seldom fall on the day terms change, so each reading's energy is shared over its days by cumulative rounding;
where a meter was exchanged or read on that day, its rows give the parts exactly.
"""

from __future__ import annotations

import polars as pl

from wandeng.calc.rating import book
from wandeng.calc.rating.exact import PERIODS, shared_until
from wandeng.calc.rating.frames import Conventions
from wandeng.calc.rating.inputs import KEYS, Inputs
from wandeng.calc.rating.losses import add_losses

POINT_COLUMNS = ["period_from", "period_to", "months", "tier_base_ckwh", "tier_months", "season"]
TERM_COLUMNS = [
    "valid_from", "valid_to", "structure_id", "running_capacity_ckva", "basic_method", "contract_demand_ckw",
    "pf_standard", "tier_shift_ckwh", "free_ckwh",
]  # fmt: skip
ENERGY_COLUMNS = ["total", *PERIODS, "export"]
COLUMNS = [
    "point_ix", *KEYS, *POINT_COLUMNS, *TERM_COLUMNS, *ENERGY_COLUMNS, "read", "transformer_loss", "line_loss",
    "deducted", "reactive", "read_reactive", "pf_active", "demand_ckw", "no_demand", "no_reactive", "run_before",
]  # fmt: skip
"""``read`` is the meters' energy, ``total`` the billed one; ``reactive`` has the reactive loss in it, ``read_reactive``
has not; ``pf_active`` is what the power factor sees, before deductions; ``run_before`` is what earlier pieces of the same
structure used."""


def of_plain(plain: pl.DataFrame) -> pl.DataFrame:
    """Pieces of plain points: nothing to share, nothing to join."""
    zero = pl.lit(0, pl.Int64)
    return plain.select(
        *["point_ix", *KEYS, *POINT_COLUMNS, *TERM_COLUMNS, *ENERGY_COLUMNS],
        read="total",
        transformer_loss=zero,
        line_loss=zero,
        deducted=zero,
        reactive=pl.col("reactive") + pl.col("reactive_export"),
        read_reactive=pl.col("reactive") + pl.col("reactive_export"),
        pf_active="total",
        demand_ckw="demand_ckw",
        no_demand=pl.col("demand_ckw").is_null(),
        no_reactive="no_reactive",
        run_before=zero,
    ).select(_keyed())


def of_general(inputs: Inputs, conventions: Conventions) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Pieces of all other points, and the intervals their energy was read over.

    Intervals: point_ix, from_on, to_on and ``net_<period>``, ``gross_<period>``, export, reactive of that interval;
    a sub-meter read on its parent's days is deducted before anything is shared, so that no part goes below zero.
    Pieces have, besides the common columns, ``loss_<period>``: the part of their energy that no meter read.
    """
    intervals = _intervals(inputs.reads)
    pieces = (
        inputs.terms.join(inputs.points.drop(KEYS), on="point_ix", maintain_order="left")
        .with_columns(pl.max_horizontal("valid_from", "period_from"), pl.min_horizontal("valid_to", "period_to"))
        .filter(pl.col("valid_from") < pl.col("valid_to"))
        .with_row_index("piece_ix")
    )
    measures = [c for c in intervals.columns if c not in ("point_ix", "from_on", "to_on")]
    parts = spread(pieces, intervals, "piece_ix", "valid_from", "valid_to", measures)
    pieces = pieces.join(parts, on="piece_ix", how="left", maintain_order="left")
    pieces = pieces.join(_registers_of(pieces, inputs.reads), on="piece_ix", how="left", maintain_order="left")
    pieces = pieces.with_columns(gross=pl.sum_horizontal(f"gross_{name}" for name in PERIODS))
    pieces = add_losses(pieces, conventions).with_columns(
        (pl.col(f"net_{name}") + pl.col(f"loss_{name}")).alias(name) for name in PERIODS
    )
    loss = pl.col("transformer_loss") + pl.col("line_loss")
    return (
        pieces.with_columns(
            total=pl.sum_horizontal(PERIODS),
            read="gross",
            deducted=pl.col("gross") - pl.sum_horizontal(f"net_{name}" for name in PERIODS),
            reactive=pl.col("reactive") + pl.col("reactive_loss"),
            read_reactive="reactive",
            pf_active=pl.col("gross") + loss,
        )
        .with_columns(
            run_before=pl.col("total").cum_sum().over("point_ix", "structure_id") - pl.col("total"),
        )
        .select(*_keyed(), *[f"loss_{name}" for name in PERIODS]),
        intervals,
    )  # fmt: skip


def spread(
    frame: pl.DataFrame, intervals: pl.DataFrame, index: str, start: str, end: str, measures: list[str]
) -> pl.DataFrame:
    """What each row's [start, end) gets of its point's intervals, by cumulative rounding: index and the measures."""
    return (
        frame.lazy()
        .select(index, "point_ix", _start=start, _end=end)
        .join(intervals.lazy(), on="point_ix")
        .select(
            index,
            *[
                (_until(measure, "_end") - _until(measure, "_start")).alias(measure)
                for measure in measures
            ],
        )
        .group_by(index)
        .agg(pl.all().sum())
        .sort(index)
        .collect()
    )  # fmt: skip


def _until(measure: str, day: str) -> pl.Expr:
    return shared_until(pl.col(measure), pl.col("from_on"), pl.col("to_on"), pl.col(day))


def _keyed() -> list[pl.Expr]:
    return [*[pl.col(name) for name in COLUMNS], book.rate_key().alias("rate_key")]


def _intervals(reads: pl.DataFrame) -> pl.DataFrame:
    own = reads.filter(pl.col("point_ix").is_not_null()).select(
        "point_ix", "from_on", "to_on",
        *[pl.col(name).alias(f"gross_{name}") for name in PERIODS],
        *[pl.col(name).alias(f"net_{name}") for name in PERIODS],
        "export",
        reactive=pl.col("reactive") + pl.col("reactive_export"),
    )  # fmt: skip
    zero = pl.lit(0, pl.Int64)
    deducted = reads.filter(pl.col("parent_ix").is_not_null()).select(
        pl.col("parent_ix").alias("point_ix"), "from_on", "to_on",
        *[zero.alias(f"gross_{name}") for name in PERIODS],
        *[(-pl.col(name)).alias(f"net_{name}") for name in PERIODS],
        export=zero, reactive=zero,
    )  # fmt: skip
    return (
        pl.concat([own, deducted])
        .group_by("point_ix", "from_on", "to_on")
        .agg(pl.all().sum())
        .sort("point_ix", "from_on", "to_on")
    )


def _registers_of(pieces: pl.DataFrame, reads: pl.DataFrame) -> pl.DataFrame:
    """The highest demand read while each piece held, and whether a meter lacked its demand or reactive register."""
    rows = reads.select("point_ix", "from_on", "to_on", "demand_ckw", "no_reactive")
    return (
        pieces.select("piece_ix", "point_ix", "valid_from", "valid_to")
        .join(rows, on="point_ix")
        .filter(pl.col("from_on") < pl.col("valid_to"), pl.col("to_on") > pl.col("valid_from"))
        .group_by("piece_ix")
        .agg(
            pl.col("demand_ckw").max(),
            pl.col("demand_ckw").is_null().any().alias("no_demand"),
            pl.col("no_reactive").any(),
        )
    )
