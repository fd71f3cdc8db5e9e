"""Decisions about an account's money by its number, and what must happen with them: a debt that is gone gives supply back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from wandeng.domains.collections import actions as collections
from wandeng.domains.customers import queries as customers
from wandeng.domains.payments import actions as payments
from wandeng.domains.payments import queries
from wandeng.domains.payments.types import Decided, DecisionShown
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.ids import AccountId, BillId


def reverse(*, key: str, payment_id: int, reason: str, actor: Actor, at: datetime) -> Decided:
    """Reverse a payment (冲正), or ask a second person to."""
    queries.shown(Scope.of(actor), payment_id)
    return payments.reverse(key=key, payment_id=payment_id, reason=reason, actor=actor, at=at)


def refund(
    *, key: str, account_number: str, amount_fen: int, tender: str, channel: str, reason: str, actor: Actor,
    at: datetime, till_session: int | None = None,
) -> Decided:  # fmt: skip
    """Pay credit back (退费), or ask a second person to."""
    return payments.refund(
        key=key, account=_account(actor, account_number), amount_fen=amount_fen, tender=tender, channel=channel,
        reason=reason, actor=actor, at=at, till_session=till_session,
    )  # fmt: skip


@transaction.atomic
def waive(
    *, key: str, account_number: str, bill_id: int, amount_fen: int, reason: str, actor: Actor, at: datetime
) -> Decided:
    """Waive late fee of a bill (违约金减免), or ask a second person to."""
    made = payments.waive(
        key=key, account=_account(actor, account_number), bill_id=BillId(bill_id), amount_fen=amount_fen,
        reason=reason, actor=actor, at=at,
    )  # fmt: skip
    return _after(made, actor, at)


@transaction.atomic
def write_off(
    *, key: str, account_number: str, bill_id: int, amount_fen: int, reason: str, actor: Actor, at: datetime
) -> Decided:
    """Ask a second person to give up what is open of a bill (坏账核销)."""
    made = payments.write_off(
        key=key, account=_account(actor, account_number), bill_id=BillId(bill_id), amount_fen=amount_fen,
        reason=reason, actor=actor, at=at,
    )  # fmt: skip
    return _after(made, actor, at)


@transaction.atomic
def transfer(
    *, key: str, account_number: str, to_account_number: str, amount_fen: int, reason: str, actor: Actor, at: datetime
) -> Decided:
    """Move credit to another account of the customer (预收转账), or ask a second person to."""
    made = payments.transfer(
        key=key, account=_account(actor, account_number), to_account=_account(actor, to_account_number),
        amount_fen=amount_fen, reason=reason, actor=actor, at=at,
    )  # fmt: skip
    return _after(made, actor, at)


@transaction.atomic
def decide(*, decision_id: int, agree: bool, reason: str, actor: Actor, at: datetime) -> Decided:
    """The second person agrees or rejects."""
    queries.decision(Scope.of(actor), decision_id)
    return _after(payments.decide(decision_id=decision_id, agree=agree, actor=actor, at=at, reason=reason), actor, at)


def take_deposit(
    *,
    key: str,
    account_number: str,
    amount_fen: int,
    tender: str,
    channel: str,
    reason: str,
    actor: Actor,
    at: datetime,
) -> bool:
    """Take a deposit (电费保证金), once by ``key``."""
    return payments.take_deposit(
        key=key, account=_account(actor, account_number), amount_fen=amount_fen, tender=tender, channel=channel,
        reason=reason, actor=actor, at=at,
    )  # fmt: skip


@transaction.atomic
def release_deposit(*, key: str, account_number: str, amount_fen: int, reason: str, actor: Actor, at: datetime) -> bool:
    """Give a deposit to the account's credit, once by ``key``."""
    account = _account(actor, account_number)
    done = payments.release_deposit(key=key, account=account, amount_fen=amount_fen, reason=reason, actor=actor, at=at)
    if done:
        collections.after_payment(account=account, payment_key=key, paid_at=at, actor=actor, at=at)
    return done


def make_plan(
    *, account_number: str, parts: Sequence[tuple[date, int]], reason: str, actor: Actor, at: datetime
) -> int:
    """Agree on instalments (分期): (last day, fen), together the arrears of the day. Returns the plan's number."""
    account = _account(actor, account_number)
    return payments.make_plan(account=account, parts=parts, reason=reason, actor=actor, at=at)


def cancel_plan(*, plan_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """End a plan before its time."""
    payments.cancel_plan(plan_id=plan_id, reason=reason, actor=actor, at=at)


def waiting(scope: Scope) -> tuple[DecisionShown, ...]:
    """What waits for a second person, oldest first."""
    return queries.decisions(scope, state="PROPOSED")


def _account(actor: Actor, account_number: str) -> AccountId:
    return customers.account(Scope.of(actor), account_number).id


def _after(made: Decided, actor: Actor, at: datetime) -> Decided:
    """A debt that a decision has taken away is as good as paid."""
    if made.state == "DONE" and not made.is_repeat and made.kind in ("WAIVER", "WRITE_OFF", "TRANSFER"):
        account = made.to_account_id or made.account_id
        key = f"decision:{made.decision_id}"
        collections.after_payment(account=account, payment_key=key, paid_at=at, actor=actor, at=at)
    return made
