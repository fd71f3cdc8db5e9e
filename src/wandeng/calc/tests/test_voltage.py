"""Voltage of monitored points: limits, faults of the data told apart, shares by class and together."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandeng.calc import voltage
from wandeng.calc.voltage import FaultRule
from wandeng.kernel.errors import InvalidInput

RULE = FaultRule(dead=500, doubled_from=1900, doubled_to=2100, beyond=1300, stuck_minutes=60)


def judged(*days: list[int | None], nominal: int = 2200, rule: FaultRule = RULE, slot: int = 15) -> pl.DataFrame:
    volts = np.array([[voltage.MISSING if one is None else one for one in day] for day in days], dtype=np.int32)
    upper, lower = voltage.limits(nominal, Fraction(7), Fraction(-10))
    whole = [np.full(len(days), value, dtype=np.int32) for value in (nominal, upper, lower)]
    return voltage.judge(volts, *whole, rule=rule, slot_minutes=slot)


def test_limits_of_gb_12325() -> None:
    assert voltage.limits(2200, Fraction(7), Fraction(-10)) == (2354, 1980)  # 235.4 V, 198.0 V
    assert voltage.limits(100_000, Fraction(7), Fraction(-7)) == (107_000, 93_000)
    assert voltage.limits(3800, Fraction(7), Fraction(-7)) == (4066, 3534)
    assert voltage.limits(2201, Fraction(7), Fraction(-10)) == (2355, 1981)  # 2355.07 and 1980.9, inward


def test_a_reading_at_the_limit_is_in_range() -> None:
    row = judged([2354, 2355, 1980, 1979]).row(0, named=True)
    assert (row["monitored"], row["over"], row["under"]) == (60, 15, 15)
    assert (row["max_dv"], row["min_dv"]) == (2355, 1979)


def test_faults_of_the_data_are_no_over_voltage() -> None:
    """The faults seen in recorded series of substations: zeros, −1.29, readings counted twice, far too high, nothing at all."""
    told = judged([2200, 0, -13, 4400, 9000, None, 2300, 1000]).row(0, named=True)
    assert {name: told[name] for name in voltage.FAULTS} == {
        "missing": 15, "negative": 15, "dead": 30, "doubled": 15, "beyond": 15, "stuck": 0,
    }  # fmt: skip
    assert (told["monitored"], told["over"], told["under"]) == (30, 0, 0)
    assert (told["max_dv"], told["min_dv"]) == (2300, 2200)


def test_the_same_to_the_last_digit_for_an_hour_is_a_stuck_device() -> None:
    assert judged([2400, 2400, 2400, 2400, 2401]).row(0, named=True)["stuck"] == 60
    assert judged([2400, 2400, 2400, 2401, 2400]).row(0, named=True)["stuck"] == 0
    told = judged([2400] * 4 + [2300] + [2410] * 3).row(0, named=True)
    assert (told["stuck"], told["over"], told["monitored"]) == (60, 45, 60)


def test_a_day_without_a_good_reading_has_no_extremes() -> None:
    told = judged([None, None], [0, 0]).rows(named=True)
    assert [(one["monitored"], one["max_dv"], one["min_dv"]) for one in told] == [(0, None, None)] * 2


def test_every_day_has_its_limits() -> None:
    with pytest.raises(InvalidInput):
        voltage.judge(np.zeros((2, 4), np.int32), *[np.zeros(1, np.int32)] * 3, rule=RULE, slot_minutes=15)


Readings = st.lists(st.one_of(st.none(), st.integers(-50, 6000)), min_size=8, max_size=8)


@given(st.lists(Readings, min_size=1, max_size=4))
def test_every_minute_of_a_day_is_counted_once(days: list[list[int | None]]) -> None:
    for day, told in zip(days, judged(*days).rows(named=True), strict=True):
        assert told["monitored"] + sum(told[name] for name in voltage.FAULTS) == 8 * 15
        over, under = _slowly(day)
        assert (told["over"], told["under"]) == (over * 15, under * 15)


def _slowly(day: list[int | None]) -> tuple[int, int]:
    """Readings over and under, one after the other."""
    over = under = 0
    for place, one in enumerate(day):
        first = last = place
        while first and day[first - 1] == one:
            first -= 1
        while last + 1 < len(day) and day[last + 1] == one:
            last += 1
        if one is None or one < 1100 or 4180 <= one <= 4620 or one > 2860 or last - first + 1 >= 4:
            continue
        over, under = over + (one > 2354), under + (one < 1980)
    return over, under


def points(*rows: tuple[str, int, int, int]) -> pl.DataFrame:
    told = [(place, *minutes, name) for place, (name, *minutes) in enumerate(rows)]
    return pl.DataFrame(told, voltage.POINTS, orient="row")


def test_shares_of_classes_and_together() -> None:
    """A 0.99; B 1; D (0.9 + 0.98) / 2 = 0.94; no C: 0.5 · 0.99 + 0.5 · (1 + 0.94) / 2 = 0.98."""
    told = points(("A", 1000, 5, 5), ("B", 1000, 0, 0), ("D", 1000, 0, 100), ("D", 100, 1, 1), ("C", 0, 0, 0))
    shares = voltage.class_share(told)
    assert shares == {"A": Fraction(99, 100), "B": Fraction(1), "D": Fraction(94, 100)}
    assert voltage.composite(shares, weight_a=Fraction(1, 2)) == Fraction(98, 100)
    # Of the time of both together 102 of 1,100 minutes were out of range.
    assert voltage.class_share(told, by_time=True)["D"] == 1 - Fraction(102, 1100)


def test_classes_without_points_are_left_out() -> None:
    half = Fraction(1, 2)
    assert voltage.composite({"D": Fraction(9, 10)}, weight_a=half) == Fraction(9, 10)
    assert voltage.composite({"A": Fraction(9, 10)}, weight_a=half) == Fraction(9, 10)
    assert voltage.composite({}, weight_a=half) is None
    assert voltage.share(0, 0, 0) is None
