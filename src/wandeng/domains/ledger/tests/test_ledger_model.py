"""The ledger against a model of a few lines: post, repeat, reverse, close, in any order Hypothesis thinks of (M2)."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from wandeng.domains.ledger import actions, queries
from wandeng.domains.ledger.models import Entry, EntryLine, PeriodClose
from wandeng.domains.ledger.tests import make
from wandeng.domains.ledger.types import Posting

MONTHS = ("2026-03", "2026-04")
REVENUES = ("REVENUE:ENERGY", "REVENUE:BASIC", "FUND:RENEWABLE")


class LedgerMachine(RuleBasedStateMachine):
    """Every step does the same to the database and to a dictionary; after each step they must say the same."""

    def __init__(self) -> None:
        super().__init__()
        self.savepoint = transaction.savepoint()
        self.balances = {1: 0, 2: 0, 3: 0}
        self.entries: dict[str, tuple[int, int, int, str]] = {}
        self.reversed: set[str] = set()
        self.closed: set[str] = set()
        self.used: set[str] = set()

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.savepoint)

    @rule(
        serial=st.integers(1, 12), account=st.integers(1, 3), fen=st.integers(1, 10**12),
        revenue=st.sampled_from(REVENUES), month=st.sampled_from(MONTHS),
    )  # fmt: skip
    def post_a_bill(self, serial: int, account: int, fen: int, revenue: str, month: str) -> None:
        key = f"bill:{serial}"
        lines = [Posting("RECEIVABLE", fen, account, serial), Posting(revenue, -fen)]

        def post() -> int:
            return actions.post(
                biz_key=key, kind="BILL", unit=1, month=month, lines=lines, at=make.AT, actor=make.CLERK
            )

        if key in self.entries:
            entry, old_account, old_fen, old_revenue = self.entries[key]
            if (old_account, old_fen, old_revenue) == (account, fen, revenue):
                assert post() == entry
            else:
                with pytest.raises(actions.KeyUsedDifferently):
                    post()
        elif month in self.closed:
            with pytest.raises(actions.MonthClosed):
                post()
        else:
            self.entries[key] = (post(), account, fen, revenue)
            self.used.add(month)
            self.balances[account] += fen

    @rule(serial=st.integers(1, 12), month=st.sampled_from(MONTHS), again=st.booleans())
    def reverse_a_bill(self, serial: int, month: str, again: bool) -> None:
        key = f"bill:{serial}"
        if key not in self.entries:
            return
        entry, account, fen, _ = self.entries[key]
        reversal = f"reversal:{serial}" + (":other" if again else "")

        def reverse() -> int:
            return actions.reverse(entry=entry, biz_key=reversal, month=month, at=make.AT, actor=make.CLERK)

        if key in self.reversed:
            if again:
                with pytest.raises(actions.AlreadyReversed):
                    reverse()
            else:
                reverse()  # the same key again: the entry already there
        elif again or month in self.closed:
            if month in self.closed:
                with pytest.raises(actions.MonthClosed):
                    reverse()
        else:
            reverse()
            self.used.add(month)
            self.reversed.add(key)
            self.balances[account] -= fen

    @rule(month=st.sampled_from(MONTHS), chance=st.integers(0, 9))
    def close_a_month(self, month: str, chance: int) -> None:
        if chance:
            return

        def close() -> bool:
            return actions.close_month(unit=1, month=month, at=make.AT, actor=make.CLERK)

        if any(one < month for one in self.used - self.closed) and month not in self.closed:
            with pytest.raises(actions.EarlierMonthOpen):
                close()
        else:
            assert close() == (month not in self.closed)
            self.closed |= {one for one in MONTHS if one <= month}

    @rule(fen=st.integers(1, 1000), off=st.integers(1, 5))
    def an_unbalanced_entry_is_refused(self, fen: int, off: int) -> None:
        lines = [Posting("RECEIVABLE", fen, 1), Posting("REVENUE:ENERGY", -fen - off)]
        with pytest.raises(actions.Unbalanced):
            actions.post(biz_key="bad", kind="BILL", unit=1, month="2026-03", lines=lines, at=make.AT, actor=make.CLERK)

    @invariant()
    def model_and_database_agree(self) -> None:
        assert {account: queries.receivable_fen(account=account) for account in self.balances} == self.balances
        assert Entry.objects.filter(is_posted=False).count() == 0
        assert Entry.objects.count() == len(self.entries) + len(self.reversed)
        assert sum(EntryLine.objects.values_list("amount_fen", flat=True)) == 0
        for close in PeriodClose.objects.all():
            lines = EntryLine.objects.filter(entry__month__lte=close.month).values_list("ledger_account")
            sums = {name: total for name, total in lines.annotate(total=Sum("amount_fen")) if total}
            assert dict(close.balances.values_list("ledger_account", "balance_fen")) == sums


@pytest.mark.django_db
def test_the_ledger_follows_its_model() -> None:
    make.unit()
    make.accounts(3)
    run_state_machine_as_test(
        LedgerMachine,
        settings=settings(
            max_examples=40, stateful_step_count=25, deadline=None, derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
    assert connection.in_atomic_block
