"""What each price row multiplies in each segment: plain measures, tiers, tiers by period, and the free quota.

Every function gives *charges*: ``seg_ix``, ``row_ix``, ``point_ix``, ``quantity``, ``price_e8``. A new component of a
tariff is a row of the book that falls into one of these shapes.
"""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from wandeng.calc.rating.book import MEASURE_COLUMNS, PERIOD_MEASURES, PriceWindow
from wandeng.calc.rating.exact import PERIODS, half_up_positive, split_over
from wandeng.calc.rating.frames import Kind, Measure

METERED = (Kind.ENERGY, Kind.FUND, Kind.SURCHARGE, Kind.FEED_IN)
CHARGES = ["seg_ix", "row_ix", "point_ix", "quantity", "price_e8"]
YEAR_CYCLE = 12


def of_energy(segments: pl.DataFrame, window: PriceWindow) -> Iterator[pl.LazyFrame]:
    """Charges of everything that is metered, one frame per shape that the book uses. Zero quantities are dropped."""
    metered = window.rows_of(pl.col("kind").is_in(METERED))
    plain, tiered = metered.filter(pl.col("tier") == 0), metered.filter(pl.col("tier") > 0)
    for measure, column in MEASURE_COLUMNS.items():
        rows = plain.filter(pl.col("measure") == measure)
        if rows.height:
            yield _measured(segments, rows, column)
    by_total = tiered.filter(pl.col("measure") == Measure.TOTAL)
    if by_total.height:
        yield _tiered(segments, by_total)
    by_period = tiered.filter(pl.col("measure") != Measure.TOTAL)
    if by_period.height:
        yield _tiered_by_period(segments, by_period)
    free = window.rows_of(pl.col("kind") == Kind.FREE_QUOTA)
    if free.height:
        yield _free(segments, free)


def _measured(segments: pl.DataFrame, rows: pl.DataFrame, column: str) -> pl.LazyFrame:
    """Rows on a register: quantity is what the register measured, whatever came before."""
    return (
        segments.lazy()
        .filter(pl.col(column) != 0)
        .select("seg_ix", "point_ix", "span_ix", quantity=column)
        .join(rows.lazy().select("row_ix", "span_ix", "price_e8"), on="span_ix", maintain_order="left")
        .select(CHARGES)
    )


def _tiered(segments: pl.DataFrame, rows: pl.DataFrame) -> pl.LazyFrame:
    """Rows on a tier of the total: the part of the cumulated energy that lies between the tier's edges.

    ``clamp(x0 + E, lo, hi) − clamp(x0, lo, hi)``, so the tiers of a segment always add up to its energy and the
    segments of a tier to the tier.
    """
    lo, hi = _edges()
    return (
        _with_rows(segments, rows, ["total"])
        .with_columns(_x0=_position(), _lo=lo, _hi=hi)
        .with_columns(quantity=(pl.col("_x0") + pl.col("total")).clip("_lo", "_hi") - pl.col("_x0").clip("_lo", "_hi"))
        .filter(pl.col("quantity") != 0)
        .select(CHARGES)
    )


def _tiered_by_period(segments: pl.DataFrame, rows: pl.DataFrame) -> pl.LazyFrame:
    """Rows on a tier of a period (Zhejiang's peak and valley prices per tier).

    The energy of the segment is taken to be mixed evenly: the first y of it has its share of every period, and a tier
    gets the difference of two such shares. Tiers add up to the period's energy and periods to the tier's.
    """
    lo, hi = _edges()
    inside = [(edge - pl.col("_x0")).clip(0, pl.col("total").clip(lower_bound=0)) for edge in (lo, hi)]
    weights = [pl.col(name) for name in PERIODS]
    below = [split_over(pl.col(part), weights) for part in ("_y0", "_y1")]
    quantity = pl.lit(0, pl.Int64)
    uncut = pl.lit(0, pl.Int64)
    for name, start, end in zip(PERIODS, *below, strict=True):
        chosen = pl.col("measure") == PERIOD_MEASURES[name]
        quantity = pl.when(chosen).then(end - start).otherwise(quantity)
        uncut = pl.when(chosen).then(pl.col(name)).otherwise(uncut)
    first_tier = pl.when(pl.col("tier_lo_ckwh") == 0).then(uncut).otherwise(0)
    return (
        _with_rows(segments, rows, ["total", *PERIODS])
        .with_columns(_x0=_position())
        .with_columns(_y0=inside[0], _y1=inside[1])
        .with_columns(quantity=pl.when(pl.col("total") > 0).then(quantity).otherwise(first_tier))
        .filter(pl.col("quantity") != 0)
        .select(CHARGES)
    )


def _free(segments: pl.DataFrame, rows: pl.DataFrame) -> pl.LazyFrame:
    """The free quota: the first ``free_ckwh × months`` of the period's energy, at a negative price."""
    quota = pl.col("free_ckwh") * pl.col("months")
    return (
        _with_rows(segments.filter(pl.col("free_ckwh") > 0), rows, ["total", "free_ckwh"])
        .with_columns(quantity=(pl.col("before") + pl.col("total")).clip(0, quota) - pl.col("before").clip(0, quota))
        .filter(pl.col("quantity") != 0)
        .select(CHARGES)
    )


def _with_rows(segments: pl.DataFrame, rows: pl.DataFrame, extra: list[str]) -> pl.LazyFrame:
    needed = ["seg_ix", "point_ix", "span_ix", "before", "months", "tier_base_ckwh", "tier_months", "tier_shift_ckwh"]
    columns = ["row_ix", "span_ix", "price_e8", "measure", "tier_cycle", "tier_lo_ckwh", "tier_hi_ckwh", "unbounded"]
    return (
        segments.lazy().select(*needed, *extra).join(rows.lazy().select(columns), on="span_ix", maintain_order="left")
    )


def _position() -> pl.Expr:
    """Energy already on the tier scale: this period's, and for annual tiers that of the tier year before it."""
    return pl.col("before") + pl.when(pl.col("tier_cycle") == YEAR_CYCLE).then("tier_base_ckwh").otherwise(0)


def _edges() -> tuple[pl.Expr, pl.Expr]:
    """The tier's edges for this bill: months covered, or months in force of the year, and the large household's shift.

    The lower edge of the first tier stays zero, the upper edge of the last stays unbounded.
    """
    yearly = pl.col("tier_cycle") == YEAR_CYCLE
    units = pl.when(yearly).then("tier_months").otherwise("months")
    shift = pl.col("tier_shift_ckwh") * units

    def scaled(edge: str) -> pl.Expr:
        by_year = half_up_positive(pl.col(edge) * pl.col("tier_months"), YEAR_CYCLE)
        return pl.when(yearly).then(by_year).otherwise(pl.col(edge) * pl.col("months")) + shift

    lo = pl.when(pl.col("tier_lo_ckwh") == 0).then(0).otherwise(scaled("tier_lo_ckwh"))
    hi = pl.when("unbounded").then("tier_hi_ckwh").otherwise(scaled("tier_hi_ckwh"))
    return lo, hi
