"""Late fees by columns are those of the row function, to the fen, for every debt there can be."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wandeng.calc.late_fee import Arrears, CrossYear, LateFeeTerms, Payment, late_fee
from wandeng.calc.late_fees import DEBTS, PAID, late_fees
from wandeng.kernel.errors import InvalidInput

FIRST = date(2021, 11, 1)
DAYS = st.integers(0, 1500).map(lambda n: FIRST + timedelta(days=n))
TERMS = st.builds(
    LateFeeTerms,
    rate_e4=st.integers(1, 30),
    carried_rate_e4=st.integers(1, 30),
    minimum_fen=st.sampled_from([0, 100]),
    cap_share_e4=st.sampled_from([None, 500, 10_000]),
    cross_year=st.sampled_from(list(CrossYear)),
)


@st.composite
def debts(draw):
    """What was owed, part payments that do not exceed it, the day, the terms."""
    amount = draw(st.integers(1, 10**9))
    payments, left = [], amount
    for day in sorted(draw(st.lists(DAYS, max_size=4))):
        if left:
            paid = draw(st.integers(1, left))
            payments.append(Payment(day, paid))
            left -= paid
    return Arrears(amount, draw(DAYS), tuple(payments)), draw(DAYS), draw(TERMS)


def as_columns(cases) -> tuple[pl.DataFrame, pl.DataFrame]:
    rows = [
        (number, owed.amount_fen, owed.due_on, until, terms.rate_e4, terms.carried_rate_e4, terms.minimum_fen,
         terms.cap_share_e4, terms.cross_year.value)
        for number, (owed, until, terms) in enumerate(cases)
    ]  # fmt: skip
    paid = [(number, one.on, one.amount_fen) for number, (owed, _, _) in enumerate(cases) for one in owed.payments]
    return pl.DataFrame(rows, schema=DEBTS, orient="row"), pl.DataFrame(paid, schema=PAID, orient="row")


@given(st.lists(debts(), min_size=1, max_size=12))
@settings(deadline=None, derandomize=True, max_examples=200)
def test_the_columns_are_the_rows(cases):
    found = late_fees(*as_columns(cases))
    expected = [late_fee(owed, until, terms) for owed, until, terms in cases]
    assert [Fraction(one, 10_000) for one in found["exact_e4"].to_list()] == [one.exact_fen for one in expected]
    assert found["fee_fen"].to_list() == [one.amount_fen for one in expected]
    assert found["bound"].to_list() == [one.bound for one in expected]


@pytest.mark.parametrize(
    "cross_year, fen",
    [
        (CrossYear.SPLIT_AT_YEAR_END, 172_00),  # WE-14: 2,000 × (16 d × 2 ‰ + 18 d × 3 ‰)
        (CrossYear.PAYMENT_YEAR_ONLY, 108_00),
        (CrossYear.WHOLE_AT_CARRIED_RATE, 204_00),
    ],
)
def test_we14_comes_out_of_the_columns_too(cross_year, fen):
    case = (Arrears(2_000_00, date(2023, 12, 15)), date(2024, 1, 18), LateFeeTerms(20, 30, 100, None, cross_year))
    assert late_fees(*as_columns([case]))["fee_fen"].to_list() == [fen]


def test_no_debts_give_no_fees():
    assert late_fees(pl.DataFrame(schema=DEBTS), pl.DataFrame(schema=PAID)).height == 0


TERM = LateFeeTerms(20, 30, 0, None, CrossYear.SPLIT_AT_YEAR_END)


@pytest.mark.parametrize(
    "owed",
    [
        Arrears(0, FIRST),
        Arrears(100, FIRST, (Payment(FIRST, 101),)),
        Arrears(100, FIRST, (Payment(FIRST, 0),)),
        Arrears(10**17, FIRST),
    ],
)
def test_impossible_debts_are_refused(owed):
    with pytest.raises(InvalidInput):
        late_fees(*as_columns([(owed, date(2024, 1, 1), TERM)]))
