"""Balances of a month: what stood before, what moved, what stands; a closed month keeps what stood."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from wandeng.domains.ledger import actions, guards, queries
from wandeng.domains.ledger.models import PeriodBalance
from wandeng.domains.ledger.tests import make
from wandeng.domains.ledger.types import AccountBalance, LedgerFault, Posting
from wandeng.domains.organization import actions as organization
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.errors import InvalidInput, NotFound
from wandeng.kernel.ids import UnitId

pytestmark = pytest.mark.django_db(transaction=True)
EVERYWHERE = Scope.everywhere()


def post(key: str, month: str, *lines: tuple[str, int, int | None], unit: int = 1) -> None:
    actions.post(
        biz_key=key, kind="TEST", unit=UnitId(unit), month=month, at=make.AT, actor=make.CLERK,
        lines=[Posting(name, fen, account) for name, fen, account in lines],
    )  # fmt: skip


@pytest.fixture(autouse=True)
def _books() -> None:
    make.unit()
    make.accounts(2)
    post("bill:1", "2026-03", ("RECEIVABLE", 10_000, 1), ("REVENUE:ENERGY", -9_000, None), ("FUND:X", -1_000, None))
    post("pay:1", "2026-03", ("CASH:QY", 6_000, None), ("RECEIVABLE", -6_000, 1))
    post("pay:2", "2026-04", ("CASH:QY", 5_000, None), ("RECEIVABLE", -4_000, 1), ("CREDIT", -1_000, 1))


APRIL = (
    AccountBalance("CASH:QY", 6_000, 5_000, 0),
    AccountBalance("CREDIT", 0, 0, 1_000),
    AccountBalance("FUND:X", -1_000, 0, 0),
    AccountBalance("RECEIVABLE", 4_000, 0, 4_000),
    AccountBalance("REVENUE:ENERGY", -9_000, 0, 0),
)


def test_a_month_opens_with_what_stood_before() -> None:
    assert queries.balances(EVERYWHERE, unit_path="QY/", month="2026-04") == APRIL
    # 4,000 fen were open, 4,000 were paid.
    assert {one.ledger_account: one.closing_fen for one in APRIL}["RECEIVABLE"] == 0
    assert sum(one.closing_fen for one in APRIL) == 0


def test_a_closed_month_keeps_its_balances_and_the_next_begins_with_them() -> None:
    assert actions.close_month(unit=UnitId(1), month="2026-03", at=make.AT, actor=make.CLERK)
    assert dict(PeriodBalance.objects.values_list("ledger_account", "balance_fen")) == {
        "CASH:QY": 6_000, "FUND:X": -1_000, "RECEIVABLE": 4_000, "REVENUE:ENERGY": -9_000,
    }  # fmt: skip
    assert queries.balances(EVERYWHERE, unit_path="QY/", month="2026-04") == APRIL
    assert queries.faults() == []
    assert not actions.close_month(unit=UnitId(1), month="2026-03", at=make.AT, actor=make.CLERK)


def test_a_falsified_balance_is_found() -> None:
    actions.close_month(unit=UnitId(1), month="2026-03", at=make.AT, actor=make.CLERK)
    guards.remove(connection)
    try:
        PeriodBalance.objects.filter(ledger_account="CASH:QY").update(balance_fen=1)
    finally:
        guards.install(connection)
    close = PeriodBalance.objects.values_list("close_id", flat=True).first()
    assert queries.faults() == [LedgerFault(close, "CLOSE_DIFFERS")]


def test_months_are_closed_in_order_and_a_close_holds_for_the_months_before_it() -> None:
    with pytest.raises(actions.EarlierMonthOpen, match="close 2026-03 before 2026-04"):
        actions.close_month(unit=UnitId(1), month="2026-04", at=make.AT, actor=make.CLERK)
    actions.close_month(unit=UnitId(1), month="2026-03", at=make.AT, actor=make.CLERK)
    with pytest.raises(actions.MonthClosed):
        post("late", "2026-02", ("RECEIVABLE", 5, 1), ("REVENUE:ENERGY", -5, None))


def test_a_county_shows_its_offices_and_an_office_only_itself() -> None:
    office = organization.create_unit(
        code="QY1", name="白石供电所", kind="OFFICE", parent_code="QY", actor=SYSTEM, at=make.AT
    )
    post("office", "2026-04", ("CASH:QY1", 70, None), ("SUSPENSE", -70, None), unit=office)
    county = {one.ledger_account for one in queries.balances(EVERYWHERE, unit_path="QY/", month="2026-04")}
    assert {"CASH:QY", "CASH:QY1"} <= county
    own = queries.balances(EVERYWHERE, unit_path="QY/QY1/", month="2026-04")
    assert own == (AccountBalance("CASH:QY1", 0, 70, 0), AccountBalance("SUSPENSE", 0, 0, 70))
    with pytest.raises(NotFound):
        queries.balances(Scope("QY/QY1/"), unit_path="QY/", month="2026-04")
    with pytest.raises(NotFound):
        queries.entry(Scope("QY/QY1/"), 1)


def test_an_entry_is_shown_with_its_lines_by_account() -> None:
    shown = queries.entries_of(EVERYWHERE, unit_path="QY/", month="2026-03")
    assert [one.biz_key for one in shown] == ["bill:1", "pay:1"]
    assert shown[0].lines == (("FUND:X", -1_000), ("RECEIVABLE", 10_000), ("REVENUE:ENERGY", -9_000))
    assert queries.entry(EVERYWHERE, shown[1].entry_id) == shown[1]


def test_every_ledger_account_stands_under_a_heading() -> None:
    library = RuleLibrary.load(default_root())
    heading_of = queries.headings(library, on=date(2026, 11, 1))
    assert heading_of("RECEIVABLE").code == "1122"
    assert heading_of("CLEARING:WECHAT").code == "1012"
    assert heading_of("REVENUE:ENERGY").code == "6001"
    assert heading_of("REVENUE:LATE_FEE").code == "6301"
    assert (heading_of("PENALTY").code, heading_of("REVENUE:PENALTY").code) == ("1221", "6301")
    with pytest.raises(InvalidInput, match="under no heading"):
        heading_of("GIFTS")
