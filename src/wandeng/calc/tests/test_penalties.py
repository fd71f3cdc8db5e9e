"""Theft and breach: published answers, the rounding they differ in, and how penalties scale."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wandeng.calc import penalties
from wandeng.calc.charged_days import DayCount, charged_days, total_days
from wandeng.calc.penalties import Load, PenaltyRounding
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import days_30

ROUNDED, UNROUNDED = PenaltyRounding.ROUNDED_BASE, PenaltyRounding.UNROUNDED_BASE


def test_we10_theft_of_unknown_time_pays_1728_and_5184():
    energy = penalties.connected_energy([Load(2_000, 1, Fraction(12))], 180)
    assert energy == 4_320_00  # 2 kW × 180 d × 12 h
    penalty = penalties.theft(energy, 0, 40_000_000, 3, ROUNDED)
    assert (penalty.base_fen, penalty.penalty_fen, penalty.total_fen) == (1_728_00, 5_184_00, 6_912_00)


def test_we08_reopened_sealed_capacity_pays_81000_and_twice_that():
    days = charged_days(date(2002, 5, 10), date(2002, 7, 30), DayCount.START_EXCLUDED, month_days=30)
    assert [part.days for part in days] == [21, 30, 30]
    # 2,000 kVA × 15 × (21 + 30 + 30)/30 = 21,000 + 30,000 + 30,000
    penalty = penalties.basic_charge_breach(2_000_00, 15 * 10**8, total_days(days), 30, 2, ROUNDED)
    assert (penalty.base_fen, penalty.penalty_fen) == (81_000_00, 162_000_00)


def test_private_capacity_counts_its_first_day():
    # the counting of WE-07: 25 to 31 August is 7 days, then full months
    days = charged_days(date(2024, 8, 25), date(2024, 10, 31), DayCount.START_INCLUDED, month_days=30)
    assert [part.days for part in days] == [7, 30, 30]


def test_thirty_day_months_give_the_published_part_months():
    def days(start, end):
        return total_days(charged_days(start, end, DayCount.THIRTY_DAY_MONTHS, month_days=30))

    assert days(date(2024, 8, 25), date(2024, 9, 15)) == 20  # WE-02
    assert days(date(2024, 4, 24), date(2024, 5, 12)) == 18  # WE-06
    assert days(date(2024, 5, 12), date(2024, 5, 24)) == 12  # WE-06
    assert days(date(2024, 7, 24), date(2024, 7, 30)) == 6  # WE-03


@given(st.dates(date(2000, 1, 1), date(2030, 1, 1)), st.dates(date(2000, 1, 1), date(2030, 1, 1)))
@settings(deadline=None, derandomize=True)
def test_the_months_of_thirty_days_add_up_to_the_date_difference(a, b):
    start, end = min(a, b), max(a, b)
    parts = charged_days(start, end, DayCount.THIRTY_DAY_MONTHS, month_days=30)
    assert total_days(parts) == max(days_30(start, end), 0)
    assert all(
        0 < part.days <= 30 for counting in DayCount for part in charged_days(start, end, counting, month_days=30)
    )


def test_days_that_end_before_they_start_are_refused():
    with pytest.raises(InvalidInput):
        charged_days(date(2024, 2, 1), date(2024, 1, 31), DayCount.START_INCLUDED, month_days=30)


def test_a_whole_february_is_a_whole_month():
    parts = charged_days(date(2023, 2, 1), date(2023, 2, 28), DayCount.START_INCLUDED, month_days=30)
    assert [part.days for part in parts] == [30]


def test_we09_and_we12_differ_in_what_the_multiple_is_taken_of():
    # Both bases are worked back from the published results. WE-12's is three times a rounded amount: 3 × 5,485.63 = 16,456.89
    assert penalties.penalize(Fraction(548_562_70, 100), 3, ROUNDED).penalty_fen == 16_456_89
    assert penalties.penalize(Fraction(548_562_70, 100), 3, UNROUNDED).penalty_fen == 16_456_88  # 16,456.881
    # WE-09's is no multiple of a whole fen: twice 1,590.085 is 3,180.17, twice 1,590.09 would be 3,180.18
    assert penalties.penalize(Fraction(1_590_085, 10), 2, UNROUNDED).penalty_fen == 3_180_17
    assert penalties.penalize(Fraction(1_590_085, 10), 2, ROUNDED).penalty_fen == 3_180_18


def test_recorded_energy_is_taken_off_what_was_stolen():
    # (4,320 − 320) kWh × 0.40 = 1,600.00
    assert penalties.theft(Fraction(4_320_00), 320_00, 40_000_000, 3, ROUNDED).base_fen == 1_600_00
    with pytest.raises(InvalidInput):
        penalties.theft(Fraction(100_00), 100_01, 40_000_000, 3, ROUNDED)


def test_the_capacity_of_a_meter_counts_kva_as_kw():
    assert penalties.meter_power_w(5_000, 220, 1, Fraction(1)) == 1_100  # 5 A × 220 V
    assert penalties.meter_power_w(1_500, 220, 3, Fraction(20)) == 19_800  # 1.5 A × 220 V × 3 × 100/5
    with pytest.raises(InvalidInput):
        penalties.meter_power_w(5_000, 220, 2, Fraction(1))


def test_class_misuse_pays_the_difference_and_twice_that():
    # 3 kW × 6 h × 90 d = 1,620 kWh; × (0.80 − 0.50) = 486.00; × 2 = 972.00
    energy = penalties.connected_energy([Load(3_000, 1, Fraction(6))], 3 * 30)
    penalty = penalties.class_misuse(energy, 50_000_000, 80_000_000, 2, ROUNDED)
    assert (penalty.base_fen, penalty.penalty_fen) == (486_00, 972_00)
    with pytest.raises(InvalidInput):
        penalties.class_misuse(energy, 80_000_000, 80_000_000, 2, ROUNDED)


def test_fixed_amounts_count_by_kilowatt_and_by_time():
    assert penalties.unit_penalty(60_00, 50_00, 1) == 3_000_00  # 60 kW × 50
    assert penalties.unit_penalty(12_50, 30_00, 2) == 750_00  # 12.5 kW × 30 × 2
    with pytest.raises(InvalidInput):
        penalties.unit_penalty(0, 50_00, 1)


@pytest.mark.parametrize("load", [Load(0, 1, Fraction(6)), Load(100, 0, Fraction(6)), Load(100, 1, Fraction(25))])
def test_impossible_loads_are_refused(load):
    with pytest.raises(InvalidInput):
        penalties.connected_energy([load], 1)


@given(st.integers(0, 10**12), st.integers(1, 1000), st.integers(0, 5), st.integers(1, 9))
@settings(deadline=None, derandomize=True)
def test_penalties_scale_with_the_base_and_the_multiple(numerator, denominator, multiple, factor):
    base = Fraction(numerator, denominator)
    one = penalties.penalize(base, multiple, ROUNDED)
    assert one.penalty_fen == multiple * one.base_fen
    exact = penalties.penalize(base, multiple, UNROUNDED)
    assert abs(exact.penalty_fen - base * multiple) <= Fraction(1, 2)
    scaled = penalties.penalize(base * factor, multiple, UNROUNDED)
    assert abs(scaled.penalty_fen - factor * exact.penalty_fen) <= factor
