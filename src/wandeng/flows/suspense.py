"""Money that nobody knows finds its account: out of suspense and into a payment, in one transaction."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from wandeng.domains.payments.actions import suspense
from wandeng.domains.payments.types import Receipt
from wandeng.flows import payments
from wandeng.kernel.actors import Actor

TENDER = "TRANSFER"


@transaction.atomic
def match(*, item_id: int, account_number: str, reason: str, actor: Actor, at: datetime) -> Receipt:
    """Take an item of suspense as a payment of an account, on the day on which the money came: nobody pays a late fee for
    our searching. The key is the one that the row had, so that its file cannot post it again.

    Raises as ``suspense.release_for`` and ``flows.payments.take``.
    """
    item = suspense.release_for(
        item_id=item_id, account_number=account_number, reason=reason, actor=actor, at=at
    )  # fmt: skip
    return payments.take(
        key=item.key, account_number=account_number, amount_fen=item.amount_fen, tender=TENDER, channel=item.channel,
        received_on=item.received_on, at=at, actor=actor, payer=item.payer[:64],
    )  # fmt: skip
