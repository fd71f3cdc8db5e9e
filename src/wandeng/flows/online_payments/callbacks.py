"""What a provider tells us, from the bytes to the books: kept word for word, checked, and booked once.

A call-back is written down with its verdict on the signature before anything is done on it, and committed; only then it
is answered, so that the provider need not say it again. What is done on it is one transaction with the mark that it was
done. What failed, and what a killed process left, a job does again from the kept message.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction

from wandeng.domains.payments.actions import online, online_money
from wandeng.domains.payments.actions.online import OrderHeld
from wandeng.domains.payments.queries import online as orders
from wandeng.flows import payments
from wandeng.flows.online_payments import providers, refunds
from wandeng.flows.online_payments.providers import NotGenuine, Reply, Told
from wandeng.infra import jobs
from wandeng.kernel.actors import Actor
from wandeng.kernel.periods import BILLING_ZONE

ACT = "online.act"
ACT_AFTER = timedelta(seconds=30)
"""When a job looks whether a call-back was acted on: by then its own process has, or is dead."""
MOST_NOT_GENUINE = 200
"""Messages an hour and channel that are kept though nobody of the provider signed them; the rest is only counted."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a call-back: the reply, what was done, and the number under which it is kept (0: not kept)."""

    reply: Reply
    outcome: str
    message_id: int


def machine(channel: str) -> Actor:
    """Under which name a channel posts."""
    return Actor(f"online:{channel}", roles=frozenset({"ADMINISTRATOR"}))


def receive_call(
    *, channel: str, headers: Mapping[str, str], body: bytes, came_from: str, at: datetime
) -> Taken:  # fmt: skip
    """Take a call-back. Raises ``NotFound`` for a channel that is not set up; everything else is answered."""
    provider = providers.of(channel)
    told, fault, number = _read(provider, headers, body, at)
    if told is None:
        if orders.not_genuine_since(channel, at - timedelta(hours=1), MOST_NOT_GENUINE) >= MOST_NOT_GENUINE:
            log.warning("call-back of %s not kept: too many that are not genuine", channel)
            return Taken(provider.reply(taken=False), "NOT_GENUINE", 0)
        message = keep(channel, "CALLBACK", number, fault, headers, body, came_from, at)
        return Taken(provider.reply(taken=False), "NOT_GENUINE", message)
    message = keep(channel, "CALLBACK", told.order_number, "", headers, body, came_from, at)
    return Taken(provider.reply(taken=True), act_safely(message, channel, told, at), message)


def keep(
    channel: str,
    kind: str,
    number: str,
    fault: str,
    headers: Mapping[str, str],
    body: bytes,
    came_from: str,
    at: datetime,
) -> int:
    """Write a message down and commit, with the job that acts on it should this process die now."""
    with transaction.atomic():
        message = online.keep_message(
            channel=channel, kind=kind, order_number=number, fault=fault, headers=headers, body=body,
            came_from=came_from, at=at,
        )  # fmt: skip
        if not fault and kind == "CALLBACK":
            payload = {"message": message, "channel": channel}
            jobs.enqueue(kind=ACT, dedup_key=f"{ACT}:{message}", payload=payload, at=at, run_at=at + ACT_AFTER)
    return message


def act_safely(message: int, channel: str, told: Told, at: datetime) -> str:
    """Act, and leave it to the job where that fails: what was kept is not lost. Returns the outcome, or FAILED."""
    try:
        return act(message, channel, told, at)
    except Exception:
        log.exception("message %s of %s was kept and could not be acted on", message, channel)
        online.raise_alarm(
            kind="NOT_BOOKED", key=f"not-booked:{message}", channel=channel, order=None, unit_id=online.root_unit(),
            order_number=told.order_number, trade_number=told.trade_number, amount_fen=told.amount_fen, at=at,
        )  # fmt: skip
        return "FAILED"


def act(message: int, channel: str, told: Told, at: datetime) -> str:
    """Do what a genuine message asks for, once: posting, suspense, refund, or nothing. Returns the outcome."""
    try:
        return _act(message, channel, told, at)
    except IntegrityError:
        # Another process booked the same money of an unknown order in this moment; now its row is seen.
        return _act(message, channel, told, at)


@transaction.atomic
def _act(message: int, channel: str, told: Told, at: datetime) -> str:
    order = online.hold(told.order_number)
    if order is not None and order.channel != channel:
        order = None
    if done := online.outcome_of(message):
        return done
    if told.what == providers.PAID:
        outcome = _paid(channel, order, told, at)
    elif told.what in (providers.REFUNDED, providers.REFUND_FAILED):
        outcome = refunds.told(channel, order, told, at=at, actor=machine(channel))
    else:
        outcome = "NOTED"
    online.note_outcome(message_id=message, outcome=outcome, at=at)
    return outcome


