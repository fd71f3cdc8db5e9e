"""Payments, an account's money, and decisions of two persons, on their pages."""

from __future__ import annotations

import re

import pytest

from wandeng.domains.payments.models import InstalmentPlan, Payment, PaymentDecision
from wandeng.domains.payments.tests import make
from wandeng.interfaces.console.payments.tests import till_world as world
from wandeng.interfaces.console.payments.tests.till_world import client, page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def county():
    return world.county()


def pay(fen: int, number: str = make.MILL, key: str = "k") -> int:
    return make.pay(make.ids()[number], fen, key=key, on=world.today(), at=world.now()).payment_id


def form_key(text: str) -> str:
    return re.search(r'name="key" value="(\w+)"', text)[1]


def do(code: str, what: str, number: str = make.MILL, **words: str):
    known = client(code)
    address = f"/console/payments/accounts/{number}/{what}/"
    shown = page(known, f"payments/accounts/{number}/{what}/")
    key = form_key(shown) if 'name="key"' in shown else ""
    return known.post(address, {"key": key, "reason": "客户申请", **words})


def test_payments_are_listed_and_open_by_number() -> None:
    number = pay(50_00)
    assert make.MILL in page(client("hall"), "payments/payments/")
    shown = page(client("hall"), f"payments/payments/{number}/")
    assert "销账明细" in shown
    assert "¥50.00" in shown
    page(client("east"), f"payments/payments/{number}/", status=404)
    page(client("call"), f"payments/payments/{number}/")


def test_a_small_payment_is_reversed_at_once_and_a_large_one_waits() -> None:
    small, large = pay(50_00, key="a"), pay(1_500_00, key="b")
    for number in (small, large):
        client("account2").post(f"/console/payments/payments/{number}/reverse/", {"reason": "录入错误"})
    assert list(Payment.objects.order_by("id").values_list("state", flat=True)) == ["REVERSED", "RECEIVED"]
    waiting = PaymentDecision.objects.get(state="PROPOSED")
    assert "等待另一人复核" in page(client("account2"), f"payments/decisions/{waiting.pk}/")
    assert "同意，办理" in page(client("head"), f"payments/decisions/{waiting.pk}/")
    assert client("hall").post(f"/console/payments/decisions/{waiting.pk}/decide/", {"agree": "yes"}).status_code == 403
    client("head").post(f"/console/payments/decisions/{waiting.pk}/decide/", {"agree": "yes"})
    assert Payment.objects.get(pk=large).state == "REVERSED"


def test_receivables_lead_to_the_money_of_an_account() -> None:
    shown = page(client("account2"), "payments/receivables/")
    assert "¥88.88" in shown
    assert "/console/payments/accounts/1003/" in shown
    money = page(client("account2"), "payments/accounts/1003/")
    assert "未交账单" in money
    assert "坏账核销" in money
    assert "坏账核销" not in page(client("call"), "payments/accounts/1003/")
    page(client("east"), "payments/accounts/1003/", status=404)


def test_a_refund_is_done_once_by_its_form() -> None:
    pay(150_00, make.HOME)
    known = client("hall")
    shown = page(known, f"payments/accounts/{make.HOME}/refund/")
    told = {"key": form_key(shown), "amount": "30.00", "tender": "CASH", "reason": "客户申请"}
    for _ in range(2):
        known.post(f"/console/payments/accounts/{make.HOME}/refund/", told)
    assert PaymentDecision.objects.get(kind="REFUND").amount_fen == 30_00
    assert make.balance("CASH:BS-W") == 120_00


def test_a_refusal_lands_on_the_form() -> None:
    pay(10_00, make.HOME)
    answer = do("hall", "refund", make.HOME, amount="30.00", tender="CASH")
    assert answer.status_code == 422
    assert "预收电费只有 ¥10.00" in answer.content.decode()


def test_a_write_off_waits_for_the_manager_and_a_plan_is_made() -> None:
    bill = re.search(r'<option value="(\d+)"', page(client("account2"), "payments/accounts/1003/write-off/"))[1]
    do("account2", "write-off", bill=bill, amount="8.88")
    assert PaymentDecision.objects.get().state == "PROPOSED"
    parts = {"day_1": "2099-01-25", "amount_1": "40", "day_2": "2099-02-25", "amount_2": "48.88"}
    assert do("account2", "plan", **parts).status_code == 302
    plan = InstalmentPlan.objects.get()
    assert "履行中" in page(client("account2"), "payments/accounts/1003/")
    client("account2").post(f"/console/payments/accounts/1003/plans/{plan.pk}/cancel/", {"reason": "一次付清"})
    plan.refresh_from_db()
    assert plan.state == "CANCELLED"


def test_a_deposit_is_taken_and_given_back() -> None:
    do("hall", "deposit", make.HOME, amount="200", tender="CASH")
    do("account2", "release", make.HOME, amount="200")
    assert "¥200.00" in page(client("hall"), f"payments/accounts/{make.HOME}/")
    assert make.balance("CREDIT") == -200_00


def test_the_page_of_the_customer_shows_the_money() -> None:
    pay(50_00)
    assert "未交账单" in page(client("hall"), "customers/account/1003/part/money/")
