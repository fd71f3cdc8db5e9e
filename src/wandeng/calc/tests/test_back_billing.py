"""Metering errors: each cause of art. 80–81 by hand, and the sign that must never turn."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wandeng.calc import back_billing
from wandeng.calc.back_billing import FOUR_WIRE_COEFFICIENTS, EnergyRounding, FourWireFault, PricedShare
from wandeng.kernel.errors import InvalidInput

HALF = Fraction(1, 2)


def test_a_slow_meter_adds_for_half_of_the_time():
    # recorded 9,800 kWh at −2 %: true 10,000; difference 200 over all the time, 100 over half of it
    assert back_billing.error_correction(9_800_00, Fraction(-2, 100), HALF) == 100_00
    # fast by 5 %: 10,500 / 1.05 = 10,000; −500, half −250
    assert back_billing.error_correction(10_500_00, Fraction(5, 100), HALF) == -250_00


def test_only_the_voltage_drop_above_the_allowance_is_added():
    # 100,000 kWh × (0.75 % − 0.25 %) = 500 kWh
    added = back_billing.voltage_drop_correction(100_000_00, Fraction(75, 10_000), Fraction(25, 10_000))
    assert added == 500_00
    assert back_billing.voltage_drop_correction(100_000_00, Fraction(20, 10_000), Fraction(25, 10_000)) == 0


@pytest.mark.parametrize(
    "fault, recorded, added",
    [
        (FourWireFault.ONE_PHASE_LOST, 2_000_00, 1_000_00),  # two of three elements: true 3,000
        (FourWireFault.TWO_PHASES_LOST, 1_000_00, 2_000_00),
        (FourWireFault.ONE_PHASE_REVERSED, 1_000_00, 2_000_00),  # 2 − 1 of three
        (FourWireFault.TWO_PHASES_REVERSED, -1_000_00, 4_000_00),  # ran back 1,000: true 3,000
    ],
)
def test_wrong_wiring_adds_up_to_the_three_elements(fault, recorded, added):
    assert back_billing.wiring_correction(recorded, FOUR_WIRE_COEFFICIENTS[fault]) == added


def test_true_energy_is_never_negative():
    with pytest.raises(InvalidInput):
        back_billing.wiring_correction(-1_000_00, Fraction(3))


def test_a_wrong_ratio_is_corrected_by_the_ratios():
    # billed 6,000 kWh with 100/5 = 20, true 150/5 = 30: + 3,000; the other way round − 2,000 of 6,000
    assert back_billing.multiplier_correction(6_000_00, Fraction(20), Fraction(30)) == 3_000_00
    assert back_billing.multiplier_correction(6_000_00, Fraction(30), Fraction(20)) == -2_000_00
    with pytest.raises(InvalidInput):
        back_billing.multiplier_correction(6_000_00, Fraction(0), Fraction(20))


def test_normal_use_replaces_what_the_fault_month_recorded():
    # 5,000 kWh a month × 2 − 3,200 recorded = 6,800
    assert back_billing.normal_use_correction(5_000_00, 3_200_00, Fraction(2)) == 6_800_00


def test_the_energy_is_rounded_once_as_agreed():
    # 1,000 kWh at −3 %, half: 500 × 3/97 = 15.4639…
    exact = back_billing.error_correction(1_000_00, Fraction(-3, 100), HALF)
    assert back_billing.round_energy(exact, EnergyRounding.HUNDREDTH_KWH) == 15_46
    assert back_billing.round_energy(exact, EnergyRounding.WHOLE_KWH) == 15_00
    assert back_billing.round_energy(Fraction(-15_50), EnergyRounding.WHOLE_KWH) == -16_00


def test_the_energy_is_spread_over_prices_and_adds_up():
    corrected = back_billing.price_correction(
        100_01, [PricedShare(1, 80_000_000), PricedShare(1, 50_000_000), PricedShare(1, 20_000_000)]
    )
    # 33.34 × 0.8 = 26.672 → 26.67; 33.34 × 0.5 = 16.67; 33.33 × 0.2 = 6.666 → 6.67
    assert corrected.shares == (
        (33_34, 80_000_000, 26_67),
        (33_34, 50_000_000, 16_67),
        (33_33, 20_000_000, 6_67),
    )
    assert corrected.amount_fen == 50_01


@pytest.mark.parametrize("shares", [[], [PricedShare(0, 1)], [PricedShare(2, 1), PricedShare(-1, 1)]])
def test_weights_that_cannot_spread_are_refused(shares):
    with pytest.raises(InvalidInput):
        back_billing.price_correction(100, shares)


@pytest.mark.parametrize("error", [Fraction(-1), Fraction(-2)])
def test_a_meter_that_recorded_nothing_has_no_error_to_correct_by(error):
    with pytest.raises(InvalidInput):
        back_billing.error_correction(100, error, HALF)


@given(st.integers(1, 10**10), st.integers(-9_999, 20_000), st.integers(1, 100))
@settings(deadline=None, derandomize=True)
def test_a_slow_meter_adds_and_a_fast_meter_refunds(recorded_ckwh, error_e4, percent):
    error = Fraction(error_e4, 10_000)
    correction = back_billing.error_correction(recorded_ckwh, error, Fraction(percent, 100))
    assert (correction > 0) == (error < 0)
    assert (correction < 0) == (error > 0)
    corrected_part = recorded_ckwh * Fraction(percent, 100)
    assert (corrected_part + correction) * (1 + error) == corrected_part


@given(st.integers(-(10**9), 10**9), st.lists(st.integers(0, 1000), min_size=1, max_size=6).filter(any))
@settings(deadline=None, derandomize=True)
def test_shares_of_a_correction_always_add_up(energy_ckwh, weights):
    corrected = back_billing.price_correction(energy_ckwh, [PricedShare(w, 58_800_000) for w in weights])
    assert sum(energy for energy, _, _ in corrected.shares) == energy_ckwh
    assert all(energy == 0 or (energy > 0) == (energy_ckwh > 0) for energy, _, _ in corrected.shares)
