"""A batch of payments does to orders what a single payment does, in the batch's own transactions."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pytest

from wandeng.domains.collections import actions
from wandeng.domains.collections.models import ReconnectionOrder
from wandeng.domains.collections.tests.make import orders as make
from wandeng.domains.payments import frames as payments
from wandeng.domains.payments.types import TAKE
from wandeng.flows import disconnection as flow
from wandeng.infra.columns import ColumnStore
from wandeng.infra.models import Delivery, Event
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
LATER = make.NOW + timedelta(hours=2)
FULL = make.DEBT + 13_20
"""The bill and a late fee of 1 ‰ for each of 44 days."""


@pytest.fixture
def numbers() -> list[str]:
    make.county()
    return make.many(5)


def pay(numbers: list[str], fen: int, batch: str = "bank:1") -> None:
    rows = pl.DataFrame(
        {
            "key": [f"{batch}:{number}" for number in numbers],
            "account_id": [make.account(number) for number in numbers],
            "amount_fen": [fen] * len(numbers), "tender": ["DEBIT"] * len(numbers),
            "channel": ["BANK_DEBIT"] * len(numbers), "received_on": [LATER.date()] * len(numbers),
        },
        schema=TAKE,
    )  # fmt: skip
    then = flow.after_batch(batch=batch, actor=SYSTEM, at=LATER, library=make.library())
    with ColumnStore() as store:
        payments.take_many(store, rows, batch=batch, unit_path="BS/", at=LATER, actor=SYSTEM, then=then)


def test_a_batch_withdraws_recalls_and_orders_back(numbers: list[str]) -> None:
    proposed, approved = make.proposed(numbers[0]), make.approved(numbers[1])
    sent, cut = make.sent(numbers[2]), make.cut(numbers[3])
    pay(numbers, FULL)
    assert [make.state(one) for one in (proposed, approved, sent, cut)] == ["WITHDRAWN", "WITHDRAWN", "RECALLED", "CUT"]
    backs = ReconnectionOrder.objects.order_by("id")
    assert [(one.disconnection.number, one.cause, one.due_from) for one in backs] == [
        (sent, "PAYMENT", LATER), (cut, "PAYMENT", LATER),
    ]  # fmt: skip
    assert {one.due_at for one in backs} == {LATER + timedelta(hours=24)}
    told = Event.objects.filter(name="collections.supply_ordered_back")
    assert told.count() == Delivery.objects.filter(event__in=told).count() == 2


def test_a_batch_that_leaves_the_debt_open_changes_nothing_and_the_rest_orders_back_once(numbers: list[str]) -> None:
    cut = make.cut(numbers[0])
    pay(numbers[:1], 100_00)
    assert not ReconnectionOrder.objects.exists()
    pay(numbers[:1], FULL - 100_00, batch="bank:2")
    pay(numbers[:1], 50_00, batch="bank:3")
    assert ReconnectionOrder.objects.get().disconnection.number == cut


def test_a_batch_and_a_single_payment_decide_alike(numbers: list[str]) -> None:
    one, other = make.cut(numbers[0]), make.cut(numbers[1])
    pay(numbers[:1], FULL - 9_00)
    pay(numbers[1:2], FULL - 10_00)
    found = set(ReconnectionOrder.objects.values_list("disconnection__number", flat=True))
    assert found == {one}, "9.00 may stay open, 10.00 may not (rules/national/reconnection: least_yuan = 10)"
    answer = actions.after_payment(
        account=make.account(numbers[1]), payment_key="x", paid_at=LATER, actor=SYSTEM, at=LATER, library=make.library()
    )
    assert answer.reconnection == ""
    assert make.state(other) == "CUT"
