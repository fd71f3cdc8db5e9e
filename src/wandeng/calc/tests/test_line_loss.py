"""Line-loss rate: the published case, a transformer area with sun on its roofs, and impossible supplies."""

from fractions import Fraction

import pytest

from wandeng.calc import line_loss
from wandeng.kernel.errors import InvalidInput


def test_we17_is_6_76_percent():
    # supply 10 × 0.96 + 1.5 − 3.7 = 7.4; (7.4 − 6.9) / 7.4
    loss = line_loss.company_loss(Fraction(10), Fraction(4, 100), Fraction("1.5"), Fraction("3.7"), Fraction("6.9"))
    assert (loss.supplied, loss.lost) == (Fraction("7.4"), Fraction("0.5"))
    assert round(loss.rate * 100, 2) == Fraction("6.76")


def test_roof_generation_is_supply_and_what_flows_back_is_not():
    # 10,000 − 500 + 1,500 = 11,000 supplied; 6,000 + 4,450 used; 550 / 11,000 = 5 %
    loss = line_loss.area_loss(Fraction(10_000), Fraction(500), Fraction(1_500), [Fraction(6_000), Fraction(4_450)])
    assert loss.rate == Fraction(5, 100)


def test_more_used_than_supplied_is_a_negative_loss():
    assert line_loss.area_loss(Fraction(100), Fraction(0), Fraction(0), [Fraction(110)]).rate == Fraction(-1, 10)


def test_without_supply_there_is_no_rate():
    with pytest.raises(InvalidInput):
        line_loss.area_loss(Fraction(100), Fraction(100), Fraction(0), [])
    with pytest.raises(InvalidInput):
        line_loss.company_loss(Fraction(10), Fraction(101, 100), Fraction(0), Fraction(0), Fraction(1))
