"""M2: whatever is billed, paid, repeated, reversed, paid back, moved, waived, written off or corrected, in any order, the
database says what a plain model says: what was billed and charged, less what was paid, is what is owed less the credit."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import hypothesis.strategies as st
import pytest
from django.db import connection, transaction
from hypothesis import settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from wandeng.calc.late_fee import Arrears, CrossYear, LateFeeTerms, late_fee
from wandeng.calc.late_fee import Payment as Paid
from wandeng.domains.customers.models import CustomerAccount
from wandeng.domains.payments import actions, queries
from wandeng.domains.payments.checks import CHECKS
from wandeng.domains.payments.models import Allocation, Payment, PaymentDecision
from wandeng.domains.payments.tests import make
from wandeng.infra.effective import current
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import Refused

OTHERS = LateFeeTerms(20, 30, 0, None, CrossYear.SPLIT_AT_YEAR_END)
NUMBERS = (make.MILL, "1005")
FEN = st.integers(1, 900_00)
WHICH = st.integers(0, 1)


class Money(RuleBasedStateMachine):
    """Two accounts of one customer. ``owed`` is the model: fen by account."""

    @initialize()
    def begin(self) -> None:
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.today = date(2025, 12, 20)
        ids = make.accounts()
        self.accounts = [ids[number] for number in NUMBERS]
        first = CustomerAccount.objects.get(pk=self.accounts[0])
        CustomerAccount.objects.filter(pk__in=self.accounts).update(customer=first.customer)
        self.owed: Counter[int] = Counter()
        self.number, self.month = 0, 0
        self.bills: list[tuple[int, int, int, str]] = []
        self.paid: list[tuple[int, str, int, int, date]] = []

    def teardown(self) -> None:
        if hasattr(self, "undo"):
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    def key(self) -> str:
        self.number += 1
        return f"k{self.number}"

    @property
    def words(self) -> dict[str, object]:
        at = make.AT.replace(year=self.today.year, month=self.today.month, day=self.today.day)
        return {"reason": "试", "actor": make.ACCOUNTANT, "at": at, "second": make.MANAGER}

    @rule(which=WHICH, fen=FEN, days=st.integers(-40, 20))
    def bill(self, which: int, fen: int, days: int) -> None:
        self.month += 1
        month = f"{2018 + self.month // 12}-{self.month % 12 + 1:02d}"
        made = make.bill(self.accounts[which], month, fen, self.today + timedelta(days=days))
        self.bills.append((which, made, fen, month))
        self.owed[which] += fen

    @rule(which=WHICH, fen=FEN)
    def pay(self, which: int, fen: int) -> None:
        key = self.key()
        made = make.pay(self.accounts[which], fen, key=key, on=self.today, at=self.words["at"])
        assert sum(part.amount_fen for part in made.settled) == fen
        self.paid.append((which, key, fen, made.payment_id, self.today))
        self.owed[which] -= fen

    @precondition(lambda self: self.paid)
    @rule(data=st.data())
    def repeat(self, data: st.DataObject) -> None:
        which, key, fen, payment, on = data.draw(st.sampled_from(self.paid))
        again = make.pay(self.accounts[which], fen, key=key, on=on, at=self.words["at"])
        assert (again.is_repeat, again.payment_id) == (True, payment)

    @precondition(lambda self: self.paid)
    @rule(data=st.data())
    def reverse(self, data: st.DataObject) -> None:
        which, _, fen, payment, _ = data.draw(st.sampled_from(self.paid))
        if self.allowed(lambda: actions.reverse(key=self.key(), payment_id=payment, **self.words)):
            self.owed[which] += fen

    @rule(which=WHICH, fen=FEN)
    def refund(self, which: int, fen: int) -> None:
        told = {"key": self.key(), "account": self.accounts[which], "tender": "CASH", "channel": "TILL"}
        if self.allowed(lambda: actions.refund(amount_fen=fen, **told, **self.words)):
            self.owed[which] += fen

    @rule(which=WHICH, fen=FEN)
    def transfer(self, which: int, fen: int) -> None:
        told = {"account": self.accounts[which], "to_account": self.accounts[1 - which], "key": self.key()}
        if self.allowed(lambda: actions.transfer(amount_fen=fen, **told, **self.words)):
            self.owed[which] += fen
            self.owed[1 - which] -= fen

    @precondition(lambda self: self.bills)
    @rule(data=st.data(), fen=FEN)
    def write_off(self, data: st.DataObject, fen: int) -> None:
        which, bill, _, _ = data.draw(st.sampled_from(self.bills))
        told = {"account": self.accounts[which], "bill_id": bill, "key": self.key(), "amount_fen": fen}
        if self.allowed(lambda: actions.write_off(**told, **self.words)):
            self.owed[which] -= fen

    @rule(which=WHICH, share=st.integers(1, 3))
    def waive(self, which: int, share: int) -> None:
        found = queries.standing(Scope.everywhere(), NUMBERS[which], on=self.today)
        for bill in found.open_bills:
            if fen := bill.late_fee_fen // share:
                told = {"account": self.accounts[which], "bill_id": bill.bill_id, "key": self.key()}
                # A correction that waits to be netted may leave less to waive than will be shown.
                self.allowed(lambda told=told, fen=fen: actions.waive(amount_fen=fen, **told, **self.words))

    @precondition(lambda self: self.bills)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        one = data.draw(st.sampled_from(self.bills))
        which, bill, fen, month = one
        if not PaymentDecision.objects.filter(kind="WRITE_OFF", bill_id=bill).exists():
            make.bill(self.accounts[which], month, -fen, self.today, kind="CANCELLATION", corrects=bill)
            self.bills.remove(one)
            self.owed[which] -= fen

    @rule(which=WHICH)
    def settle(self, which: int) -> None:
        told = {"actor": make.ACCOUNTANT, "at": self.words["at"]}
        actions.settle_account(account=self.accounts[which], key=self.key(), **told)

    @rule(days=st.integers(1, 20))
    def days_pass(self, days: int) -> None:
        self.today += timedelta(days=days)

    def allowed(self, act) -> bool:
        try:
            act()
        except Refused:
            return False
        return True

    @invariant()
    def the_model_is_the_database(self) -> None:
        if not hasattr(self, "owed"):
            return
        for which, number in enumerate(NUMBERS):
            found = queries.standing(Scope.everywhere(), number, on=self.today)
            fees = make.balance("REVENUE:LATE_FEE", self.accounts[which])
            assert found.owed_fen - found.credit_fen == self.owed[which] - fees
            assert found.credit_fen >= 0
            for bill in found.open_bills:
                assert bill.late_fee_fen == self.fee_by_rows(bill), bill

    def fee_by_rows(self, bill) -> int:
        paid = Allocation.objects.filter(bill_id=bill.bill_id, kind="BILL", released_at=None)
        history = tuple(Paid(*row) for row in paid.values_list("settled_on", "amount_fen"))
        owed = Arrears(bill.open_fen + sum(one.amount_fen for one in history), bill.due_on, history)
        waived = sum(
            PaymentDecision.objects.filter(kind="WAIVER", state="DONE", bill_id=bill.bill_id).values_list(
                "amount_fen", flat=True
            )
        )
        charged = -make.balance("REVENUE:LATE_FEE", source=bill.bill_id)
        return max(0, late_fee(owed, self.today, OTHERS).amount_fen - charged - waived)

    @invariant()
    def every_check_is_silent(self) -> None:
        if hasattr(self, "owed"):
            with connection.cursor() as cursor:
                for fault, sql in CHECKS.items():
                    cursor.execute(sql.replace("%", "%%"), [])
                    assert cursor.fetchall() == [], fault


@pytest.mark.django_db
@pytest.mark.timeout(600)
def test_the_books_agree_with_a_plain_model_after_every_step(monkeypatch):
    rules = current.library()
    monkeypatch.setattr(current, "library", lambda: rules)
    run_state_machine_as_test(
        Money, settings=settings(max_examples=25, stateful_step_count=30, deadline=None, derandomize=True)
    )
    assert Payment.objects.count() == 0
