"""The nightly second opinion: silent after honest work, loud at each planted fault."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from wandeng.domains.payments import actions, queries
from wandeng.domains.payments.checks import CHECKS
from wandeng.domains.payments.models import Allocation, Payment
from wandeng.domains.payments.tests import make

pytestmark = pytest.mark.django_db(transaction=True)
WHY = {"reason": "录入错误", "actor": make.ACCOUNTANT, "at": make.AT}


@pytest.fixture
def mill():
    ids = make.accounts()
    mill, home = ids[make.MILL], ids[make.HOME]
    make.bill(mill, "2026-01", 100_00, date(2026, 2, 25))
    make.pay(mill, 150_00, key="a")
    made = make.pay(mill, 20_00, key="b")
    make.bill(mill, "2026-02", 60_00, date(2026, 3, 25))
    actions.settle_account(account=mill, key="x", actor=make.ACCOUNTANT, at=make.AT)
    actions.reverse(key="r", payment_id=made.payment_id, **WHY)
    online = make.pay(home, 90_00, key="o", tender="ONLINE", channel="WECHAT")
    actions.reverse_part(key="p1", payment_id=online.payment_id, amount_fen=30_00, **WHY)
    gone = make.pay(home, 10_00, key="g", tender="ONLINE", channel="WECHAT")
    actions.reverse_part(key="p2", payment_id=gone.payment_id, amount_fen=4_00, **WHY)
    actions.reverse_part(key="p3", payment_id=gone.payment_id, amount_fen=6_00, **WHY)
    actions.take_deposit(key="d", account=mill, amount_fen=5_00, tender="CASH", channel="TILL", **WHY)
    return mill


def told() -> set[str]:
    return {one.fault for one in queries.faults()}


def test_honest_work_has_no_faults(mill):
    assert told() == set()


@pytest.mark.parametrize(
    "fault, sql",
    [
        ("PARTS_DIFFER", "UPDATE payments_allocation SET amount_fen = amount_fen + 1 WHERE kind = 'BILL'"),
        ("ENTRY_DIFFERS", "UPDATE payments_payment SET debited = 'CASH:OTHER' WHERE key = 'a'"),
        ("LATE_FEES_DIFFER", "DELETE FROM payments_allocation WHERE kind = 'LATE_FEE'"),
        ("ACCOUNT_DIFFERS", "UPDATE payments_payment SET amount_fen = amount_fen + 1 WHERE key = 'a'"),
        ("ACCOUNT_DIFFERS", "UPDATE payments_paymentdecision SET amount_fen = amount_fen + 1 WHERE key = 'p1'"),
        ("PARTS_TOO_MANY", "UPDATE payments_paymentdecision SET amount_fen = 9001 WHERE key = 'p1'"),
        ("PARTS_TOO_MANY", "UPDATE payments_paymentdecision SET amount_fen = amount_fen - 1 WHERE key = 'p3'"),
        ("OPEN_OUT_OF_RANGE", "UPDATE billing_bill SET amount_fen = 1 WHERE amount_fen = 6000"),
    ],
)
def test_a_planted_fault_is_told(mill, fault, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
    assert fault in told()
    assert fault in CHECKS


def test_a_payment_without_its_entry_is_told(mill):
    row = Payment.objects.create(
        key="forged", account_id=mill, unit_id=Payment.objects.first().unit_id, channel="TILL", tender="CASH",
        debited="CASH:BS-W", amount_fen=7, received_on=make.TODAY, received_at=make.AT, actor="x",
    )  # fmt: skip
    Allocation.objects.create(payment=row, account_id=mill, kind="CREDIT", amount_fen=7, settled_on=make.TODAY)
    assert {"ENTRY_DIFFERS", "ACCOUNT_DIFFERS"} <= told()
