"""Segments: a piece cut where its prices change, with the energy of each part and what was used before it."""

from __future__ import annotations

import polars as pl

from wandeng.calc.rating.book import PriceWindow
from wandeng.calc.rating.exact import PERIODS, elapsed, half_up_positive, shared_until
from wandeng.calc.rating.pieces import ENERGY_COLUMNS, spread

MEASURES = [*PERIODS, "export"]
TIER_FACTS = ["months", "tier_base_ckwh", "tier_months", "tier_shift_ckwh", "free_ckwh"]
PIECE = ["point_ix", "piece_ix", "rate_key", "valid_from", "valid_to", "period_from", "period_to", *TIER_FACTS]
CARRIED = ["point_ix", "piece_ix", "span_ix", "seg_from", "seg_to", *TIER_FACTS]
COLUMNS = [*CARRIED, *ENERGY_COLUMNS, "before"]
"""``before``: 0.01 kWh used under this structure in the bill's period before the segment, for the tiers."""


def of_plain(pieces: pl.DataFrame, window: PriceWindow) -> pl.DataFrame:
    """Segments of plain pieces. Points without period registers carry their energy in flat alone."""
    several = pl.any_horizontal(*[pl.col(name) != 0 for name in MEASURES if name != "flat"])
    several_of = pieces.select(several).to_series()
    one = _cut(pieces.select(*PIECE, "flat").filter(~several_of), window)
    many = _cut(pieces.select(*PIECE, *MEASURES).filter(several_of), window)
    zero = pl.lit(0, pl.Int64)
    flat_before = _share("flat", "seg_from")
    one_rate = one.with_columns(before=flat_before, total=_share("flat", "seg_to") - flat_before).select(
        *CARRIED, "total", *[pl.col("total").alias(n) if n == "flat" else zero.alias(n) for n in ENERGY_COLUMNS[1:]],
        "before",
    )  # fmt: skip
    befores = {name: _share(name, "seg_from") for name in MEASURES}
    by_period = many.with_columns(
        pl.sum_horizontal([befores[name] for name in PERIODS]).alias("before"),
        *[(_share(name, "seg_to") - befores[name]).alias(name) for name in MEASURES],
    )
    return pl.concat([one_rate, by_period.with_columns(total=pl.sum_horizontal(PERIODS)).select(COLUMNS)])


def of_general(pieces: pl.DataFrame, intervals: pl.DataFrame, window: PriceWindow) -> pl.DataFrame:
    """Segments of pieces whose point has several readings, terms, losses or sub-meters.

    ``pieces`` have ``piece_ix`` and ``loss_<period>``. Losses are spread over the days of their piece.
    """
    losses = [f"loss_{name}" for name in PERIODS]
    cut = _cut(pieces.select(*PIECE, "run_before", *losses), window).with_row_index("_ix")
    renamed = intervals.select(
        "point_ix", "from_on", "to_on", "export", *[pl.col(f"net_{name}").alias(name) for name in PERIODS]
    )
    read = spread(cut, renamed, "_ix", "seg_from", "seg_to", MEASURES)
    earlier = spread(cut, renamed, "_ix", "valid_from", "seg_from", list(PERIODS))
    earlier = earlier.select("_ix", read_before=pl.sum_horizontal(PERIODS))
    lost = {
        day: [shared_until(pl.col(f"loss_{name}"), pl.col("valid_from"), pl.col("valid_to"), pl.col(day))
              for name in PERIODS]
        for day in ("seg_from", "seg_to")
    }  # fmt: skip
    return (
        cut.join(read, on="_ix", maintain_order="left")
        .join(earlier, on="_ix", maintain_order="left")
        .with_columns(
            (pl.col("run_before") + pl.col("read_before") + pl.sum_horizontal(lost["seg_from"])).alias("before"),
            *[
                (pl.col(name) + until - since).alias(name)
                for name, since, until in zip(PERIODS, lost["seg_from"], lost["seg_to"], strict=True)
            ],
        )
        .with_columns(total=pl.sum_horizontal(PERIODS))
        .select(COLUMNS)
    )


def _cut(pieces: pl.DataFrame, window: PriceWindow) -> pl.DataFrame:
    return (
        pieces.lazy()
        .join(window.spans.lazy(), on="rate_key", maintain_order="left")
        .with_columns(
            seg_from=pl.max_horizontal("valid_from", "span_from"), seg_to=pl.min_horizontal("valid_to", "span_to")
        )
        .filter(pl.col("seg_from") < pl.col("seg_to"))
        .collect()
    )


def _share(name: str, day: str) -> pl.Expr:
    """Of a plain piece, the energy before a day."""
    days = elapsed(pl.col("period_from"), pl.col("period_to"))
    return half_up_positive(pl.col(name) * elapsed(pl.col("period_from"), pl.col(day)), days)
