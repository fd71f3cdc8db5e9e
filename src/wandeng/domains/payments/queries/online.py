"""Orders, refunds, messages and alarms of payments online, as people and adapters read them."""

from __future__ import annotations

import json
import re
from base64 import b64decode
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from wandeng.domains.payments import channels
from wandeng.domains.payments.models import (
    ChannelReceipt,
    OnlineRefund,
    PaymentAlarm,
    PaymentChannel,
    PaymentOrder,
    ProviderMessage,
)
from wandeng.infra import pii
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import NotFound

Rows = QuerySet[Any, dict[str, Any]]
UNIT = "unit__path"
_PERSONAL = re.compile(
    r'("?(?:openid|sub_openid|payer_openid|buyer_id|buyer_logon_id|buyer_open_id|buyer_user_id|accNo|payer)"?\s*[:=]\s*"?)'
    r"([^\"&,}\s]+)"
)
_DIGITS = re.compile(r"(?<![0-9A-Za-z])(1[3-9]\d{9}|\d{15,19})(?![0-9A-Za-z])")
SHOWN = 4_000
"""Characters of a message that its page shows."""


@dataclass(frozen=True, slots=True)
class ChannelFacts:
    """A channel with what its adapter needs; ``secrets`` never leave the adapter."""

    code: str
    kind: str
    name: str
    merchant: str
    facts: dict[str, str]
    secrets: dict[str, str]
    is_active: bool

    def __repr__(self) -> str:
        return f"ChannelFacts({self.code}, {self.kind})"


@dataclass(frozen=True, slots=True)
class ChannelShown:
    """A channel as people see it: which keys it has, never what they are."""

    code: str
    kind: str
    name: str
    merchant: str
    facts: dict[str, str]
    keys: tuple[str, ...]
    is_active: bool
    changed_by: str
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class RefundShown:
    """A refund of an order."""

    number: str
    amount_fen: int
    state: str
    reason: str
    maker: str
    made_at: datetime
    checker: str
    sent_at: datetime | None
    done_at: datetime | None
    failure: str
    decision_id: int | None


@dataclass(frozen=True, slots=True)
class RefundDone:
    """A refund as a channel's day is held against it."""

    number: str
    order_number: str
    amount_fen: int
    state: str
    done_at: datetime
    account_number: str


@dataclass(frozen=True, slots=True)
class MessageShown:
    """A message as its order's page shows it: names of payers masked, at most :data:`SHOWN` characters."""

    message_id: int
    kind: str
    is_genuine: bool
    fault: str
    outcome: str
    received_at: datetime
    came_from: str
    digest: str
    size: int
    text: str


@dataclass(frozen=True, slots=True)
class KeptMessage:
    """A message as it came."""

    headers: dict[str, str]
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class AlarmShown:
    """An alarm."""

    alarm_id: int
    kind: str
    channel: str
    order_number: str
    trade_number: str
    amount_fen: int
    state: str
    raised_at: datetime
    handled_by: str
    handled_at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class OrderShown:
    """An order with everything about it."""

    number: str
    channel: str
    channel_kind: str
    channel_name: str
    account_number: str
    account_name: str
    unit_name: str
    unit_path: str
    amount_fen: int
    subject: str
    pay_url: str
    state: str
    opened_by: str
    opened_at: datetime
    expires_at: datetime
    asked_at: datetime | None
    questions: int
    paid_at: datetime | None
    trade_number: str
    payment_id: int | None
    refunds: tuple[RefundShown, ...]
    messages: tuple[MessageShown, ...]
    alarms: tuple[AlarmShown, ...]

    @property
    def refunded_fen(self) -> int:
        """What has gone back, confirmed by the provider."""
        return sum(one.amount_fen for one in self.refunds if one.state == "DONE")

    @property
    def refundable_fen(self) -> int:
        """What can still be asked back: nothing of an order that no money paid."""
        if self.payment_id is None or self.state not in ("PAID", "SETTLED", "REFUNDING", "PART_REFUNDED"):
            return 0
        return self.amount_fen - sum(one.amount_fen for one in self.refunds if one.state != "REJECTED")


