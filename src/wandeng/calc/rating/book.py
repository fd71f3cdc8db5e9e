"""The price book cut down to what one shard needs: rows in season, the spans of dates they share, and their gaps.

A price row holds over [valid_from, valid_to) and in the months of its mask. A bill has one month for each of the two
ways of choosing (that of its last used day, that of its reading), so rows are expanded per pair of months met in the
shard; a *rate key* is a structure in such a pair. Rows of a key with equal validity share a *span*: energy is cut once
per span, not once per row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from wandeng.calc.rating.exact import PERIODS
from wandeng.calc.rating.frames import Book, Conventions, Kind, Measure, MonthBasis
from wandeng.kernel.units import UNBOUNDED_CKWH

SEASONS = 256
"""A rate key is ``structure_id × SEASONS + usage month × 16 + reading month``."""

MEASURE_COLUMNS = {
    Measure.TOTAL: "total",
    Measure.SHARP: "sharp",
    Measure.PEAK: "peak",
    Measure.FLAT: "flat",
    Measure.VALLEY: "valley",
    Measure.DEEP: "deep",
    Measure.EXPORT: "export",
}
PERIOD_MEASURES = {name: next(m for m, column in MEASURE_COLUMNS.items() if column == name) for name in PERIODS}

ANY_ENERGY = "energy"
TOPICS = (ANY_ENERGY, *PERIODS, "export", "capacity", "demand", "power_factor", "free")
"""What must find a price when a piece needs it; the periods by name, any energy price at all for a zero bill."""

Interval = tuple[date, date]


@dataclass(frozen=True)
class PriceWindow:
    """The book as seen by one shard.

    ``rows``: the price rows in bill order with ``row_ix`` (their place), ``rate_key`` and ``span_ix``. ``spans``:
    span_ix, rate_key, span_from, span_to. ``coverage``: the merged dates each (rate key, topic) is priced on.
    """

    rows: pl.DataFrame
    spans: pl.DataFrame
    coverage: dict[tuple[int, str], list[Interval]]
    window: Interval
    conventions: Conventions

    def rows_of(self, *conditions: pl.Expr) -> pl.DataFrame:
        return self.rows.filter(*conditions)

    def keys_with_gaps(self, topic: str, keys: Iterable[int]) -> list[int]:
        """Rate keys that lack a price for the topic on some day of the window."""
        start, end = self.window
        return [key for key in keys if not self.is_priced(key, topic, start, end)]

    def is_priced(self, key: int, topic: str, start: date, end: date) -> bool:
        return any(a <= start and end <= b for a, b in self.coverage.get((key, topic), ()))

    def first_gap(self, key: int, topic: str, start: date, end: date) -> date:
        """The first day of [start, end) without a price; ``start`` itself when there is none at all."""
        for a, b in self.coverage.get((key, topic), ()):
            if a <= start < b:
                return b
        return start


def season() -> pl.Expr:
    """The pair of months that choose seasonal rows, from a point's period."""
    last_used = pl.col("period_to").dt.offset_by("-1d").dt.month().cast(pl.Int64)
    return last_used * 16 + pl.col("period_to").dt.month().cast(pl.Int64)


def rate_key() -> pl.Expr:
    """Structure and season in one integer: the key by which prices are joined."""
    return pl.col("structure_id").cast(pl.Int64) * SEASONS + pl.col("season")


def open_window(book: Book, keys: pl.Series, window: Interval) -> PriceWindow:
    """Cut the book down to the rate keys and the dates [first, last) of a shard."""
    wanted = (
        keys.drop_nulls()
        .unique()
        .sort()
        .to_frame("rate_key")
        .select(
            "rate_key",
            (pl.col("rate_key") // SEASONS).cast(pl.Int32).alias("structure_id"),
            (pl.col("rate_key") % SEASONS // 16).alias("_usage_month"),
            (pl.col("rate_key") % 16).alias("_reading_month"),
        )
    )
    month = pl.when(pl.col("month_basis") == MonthBasis.READING_MONTH).then("_reading_month").otherwise("_usage_month")
    in_month = (pl.col("month_mask").cast(pl.Int64) // pl.lit(2).pow(month - 1).cast(pl.Int64)) % 2 == 1
    prices = pl.DataFrame(pl.from_arrow(book.prices))
    rows = (
        prices.lazy()
        .filter(pl.col("valid_from") < window[1], pl.col("valid_to") > window[0])
        .join(wanted.lazy(), on="structure_id")
        .filter(in_month)
        .sort("item_id", "tier", "measure", "kind", "valid_from", "version_id", "rate_key", "tier_lo_ckwh", "price_e8")
        .drop("_usage_month", "_reading_month")
        .collect()
    )
    spans = (
        rows.select("rate_key", span_from="valid_from", span_to="valid_to")
        .unique()
        .sort("rate_key", "span_from", "span_to")
        .with_row_index("span_ix")
    )
    rows = (
        rows.join(
            spans,
            left_on=["rate_key", "valid_from", "valid_to"],
            right_on=["rate_key", "span_from", "span_to"],
            maintain_order="left",
        )
        .with_row_index("row_ix")
        .with_columns(unbounded=pl.col("tier_hi_ckwh") >= UNBOUNDED_CKWH)
    )
    return PriceWindow(rows, spans, _coverage(rows), window, book.conventions)


def _coverage(rows: pl.DataFrame) -> dict[tuple[int, str], list[Interval]]:
    found: dict[tuple[int, str], set[Interval]] = defaultdict(set)
    columns = rows.select("rate_key", "kind", "measure", "valid_from", "valid_to").unique(maintain_order=True)
    for key, kind, measure, start, end in columns.iter_rows():
        for topic in _topics(Kind(kind), Measure(measure)):
            found[key, topic].add((start, end))
    return {at: _merged(sorted(intervals)) for at, intervals in found.items()}


def _topics(kind: Kind, measure: Measure) -> tuple[str, ...]:
    if kind is Kind.ENERGY:
        return (ANY_ENERGY, *PERIODS) if measure is Measure.TOTAL else (ANY_ENERGY, MEASURE_COLUMNS[measure])
    return {
        Kind.CAPACITY: ("capacity",),
        Kind.DEMAND: ("demand",),
        Kind.POWER_FACTOR: ("power_factor",),
        Kind.FREE_QUOTA: ("free",),
        Kind.FEED_IN: ("export",),
    }.get(kind, ())


def _merged(intervals: list[Interval]) -> list[Interval]:
    merged: list[Interval] = []
    for start, end in intervals:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
