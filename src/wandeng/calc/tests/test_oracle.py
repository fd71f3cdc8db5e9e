"""The slow pricer's own numbers, against counting unit by unit."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wandeng.calc.oracle import accounts, numbers, pricing
from wandeng.calc.tests.rating_cases import book, kwh, point, read, shard, term, tiers

many = settings(max_examples=150, deadline=None, derandomize=True)


@pytest.mark.parametrize("value, expected", [("5/2", 3), ("-5/2", -3), ("4/3", 1), ("0", 0), ("-1/3", 0)])
def test_halves_go_away_from_zero(value: str, expected: int) -> None:
    assert numbers.nearest(Fraction(value)) == expected


@many
@given(st.integers(-40, 60), st.integers(-40, 60), st.integers(0, 30), st.integers(0, 30))
def test_a_walk_over_a_tier_counts_its_units(start: int, end: int, lo: int, width: int) -> None:
    step = 1 if end >= start else -1
    unit_by_unit = step * sum(lo <= unit < lo + width for unit in range(min(start, end), max(start, end)))
    assert pricing._walk(start, end, lo, lo + width) == unit_by_unit


@many
@given(st.lists(st.integers(0, 12), min_size=2, max_size=5))
def test_mixing_unit_by_unit_takes_every_unit_of_every_ingredient_once(weights: list[int]) -> None:
    whole = sum(weights)
    shares = [numbers.mixed_share(units, weights) for units in range(whole + 1)]
    assert shares[-1] == weights
    for before, after in pairwise(shares):
        gained = [b - a for a, b in zip(before, after, strict=True)]
        assert sorted(gained) == [0] * (len(weights) - 1) + [1]


@many
@given(st.integers(0, 10_000), st.lists(st.integers(1, 60), min_size=1, max_size=5, unique=True))
def test_days_share_an_energy_without_loss(energy: int, cuts: list[int]) -> None:
    start, end = date(2026, 5, 1), date(2026, 7, 1)
    days = [start, *[date.fromordinal(start.toordinal() + cut) for cut in sorted(cuts)], end]
    upto = [numbers.share_until(energy, start, end, day) for day in days]
    assert upto[0] == 0
    assert upto[-1] == energy
    assert upto == sorted(upto)


def test_a_household_bill_walked_kilowatt_hour_by_kilowatt_hour() -> None:
    prices = book(*tiers([260, 600], ["0.64", "0.69", "0.94"], cycle=1))
    by_hand = sum(64 if unit < 260 else 69 if unit < 600 else 94 for unit in range(650))  # WE-18: 448.00
    rated = accounts.price_shard(shard([point()], [term()], [read(end={"total": 650})]), prices)
    assert rated.heads["amount_fen"].to_pylist() == [by_hand] == [44_800]
    assert rated.lines["quantity"].to_pylist() == [kwh(260), kwh(340), kwh(50)]
