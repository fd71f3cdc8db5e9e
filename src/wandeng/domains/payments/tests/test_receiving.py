"""Money comes in: once by its key, the oldest bill first with its late fee, the rest is credit."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from wandeng.domains.ledger.models import Entry
from wandeng.domains.payments import actions
from wandeng.domains.payments.models import Allocation, Payment
from wandeng.domains.payments.tests import make
from wandeng.domains.payments.types import SettledPart
from wandeng.infra.models import Event
from wandeng.kernel.errors import InvalidInput, NotAllowed, NotFound

pytestmark = pytest.mark.django_db
JAN, FEB = date(2026, 2, 25), date(2026, 3, 25)
"""Due dates."""


@pytest.fixture
def mill():
    return make.accounts()[make.MILL]


def test_a_payment_in_full_leaves_nothing_open(mill):
    bill = make.bill(mill, "2026-02", 300_00, FEB)
    receipt = make.pay(mill, 300_00)
    assert receipt.settled == (SettledPart("BILL", bill, 300_00),)
    assert (receipt.credit_fen, receipt.owed_fen_after) == (0, 0)
    assert make.balance("RECEIVABLE", mill) == 0
    assert make.balance("CASH:BS-W") == 300_00


def test_the_oldest_bill_is_settled_first_and_its_late_fee_before_it(mill):
    old, new = make.bill(mill, "2026-01", 1_000_00, JAN), make.bill(mill, "2026-02", 500_00, FEB)
    # due 25 February, paid 20 March: 23 days × 2 ‰ × 1,000.00 = 46.00
    receipt = make.pay(mill, 1_100_00)
    assert receipt.settled == (
        SettledPart("LATE_FEE", old, 46_00),
        SettledPart("BILL", old, 1_000_00),
        SettledPart("BILL", new, 54_00),
    )
    assert receipt.owed_fen_after == 446_00
    assert make.balance("REVENUE:LATE_FEE", source=old) == -46_00


def test_a_part_payment_lowers_what_later_days_are_charged_on(mill):
    old = make.bill(mill, "2026-01", 1_000_00, JAN)
    # 2 March: 5 days × 2 ‰ × 1,000.00 = 10.00 first, then 500.00 of the bill
    first = make.pay(mill, 510_00, key="a", on=date(2026, 3, 2))
    assert first.settled == (SettledPart("LATE_FEE", old, 10_00), SettledPart("BILL", old, 500_00))
    # to 20 March: 18 more days × 2 ‰ × 500.00 = 18.00
    second = make.pay(mill, 518_00, key="b")
    assert second.settled == (SettledPart("LATE_FEE", old, 18_00), SettledPart("BILL", old, 500_00))
    assert second.owed_fen_after == 0


def test_what_is_paid_too_much_is_credit_and_settles_the_next_bill_with_the_next_payment(mill):
    make.bill(mill, "2026-01", 100_00, FEB)
    assert make.pay(mill, 130_00, key="a").credit_fen == 30_00
    assert make.balance("CREDIT", mill) == -30_00
    later = make.bill(mill, "2026-02", 50_00, FEB)
    receipt = make.pay(mill, 20_00, key="b")
    assert receipt.settled == (SettledPart("BILL", later, 20_00),)
    assert receipt.owed_fen_after == 0
    assert make.balance("CREDIT", mill) == make.balance("RECEIVABLE", mill) == 0
    used = Allocation.objects.get(payment=None)
    assert (used.kind, used.bill_id, used.amount_fen) == ("BILL", later, 30_00)


def test_a_named_bill_is_settled_before_older_ones(mill):
    make.bill(mill, "2026-01", 100_00, FEB - timedelta(days=2))
    named = make.bill(mill, "2026-02", 50_00, FEB)
    assert make.pay(mill, 50_00, bills=[named]).settled == (SettledPart("BILL", named, 50_00),)


def test_the_same_key_is_one_payment(mill):
    make.bill(mill, "2026-02", 300_00, FEB)
    first = make.pay(mill, 200_00)
    again = make.pay(mill, 200_00)
    assert (again.is_repeat, again.payment_id, again.settled) == (True, first.payment_id, first.settled)
    assert again.owed_fen_after == first.owed_fen_after == 100_00
    assert Payment.objects.count() == 1
    assert Entry.objects.filter(kind="PAYMENT").count() == 1
    assert Event.objects.filter(name="payments.payment_received").count() == 1


@pytest.mark.parametrize("other", [{"amount_fen": 201_00}, {"tender": "CARD"}, {"channel": "AGENT"}])
def test_the_same_key_with_other_facts_is_refused(mill, other):
    make.pay(mill, 200_00)
    told = {"amount_fen": 200_00} | other
    with pytest.raises(actions.PaymentKeyUsed):
        make.pay(mill, told.pop("amount_fen"), **told)


def test_the_same_key_for_another_account_is_refused(mill):
    make.pay(mill, 200_00)
    with pytest.raises(actions.PaymentKeyUsed):
        make.pay(make.ids()[make.HOME], 200_00)


def test_a_cancelled_bill_that_was_paid_becomes_credit_for_other_bills(mill):
    paid = make.bill(mill, "2026-01", 300_00, FEB)
    make.pay(mill, 300_00, key="a")
    make.bill(mill, "2026-01", -300_00, FEB, kind="CANCELLATION", corrects=paid)
    again = make.bill(mill, "2026-01", 280_00, FEB, kind="REBILL", corrects=paid)
    later = make.bill(mill, "2026-02", 100_00, FEB)
    # 300.00 back settle 280.00 of the new bill and 20.00 of the next; 80.00 are left
    receipt = make.pay(mill, 80_00, key="b")
    assert receipt.settled == (SettledPart("BILL", later, 80_00),)
    assert receipt.owed_fen_after == 0
    assert make.balance("RECEIVABLE", mill, again) == 0


def test_a_cancelled_bill_that_was_not_paid_takes_its_late_fee_with_it(mill):
    wrong = make.bill(mill, "2026-01", 300_00, JAN)
    make.bill(mill, "2026-01", -300_00, JAN, kind="CANCELLATION", corrects=wrong)
    receipt = make.pay(mill, 10_00)
    assert (receipt.settled, receipt.owed_fen_after) == ((SettledPart("CREDIT", None, 10_00),), 0)


def test_an_agreement_lays_down_its_own_late_fee(mill):
    from wandeng.domains.customers.models import CustomerAgreement

    CustomerAgreement.objects.create(
        id=1, number="A1", account_id=mill, state="SIGNED", valid_from=date(2026, 1, 1), valid_to=date(2027, 1, 1),
        signed_on=date(2026, 1, 1), late_fee_rate_e4=10,
    )  # fmt: skip
    old = make.bill(mill, "2026-01", 1_000_00, JAN)
    # 23 days × 1 ‰ × 1,000.00 = 23.00
    assert make.pay(mill, 23_00).settled == (SettledPart("LATE_FEE", old, 23_00),)


def test_unsound_payments_are_refused(mill):
    for wrong in ({"amount_fen": 0}, {"tender": "SHELLS"}, {"channel": "a b"}, {"on": date(2026, 3, 21)}, {"key": " "}):
        told = {"amount_fen": 1_00} | wrong
        with pytest.raises(InvalidInput):
            make.pay(mill, told.pop("amount_fen"), **told)


def test_who_takes_payments_needs_the_role_and_the_unit(mill):
    from dataclasses import replace

    with pytest.raises(NotAllowed):
        make.pay(mill, 1_00, actor=replace(make.CLERK, roles=frozenset({"DISPATCHER"})))
    with pytest.raises(NotFound):
        make.pay(mill, 1_00, actor=replace(make.CLERK, unit_path="XX/"))
