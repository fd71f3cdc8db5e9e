"""Late fee: the published case with its three answers, the bounds, and what must hold for every debt."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wandeng.calc.late_fee import (
    Accrual,
    Arrears,
    CrossYear,
    LateFeeTerms,
    Payment,
    RateBand,
    accrue,
    by_agreement,
    late_fee,
)
from wandeng.kernel.errors import InvalidInput

OTHERS = LateFeeTerms(20, 30, 100, None, CrossYear.SPLIT_AT_YEAR_END)
BAND = RateBand(10, 30)
RESIDENTIAL = LateFeeTerms(10, 10, 100, None, CrossYear.SPLIT_AT_YEAR_END)
DECEMBER = Arrears(2_000_00, date(2023, 12, 15))
JANUARY = Arrears(3_000_00, date(2024, 1, 15))
PAID_ON = date(2024, 1, 18)


@pytest.mark.parametrize(
    "cross_year, december_fen, total_fen",
    [
        # 2,000 × 16 d × 2 ‰ = 64.00 and 2,000 × 18 d × 3 ‰ = 108.00
        (CrossYear.SPLIT_AT_YEAR_END, 172_00, 190_00),
        # only January: 2,000 × 18 d × 3 ‰ = 108.00
        (CrossYear.PAYMENT_YEAR_ONLY, 108_00, 126_00),
        # 2,000 × 34 d × 3 ‰ = 204.00
        (CrossYear.WHOLE_AT_CARRIED_RATE, 204_00, 222_00),
    ],
)
def test_we14_gives_each_of_its_three_published_answers(cross_year, december_fen, total_fen):
    terms = replace(OTHERS, cross_year=cross_year)
    december, january = late_fee(DECEMBER, PAID_ON, terms), late_fee(JANUARY, PAID_ON, terms)
    assert december.amount_fen == december_fen
    assert january.amount_fen == 18_00  # 3,000 × 3 d × 2 ‰
    assert december.amount_fen + january.amount_fen == total_fen


def test_we14_splits_december_into_sixteen_and_eighteen_days():
    assert accrue(DECEMBER, PAID_ON, OTHERS) == (
        Accrual(date(2023, 12, 16), date(2024, 1, 1), 2_000_00, 20),
        Accrual(date(2024, 1, 1), date(2024, 1, 19), 2_000_00, 30),
    )


def test_the_due_date_itself_is_free_and_the_next_day_is_one_day():
    assert late_fee(JANUARY, date(2024, 1, 15), OTHERS).amount_fen == 0
    assert late_fee(JANUARY, date(2024, 1, 10), OTHERS).accruals == ()
    assert late_fee(JANUARY, date(2024, 1, 16), OTHERS).amount_fen == 6_00  # 3,000 × 1 d × 2 ‰


def test_a_fee_below_one_yuan_is_charged_as_one_yuan_and_no_fee_stays_none():
    small = Arrears(100_00, date(2024, 3, 1))
    fee = late_fee(small, date(2024, 3, 3), RESIDENTIAL)  # 100 × 2 d × 1 ‰ = 0.20
    assert (fee.exact_fen, fee.amount_fen, fee.bound) == (20, 100, "minimum")
    exactly_one = late_fee(small, date(2024, 3, 11), RESIDENTIAL)  # 100 × 10 d × 1 ‰ = 1.00
    assert (exactly_one.amount_fen, exactly_one.bound) == (100, "")
    assert late_fee(small, date(2024, 3, 1), RESIDENTIAL).amount_fen == 0
    without = late_fee(small, date(2024, 3, 3), replace(RESIDENTIAL, minimum_fen=0))
    assert (without.amount_fen, without.bound) == (20, "")


def test_a_cap_of_the_arrears_stops_the_fee():
    terms = replace(OTHERS, cap_share_e4=10_000)
    fee = late_fee(Arrears(100_00, date(2020, 1, 1)), date(2024, 1, 1), terms)
    assert (fee.amount_fen, fee.bound) == (100_00, "cap")
    # 365 d × 2 ‰ + 1,096 d × 3 ‰ = 73 % + 328.8 % of 100 yuan: 1,461 days in all
    assert late_fee(Arrears(100_00, date(2020, 1, 1)), date(2024, 1, 1), OTHERS).amount_fen == 401_80


def test_residential_arrears_keep_one_permille_over_the_year_end():
    # 500 × 34 d × 1 ‰ = 17.00
    assert late_fee(Arrears(500_00, date(2023, 12, 15)), PAID_ON, RESIDENTIAL).amount_fen == 17_00


def test_a_part_payment_bears_the_fee_on_its_own_day_and_not_after():
    paid = Arrears(3_000_00, date(2024, 1, 15), (Payment(date(2024, 1, 16), 1_000_00),))
    # 3,000 × 1 d × 2 ‰ = 6.00 and 2,000 × 2 d × 2 ‰ = 8.00
    assert late_fee(paid, PAID_ON, OTHERS).amount_fen == 14_00


def test_a_bill_paid_in_full_stops_accruing():
    paid = Arrears(3_000_00, date(2024, 1, 15), (Payment(date(2024, 1, 16), 3_000_00),))
    assert late_fee(paid, date(2024, 6, 1), OTHERS).amount_fen == 6_00


@pytest.mark.parametrize(
    "arrears",
    [
        Arrears(0, date(2024, 1, 15)),
        Arrears(1_00, date(2024, 1, 15), (Payment(date(2024, 1, 16), 2_00),)),
        Arrears(1_00, date(2024, 1, 15), (Payment(date(2024, 1, 16), 0),)),
    ],
)
def test_impossible_arrears_are_refused(arrears):
    with pytest.raises(InvalidInput):
        late_fee(arrears, PAID_ON, OTHERS)


DAYS_OF_2024 = st.integers(0, 364).map(lambda n: date(2024, 1, 1) + timedelta(days=n))


@given(st.integers(1, 10**9), st.lists(DAYS_OF_2024, min_size=3, max_size=3).map(sorted))
@settings(deadline=None, derandomize=True)
def test_the_exact_fee_adds_up_over_time_within_one_year(amount_fen, days):
    due, between, until = days
    whole = late_fee(Arrears(amount_fen, due), until, OTHERS).exact_fen
    first = late_fee(Arrears(amount_fen, due), between, OTHERS).exact_fen
    second = late_fee(Arrears(amount_fen, between), until, OTHERS).exact_fen
    assert whole == first + second
    assert whole == Fraction(amount_fen * (until - due).days * 20, 10_000)


@given(
    st.integers(1, 10**9),
    st.integers(0, 4000),
    st.integers(1, 20_000),
    st.sampled_from(list(CrossYear)),
)
@settings(deadline=None, derandomize=True)
def test_the_fee_never_exceeds_its_cap(amount_fen, late_days, cap_share_e4, cross_year):
    terms = replace(OTHERS, cap_share_e4=cap_share_e4, cross_year=cross_year)
    due = date(2019, 7, 1)
    fee = late_fee(Arrears(amount_fen, due), due + timedelta(days=late_days), terms)
    assert 0 <= fee.amount_fen <= amount_fen * cap_share_e4 // 10_000


@given(st.integers(1, 10**9), st.integers(0, 1000))
@settings(deadline=None, derandomize=True)
def test_the_three_conventions_are_ordered(amount_fen, late_days):
    due = date(2022, 11, 20)
    until = due + timedelta(days=late_days)
    split, asked, whole = (
        late_fee(Arrears(amount_fen, due), until, replace(OTHERS, cross_year=way)).exact_fen for way in CrossYear
    )
    assert asked <= split <= whole


def test_an_agreed_rate_runs_on_every_day_over_the_year_end_too():
    agreed = by_agreement(OTHERS, BAND, 15)
    # 2,000 × 34 d × 1.5 ‰ = 102.00, whichever way the year end is counted but that of the paying year alone
    assert late_fee(DECEMBER, PAID_ON, agreed).amount_fen == 102_00
    only = replace(agreed, cross_year=CrossYear.PAYMENT_YEAR_ONLY)
    assert late_fee(DECEMBER, PAID_ON, only).amount_fen == 54_00  # 2,000 × 18 d × 1.5 ‰


def test_a_rate_is_agreed_within_the_band_with_both_its_ends():
    assert [by_agreement(OTHERS, BAND, rate).carried_rate_e4 for rate in (10, 30)] == [10, 30]
    for rate in (9, 31, 0, -10):
        with pytest.raises(InvalidInput, match="the rule of that day allows 1 ‰ to 3 ‰"):
            by_agreement(OTHERS, BAND, rate)
