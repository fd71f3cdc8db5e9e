"""Which accounts a run has to bill, and over how long a time their periods may reach."""

from __future__ import annotations

import pyarrow as pa

from wandeng.domains.customers.types import AccountSet
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.periods import Month


def accounts_to_bill(store: ColumnStore, *, unit_path: str, month: Month) -> pa.ChunkedArray:
    """Ids, ascending, of the unit's accounts that were open in the month and have no bill for it yet."""
    where, params = AccountSet(unit_path=unit_path).where("a")
    anything = store.scalar("SELECT 1 FROM billing_bill WHERE month_index = ? LIMIT 1", (month.index,))
    unbilled = (
        " AND NOT EXISTS (SELECT 1 FROM billing_bill b WHERE b.month_index = ? AND b.account_id = a.id "
        "AND b.revision = 0)"
        if anything
        else ""
    )
    found = store.read(
        f"SELECT a.id FROM customers_customeraccount a WHERE {where} AND a.opened_on < ? "
        f"AND (a.closed_on IS NULL OR a.closed_on > ?){unbilled} ORDER BY a.id",
        (*params, month.next().first, month.plus(-longest_period(store)).first, *([month.index] if anything else [])),
        schema=pa.schema([("id", pa.int64())]),
    )
    return found.column(0)


def longest_period(store: ColumnStore) -> int:
    """Months of the longest reading cycle in use, at least 1."""
    return int(store.scalar("SELECT MAX(months) FROM metering_readingroute") or 1)
