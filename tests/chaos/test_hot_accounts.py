"""M1: sixteen threads on five hot accounts, every payment sent twice at the same time, refunds and reversals among them.

Movements are as many as keys, the books sum to zero, and the checks are silent. ``WANDENG_CHAOS=long`` sends more.
"""

from __future__ import annotations

import os
import random
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connections, transaction
from django.db.models import Sum

from wandeng.domains.ledger import actions as ledger
from wandeng.domains.ledger.models import Entry, EntryLine
from wandeng.domains.ledger.types import RECEIVABLE, Posting
from wandeng.domains.organization import queries as organization
from wandeng.domains.payments import actions, queries
from wandeng.domains.payments.models import Payment, PaymentDecision
from wandeng.domains.payments.tests import make
from wandeng.infra.effective import current
from wandeng.kernel.errors import Refused

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]

THREADS, PAYMENTS = 16, 2_000 if os.environ.get("WANDENG_CHAOS") == "long" else 120
WORDS = {"reason": "试", "actor": make.ACCOUNTANT, "at": make.AT}


@pytest.fixture
def hot(monkeypatch) -> list[int]:
    rules = current.library()
    monkeypatch.setattr(current, "library", lambda: rules)
    accounts = list(make.accounts().values())[:5]
    for account in accounts:
        make.bill(account, "2026-01", 500_00, date(2026, 2, 25))
        make.bill(account, "2026-02", 700_00, date(2026, 3, 25))
    return accounts


def together(orders: Sequence[Callable[[], object]]) -> list[object]:
    """All orders by sixteen threads; what each came to, a refusal included."""

    def one(order: Callable[[], object]) -> object:
        try:
            return order()
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(one, orders))


def test_every_key_moves_money_once(hot: list[int]) -> None:
    dice = random.Random(4)
    told = [(f"k{number}", dice.choice(hot), dice.randint(1, 90_00)) for number in range(PAYMENTS)]
    orders = [lambda one=one: make.pay(one[1], one[2], key=one[0]) for one in told for _ in range(2)]
    dice.shuffle(orders)
    answers = together(orders)
    assert sum(not answer.is_repeat for answer in answers) == PAYMENTS

    payments = dict(Payment.objects.values_list("key", "id"))
    undone = dice.sample(sorted(payments), PAYMENTS // 6)
    more = [lambda key=key: actions.reverse(key=f"r{key}", payment_id=payments[key], **WORDS) for key in undone]
    more += [
        lambda number=number: actions.refund(
            key=f"f{number}", account=hot[number % 5], amount_fen=50_00, tender="CASH", channel="TILL", **WORDS
        )
        for number in range(PAYMENTS // 6)
    ]
    more += [lambda one=one: make.pay(one[1], one[2], key=one[0]) for one in told]
    dice.shuffle(twice := more * 2)
    together(twice)

    reversed_ = Payment.objects.filter(state="REVERSED").count()
    refunded = PaymentDecision.objects.filter(kind="REFUND", state="DONE").count()
    assert Entry.objects.filter(kind="PAYMENT").count() == Payment.objects.count() == PAYMENTS
    assert Entry.objects.filter(kind="PAYMENT_REVERSAL").count() == reversed_ > 0
    assert Entry.objects.filter(kind="REFUND").count() == refunded
    standing = Payment.objects.filter(state="RECEIVED").aggregate(fen=Sum("amount_fen"))["fen"]
    assert make.balance("CASH:BS-W") + make.balance("CASH:BS-E") == standing - refunded * 50_00
    assert EntryLine.objects.aggregate(fen=Sum("amount_fen"))["fen"] == 0
    assert queries.faults() == []


def test_the_count_sees_payments_that_are_read_first_and_written_then(hot: list[int]) -> None:
    """The negative control: without lock and key, what was sent twice is there twice."""
    both_have_read = threading.Barrier(2)

    def careless(number: int) -> None:
        known = Entry.objects.filter(biz_key__startswith="careless").exists()
        bill = EntryLine.objects.filter(account_id=hot[0], ledger_account=RECEIVABLE).first()
        both_have_read.wait(30)
        if known or bill is None:
            return
        with transaction.atomic():
            lines = [Posting("CASH:BS-W", 500_00), Posting(RECEIVABLE, -500_00, hot[0], bill.source)]
            ledger.post(
                biz_key=f"careless:{number}", kind="PAYMENT", unit=organization.unit_id("BS"), month="2026-03",
                lines=lines, at=make.AT, actor=make.CLERK,
            )  # fmt: skip

    together([lambda number=number: careless(number) for number in range(2)])
    assert Entry.objects.filter(kind="PAYMENT").count() == 2
    assert "OPEN_OUT_OF_RANGE" in {one.fault for one in queries.faults()}
