"""Refunds of online payments, whole or in parts: asked for, agreed to, sent, confirmed. The reversal of the payment, or of
the part, is booked before money leaves; who books it is ``payments.actions``, by the limits of the dated rule."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Count, F, Q, Sum

from wandeng.domains.organization.types import Role
from wandeng.domains.payments.actions import online
from wandeng.domains.payments.models import OnlineRefund
from wandeng.domains.payments.states_online import ONLINE_REFUND
from wandeng.infra import audit
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import MoveRefused, move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound
from wandeng.kernel.money import format_yuan

REFUNDERS = (Role.ACCOUNTANT, Role.COUNTY_MANAGER)


class RefundKeyUsed(Conflict):
    """A refund with this key exists and is about another order or amount."""

    code = "REFUND_KEY_USED"


class RefundTooLarge(Conflict):
    """More is to be refunded than is left of what the order brought."""

    code = "REFUND_TOO_LARGE"


@dataclass(frozen=True, slots=True)
class RefundStanding:
    """Refunds of an order in fen: asked for and not rejected, confirmed; and how many are under way."""

    asked_fen: int
    done_fen: int
    under_way: int


@dataclass(frozen=True, slots=True)
class RefundHeld:
    """A refund whose row the caller's transaction holds. ``order_fen``: what the order brought."""

    refund_id: int
    number: str
    order_number: str
    channel: str
    unit_id: int
    unit_path: str
    amount_fen: int
    order_fen: int
    reason: str
    state: str
    decision_id: int | None
    maker: str
    sent_at: datetime | None


@transaction.atomic
def propose(
    *, number: str, key: str, order_number: str, reason: str, actor: Actor, at: datetime, amount_fen: int | None = None
) -> str:  # fmt: skip
    """Ask for a refund of a paid order, once by ``key``: of a part, or without ``amount_fen`` of all that is left; the
    order is REFUNDING from now on. Returns the refund's number.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput` without a reason, ``MoveRefused`` for an order that
    is not paid, :class:`RefundKeyUsed`, :class:`RefundTooLarge`.
    """
    order = online.hold(order_number)
    if order is None or not Scope.of(actor).covers(order.unit_path):
        raise NotFound(f"there is no payment order {order_number}")
    require(actor, *REFUNDERS, unit_path=order.unit_path)
    if not reason.strip():
        raise InvalidInput("a refund is made for a stated reason")
    known = OnlineRefund.objects.filter(key=key).first()
    if known is not None:
        if known.order_id != order.order_id or amount_fen not in (None, known.amount_fen):
            raise RefundKeyUsed(f"refund '{key}' is about another order or amount", key=key)
        return known.number
    left = order.amount_fen - standing_of(order.order_id).asked_fen
    asked = left if amount_fen is None else amount_fen
    if order.state != "REFUNDING":
        online.move_order(order, "refund", actor=actor, at=at, reason=reason.strip())
    if asked <= 0 and left > 0:
        raise InvalidInput(f"a refund is of more than 0, got {format_yuan(asked)}")
    if asked > left or left <= 0:
        raise RefundTooLarge(f"{format_yuan(left)} of payment order {order_number} are left to refund")
    row = OnlineRefund.objects.create(
        number=number, key=key, order_id=order.order_id, amount_fen=asked, reason=reason.strip()[:500],
        maker=actor.code, made_at=at,
    )  # fmt: skip
    facts = {"refund": number, "order": order_number, "amount_fen": asked}
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
        row.pk, row.number, order.number, order.channel, order.unit_id, order.unit_path, row.amount_fen,
        order.amount_fen, row.reason, row.state, row.decision_id, row.maker, row.sent_at,
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
    """The whole refund that waits for the reversal of a payment."""
    rows = OnlineRefund.objects.filter(
        order__payment_id=payment_id, state="PROPOSED", amount_fen=F("order__amount_fen")
    )
    return rows.values_list("number", flat=True).first()


def waiting_for_decision(decision_id: int) -> str | None:
    """The refund that waits for a decision."""
    rows = OnlineRefund.objects.filter(decision_id=decision_id, state="PROPOSED")
    return rows.values_list("number", flat=True).first()


def standing_of(order_id: int) -> RefundStanding:
    """How far the refunds of an order are; the caller holds the order."""
    rows = OnlineRefund.objects.filter(order_id=order_id).exclude(state="REJECTED")
    found = rows.aggregate(
        asked=Sum("amount_fen"), done=Sum("amount_fen", filter=Q(state="DONE")),
        under_way=Count("id", filter=~Q(state="DONE")),
    )  # fmt: skip
    return RefundStanding(found["asked"] or 0, found["done"] or 0, found["under_way"])
