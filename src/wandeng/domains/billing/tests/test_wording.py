from __future__ import annotations

import doctest

import pytest

from wandeng.calc.rating.frames import Kind, Measure
from wandeng.domains.billing import wording


def test_the_examples_in_the_text_are_true() -> None:
    assert doctest.testmod(wording).failed == 0


@pytest.mark.parametrize(
    ("line", "said"),
    [
        # 315 × 25.5 × 18/30 = 4,819.50
        ((Kind.CAPACITY, Measure.CAPACITY, 31_500, 18, 30, 2_550_000_000, 481_950), "315.00 kVA × 25.5 × 18/30 = 4819.50"),
        # 10.01 × 0.60886875 = 6.0947761875
        ((Kind.ENERGY, Measure.TOTAL, 1_001, 0, 30, 60_886_875, 609), "10.01 kWh × 0.60886875 = 6.0947761875 → 6.09"),
        # 18,600.00 × −0.15 % = −27.90 (WE-02)
        ((Kind.POWER_FACTOR, Measure.PF_BASE, 1_860_000, 0, 30, -150_000, -2_790), "18600.00 元 × -0.15 % = -27.90"),
        ((Kind.ENERGY, Measure.TOTAL, -500, 0, 30, 100_000_000, -500), "-5.00 kWh × 1 = -5.00"),
    ],
)  # fmt: skip
def test_a_line_is_worded_with_its_exact_product_and_its_rounding(line: tuple[int, ...], said: str) -> None:
    assert wording.line_arithmetic(*line) == said


def test_a_third_is_shown_to_ten_places() -> None:
    # 100 × 1 × 10/30 = 33.333…
    said = wording.line_arithmetic(Kind.CAPACITY, Measure.CAPACITY, 10_000, 10, 30, 100_000_000, 3_333)
    assert said == "100.00 kVA × 1 × 10/30 = 33.3333333333 → 33.33"
