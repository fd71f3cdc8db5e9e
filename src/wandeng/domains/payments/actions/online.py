"""Orders for payment online: asked for, paid, settled, closed; what providers sent, kept as it came; alarms for people.

The actions here keep the books of one order. Who calls a provider and what follows from its answer is
``flows/online_payments``.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction
from django.db.models import F

from wandeng.domains.customers import queries as customers
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.payments import channels
from wandeng.domains.payments.models import (
    ChannelReceipt,
    MessageOutcome,
    PaymentAlarm,
    PaymentChannel,
    PaymentOrder,
    ProviderMessage,
)
from wandeng.domains.payments.states_online import PAYMENT_ALARM, PAYMENT_ORDER
from wandeng.infra import audit, pii
from wandeng.infra.scope import Scope, require, require_root
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound
from wandeng.kernel.ids import AccountId
from wandeng.kernel.money import format_yuan

ASKERS = (Role.HALL_CLERK, Role.CALL_CLERK, Role.ACCOUNTANT, Role.CELL_MANAGER, Role.ACCOUNT_MANAGER)
HANDLERS = (Role.ACCOUNTANT, Role.COUNTY_MANAGER)
LARGEST_FEN = 5_000_000_00
"""No provider takes more than this at once; a larger amount is a slip of the hand."""
KINDS = ("WECHAT", "ALIPAY", "UNIONPAY", "DEMO")
_CODE = re.compile(r"[A-Z][A-Z0-9_]{1,23}")


class OrderKeyUsed(Conflict):
    """An order with this key exists and asks for something else."""

    code = "ORDER_KEY_USED"


@dataclass(frozen=True, slots=True)
class OrderHeld:
    """An order whose row the caller's transaction holds."""

    order_id: int
    number: str
    channel: str
    account_id: AccountId
    account_number: str
    unit_id: int
    unit_path: str
    amount_fen: int
    state: str
    payment_id: int | None


@transaction.atomic
def set_up_channel(
    *,
    code: str,
    kind: str,
    name: str,
    merchant: str,
    facts: Mapping[str, str],
    secrets: Mapping[str, str],
    is_active: bool,
    actor: Actor,
    at: datetime,
) -> str:
    """Set up a channel or change it; without ``secrets`` those it has stay. Returns its code.

    Raises :class:`NotAllowed` unless the actor administers the whole installation, :class:`InvalidInput`.
    """
    require_root(actor, Role.ADMINISTRATOR)
    if kind not in KINDS:
        raise InvalidInput(f"a payment channel is of kind {', '.join(KINDS)}, not '{kind}'")
    if not _CODE.fullmatch(code):
        raise InvalidInput(f"'{code}' is no channel: upper-case letters, digits and underscores")
    if not name.strip() or not merchant.strip():
        raise InvalidInput("a payment channel has a name and a merchant number")
    row = PaymentChannel.objects.select_for_update().filter(code=code).first() or PaymentChannel(code=code)
    row.kind, row.name, row.merchant, row.is_active = kind, name.strip(), merchant.strip(), is_active
    row.facts, row.changed_by, row.changed_at = json.dumps(dict(facts), sort_keys=True), actor.code, at
    if secrets:
        row.secrets = channels.sealed(secrets)
    row.save()
    told = {"code": code, "kind": kind, "merchant": merchant, "active": int(is_active), "new_keys": sorted(secrets)}
    audit.record(actor=actor, action="online.channel", subject=row, facts=told, at=at)
    return code


@transaction.atomic
def open_order(
    *,
    number: str,
    key: str,
    channel: str,
    account_number: str,
    amount_fen: int,
    subject: str,
    expires_at: datetime,
    actor: Actor,
    at: datetime,
) -> str:
    """Ask an account for an amount, once by ``key``. Returns the order's number: the first one for a repeat.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput`, :class:`OrderKeyUsed`, :class:`Conflict` for a
    channel that is switched off.
    """
    account = customers.account(Scope.of(actor), account_number)
    require(actor, *ASKERS, unit_path=account.unit_path)
    if not 0 < amount_fen <= LARGEST_FEN:
        raise InvalidInput(
            f"an order asks for more than 0 and at most {format_yuan(LARGEST_FEN)}, got {format_yuan(amount_fen)}"
        )
    if not key.strip() or len(key) > 120:
        raise InvalidInput("an order needs a key of at most 120 characters")
    known = PaymentOrder.objects.select_related("channel").filter(key=key).first()
    if known is not None:
        if (known.account_id, known.amount_fen, known.channel.code) != (account.id, amount_fen, channel):
            raise OrderKeyUsed(f"order '{key}' asks for something else already", key=key)
        return known.number
    merchant = PaymentChannel.objects.filter(code=channel).first()
    if merchant is None:
        raise NotFound(f"there is no payment channel {channel}")
    if not merchant.is_active:
        raise Conflict(f"payment channel {channel} is switched off")
    row = PaymentOrder.objects.create(
        number=number, key=key, channel=merchant, account_id=account.id,
        unit_id=organization.unit(Scope.everywhere(), account.unit_code).unit_id, amount_fen=amount_fen, subject=subject[:127], opened_by=actor.code, opened_at=at, expires_at=expires_at,
    )  # fmt: skip
    facts = {"order": number, "channel": channel, "account": account_number, "amount_fen": amount_fen}
    audit.record(actor=actor, action="online.order", subject=row, facts=facts, at=at, unit_path=account.unit_path)
    return number


def give_pay_url(*, number: str, pay_url: str) -> None:
    """Keep what the provider's QR code says."""
    PaymentOrder.objects.filter(number=number).update(pay_url=pay_url)


