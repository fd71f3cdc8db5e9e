"""What customers of the demonstration paid online: some orders as they should go, and one in each kind of trouble."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

import polars as pl

from wandeng.domains.customers import queries as customers
from wandeng.domains.organization import queries as organization
from wandeng.domains.payments import frames
from wandeng.domains.payments import queries as payments
from wandeng.domains.payments.queries import online as queries
from wandeng.flows.online_payments import callbacks, demo, orders, providers, refunds
from wandeng.infra.columns import ColumnStore
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.periods import BILLING_ZONE

ACCOUNTANT = "account2"
PAID = 5
LARGE_FEN = 1_200_00
"""Above the limit up to which one person refunds."""


class _House(Protocol):
    """The other side of the demo channel: what a customer and a provider do."""

    def pay(self, number: str, *, at: datetime, amount_fen: int | None = None) -> object: ...

    def call_back(self, number: str, *, at: datetime, other_number: str = "") -> tuple[dict[str, str], bytes]: ...


def leave_orders(site: str, at: datetime) -> int:
    """Set up the demo channel and let customers pay what they still owe. Returns how many orders there are; twice is once."""
    channel = demo.set_up(site=site, actor=SYSTEM, at=at)
    if not queries.order_rows(Scope.everywhere()).exists():
        house: _House = providers.of(channel).house  # type: ignore[attr-defined]
        plays = [*[_paid] * PAID, _wrong, _twice, _silent, _unknown, _forged, _refunded, _large_refund, _open]
        for account, play in zip(_owing(len(plays), at), plays, strict=False):
            play(house, _order(account, channel, at, large=play is _large_refund), channel, at)
    return queries.order_rows(Scope.everywhere()).count()


def _owing(most: int, at: datetime) -> list[str]:
    """The first accounts with something open."""
    with ColumnStore() as store:
        items = frames.open_items(store, on=at.astimezone(BILLING_ZONE).date())
    found = items.filter(pl.col("open_fen") > 0)["account_id"].unique(maintain_order=True)[:most].to_list()
    return [one.account_number for one in customers.accounts_by_id(Scope.everywhere(), found)]


def _order(account: str, channel: str, at: datetime, *, large: bool) -> str:
    on = at.astimezone(BILLING_ZONE).date()
    owed = LARGE_FEN if large else payments.standing(Scope.everywhere(), account, on=on).to_pay_fen or 50_00
    opened = orders.open_order(
        key=f"demo:{account}", account_number=account, amount_fen=owed, channel=channel, actor=SYSTEM, at=at
    )
    return opened.number


def _tell(channel: str, call_back: tuple[dict[str, str], bytes], at: datetime) -> None:
    headers, body = call_back
    callbacks.receive_call(channel=channel, headers=headers, body=body, came_from="127.0.0.1", at=at)


def _paid(house: _House, number: str, channel: str, at: datetime) -> None:
    house.pay(number, at=at)
    _tell(channel, house.call_back(number, at=at), at)


def _wrong(house: _House, number: str, channel: str, at: datetime) -> None:
    house.pay(number, at=at, amount_fen=queries.order(Scope.everywhere(), number).amount_fen + 100)
    _tell(channel, house.call_back(number, at=at), at)


def _twice(house: _House, number: str, channel: str, at: datetime) -> None:
    _paid(house, number, channel, at)
    _paid(house, number, channel, at)


def _silent(house: _House, number: str, _channel: str, at: datetime) -> None:
    house.pay(number, at=at)


def _unknown(house: _House, number: str, channel: str, at: datetime) -> None:
    house.pay(number, at=at)
    _tell(channel, house.call_back(number, at=at, other_number=f"X{number[:20]}"), at)


def _forged(house: _House, number: str, channel: str, at: datetime) -> None:
    house.pay(number, at=at)
    headers, body = house.call_back(number, at=at)
    _tell(channel, (headers, body + b" "), at)


def _refunded(house: _House, number: str, channel: str, at: datetime) -> None:
    _paid(house, number, channel, at)
    _refund(number, at)


def _large_refund(house: _House, number: str, channel: str, at: datetime) -> None:
    _paid(house, number, channel, at)
    _refund(number, at)


def _open(_house: _House, _number: str, _channel: str, _at: datetime) -> None:
    """A code that its customer has not scanned yet."""


def _refund(number: str, at: datetime) -> None:
    accountant = organization.actor_for(ACCOUNTANT, at.astimezone(BILLING_ZONE).date())
    refunds.refund(key=f"demo:{number}", number=number, reason="客户重复缴费，申请退回", actor=accountant, at=at)
