"""Compensation: appliances by age and counting, outages and quality by hand."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wandeng.calc import compensation
from wandeng.calc.compensation import AgeCounting, Appliance, ApplianceTerms, Compensation
from wandeng.kernel.errors import InvalidInput

ELECTRONIC = ApplianceTerms(6, 1_000, 7, 10, AgeCounting.COMPLETED_MONTHS)


def television(bought_on: date, **changes) -> Appliance:
    return replace(Appliance(3_000_00, bought_on, date(2024, 6, 15), date(2024, 6, 16)), **changes)


def test_up_to_six_months_old_the_invoice_price_is_paid():
    assert compensation.appliance(television(date(2023, 12, 15)), ELECTRONIC).ground == "full_price"
    assert compensation.appliance(television(date(2023, 12, 15)), ELECTRONIC).amount_fen == 3_000_00
    assert compensation.appliance(television(date(2023, 12, 14)), ELECTRONIC).ground == "residual"


@pytest.mark.parametrize(
    "counting, used, life, amount_fen",
    [
        # bought 20 May 2020: 4 years and 26 days
        (AgeCounting.COMPLETED_MONTHS, 48, 120, 1_800_00),  # 3,000 × 72/120
        (AgeCounting.STARTED_YEARS, 5, 10, 1_500_00),  # 3,000 × 5/10
        (AgeCounting.DAYS, 1_487, 3_652, 1_778_48),  # 3,000 × 2,165/3,652 = 1,778.4775
    ],
)
def test_the_residual_follows_the_counting_of_its_age(counting, used, life, amount_fen):
    terms = replace(ELECTRONIC, age_counting=counting)
    found = compensation.appliance(television(date(2020, 5, 20)), terms)
    assert found == Compensation(amount_fen, "residual", used, life)


def test_the_residual_never_falls_below_a_tenth_of_the_price():
    assert compensation.appliance(television(date(2015, 1, 1)), ELECTRONIC) == Compensation(300_00, "floor", 113, 120)
    assert compensation.appliance(television(date(1999, 1, 1)), ELECTRONIC).amount_fen == 300_00


def test_a_claim_on_the_seventh_day_counts_and_on_the_eighth_is_lost():
    fresh = television(date(2024, 5, 1))
    assert compensation.appliance(replace(fresh, claimed_on=date(2024, 6, 22)), ELECTRONIC).amount_fen == 3_000_00
    late = compensation.appliance(replace(fresh, claimed_on=date(2024, 6, 23)), ELECTRONIC)
    assert (late.amount_fen, late.ground) == (0, "late_claim")


def test_what_can_be_repaired_is_paid_by_its_repair():
    found = compensation.appliance(television(date(2024, 5, 1), repair_fen=180_00), ELECTRONIC)
    assert (found.amount_fen, found.ground) == (180_00, "repair")


def test_six_months_after_the_end_of_august_is_the_end_of_february():
    bought = television(date(2023, 8, 31), damaged_on=date(2024, 2, 29), claimed_on=date(2024, 3, 1))
    assert compensation.appliance(bought, ELECTRONIC).ground == "full_price"
    day_after = replace(bought, damaged_on=date(2024, 3, 1))
    assert compensation.appliance(day_after, ELECTRONIC).ground == "residual"


def test_an_outage_pays_possible_energy_times_price_times_factor():
    # 72,000 kWh in 720 h = 100 kWh/h; 6 h × 0.60 × 5 = 1,800.00; single-rate × 4 = 1,440.00
    assert compensation.outage(72_000_00, Fraction(720), Fraction(6), 60_000_000, 5) == 1_800_00
    assert compensation.outage(72_000_00, Fraction(720), Fraction(6), 60_000_000, 4) == 1_440_00


def test_bad_voltage_pays_a_fifth_of_the_energy_used_in_it():
    # 1,250 kWh × 0.62 × 20 % = 155.00
    assert compensation.quality(1_250_00, 62_000_000, 2_000) == 155_00


@pytest.mark.parametrize(
    "call",
    [
        lambda: compensation.appliance(television(date(2024, 6, 16)), ELECTRONIC),
        lambda: compensation.appliance(television(date(2024, 1, 1), price_fen=0), ELECTRONIC),
        lambda: compensation.appliance(television(date(2024, 1, 1), repair_fen=-1), ELECTRONIC),
        lambda: compensation.outage(1, Fraction(0), Fraction(1), 1, 5),
        lambda: compensation.quality(-1, 1, 1),
    ],
)
def test_impossible_cases_are_refused(call):
    with pytest.raises(InvalidInput):
        call()


@given(
    st.integers(1, 10**7),
    st.dates(date(1990, 1, 1), date(2024, 6, 15)),
    st.sampled_from(list(AgeCounting)),
    st.integers(1, 20),
)
@settings(deadline=None, derandomize=True)
def test_compensation_lies_between_a_tenth_and_the_whole_price(price_fen, bought_on, counting, years):
    terms = replace(ELECTRONIC, age_counting=counting, service_years=years)
    amount = compensation.appliance(television(bought_on, price_fen=price_fen), terms).amount_fen
    assert Fraction(price_fen, 10) - 1 <= amount <= price_fen
