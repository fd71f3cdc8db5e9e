"""An order from the counter to its end: opened and told to the provider, asked about while nobody has answered, closed.

An order is committed before the provider hears of it. Where the reply is lost nothing is repeated blindly: the same
number is the same order at the provider, and a job asks what became of it.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from wandeng.domains.payments.actions import online
from wandeng.domains.payments.queries import online as orders
from wandeng.domains.payments.queries.online import OrderShown
from wandeng.flows.online_payments import callbacks, providers
from wandeng.flows.online_payments.providers import Asked, ProviderRefused
from wandeng.infra import jobs
from wandeng.infra.outgoing import CallFailed, CallNotAllowed
from wandeng.infra.scope import Scope, require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict
from wandeng.kernel.periods import BILLING_ZONE

ASK = "online.ask"
OPEN_FOR = timedelta(minutes=30)
ASK_AFTER = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
"""When an order without an answer is asked about; after that once when its time is over."""
AGAIN_AFTER = timedelta(minutes=5)
GIVE_UP_AFTER = timedelta(hours=24)
UNANSWERED = 4
"""After so many questions without an answer a person is called."""
SUBJECT = "电费"


@dataclass(frozen=True, slots=True)
class Opened:
    """An order for its payer. ``pay_url`` is empty while the provider has not answered: ask again with the same key."""

    number: str
    channel: str
    amount_fen: int
    state: str
    pay_url: str
    expires_at: datetime


def open_order(
    *, key: str, account_number: str, amount_fen: int, channel: str, actor: Actor, at: datetime
) -> Opened:  # fmt: skip
    """Ask an account for an amount through a channel; what the QR code says comes from the provider. The same key again
    is the same order.

    Raises what ``payments.actions.online.open_order`` raises, and :class:`ProviderRefused`. A provider that does not
    answer is no refusal: the order stands, without its link.
    """
    fresh = f"{at.astimezone(BILLING_ZONE):%Y%m%d}{secrets.token_hex(8).upper()}"
    with transaction.atomic():
        number = online.open_order(
            number=fresh, key=key, channel=channel, account_number=account_number, amount_fen=amount_fen,
            subject=f"{SUBJECT} {account_number}", expires_at=at + OPEN_FOR, actor=actor, at=at,
        )  # fmt: skip
        if number == fresh:
            _line_up(number, at=at, run_at=at + ASK_AFTER[0])
    shown = orders.order(Scope.everywhere(), number)
    if not shown.pay_url and shown.state == "CREATED" and at < shown.expires_at:
        try:
            pay_url = providers.of(channel).create(asked(shown), now=at)
        except (CallFailed, CallNotAllowed):
            pay_url = ""
        if pay_url:
            online.give_pay_url(number=number, pay_url=pay_url)
            shown = orders.order(Scope.everywhere(), number)
    return Opened(shown.number, channel, shown.amount_fen, shown.state, shown.pay_url, shown.expires_at)


def query(*, number: str, actor: Actor, at: datetime) -> str:
    """Ask the provider about an order now, and do what its answer means. Returns what it said: PAID, NOT_PAID, CLOSED,
    ABSENT.

    Raises ``NotFound``, ``NotAllowed``, :class:`CallFailed`, :class:`ProviderRefused`.
    """
    shown = orders.order(Scope.of(actor), number)
    require(actor, *online.ASKERS, unit_path=shown.unit_path)
    return _ask(shown, at)


def close(*, number: str, reason: str, actor: Actor, at: datetime) -> None:
    """Close an order that nobody has paid, at the provider first.

    Raises ``NotFound``, ``NotAllowed``, :class:`Conflict` for one that is paid or closed, :class:`CallFailed`.
    """
    shown = orders.order(Scope.of(actor), number)
    require(actor, *online.ASKERS, unit_path=shown.unit_path)
    if shown.state != "CREATED" or _ask(shown, at) == providers.PAID:
        raise Conflict(f"order {number} cannot be closed: it is no longer open")
    _close(orders.order(Scope.everywhere(), number), actor, at, reason, at_provider=True)


def ask_job(payload: jobs.Payload, at: datetime) -> None:
    """The job: ask about an order that is still open, close it when its time is over, or come back later."""
    shown = orders.order(Scope.everywhere(), payload["order"])
    if shown.state != "CREATED":
        return
    try:
        said = _ask(shown, at)
        if said in (providers.NOT_PAID, providers.ABSENT) and at >= shown.expires_at:
            _close(
                shown, callbacks.machine(shown.channel), at, "its time is over", at_provider=said == providers.NOT_PAID
            )
            return
        if said in (providers.NOT_PAID, providers.ABSENT):
            _line_up(shown.number, at=at, run_at=_next(shown, at))
    except (CallFailed, CallNotAllowed, ProviderRefused):
        _unanswered(shown, at)


def asked(shown: OrderShown) -> Asked:
    """An order as its provider is asked about it."""
    return Asked(
        shown.number, shown.amount_fen, shown.subject, shown.opened_at, shown.expires_at, shown.trade_number
    )  # fmt: skip


def _ask(shown: OrderShown, at: datetime) -> str:
    online.note_asked(number=shown.number, at=at)
    said = providers.of(shown.channel).query(asked(shown), now=at)
    message = callbacks.keep(shown.channel, "ANSWER", shown.number, "", said.headers, said.body, "", at)
    callbacks.act(message, shown.channel, said.told, at)
    if said.told.what == providers.CLOSED and shown.state == "CREATED":
        _close(shown, callbacks.machine(shown.channel), at, "closed at the provider", at_provider=False)
    return said.told.what


def _close(shown: OrderShown, actor: Actor, at: datetime, reason: str, *, at_provider: bool) -> None:
    if at_provider:
        providers.of(shown.channel).close(asked(shown), now=at)
    with transaction.atomic():
        held = online.hold(shown.number)
        if held is not None and held.state == "CREATED":
            online.move_order(held, "close", actor=actor, at=at, reason=reason)


def _unanswered(shown: OrderShown, at: datetime) -> None:
    """Nobody answered, which says nothing about the money: ask again later, and call a person after a while."""
    if shown.questions + 1 >= UNANSWERED:
        with transaction.atomic():
            if held := online.hold(shown.number):
                online.raise_alarm(
                    kind="NO_ANSWER", key=f"no-answer:{shown.number}", channel=shown.channel, order=held,
                    unit_id=held.unit_id, amount_fen=shown.amount_fen, at=at,
                )  # fmt: skip
    if at < shown.expires_at + GIVE_UP_AFTER:
        _line_up(shown.number, at=at, run_at=at + AGAIN_AFTER)


def _next(shown: OrderShown, at: datetime) -> datetime:
    later = [shown.opened_at + after for after in ASK_AFTER if shown.opened_at + after > at]
    return min([*later, shown.expires_at + timedelta(seconds=30)])


def _line_up(number: str, *, at: datetime, run_at: datetime) -> None:
    jobs.enqueue(
        kind=ASK, dedup_key=f"{ASK}:{number}:{run_at.isoformat()}", payload={"order": number}, at=at, run_at=run_at
    )