def note_asked(*, number: str, at: datetime) -> int:
    """Count a question to the provider about an order; returns how many there were."""
    PaymentOrder.objects.filter(number=number).update(asked_at=at, questions=F("questions") + 1)
    return PaymentOrder.objects.values_list("questions", flat=True).get(number=number)


def hold(number: str) -> OrderHeld | None:
    """Lock an order until the caller's transaction ends; ``None`` when there is none."""
    rows = PaymentOrder.objects.filter(number=number)
    if connection.features.has_select_for_update:
        # Locked first and read then: what was waited for is seen as it stands now.
        rows.select_for_update(no_key=True).values_list("pk").first()
    found = rows.values_list(
        "pk", "number", "channel__code", "account_id", "account__account_number", "unit_id", "unit__path",
        "amount_fen", "state", "payment_id",
    ).first()  # fmt: skip
    if found is None:
        return None
    pk, named, channel, account, account_number, unit, path, fen, state, payment = found
    return OrderHeld(pk, named, channel, AccountId(account), account_number, unit, path, fen, state, payment)


def move_order(held: OrderHeld, verb: str, *, actor: Actor, at: datetime, reason: str = "", **also: object) -> None:
    """Move a held order by its state table; ``also`` are columns set with it."""
    move(PaymentOrder(pk=held.order_id), PAYMENT_ORDER, verb, actor=actor, at=at, reason=reason, **also)


def keep_message(
    *,
    channel: str,
    kind: str,
    order_number: str,
    fault: str,
    headers: Mapping[str, str],
    body: bytes,
    came_from: str,
    at: datetime,
) -> int:
    """Keep what a provider sent, as it came. An empty ``fault``: its signature is good. Returns its number."""
    row = ProviderMessage.objects.create(
        channel_id=_channel_id(channel),
        kind=kind,
        order_number=order_number[:64],
        is_genuine=not fault,
        fault=fault,
        headers=json.dumps(dict(headers), sort_keys=True),
        body_sealed=pii.seal_many([b64encode(body).decode()], column=channels.BODY)[0],
        digest=hashlib.sha256(body).hexdigest(),
        size=len(body),
        came_from=came_from[:64],
        received_at=at,
    )
    return row.pk


def outcome_of(message_id: int) -> str:
    """What was done on a message; empty while nothing was."""
    return MessageOutcome.objects.filter(message_id=message_id).values_list("outcome", flat=True).first() or ""


def note_outcome(*, message_id: int, outcome: str, at: datetime) -> None:
    """Say what was done on a message, in the transaction that did it. Raises ``IntegrityError`` the second time."""
    MessageOutcome.objects.create(message_id=message_id, outcome=outcome, at=at)


def receipt_of(channel: str, trade_number: str) -> tuple[str, int] | None:
    """(order number, fen) of money that was booked by the provider's number; ``None`` for money that is new."""
    rows = ChannelReceipt.objects.filter(channel__code=channel, trade_number=trade_number)
    found: tuple[str, int] | None = rows.values_list("order_number", "amount_fen").first()
    return found


def book_receipt(
    *,
    channel: str,
    trade_number: str,
    order: OrderHeld | None,
    order_number: str,
    amount_fen: int,
    paid_at: datetime,
    booked_as: str,
    key: str,
    at: datetime,
) -> None:
    """Say what money of a provider became. Raises ``IntegrityError`` for a number that was booked already."""
    ChannelReceipt.objects.create(
        channel_id=_channel_id(channel), trade_number=trade_number,
        order_id=order.order_id if order else None, order_number=order_number[:64], amount_fen=amount_fen,
        paid_at=paid_at, booked_as=booked_as, key=key, booked_at=at,
    )  # fmt: skip


def raise_alarm(
    *,
    kind: str,
    key: str,
    channel: str,
    order: OrderHeld | None,
    unit_id: int,
    order_number: str = "",
    trade_number: str = "",
    amount_fen: int = 0,
    at: datetime,
) -> None:
    """Call a person, once by ``key``."""
    PaymentAlarm.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "channel_id": _channel_id(channel),
            "order_id": order.order_id if order else None,
            "unit_id": unit_id,
            "order_number": (order.number if order else order_number)[:64],
            "trade_number": trade_number[:64],
            "amount_fen": amount_fen,
            "raised_at": at,
        },
    )


@transaction.atomic
def handle_alarm(*, alarm_id: int, note: str, actor: Actor, at: datetime) -> None:
    """Say what became of an alarm.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput` without a note, ``MoveRefused`` for one that is
    handled.
    """
    row = Scope.of(actor).one(PaymentAlarm.objects.select_related("unit"), "unit__path", "payment alarm", id=alarm_id)
    require(actor, *HANDLERS, unit_path=row.unit.path)
    if not note.strip():
        raise InvalidInput("say what became of the alarm: it stays on record")
    note = note.strip()[:500]
    move(row, PAYMENT_ALARM, "handle", actor=actor, at=at, reason=note, handled_by=actor.code, handled_at=at, note=note)
    facts = {"kind": row.kind, "order": row.order_number, "trade": row.trade_number}
    audit.record(
        actor=actor, action="online.alarm", subject=row, facts=facts, at=at, reason=note, unit_path=row.unit.path
    )


def root_unit() -> int:
    """Where money belongs that names nobody: the root of the installation."""
    root = min(organization.unit_tree(Scope.everywhere()), key=lambda unit: (unit.depth, unit.path))
    return int(root.unit_id)


def _channel_id(code: str) -> int:
    return PaymentChannel.objects.values_list("pk", flat=True).get(code=code)
