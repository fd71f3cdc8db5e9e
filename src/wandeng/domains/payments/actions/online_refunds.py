"""Refunds of online payments: asked for, agreed to, sent, confirmed. The reversal of the payment is booked before money
leaves; who books it is ``payments.actions.reverse``, by the limits of the dated rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from wandeng.domains.organization.types import Role
from wandeng.domains.payments.actions import online
from wandeng.domains.payments.models import OnlineRefund
from wandeng.domains.payments.states_online import ONLINE_REFUND
from wandeng.infra import audit
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import MoveRefused, move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound

REFUNDERS = (Role.ACCOUNTANT, Role.COUNTY_MANAGER)


class RefundKeyUsed(Conflict):
    """A refund with this key exists and is about another order."""

    code = "REFUND_KEY_USED"


@dataclass(frozen=True, slots=True)
class RefundHeld:
    """A refund whose row the caller's transaction holds."""

    refund_id: int
    number: str
    order_number: str
    channel: str
    unit_id: int
    unit_path: str
    amount_fen: int
    reason: str
    state: str
    decision_id: int | None
    maker: str
    sent_at: datetime | None


@transaction.atomic
def propose(*, number: str, key: str, order_number: str, reason: str, actor: Actor, at: datetime) -> str:
    """Ask for the refund of a paid order, once by ``key``; the order is REFUNDING from now on. Returns its number.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput` without a reason, ``MoveRefused`` for an order that
    is not paid, :class:`RefundKeyUsed`.
    """
    order = online.hold(order_number)
    if order is None or not Scope.of(actor).covers(order.unit_path):
        raise NotFound(f"there is no payment order {order_number}")
    require(actor, *REFUNDERS, unit_path=order.unit_path)
    if not reason.strip():
        raise InvalidInput("a refund is made for a stated reason")
    known = OnlineRefund.objects.filter(key=key).first()
    if known is not None:
        if known.order_id != order.order_id:
            raise RefundKeyUsed(f"refund '{key}' is about another order", key=key)
        return known.number
    online.move_order(order, "refund", actor=actor, at=at, reason=reason.strip())
    row = OnlineRefund.objects.create(
        number=number, key=key, order_id=order.order_id, amount_fen=order.amount_fen, reason=reason.strip()[:500],
        maker=actor.code, made_at=at,
    )  # fmt: skip
    facts = {"refund": number, "order": order_number, "amount_fen": order.amount_fen}
    audit.record(
        actor=actor, action="online.refund", subject=row, facts=facts, at=at, reason=reason, unit_path=order.unit_path
    )
    return number


def hold(number: str) -> RefundHeld:
    """Lock a refund and its order until the caller's transaction ends. Raises :class:`NotFound`."""
    named = OnlineRefund.objects.filter(number=number).values_list("order__number", flat=True).first()
    order = online.hold(named) if named else None
    row = OnlineRefund.objects.select_for_update().filter(number=number).first()
    if row is None or order is None:
        raise NotFound(f"there is no refund {number}")
    return RefundHeld(
        row.pk, row.number, order.number, order.channel, order.unit_id, order.unit_path, row.amount_fen, row.reason,
        row.state, row.decision_id, row.maker, row.sent_at,
    )  # fmt: skip


def require_refunder(held: RefundHeld, actor: Actor) -> None:
    """Refuse whoever may not refund in the order's unit. Raises :class:`NotFound`, :class:`NotAllowed`."""
    if not Scope.of(actor).covers(held.unit_path):
        raise NotFound(f"there is no refund {held.number}")
    require(actor, *REFUNDERS, unit_path=held.unit_path)


def move_refund(held: RefundHeld, verb: str, *, actor: Actor, at: datetime, reason: str = "", **also: object) -> None:
    """Move a held refund by its state table; ``also`` are columns set with it."""
    move(OnlineRefund.objects.get(pk=held.refund_id), ONLINE_REFUND, verb, actor=actor, at=at, reason=reason, **also)


def note_decision(held: RefundHeld, decision_id: int) -> None:
    """Keep which decision about the payment the refund waits for."""
    OnlineRefund.objects.filter(pk=held.refund_id).update(decision_id=decision_id)


def note_sent(held: RefundHeld, *, at: datetime) -> bool:
    """Say, before it is sent, that it is; returns whether it had been sent before."""
    if held.state != "SENDING":
        raise MoveRefused(f"refund {held.number} is {held.state}: it is not to be sent", state=held.state)
    if held.sent_at is None:
        OnlineRefund.objects.filter(pk=held.refund_id).update(sent_at=at)
    return held.sent_at is not None


def exists(number: str) -> bool:
    """Whether there is a refund of this number."""
    return bool(number) and OnlineRefund.objects.filter(number=number).exists()


def waiting_for(payment_id: int) -> str | None:
    """The refund that waits for the reversal of a payment."""
    rows = OnlineRefund.objects.filter(order__payment_id=payment_id, state="PROPOSED")
    return rows.values_list("number", flat=True).first()
