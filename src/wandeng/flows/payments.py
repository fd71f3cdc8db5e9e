"""Money in: the one way by which every channel takes a payment, and what must happen with it in the same transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import polars as pl
from django.db import transaction

from wandeng.domains.collections import actions as collections
from wandeng.domains.customers import queries as customers
from wandeng.domains.payments import actions as payments
from wandeng.domains.payments import frames
from wandeng.domains.payments.frames import Ran
from wandeng.domains.payments.types import Receipt
from wandeng.flows import disconnection
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor


@transaction.atomic
def take(
    *,
    key: str,
    account_number: str,
    amount_fen: int,
    tender: str,
    channel: str,
    received_on: date,
    at: datetime,
    actor: Actor,
    till_session: int | None = None,
    bills: Sequence[int] = (),
    payer: str = "",
    taken_at: str = "",
) -> Receipt:
    """Take a payment for an account by its number (see ``payments.actions.receive``). A repeat does nothing.

    Raises ``NotFound`` for the account, also outside the actor's scope, and what ``receive`` raises.
    """
    account = customers.account(Scope.of(actor), account_number)
    receipt = payments.receive(
        key=key, account=account.id, amount_fen=amount_fen, tender=tender, channel=channel, received_on=received_on,
        at=at, actor=actor, till_session=till_session, bills=bills, payer=payer, taken_at=taken_at,
    )  # fmt: skip
    if not receipt.is_repeat:
        collections.after_payment(account=account.id, payment_key=key, paid_at=at, actor=actor, at=at)
    return receipt


def take_batch(
    *, rows: pl.DataFrame, batch: str, unit_path: str, at: datetime, actor: Actor, library: RuleLibrary | None = None
) -> Ran:
    """Take payments by columns (see ``payments.frames.take_many``); supply is ordered back in the same transactions."""
    rules = library or current.library()
    then = disconnection.after_batch(batch=batch, actor=actor, at=at, library=rules)
    with ColumnStore() as store:
        return frames.take_many(
            store, rows, batch=batch, unit_path=unit_path, at=at, actor=actor, library=rules, then=then
        )