def channel_facts(code: str) -> ChannelFacts:
    """A channel for its adapter, keys opened. Raises :class:`NotFound`."""
    row = PaymentChannel.objects.filter(code=code).first()
    if row is None:
        raise NotFound(f"there is no payment channel {code}")
    return ChannelFacts(
        row.code, row.kind, row.name, row.merchant, json.loads(row.facts), channels.opened(row.secrets), row.is_active
    )


def channels_shown(*, active_only: bool = False) -> tuple[ChannelShown, ...]:
    """The channels of the installation, by code."""
    rows = PaymentChannel.objects.order_by("code")
    return tuple(
        ChannelShown(
            row.code, row.kind, row.name, row.merchant, json.loads(row.facts), tuple(sorted(channels.opened(row.secrets))),
            row.is_active, row.changed_by, row.changed_at,
        )
        for row in (rows.filter(is_active=True) if active_only else rows)
    )  # fmt: skip


def order_rows(scope: Scope) -> Rows:
    """Orders inside the scope, newest first. Lazy."""
    rows: QuerySet[Any] = scope.limit(PaymentOrder.objects.all(), UNIT).order_by("-id")
    found: Rows = (
        rows.values(
            "id", "number", "amount_fen", "state", "opened_by", "opened_at", "expires_at", "paid_at", "trade_number",
            "questions", channel_code=F("channel__code"), account_number=F("account__account_number"),
            account_name=F("account__name"), unit_name=F("unit__name"),
        )
    )  # fmt: skip
    return found


def alarm_rows(scope: Scope) -> Rows:
    """Alarms inside the scope, newest first. Lazy."""
    rows: QuerySet[Any] = scope.limit(PaymentAlarm.objects.all(), UNIT).order_by("-id")
    found: Rows = (
        rows.values(
            "id", "kind", "order_number", "trade_number", "amount_fen", "state", "raised_at", "handled_by",
            "handled_at", "note", channel_code=F("channel__code"), unit_name=F("unit__name"),
        )
    )  # fmt: skip
    return found


def refund_rows(scope: Scope) -> Rows:
    """Refunds inside the scope, newest first. Lazy."""
    rows: QuerySet[Any] = scope.limit(OnlineRefund.objects.all(), "order__unit__path").order_by("-id")
    found: Rows = (
        rows.values(
            "id", "number", "amount_fen", "state", "reason", "maker", "made_at", "checker", "sent_at", "done_at",
            order_number=F("order__number"), account_number=F("order__account__account_number"),
            channel_code=F("order__channel__code"),
        )
    )  # fmt: skip
    return found


def order(scope: Scope, number: str) -> OrderShown:
    """One order with its refunds, messages and alarms. Raises :class:`NotFound`, also outside the scope."""
    rows = PaymentOrder.objects.select_related("channel", "account", "unit")
    row = scope.one(rows, UNIT, "payment order", number=number)
    return OrderShown(
        number=row.number,
        channel=row.channel.code,
        channel_kind=row.channel.kind,
        channel_name=row.channel.name,
        account_number=row.account.account_number,
        account_name=row.account.name,
        unit_name=row.unit.name,
        unit_path=row.unit.path,
        amount_fen=row.amount_fen,
        subject=row.subject,
        pay_url=row.pay_url,
        state=row.state,
        opened_by=row.opened_by,
        opened_at=row.opened_at,
        expires_at=row.expires_at,
        asked_at=row.asked_at,
        questions=row.questions,
        paid_at=row.paid_at,
        trade_number=row.trade_number,
        payment_id=row.payment_id,
        refunds=tuple(_refund(one) for one in row.refunds.order_by("id")),
        messages=messages_of(row.number, row.channel.code),
        alarms=tuple(_alarm(one, row.channel.code) for one in row.alarms.order_by("id")),
    )


def order_of_refund(scope: Scope, refund_number: str) -> str:
    """The number of the order that a refund is of. Raises :class:`NotFound`, also outside the scope."""
    rows = OnlineRefund.objects.select_related("order")
    return scope.one(rows, "order__unit__path", "refund", number=refund_number).order.number


def orders_of(scope: Scope, account_number: str, *, limit: int = 10) -> tuple[dict[str, Any], ...]:
    """The newest orders of an account, as rows of :func:`order_rows`."""
    return tuple(order_rows(scope).filter(account__account_number=account_number)[:limit])


