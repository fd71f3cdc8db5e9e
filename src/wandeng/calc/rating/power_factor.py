"""Power-factor adjustment (功率因数调整电费; ``rules.md`` 3.4): cos φ to hundredths, a rate from the table, one line.

cos φ = P / √(P² + Q²), rounded half up. ``h`` hundredths are reached when (2h − 1)²·(P² + Q²) ≤ (200·P)², which is
decided in 128-bit integers: no square root, no rounding error at the bound.
"""

from __future__ import annotations

import polars as pl

from wandeng.calc.rating.book import PriceWindow
from wandeng.calc.rating.frames import Conventions, Kind

GROUP = ["point_ix", "structure_id", "pf_standard"]
"""A point has one power factor per standard and structure: a change of standard or voltage inside the period splits
it (WE-02), a change of capacity alone does not."""


def groups(pieces: pl.DataFrame) -> pl.DataFrame:
    """The parts of points that have a power-factor standard.

    Columns: group_ix, the group key, account_id, usage_point_id, rate_key (of its last piece), group_from, group_to,
    active (0.01 kWh with losses, before deductions), reactive (0.01 kvarh, both directions, with losses),
    ``pf_hundredths`` (null when neither was measured).
    """
    grouped = (
        pieces.filter(pl.col("pf_standard") > 0)
        .group_by(GROUP, maintain_order=True)
        .agg(
            pl.col("account_id", "usage_point_id").first(),
            pl.col("rate_key").last(),
            pl.col("valid_from").min().alias("group_from"),
            pl.col("valid_to").max().alias("group_to"),
            pl.col("pf_active").sum().alias("active"),
            pl.col("reactive").sum(),
        )
        .with_row_index("group_ix")
    )
    return grouped.with_columns(pf_hundredths=hundredths(grouped["active"], grouped["reactive"]))


def hundredths(active: pl.Series, reactive: pl.Series) -> pl.Series:
    """cos φ in hundredths, rounded half up; both energies non-negative. Null when both are zero."""
    p, q = (pl.lit(energy).cast(pl.Int128) for energy in (active, reactive))
    search = pl.select(apparent_squared=p * p + q * q, bound=40_000 * p * p, reached=p * 0)
    candidate = pl.col("reached") + pl.col("step")
    edge = 2 * candidate - 1
    fits = (candidate <= 100) & (edge * edge * pl.col("apparent_squared") <= pl.col("bound"))
    for step in (64, 32, 16, 8, 4, 2, 1):
        search = search.with_columns(step=pl.lit(step, pl.Int128)).with_columns(
            reached=pl.when(fits).then(candidate).otherwise("reached")
        )
    measured = pl.col("apparent_squared") > 0
    return search.select(pl.when(measured).then(pl.col("reached").cast(pl.Int16))).to_series()


def rates(grouped: pl.DataFrame, conventions: Conventions) -> pl.DataFrame:
    """The groups with ``rate_e8`` from the table, null where the standard is not in it."""
    table = pl.DataFrame(pl.from_arrow(conventions.power_factor)).select(
        pf_standard=pl.col("standard").cast(pl.Int64), pf_hundredths=pl.col("pf_hundredths").cast(pl.Int16),
        rate_e8=pl.col("rate_e8").cast(pl.Int64),
    )  # fmt: skip
    return grouped.join(table, on=["pf_standard", "pf_hundredths"], how="left", maintain_order="left")


def charges(rated: pl.DataFrame, base: pl.DataFrame, window: PriceWindow) -> pl.DataFrame:
    """One charge per group with a base: group_ix, row_ix, point_ix, quantity (the base in fen), price_e8 (the rate).

    ``base`` has group_ix and amount_fen of the lines flagged pf_base. The row of the group's last day names the item.
    """
    summed = base.group_by("group_ix").agg(pl.col("amount_fen").sum().alias("quantity"))
    rows = window.rows_of(pl.col("kind") == Kind.POWER_FACTOR).select("row_ix", "rate_key", "valid_from", "valid_to")
    return (
        rated.filter(pl.col("rate_e8").is_not_null())
        .join(summed, on="group_ix", maintain_order="left")
        .join(rows, on="rate_key", maintain_order="left")
        .filter(
            pl.col("valid_from") < pl.col("group_to"), pl.col("group_to") <= pl.col("valid_to"), pl.col("quantity") != 0
        )
        .select("group_ix", "row_ix", "point_ix", "quantity", price_e8="rate_e8")
    )
