"""Refunds from the asking to the provider's word. Booked first, then sent; asked about, never sent twice unasked."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction

from wandeng.domains.payments import actions as payments
from wandeng.domains.payments.actions import online, online_refunds
from wandeng.domains.payments.actions.online import OrderHeld
from wandeng.domains.payments.actions.online_refunds import RefundHeld
from wandeng.domains.payments.queries import online as orders
from wandeng.domains.payments.types import Decided
from wandeng.flows.online_payments import providers
from wandeng.flows.online_payments.providers import Asked, ProviderRefused, RefundAsked, Said, Told
from wandeng.infra import jobs
from wandeng.infra.events import Body
from wandeng.infra.outgoing import CallFailed, CallNotAllowed
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.periods import BILLING_ZONE

SEND = "online.refund"
AGAIN_AFTER = timedelta(minutes=2)
GIVE_UP_AFTER = timedelta(days=3)


def refund(
    *, key: str, number: str, reason: str, actor: Actor, at: datetime, amount_fen: int | None = None
) -> str:  # fmt: skip
    """Ask for a refund of the paid order ``number``, once by ``key``: of ``amount_fen``, or of all that is left. Below the
    limit it is booked and lined up at once; above it, it waits for a second person (:func:`approve`); what was refunded of
    the order before counts with it. Returns the refund's number.

    Raises what ``online_refunds.propose``, ``payments.actions.reverse`` and ``reverse_part`` raise.
    """
    fresh = f"R{at.astimezone(BILLING_ZONE):%Y%m%d}{secrets.token_hex(8).upper()}"
    with transaction.atomic():
        made = online_refunds.propose(
            number=fresh, key=key, order_number=number, amount_fen=amount_fen, reason=reason, actor=actor, at=at
        )  # fmt: skip
        if made != fresh:
            return made
        held = online_refunds.hold(made)
        order = online.hold(number)
        assert order is not None
        assert order.payment_id is not None
        decided = _reversed(held, order.payment_id, actor, at)
        online_refunds.note_decision(held, decided.decision_id)
        if decided.state == "DONE":
            _to_send(online_refunds.hold(made), actor, at)
    return made


def approve(*, number: str, actor: Actor, at: datetime) -> None:
    """Agree to a refund above the limit, as the second person: it is booked and lined up.

    Raises ``NotFound``, ``NotAllowed``, ``MoveRefused`` for one that does not wait.
    """
    with transaction.atomic():
        held = online_refunds.hold(number)
        online_refunds.require_refunder(held, actor)
        assert held.decision_id is not None
        payments.decide(decision_id=held.decision_id, agree=True, actor=actor, at=at)
        held = online_refunds.hold(number)
        if held.state == "PROPOSED":
            _to_send(held, actor, at, checker=actor.code)


def reject(*, number: str, reason: str, actor: Actor, at: datetime) -> None:
    """Refuse a refund that waits: the order stays paid. Raises what :func:`approve` raises."""
    with transaction.atomic():
        held = online_refunds.hold(number)
        online_refunds.require_refunder(held, actor)
        assert held.decision_id is not None
        payments.decide(decision_id=held.decision_id, agree=False, reason=reason, actor=actor, at=at)
        online_refunds.move_refund(held, "reject", actor=actor, at=at, reason=reason)
        order = online.hold(held.order_number)
        assert order is not None
        _settle_order(order, actor, at, reason)


def again(*, number: str, actor: Actor, at: datetime) -> None:
    """Send a refund again that the provider refused, under its number. Raises ``NotFound``, ``NotAllowed``, ``MoveRefused``."""
    with transaction.atomic():
        held = online_refunds.hold(number)
        online_refunds.require_refunder(held, actor)
        online_refunds.move_refund(held, "again", actor=actor, at=at, failure="")
        _line_up(number, at=at, run_at=at)


def send_refund_that_waited(body: Body, at: datetime) -> None:
    """Somebody agreed to the reversal, whole or of a part, on another page: the refund that waited for it is lined up."""
    decided = body.get("decision_id")
    number = online_refunds.waiting_for_decision(decided) if decided else online_refunds.waiting_for(body["payment_id"])
    if number is not None:
        _to_send(online_refunds.hold(number), Actor("online", roles=frozenset({"ADMINISTRATOR"})), at)


def send_job(payload: jobs.Payload, at: datetime) -> None:
    """The job: send a refund, or ask what became of it once it was sent."""
    number = payload["refund"]
    with transaction.atomic():
        held = online_refunds.hold(number)
        if held.state != "SENDING":
            return
        was_sent = online_refunds.note_sent(held, at=at)
    try:
        said = _said(held, at, was_sent=was_sent)
    except (CallFailed, CallNotAllowed, ProviderRefused):
        _later(held, at)
        return
    _keep_and_tell(held, said, at)


def told(channel: str, order: OrderHeld | None, word: Told, *, at: datetime, actor: Actor) -> str:
    """Take the provider's word on a refund, in the caller's transaction. Returns the outcome."""
    held = _known(word.refund_number)
    if held is None or order is None or held.order_number != order.number or held.channel != channel:
        return _alarmed("UNKNOWN_REFUND", channel, order, word, at)
    if held.state == "DONE":
        return "REPEAT"
    if word.is_running_total and word.amount_fen != held.amount_fen and held.state == "SENDING":
        # It says what the order's refunds come to, not what this one is: its own query tells.
        _line_up(held.number, at=at, run_at=at)
        return "ASKED_ABOUT"
    if held.state not in ("SENDING", "FAILED") or (
        word.what == providers.REFUNDED and word.amount_fen != held.amount_fen
    ):
        return _alarmed("WRONG_REFUND", channel, order, word, at)
    if word.what == providers.REFUNDED:
        online_refunds.move_refund(held, "confirm", actor=actor, at=at, done_at=word.at or at)
        _settle_order(order, actor, at, "")
        return "REFUNDED"
    if held.state == "SENDING":
        online_refunds.move_refund(held, "fail", actor=actor, at=at, failure=word.reason[:64])
        _alarmed("REFUND_FAILED", channel, order, word, at)
    return "REFUND_FAILED"


def _said(held: RefundHeld, at: datetime, *, was_sent: bool) -> Said:
    provider, asked = providers.of(held.channel), _asked(held)
    if was_sent:
        said = provider.query_refund(asked, now=at)
        if said.told.what != providers.NO_REFUND:
            return said
    return provider.refund(asked, now=at)


def _keep_and_tell(held: RefundHeld, said: Said, at: datetime) -> None:
    # The word and what follows from it are one transaction; it is asked again if this process dies before.
    with transaction.atomic():
        order = online.hold(held.order_number)
        message = online.keep_message(
            channel=held.channel, kind="ANSWER", order_number=held.order_number, fault="", headers=said.headers,
            body=said.body, came_from="", at=at,
        )  # fmt: skip
        machine = Actor(f"online:{held.channel}", roles=frozenset({"ADMINISTRATOR"}))
        is_final = said.told.what in (providers.REFUNDED, providers.REFUND_FAILED)
        outcome = told(held.channel, order, said.told, at=at, actor=machine) if is_final else "NOTED"
        online.note_outcome(message_id=message, outcome=outcome, at=at)
    if not is_final:
        _later(held, at)


def _to_send(held: RefundHeld, actor: Actor, at: datetime, *, checker: str = "") -> None:
    online_refunds.move_refund(held, "approve", actor=actor, at=at, checker=checker)
    _line_up(held.number, at=at, run_at=at)


def _later(held: RefundHeld, at: datetime) -> None:
    first = held.sent_at or at
    if at < first + GIVE_UP_AFTER:
        _line_up(held.number, at=at, run_at=at + AGAIN_AFTER)
        return
    with transaction.atomic():
        order = online.hold(held.order_number)
        word = Told(providers.REFUNDING, held.order_number, amount_fen=held.amount_fen, refund_number=held.number)
        _alarmed("REFUND_UNANSWERED", held.channel, order, word, at)


def _asked(held: RefundHeld) -> RefundAsked:
    shown = orders.order(Scope.everywhere(), held.order_number)
    order = Asked(
        shown.number, shown.amount_fen, shown.subject, shown.opened_at, shown.expires_at, shown.trade_number
    )  # fmt: skip
    return RefundAsked(held.number, order, held.amount_fen, held.reason)


def _known(number: str) -> RefundHeld | None:
    return online_refunds.hold(number) if online_refunds.exists(number) else None


def _reversed(held: RefundHeld, payment_id: int, actor: Actor, at: datetime) -> Decided:
    """Book what goes back: the payment whole, or a part of it."""
    key = f"online-refund:{held.number}"
    if held.amount_fen == held.order_fen:
        return payments.reverse(key=key, payment_id=payment_id, reason=held.reason, actor=actor, at=at)
    return payments.reverse_part(
        key=key, payment_id=payment_id, amount_fen=held.amount_fen, reason=held.reason, actor=actor, at=at
    )


def _settle_order(order: OrderHeld, actor: Actor, at: datetime, reason: str) -> None:
    """Say of an order what its refunds make of it, once none is under way."""
    standing = online_refunds.standing_of(order.order_id)
    if standing.under_way:
        return
    verb = "part" if standing.done_fen else "keep"
    online.move_order(
        order, "refunded" if standing.done_fen == order.amount_fen else verb, actor=actor, at=at, reason=reason
    )


def _alarmed(kind: str, channel: str, order: OrderHeld | None, word: Told, at: datetime) -> str:
    key = f"{kind.lower()}:{channel}:{word.order_number}:{word.refund_number}:{word.amount_fen}"
    online.raise_alarm(
        kind=kind, key=key, channel=channel, order=order, unit_id=order.unit_id if order else online.root_unit(),
        order_number=word.order_number, trade_number=word.refund_number, amount_fen=word.amount_fen, at=at,
    )  # fmt: skip
    return kind


def _line_up(number: str, *, at: datetime, run_at: datetime) -> None:
    jobs.enqueue(
        kind=SEND, dedup_key=f"{SEND}:{number}:{run_at.isoformat()}", payload={"refund": number}, at=at, run_at=run_at
    )
