"""Money is exact: parsed without rounding, rounded in one way, split without loss."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandeng.kernel import money
from wandeng.kernel.errors import InvalidInput


@given(st.integers(-(10**15), 10**15), st.integers(1, 10**9))
def test_division_rounds_halves_away_from_zero_as_decimal_does(numerator: int, denominator: int) -> None:
    exact = Decimal(numerator) / Decimal(denominator)
    if (2 * numerator) % denominator == 0 or abs(exact) < 10**12:
        expected = exact.quantize(Decimal(1), rounding=ROUND_HALF_UP)
        assert money.divide_half_up(numerator, denominator) == int(expected)


@given(st.integers(-(10**18), 10**18), st.integers(1, 10**9))
def test_division_is_never_off_by_more_than_half(numerator: int, denominator: int) -> None:
    quotient = money.divide_half_up(numerator, denominator)
    assert 2 * abs(numerator - quotient * denominator) <= denominator
    assert money.divide_half_up(-numerator, denominator) == -quotient
    assert money.divide_half_up(numerator, -denominator) == -quotient


@given(st.integers(-(10**14), 10**14), st.lists(st.integers(0, 10**6), min_size=1, max_size=40).filter(any))
def test_the_parts_of_a_split_add_up_and_differ_from_their_share_by_less_than_a_fen(
    amount: int, weights: list[int]
) -> None:
    parts = money.split_fen(amount, weights)
    assert sum(parts) == amount
    total = sum(weights)
    for part, weight in zip(parts, weights, strict=True):
        assert abs(part * total - amount * weight) < total


@pytest.mark.parametrize("weights", [[], [0, 0], [1, -1]])
def test_a_split_without_weights_is_refused(weights: list[int]) -> None:
    with pytest.raises(InvalidInput):
        money.split_fen(100, weights)


@pytest.mark.parametrize("text", ["NaN", "Infinity", "-inf", "1e5", "1E-3", "12,5", "", "十", "1.005", "0x10"])
def test_what_is_not_a_plain_amount_is_refused(text: str) -> None:
    with pytest.raises(InvalidInput):
        money.fen(text)


@given(st.integers(-(10**16), 10**16), st.integers(0, 8))
def test_writing_and_reading_are_inverse(value: int, scale: int) -> None:
    assert money.parse_scaled(money.format_scaled(value, scale), scale) == value
    assert money.parse_scaled(Decimal(value).scaleb(-scale), scale) == value


def test_a_published_price_keeps_all_eight_decimals() -> None:
    assert money.price_e8("0.60886875") == 60_886_875
    with pytest.raises(InvalidInput):
        money.price_e8("0.608868751")
