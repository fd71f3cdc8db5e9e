"""M6: whatever order a provider's messages come in, however often and however wrong, each yuan is booked once.

A thousand random sequences are played against a model of a few lines; the seed is printed, and the same seed plays the
same sequences. A handler that posts before it looks at the key must fail the same check.
"""

from __future__ import annotations

import random
import secrets
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.db.models import Sum

from wandeng.domains.ledger.models import EntryLine
from wandeng.domains.payments.actions import online
from wandeng.domains.payments.models import Payment, PaymentOrder
from wandeng.domains.payments.models.online import ChannelReceipt, MessageOutcome, PaymentAlarm, ProviderMessage
from wandeng.domains.payments.tests import make
from wandeng.flows import payments
from wandeng.flows.online_payments import refunds
from wandeng.flows.tests import online_world as world
from wandeng.flows.tests.online_world import AT, CHANNEL
from wandeng.kernel.actors import SYSTEM

SEED = 20261122
SEQUENCES = 1_000
SUSPICIOUS = {"WRONG_AMOUNT", "SECOND_PAYMENT", "AFTER_REFUND", "UNKNOWN_ORDER"}
ACCOUNTS = ("1001", "1002", "1003", "1004", "1005", "1006")


@dataclass(frozen=True)
class Step:
    """A message of the provider, or something that we do in between. ``number`` is the order it names."""

    what: str
    number: str
    trade: str = ""
    fen: int = 0


@dataclass
class Model:
    """What must be true: each number of the provider is money once; the first of the right amount pays the order."""

    receipts: dict[str, int] = field(default_factory=dict)
    paid: dict[str, int] = field(default_factory=dict)
    refunded: set[str] = field(default_factory=set)
    suspense: dict[str, int] = field(default_factory=dict)

    def hear(self, step: Step, asked: dict[str, int]) -> None:
        if step.what == "refund" and step.number in self.paid:
            self.refunded.add(step.number)
        if step.what != "paid" or step.trade in self.receipts:
            return
        self.receipts[step.trade] = step.fen
        if asked.get(step.number) == step.fen and step.number not in self.paid:
            self.paid[step.number] = step.fen
        else:
            self.suspense[step.trade] = step.fen

    def totals(self) -> dict[str, int]:
        gone = sum(self.paid[number] for number in self.refunded)
        return {
            "payments": len(self.paid),
            "clearing": sum(self.receipts.values()) - gone,
            "suspense": -sum(self.suspense.values()),
        }


def totals() -> dict[str, int]:
    """The same as it stands in the books."""

    def balance(name: str) -> int:
        return int(EntryLine.objects.filter(ledger_account=name).aggregate(fen=Sum("amount_fen"))["fen"] or 0)

    return {
        "payments": Payment.objects.count(),
        "clearing": balance(f"CLEARING:{CHANNEL}"),
        "suspense": balance("SUSPENSE"),
    }


def sequence(number: str, fen: int, chance: random.Random) -> list[Step]:
    """A few things that happen to an order, each message up to three times, in any order."""
    trades = [f"T{number}{place}" for place in range(3)]
    steps: list[Step] = []
    for _ in range(chance.randint(1, 3)):
        kind = chance.choice(
            ("right", "right", "right", "wrong", "unknown", "forged", "stale", "noted", "close", "refund")
        )
        if kind == "right":
            steps += [Step("paid", number, trades[chance.random() > 0.8], fen)] * chance.randint(1, 2)
        elif kind == "wrong":
            steps.append(Step("paid", number, chance.choice(trades), fen + chance.choice((-1, 1, 100))))
        elif kind == "unknown":
            steps += [Step("paid", f"X{number}", f"TX{number}", fen)] * chance.randint(1, 2)
        else:
            steps.append(Step(kind, number, trades[0], fen))
    chance.shuffle(steps)
    return steps


def message(step: Step) -> tuple[dict[str, str], bytes]:
    """The provider's words, signed."""
    told = {"out_trade_no": step.number, "transaction_id": step.trade, "success_time": AT.isoformat(),
            "amount": {"total": step.fen}}  # fmt: skip
    event = "TRANSACTION.PAYERROR" if step.what == "noted" else "TRANSACTION.SUCCESS"
    sent = AT - timedelta(minutes=30) if step.what == "stale" else AT
    headers, body = world.house()._sealed(event, told, sent)
    return headers, body + b" " if step.what == "forged" else body


