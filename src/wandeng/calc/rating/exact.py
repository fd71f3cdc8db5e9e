"""Integer arithmetic as Polars expressions: one rounding rule, days on 30-day months, sharing without loss.

These are the column twins of ``kernel.money.divide_half_up`` and ``kernel.periods.days_30``; the tests hold each pair
against the other. Nothing here is ever a float.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from wandeng.kernel.units import AMOUNT_DIVISOR

PERIODS = ("sharp", "peak", "valley", "deep", "flat")
"""The periods in the order in which energy is shared over them: flat last, it takes what is left."""

ENERGY_GUARD = 10**13
"""0.01 kWh a point may measure in a period (100 TWh); below it every product of this package fits its column."""


def half_up(numerator: pl.Expr, denominator: pl.Expr | int) -> pl.Expr:
    """``numerator / denominator`` rounded half away from zero; the denominator is positive.

    A zero denominator gives null, as integer division of columns does.
    """
    magnitude = (2 * numerator.abs() + denominator) // (2 * denominator)
    return pl.when(numerator < 0).then(-magnitude).otherwise(magnitude)


def half_up_positive(numerator: pl.Expr, denominator: pl.Expr | int) -> pl.Expr:
    """:func:`half_up` for numerators known not to be negative, at half the cost."""
    return (2 * numerator + denominator) // (2 * denominator)


def amount_fen(quantity: pl.Expr, price_e8: pl.Expr) -> pl.Expr:
    """The amount of a line in fen, half away from zero, of quantity (0.01 units) × price (10⁻⁸ yuan)."""
    return half_up(quantity * price_e8, AMOUNT_DIVISOR)


def elapsed(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    """Days between two date columns, as an integer."""
    return end.cast(pl.Int32).cast(pl.Int64) - start.cast(pl.Int32).cast(pl.Int64)


def shared_until(energy: pl.Expr, from_on: pl.Expr, to_on: pl.Expr, day: pl.Expr) -> pl.Expr:
    """The part of an energy measured over [from_on, to_on) that falls before ``day``: E(t) = half_up(E·t/d).

    Differences of this cumulative share always add up to the energy, whatever the cuts.
    """
    days = elapsed(from_on, to_on)
    return half_up(energy * elapsed(from_on, day).clip(0, days), days)


def days_30(start: pl.Expr, end: pl.Expr) -> pl.Expr:
    """Days between dates on 30-day months, the 31st counting as the 30th (``kernel.periods.days_30``)."""
    years = (end.dt.year() - start.dt.year()).cast(pl.Int64)
    months = end.dt.month().cast(pl.Int64) - start.dt.month().cast(pl.Int64)
    days = end.dt.day().clip(upper_bound=30).cast(pl.Int64) - start.dt.day().clip(upper_bound=30).cast(pl.Int64)
    return years * 360 + months * 30 + days


def whole_months(start: pl.Expr, end: pl.Expr, months: pl.Expr) -> pl.Expr:
    """Whether [start, end) is ``months`` whole months: same day of the month, or both clipped to a month's end."""
    distance = (end.dt.year() - start.dt.year()).cast(pl.Int64) * 12
    distance += end.dt.month().cast(pl.Int64) - start.dt.month().cast(pl.Int64)
    first, last = start.dt.day(), end.dt.day()
    clipped = ((first > last) & (end == end.dt.month_end())) | ((last > first) & (start == start.dt.month_end()))
    return (distance == months) & ((first == last) | clipped)


def charged_days_until(
    period_from: pl.Expr, period_to: pl.Expr, months: pl.Expr, day: pl.Expr, month_days: int
) -> pl.Expr:
    """Days of a monthly charge that have passed before ``day``, on 30-day months.

    A period of whole months counts exactly ``months × month_days`` at its end, so that its parts add up to the whole
    charge in February as in March; any other period counts the days it has (``rules.md`` 4, day-count conventions).
    """
    whole = months * month_days
    full = pl.when(whole_months(period_from, period_to, months)).then(whole).otherwise(days_30(period_from, period_to))
    passed = pl.min_horizontal(days_30(period_from, day), full)
    return pl.when(day >= period_to).then(full).otherwise(passed)


def split_over(amount: pl.Expr, weights: Sequence[pl.Expr]) -> list[pl.Expr]:
    """Share a non-negative integer by weights; the parts are never negative and always add up to it.

    Each weight takes its rounded share of what the earlier ones left, the last takes the rest. As a function of the
    amount every part is monotone, so differences of shares (tier by tier) are never negative either. Products are
    taken in 128 bits: energy × energy does not fit in 64.
    """
    parts: list[pl.Expr] = []
    rest, weight_left = amount, pl.sum_horizontal(weights)
    for weight in weights[:-1]:
        part = half_up_positive(rest.cast(pl.Int128) * weight, weight_left).cast(pl.Int64).fill_null(0)
        parts.append(part)
        rest, weight_left = rest - part, weight_left - weight
    return [*parts, rest]
