"""Open items of many accounts, with late fees to a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from wandeng.domains.payments import reading
from wandeng.domains.payments.types import OPEN_ITEMS
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary


def open_items(
    store: ColumnStore,
    *,
    on: date,
    account_ids: Sequence[int] | None = None,
    account_range: tuple[int, int] | None = None,
    library: RuleLibrary | None = None,
) -> pl.DataFrame:
    """:data:`OPEN_ITEMS` of accounts by id or by range (``from`` ≤ id < ``to``), by account and bill; ``open_fen`` is
    negative where a correction waits to be netted.

    Raises ``NoRuleInForce`` for a late bill without a rule.
    """
    if account_ids is not None:
        where = reading.of_accounts(account_ids)
        if not account_ids:
            return pl.DataFrame(schema=OPEN_ITEMS)
    else:
        where = reading.of_range(*(account_range or (0, 2**62)))
    found = reading.position(reading.by_store(store), where, on, library or current.library())
    return found.items.select(OPEN_ITEMS.names()).sort("account_id", "due_on", "bill_id")