def order(fen: int, account: str) -> str:
    number = f"20260320{secrets.token_hex(6).upper()}"
    return online.open_order(
        number=number, key=number, channel=CHANNEL, account_number=account, amount_fen=fen, subject="电费",
        expires_at=AT + timedelta(minutes=30), actor=SYSTEM, at=AT,
    )  # fmt: skip


def do(step: Step, tell: Callable[[Step], None]) -> None:
    """Deliver a message, or do what the step says."""
    if step.what == "close":
        with transaction.atomic():
            held = online.hold(step.number)
            if held is not None and held.state == "CREATED":
                online.move_order(held, "close", actor=SYSTEM, at=AT)
    elif step.what == "refund":
        if PaymentOrder.objects.get(number=step.number).state == "PAID":
            refunds.refund(key=step.number, number=step.number, reason="客户申请", actor=make.ACCOUNTANT, at=AT)
    else:
        tell(step)


def play(sequences: int, seed: int, tell: Callable[[Step], None]) -> Model:
    """Play so many sequences; what must be true afterwards."""
    chance, model = random.Random(seed), Model()
    for place in range(sequences):
        fen = chance.randint(100, 20_000)
        number = order(fen, ACCOUNTS[place % len(ACCOUNTS)])
        for step in sequence(number, fen, chance):
            model.hear(step, {number: fen})
            do(step, tell)
    return model


def told_to_the_product(step: Step) -> None:
    delivered = world.tell(message(step))
    assert delivered.status == (401 if step.what in ("forged", "stale") else 200)


def told_to_one_who_posts_first(step: Step) -> None:
    """The negative control: books what it hears under a key of the message, and looks at the order afterwards."""
    if step.what != "paid":
        return
    known = PaymentOrder.objects.filter(number=step.number).select_related("account").first()
    if known is not None:
        payments.take(
            key=f"naive:{secrets.token_hex(8)}", account_number=known.account.account_number, amount_fen=step.fen,
            tender="ONLINE", channel=CHANNEL, received_on=make.TODAY, at=AT, actor=SYSTEM,
        )  # fmt: skip


@pytest.mark.django_db
def test_a_thousand_random_sequences_book_each_yuan_once() -> None:
    world.county()
    print(f"seed {SEED}")
    model = play(SEQUENCES, SEED, told_to_the_product)
    assert totals() == model.totals()
    assert {row.trade_number: row.amount_fen for row in ChannelReceipt.objects.all()} == model.receipts
    assert set(Payment.objects.values_list("key", flat=True)) == {f"online:{number}" for number in model.paid}
    assert MessageOutcome.objects.count() == ProviderMessage.objects.filter(is_genuine=True).count()
    raised = Counter(PaymentAlarm.objects.filter(kind__in=SUSPICIOUS).values_list("trade_number", flat=True))
    assert raised == Counter(model.suspense.keys())
    assert sum(EntryLine.objects.values_list("amount_fen", flat=True)) == 0


@pytest.mark.django_db
def test_a_handler_that_posts_before_it_looks_at_the_key_is_seen() -> None:
    world.county()
    model = play(20, SEED, told_to_one_who_posts_first)
    assert totals() != model.totals()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("unknown", [False, True], ids=["known order", "unknown order"])
def test_two_at_once_book_once(unknown: bool) -> None:
    """Eight threads tell the same at the same moment, each on a connection of its own."""
    world.county()
    number = order(50_00, make.HOME)
    told = Step("paid", "X1" if unknown else number, "T1", 50_00)
    messages = [message(told) for _thread in range(8)]

    def deliver(one: tuple[dict[str, str], bytes]) -> str:
        try:
            return world.tell(one).outcome
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as threads:
        outcomes = Counter(threads.map(deliver, messages))
    assert outcomes == {"UNKNOWN_ORDER" if unknown else "POSTED": 1, "REPEAT": 7}
    assert (ChannelReceipt.objects.count(), totals()["clearing"]) == (1, 50_00)


@pytest.mark.django_db(transaction=True)
def test_a_call_back_and_the_answer_to_our_own_question_at_once_book_once() -> None:
    world.county()
    number = world.opened(fen=50_00)
    house = world.house()
    house.pay(number, at=AT)
    call_back = house.call_back(number, at=AT)

    def ask(_turn: int) -> None:
        try:
            world.orders.query(number=number, actor=make.CLERK, at=AT)
        finally:
            connections.close_all()

    def hear(_turn: int) -> None:
        try:
            world.tell(call_back)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as threads:
        for work in [threads.submit(act, turn) for turn in range(3) for act in (ask, hear)]:
            work.result()
    assert (Payment.objects.count(), totals()["clearing"]) == (1, 50_00)