def _paid(channel: str, order: OrderHeld | None, told: Told, at: datetime) -> str:
    """Book money once by the provider's number of it."""
    known = online.receipt_of(channel, told.trade_number)
    if known is not None:
        if known == (told.order_number[:64], told.amount_fen):
            return "REPEAT"
        _alarm(
            "CONTRADICTION", f"contradiction:{channel}:{told.trade_number}:{told.amount_fen}", channel, order, told, at
        )
        return "CONTRADICTION"
    if order is None:
        return _suspend("UNKNOWN_ORDER", channel, None, told, at)
    if order.state not in ("CREATED", "CLOSED", "SUSPENDED"):
        after = order.state in ("REFUNDING", "PART_REFUNDED", "REFUNDED")
        return _suspend("AFTER_REFUND" if after else "SECOND_PAYMENT", channel, order, told, at)
    if told.amount_fen != order.amount_fen:
        outcome = _suspend("WRONG_AMOUNT", channel, order, told, at)
        if order.state != "SUSPENDED":
            online.move_order(order, "suspend", actor=machine(channel), at=at, reason="another amount came")
        return outcome
    return _post(channel, order, told, at)


def _post(channel: str, order: OrderHeld, told: Told, at: datetime) -> str:
    paid_at = told.at or at
    receipt = payments.take(
        key=f"online:{order.number}", account_number=order.account_number, amount_fen=order.amount_fen,
        tender="ONLINE", channel=channel, received_on=_day(paid_at, at), at=at, actor=machine(channel),
    )  # fmt: skip
    online.book_receipt(
        channel=channel, trade_number=told.trade_number, order=order, order_number=order.number,
        amount_fen=told.amount_fen, paid_at=paid_at, booked_as="PAYMENT", key=receipt.key, at=at,
    )  # fmt: skip
    online.move_order(
        order, "pay", actor=machine(channel), at=at, paid_at=paid_at, trade_number=told.trade_number,
        payment_id=receipt.payment_id,
    )  # fmt: skip
    return "POSTED" if order.state == "CREATED" else "POSTED_LATE"


def _suspend(reason: str, channel: str, order: OrderHeld | None, told: Told, at: datetime) -> str:
    """Money that is real, and not what the order asked for: into suspense, with an alarm."""
    key, paid_at = f"online:{channel}:{told.trade_number}", told.at or at
    unit = order.unit_id if order else online.root_unit()
    online.book_receipt(
        channel=channel, trade_number=told.trade_number, order=order, order_number=told.order_number,
        amount_fen=told.amount_fen, paid_at=paid_at, booked_as="SUSPENSE", key=key, at=at,
    )  # fmt: skip
    online_money.to_suspense(
        key=key, unit_id=unit, channel=channel, amount_fen=told.amount_fen, received_on=_day(paid_at, at),
        account_number=order.account_number if order else "", reason=reason, actor=machine(channel), at=at,
    )  # fmt: skip
    _alarm(reason, f"{reason.lower()}:{channel}:{told.trade_number}", channel, order, told, at)
    return reason


def _alarm(kind: str, key: str, channel: str, order: OrderHeld | None, told: Told, at: datetime) -> None:
    unit = order.unit_id if order else online.root_unit()
    online.raise_alarm(
        kind=kind, key=key, channel=channel, order=order, unit_id=unit, order_number=told.order_number,
        trade_number=told.trade_number, amount_fen=told.amount_fen, at=at,
    )  # fmt: skip


def _read(
    provider: providers.Provider, headers: Mapping[str, str], body: bytes, at: datetime
) -> tuple[Told | None, str, str]:
    """(what it says, or nothing; the fault; the order it claims to be about)."""
    try:
        told = provider.read(headers, body, now=at)
    except NotGenuine as refusal:
        return None, refusal.fault, refusal.order_number
    if told.what == providers.PAID and (told.amount_fen <= 0 or not told.trade_number):
        return None, "SENSELESS", told.order_number
    return told, "", told.order_number


def _day(paid_at: datetime, at: datetime) -> date:
    """The local day of payment; a provider's clock that is ahead of ours does not pay in the future."""
    return min(paid_at, at).astimezone(BILLING_ZONE).date()


def act_again(payload: jobs.Payload, at: datetime) -> None:
    """The job: act on a kept message that nobody acted on. Raises what :func:`act` raises, so that it comes round again."""
    if online.outcome_of(payload["message"]):
        return
    kept = orders.kept_message(payload["message"])
    provider = providers.of(payload["channel"])
    # It was found genuine when it came; the provider's clock is held against that moment.
    told = provider.read(kept.headers, kept.body, now=kept.received_at)
    act(payload["message"], payload["channel"], told, at)
