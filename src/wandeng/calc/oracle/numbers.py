"""Exact numbers of the slow pricer: one rounding, and shares of whole numbers."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from math import floor


def nearest(value: Fraction | int) -> int:
    """The nearest whole number, halves away from zero.

    >>> nearest(Fraction(5, 2)), nearest(Fraction(-5, 2)), nearest(Fraction(4, 3))
    (3, -3, 1)
    """
    magnitude = floor(abs(Fraction(value)) + Fraction(1, 2))
    return magnitude if value >= 0 else -magnitude


def nearest_multiple(value: Fraction | int, unit: int) -> int:
    """The nearest multiple of a unit.

    >>> nearest_multiple(Fraction(60800, 3), 100)
    20300
    """
    return nearest(Fraction(value) / unit) * unit


def share_until(energy: int, start: date, end: date, day: date) -> int:
    """The whole units of an energy measured over [start, end) that fall before a day, spread evenly over the days."""
    passed = min(max((day - start).days, 0), (end - start).days)
    return nearest(Fraction(energy * passed, (end - start).days))


def mixed_share(first: int, weights: list[int]) -> list[int]:
    """How the first units of an evenly mixed whole divide over its ingredients.

    Each ingredient in turn takes its share of the units that are left for it and those after it.

    >>> mixed_share(5, [2, 3, 5]), mixed_share(10, [2, 3, 5])
    ([1, 2, 2], [2, 3, 5])
    """
    taken, left, mass = [], first, sum(weights)
    for weight in weights[:-1]:
        part = nearest(Fraction(left * weight, mass)) if mass else 0
        taken.append(part)
        left, mass = left - part, mass - weight
    return [*taken, left]
