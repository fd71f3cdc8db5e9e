"""Open items of many accounts, with late fees to a day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from wandeng.calc import arrears
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


def overdue_of(account_ids: Sequence[int], *, on: date, library: RuleLibrary | None = None) -> pl.DataFrame:
    """``calc.arrears.OVERDUE`` of these accounts, credit laid on the oldest first, in the transaction of whoever asks.

    Raises ``NoRuleInForce`` for a late bill without a rule.
    """
    if not account_ids:
        return pl.DataFrame(schema=arrears.OVERDUE)
    found = reading.position(reading.by_django, reading.of_accounts(account_ids), on, library or current.library())
    return arrears.overdue(
        found.items.select(arrears.ITEMS.names()), found.credits.filter(pl.col("credit_fen") > 0), on=on
    )
