"""What a payment settles: its parts are the whole, nothing is settled twice, and the order is the rule's."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wandeng.calc.allocation import ITEMS, MONEY, AllocationRule, BillOrder, FeeOrder, allocate
from wandeng.kernel.errors import InvalidInput

USUAL = AllocationRule(BillOrder.OLDEST_FIRST, FeeOrder.WITH_EACH_BILL)
RULES = st.builds(AllocationRule, st.sampled_from(list(BillOrder)), st.sampled_from(list(FeeOrder)))
D = date(2026, 1, 25)


def money(*rows) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=MONEY, orient="row")


def items(*rows) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=ITEMS, orient="row")


def item(account: int, bill: int, days: int, open_fen: int, fee_fen: int = 0, chosen: bool = False):
    return (account, bill, D + timedelta(days=days), open_fen, fee_fen, chosen)


OLD_AND_NEW = items(item(1, 11, 0, 1_000, 50), item(1, 12, 31, 500, 10))


@pytest.mark.parametrize(
    "rule, expected",
    [
        (USUAL, [("LATE_FEE", 11, 50), ("BILL", 11, 1_000), ("LATE_FEE", 12, 10), ("BILL", 12, 140)]),
        (
            AllocationRule(BillOrder.OLDEST_FIRST, FeeOrder.BEFORE_ALL_BILLS),
            [("LATE_FEE", 11, 50), ("LATE_FEE", 12, 10), ("BILL", 11, 1_000), ("BILL", 12, 140)],
        ),
        (
            AllocationRule(BillOrder.NEWEST_FIRST, FeeOrder.WITH_EACH_BILL),
            [("LATE_FEE", 12, 10), ("BILL", 12, 500), ("LATE_FEE", 11, 50), ("BILL", 11, 640)],
        ),
    ],
)
def test_money_settles_in_the_order_of_the_rule(rule, expected):
    parts = allocate(money((1, 1_200)), OLD_AND_NEW, rule)
    assert [row[1:] for row in parts.rows()] == expected


def test_a_named_bill_comes_first_with_its_fee():
    chosen = items(item(1, 11, 0, 1_000, 50), item(1, 12, 31, 500, 10, True))
    parts = allocate(money((1, 600)), chosen, USUAL)
    assert [row[1:] for row in parts.rows()] == [
        ("LATE_FEE", 12, 10), ("BILL", 12, 500), ("LATE_FEE", 11, 50), ("BILL", 11, 40),
    ]  # fmt: skip


def test_what_is_left_is_credit_and_accounts_do_not_mix():
    parts = allocate(money((1, 100), (2, 30), (3, 5)), items(item(1, 11, 0, 60), item(2, 21, 0, 40)), USUAL)
    assert parts.rows() == [
        (1, "BILL", 11, 60), (1, "CREDIT", None, 40), (2, "BILL", 21, 30), (3, "CREDIT", None, 5),
    ]  # fmt: skip


@st.composite
def worlds(draw):
    accounts = draw(st.lists(st.integers(1, 6), min_size=1, max_size=6, unique=True))
    paid = [(account, draw(st.integers(1, 10**12))) for account in accounts]
    owed = [
        item(account, number, draw(st.integers(-400, 400)), draw(st.integers(1, 10**11)),
             draw(st.integers(0, 10**9)), draw(st.booleans()))
        for number, account in enumerate(draw(st.lists(st.integers(1, 7), max_size=15)))
    ]  # fmt: skip
    return money(*paid), items(*owed)


@given(worlds(), RULES)
@settings(deadline=None, derandomize=True, max_examples=200)
def test_the_parts_are_the_whole_and_no_item_gets_more_than_it_claims(world, rule):
    paid, owed = world
    parts = allocate(paid, owed, rule)
    sums = dict(parts.group_by("account_id").agg(pl.col("amount_fen").sum()).rows())
    assert sums == dict(paid.rows())
    assert parts.select((pl.col("amount_fen") > 0).all()).item()
    claims = {("BILL", row["bill_id"]): row["open_fen"] for row in owed.iter_rows(named=True)}
    claims |= {("LATE_FEE", row["bill_id"]): row["fee_fen"] for row in owed.iter_rows(named=True)}
    got = {(kind, bill): fen for _, kind, bill, fen in parts.rows() if kind != "CREDIT"}
    assert all(fen <= claims[key] for key, fen in got.items())
    # Credit only where every claim of the account is met.
    for account in set(parts.filter(pl.col("kind") == "CREDIT")["account_id"]):
        owned = owed.filter(pl.col("account_id") == account)
        met = parts.filter((pl.col("account_id") == account) & (pl.col("kind") != "CREDIT"))["amount_fen"].sum()
        assert met == owned["open_fen"].sum() + owned["fee_fen"].sum()


@given(worlds(), RULES)
@settings(deadline=None, derandomize=True, max_examples=60)
def test_many_together_settle_what_each_would_alone(world, rule):
    paid, owed = world
    alone = [allocate(one, owed, rule) for one in paid.sort("account_id").iter_slices(1)]
    assert allocate(paid, owed, rule).rows() == pl.concat(alone).rows()


@pytest.mark.parametrize(
    "paid, owed",
    [
        (money((1, 0)), items()),
        (money((1, 5), (1, 5)), items()),
        (money((1, 5)), items(item(1, 11, 0, 0))),
        (money((1, 5)), items(item(1, 11, 0, 5, -1))),
    ],
)
def test_impossible_columns_are_refused(paid, owed):
    with pytest.raises(InvalidInput):
        allocate(paid, owed, USUAL)
