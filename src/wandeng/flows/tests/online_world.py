"""A county with bills, a demo channel whose keys are made once, and the two things one does with it: open and tell."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from wandeng.domains.ledger.models import EntryLine
from wandeng.domains.payments.actions import online
from wandeng.domains.payments.models.online import PaymentAlarm, PaymentOrder
from wandeng.domains.payments.tests import make
from wandeng.flows.online_payments import callbacks, demo, orders, providers, work
from wandeng.infra import jobs
from wandeng.infra.outgoing import CallFailed
from wandeng.kernel.actors import SYSTEM

AT = make.AT
CHANNEL = demo.CODE
SITE = "https://pay.example"
BILL_FEN = 120_00
LATER = AT + timedelta(hours=2)
CLEARING = f"CLEARING:{CHANNEL}"


@cache
def keys() -> tuple[dict[str, str], dict[str, str]]:
    """Facts and secrets of the channel: making RSA keys takes a while, so tests share them."""
    made: dict[str, Any] = {}

    def note(**given: Any) -> str:
        made.update(given)
        return CHANNEL

    original, online.set_up_channel = online.set_up_channel, note  # type: ignore[assignment]
    try:
        demo.set_up(site=SITE, actor=SYSTEM, at=AT)
    finally:
        online.set_up_channel = original
    return made["facts"], made["secrets"]


def channel() -> None:
    """The demo channel, set up."""
    facts, secrets = keys()
    online.set_up_channel(
        code=CHANNEL, kind="DEMO", name="演示收银台", merchant="1900000000", facts=facts, secrets=secrets,
        is_active=True, actor=SYSTEM, at=AT,
    )  # fmt: skip


def county() -> None:
    """The accounts, one bill of 120.00 yuan that is not late, and the channel."""
    shutil.rmtree(Path(settings.HOME) / "demo-cashier", ignore_errors=True)
    ids = make.accounts()
    make.bill(ids[make.HOME], "2026-02", BILL_FEN, date(2026, 3, 31))
    channel()


@cache
def house() -> Any:
    """The provider's other side; its keys are those of :func:`keys`, whatever database is used."""
    return providers.of(CHANNEL).house  # type: ignore[attr-defined]


def opened(*, key: str = "k1", fen: int = BILL_FEN, account: str = make.HOME, at: datetime = AT) -> str:
    """An order, by a hall clerk; returns its number."""
    return orders.open_order(
        key=key, account_number=account, amount_fen=fen, channel=CHANNEL, actor=make.CLERK, at=at
    ).number  # fmt: skip


@dataclass(frozen=True, slots=True)
class Delivered:
    """What a call-back was answered with."""

    status: int
    outcome: str


def tell(call_back: tuple[dict[str, str], bytes], *, at: datetime = AT) -> Delivered:
    """Deliver a call-back."""
    headers, body = call_back
    taken = callbacks.receive_call(channel=CHANNEL, headers=headers, body=body, came_from="10.0.0.1", at=at)
    return Delivered(taken.reply.status, taken.outcome)


def paid(number: str, *, at: datetime = AT, fen: int | None = None) -> Delivered:
    """Pay an order at the house and tell us."""
    house().pay(number, at=at, amount_fen=fen)
    return tell(house().call_back(number, at=at), at=at)


def balance(ledger_account: str) -> int:
    return sum(EntryLine.objects.filter(ledger_account=ledger_account).values_list("amount_fen", flat=True))


def state(number: str) -> str:
    return PaymentOrder.objects.get(number=number).state


def alarms() -> list[str]:
    return sorted(PaymentAlarm.objects.values_list("kind", flat=True))


def work_until(at: object) -> None:
    """What a worker does that wakes up at this time."""
    handlers = work.kinds(lambda: at)
    while jobs.run_one(handlers, owner="test", clock=lambda: at):
        pass


def lose_replies(patch: pytest.MonkeyPatch) -> None:
    """The provider hears everything and none of its answers arrives."""
    real = providers.of

    def lossy(code: str) -> object:
        adapter = real(code)
        answer = adapter._call  # type: ignore[attr-defined]

        def lost(*asked: object) -> object:
            answer(*asked)
            raise CallFailed("no answer within 3 seconds", 3000)

        adapter._call = lost  # type: ignore[attr-defined]
        return adapter

    patch.setattr(providers, "of", lossy)