def messages_of(order_number: str, channel: str) -> tuple[MessageShown, ...]:
    """What a provider sent about an order, oldest first, masked; the last hundred."""
    rows = ProviderMessage.objects.filter(order_number=order_number, channel__code=channel).select_related("outcome")
    return tuple(_message(row) for row in reversed(rows.order_by("-id")[:100]))


def kept_message(message_id: int) -> KeptMessage:
    """A message as it came, for whoever acts on it. Raises :class:`NotFound`."""
    row = ProviderMessage.objects.filter(pk=message_id).first()
    if row is None:
        raise NotFound(f"there is no provider message {message_id}")
    return KeptMessage(
        json.loads(row.headers), b64decode(pii.open_sealed(row.body_sealed, column=channels.BODY)), row.received_at
    )


def not_genuine_since(channel: str, since: datetime, most: int) -> int:
    """How many messages were kept since an instant whose signature is not the provider's, counted to ``most``."""
    rows = ProviderMessage.objects.filter(channel__code=channel, is_genuine=False, received_at__gt=since)
    return rows.order_by("-received_at")[:most].count()


def standing_of(channel: str, numbers: list[str]) -> dict[str, tuple[str, str]]:
    """number → (state, the provider's number of the money that paid it) of those orders of a channel that exist."""
    rows = PaymentOrder.objects.filter(channel__code=channel, number__in=numbers)
    return {number: (state, trade) for number, state, trade in rows.values_list("number", "state", "trade_number")}


def booked_between(channel: str, since: datetime, until: datetime) -> tuple[tuple[str, str, int], ...]:
    """(order number, the provider's number, fen) of all money booked as of a stretch of the provider's time."""
    rows = ChannelReceipt.objects.filter(channel__code=channel, paid_at__gte=since, paid_at__lt=until).order_by("id")
    return tuple(rows.values_list("order_number", "trade_number", "amount_fen"))


def refunded_between(channel: str, since: datetime, until: datetime) -> tuple[RefundDone, ...]:
    """Refunds of a channel that the provider did in a stretch of its time."""
    rows = OnlineRefund.objects.filter(order__channel__code=channel, done_at__gte=since, done_at__lt=until)
    return _refunds_done(rows.filter(state="DONE"))


def refunds_of(channel: str, numbers: list[str]) -> dict[str, RefundDone]:
    """Those refunds of a channel that exist, by number; ``done_at`` of one under way is when it was made."""
    found = _refunds_done(OnlineRefund.objects.filter(order__channel__code=channel, number__in=numbers))
    return {one.number: one for one in found}


def _refunds_done(rows: QuerySet[OnlineRefund]) -> tuple[RefundDone, ...]:
    found = rows.order_by("id").values_list(
        "number", "order__number", "amount_fen", "state", "done_at", "made_at", "order__account__account_number"
    )
    return tuple(
        RefundDone(number, order, fen, state, done or made, account)
        for number, order, fen, state, done, made, account in found
    )


def masked(text: str) -> str:
    """A message without what names its payer.

    >>> masked('{"openid":"oUpF8uMuAJO","amount":{"total":100}}')
    '{"openid":"****","amount":{"total":100}}'
    """
    return _DIGITS.sub(lambda found: f"{found[0][:3]}****{found[0][-4:]}", _PERSONAL.sub(r"\1****", text))


def _message(row: ProviderMessage) -> MessageShown:
    text = b64decode(pii.open_sealed(row.body_sealed, column=channels.BODY)).decode(errors="replace")
    outcome = getattr(row, "outcome", None)
    return MessageShown(
        row.pk, row.kind, row.is_genuine, row.fault, outcome.outcome if outcome else "", row.received_at, row.came_from,
        row.digest, row.size, masked(text)[:SHOWN],
    )  # fmt: skip


def _refund(row: OnlineRefund) -> RefundShown:
    return RefundShown(
        row.number, row.amount_fen, row.state, row.reason, row.maker, row.made_at, row.checker, row.sent_at, row.done_at,
        row.failure, row.decision_id,
    )  # fmt: skip


def _alarm(row: PaymentAlarm, channel: str) -> AlarmShown:
    return AlarmShown(
        row.pk, row.kind, channel, row.order_number, row.trade_number, row.amount_fen, row.state, row.raised_at,
        row.handled_by, row.handled_at, row.note,
    )  # fmt: skip
