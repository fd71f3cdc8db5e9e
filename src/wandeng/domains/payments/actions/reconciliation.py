"""What a person decides about a difference (对账差异): to suspense, to the difference account, or its payment is reversed."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, transaction

from wandeng.domains.ledger import actions as ledger
from wandeng.domains.ledger.types import OVER_SHORT, SUSPENSE, Posting, clearing
from wandeng.domains.organization.types import Role
from wandeng.domains.payments import settling
from wandeng.domains.payments.bank_states import RECONCILIATION_DAY, RECONCILIATION_ITEM
from wandeng.domains.payments.models import Payment, ReconciliationItem, SuspenseItem
from wandeng.infra import audit, ids
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import MoveRefused, move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput
from wandeng.kernel.ids import UnitId
from wandeng.kernel.periods import BILLING_ZONE

DECIDERS = (Role.ACCOUNTANT,)


@transaction.atomic
def to_suspense(*, item_id: int, reason: str, actor: Actor, at: datetime) -> int:
    """Put money that the channel has and we have no record of (长款) into suspense; returns the item of suspense.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput`, :class:`Conflict` for money that is missing,
    ``MoveRefused``.
    """
    item = _open(item_id, actor, reason)
    if item.kind != "LONG":
        raise Conflict(f"difference {item_id} is money that is missing: only money too much can wait in suspense")
    amount = item.theirs_fen - item.ours_fen
    made = SuspenseItem.objects.create(
        id=ids.reserve(SuspenseItem, 1), key=f"recon:{item.pk}", unit_id=item.day.unit_id, channel=item.day.channel,
        received_on=item.day.day, amount_fen=amount, account_number=item.account_number, reason="FOUND_BY_CHANNEL",
    )  # fmt: skip
    _post(item, SUSPENSE, made.pk, actor, at)
    _decide(item, "to_suspense", reason, actor, at)
    return made.pk


@transaction.atomic
def book(*, item_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Book a difference to the difference account (长短款). Raises as :func:`to_suspense`."""
    item = _open(item_id, actor, reason)
    _post(item, OVER_SHORT, item.pk, actor, at)
    _decide(item, "book", reason, actor, at)


@transaction.atomic
def settle_reversed(*, item_id: int, reason: str, actor: Actor, at: datetime) -> None:
    """Settle a missing payment (短款) that has been reversed: its reversal took it off the channel already.

    Raises as :func:`to_suspense`, and :class:`Conflict` for a payment that still stands.
    """
    item = _open(item_id, actor, reason)
    payment = Payment.objects.filter(key=item.key).first()
    if item.kind != "SHORT" or item.theirs_fen or payment is None or payment.state != "REVERSED":
        raise Conflict(f"difference {item_id} has no reversed payment: reverse {item.key} first")
    _decide(item, "reverse", reason, actor, at)


def _open(item_id: int, actor: Actor, reason: str) -> ReconciliationItem:
    rows = ReconciliationItem.objects.select_related("day__unit")
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(of=("self", "day"))
    item = Scope.of(actor).one(rows, "day__unit__path", "difference", id=item_id)
    require(actor, *DECIDERS, unit_path=item.day.unit.path)
    if not reason.strip():
        raise InvalidInput("a difference is decided for a stated reason")
    if item.state != RECONCILIATION_ITEM.start:
        raise MoveRefused(
            f"difference {item_id} is {item.state}: it has been decided", subject=item_id, state=item.state
        )
    return item


def _post(item: ReconciliationItem, to: str, source: int, actor: Actor, at: datetime) -> None:
    """What is left on the clearing account, to another account."""
    amount = item.theirs_fen - item.ours_fen
    lines = [Posting(clearing(item.day.channel), amount, source=item.pk), Posting(to, -amount, source=source)]
    ledger.post(
        biz_key=f"difference:{item.pk}", kind="DIFFERENCE", unit=UnitId(item.day.unit_id),
        month=settling.month_of(at.astimezone(BILLING_ZONE).date()), lines=lines, at=at, actor=actor,
    )  # fmt: skip


def _decide(item: ReconciliationItem, verb: str, reason: str, actor: Actor, at: datetime) -> None:
    move(
        item, RECONCILIATION_ITEM, verb, actor=actor, at=at, reason=reason, decided_by=actor.code, decided_at=at,
    )  # fmt: skip
    ReconciliationItem.objects.filter(pk=item.pk).update(reason=reason.strip()[:500])
    facts = {"move": verb, "key": item.key, "fen": item.theirs_fen - item.ours_fen}
    audit.record(
        actor=actor, action="reconciliation.decide", subject=item, facts=facts, at=at, reason=reason,
        unit_path=item.day.unit.path,
    )  # fmt: skip
    if not ReconciliationItem.objects.filter(day_id=item.day_id, state=RECONCILIATION_ITEM.start).exists():
        move(item.day, RECONCILIATION_DAY, "close", actor=actor, at=at)
