"""Money that a provider took and that no order accounts for: into suspense, with an item that a person decides about."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from wandeng.domains.ledger import actions as ledger
from wandeng.domains.ledger.types import SUSPENSE, Posting, clearing
from wandeng.domains.payments import settling
from wandeng.domains.payments.models.bank import SuspenseItem
from wandeng.infra import ids
from wandeng.kernel.actors import Actor
from wandeng.kernel.ids import UnitId
from wandeng.kernel.periods import BILLING_ZONE


@transaction.atomic
def to_suspense(
    *,
    key: str,
    unit_id: int,
    channel: str,
    amount_fen: int,
    received_on: date,
    account_number: str,
    reason: str,
    actor: Actor,
    at: datetime,
) -> int:
    """Book money of a channel to suspense (待查款). Returns the item that keeps it. ``key``: once for ever.

    Raises ``IntegrityError`` for a key that was used.
    """
    item = SuspenseItem.objects.create(
        id=ids.reserve(SuspenseItem, 1), key=key, unit_id=unit_id, channel=channel, pay_mode="ONLINE",
        received_on=received_on, amount_fen=amount_fen, account_number=account_number, reason=reason,
    )  # fmt: skip
    lines = [
        Posting(clearing(channel), amount_fen, source=item.pk),
        Posting(SUSPENSE, -amount_fen, source=item.pk),
    ]
    month = settling.month_of(at.astimezone(BILLING_ZONE).date())
    ledger.post(
        biz_key=f"suspense:{key}", kind="SUSPENSE", unit=UnitId(unit_id), month=month, lines=lines, at=at, actor=actor
    )
    return item.pk
