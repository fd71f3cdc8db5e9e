"""The bills of a month that customers may see, for telling them."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from wandeng.infra.columns import ColumnStore
from wandeng.kernel.periods import Month

PUBLISHED = pa.schema(
    [("account_id", pa.int64()), ("energy_ckwh", pa.int64()), ("amount_fen", pa.int64()), ("due_on", pa.date32())]
)


def published(store: ColumnStore, *, unit_path: str, month: Month) -> pl.DataFrame:
    """Original bills of published runs with something to pay, of a unit and below: ``account_id``, ``energy_ckwh``,
    ``amount_fen``, ``due_on``. Accounts whose bill was corrected since are left out: they are told of the correction."""
    rows = store.read(
        "SELECT b.account_id AS account_id, b.energy_ckwh AS energy_ckwh, b.amount_fen AS amount_fen, "
        "b.due_on AS due_on FROM billing_bill b JOIN billing_billshard s ON s.id = b.shard_id "
        "JOIN billing_billrun r ON r.id = s.run_id JOIN customers_customeraccount a ON a.id = b.account_id "
        "JOIN organization_unit u ON u.id = a.unit_id WHERE b.month_index = ? AND b.revision = 0 AND b.amount_fen > 0 "
        f"AND r.state = 'PUBLISHED' AND substr(u.path, 1, {len(unit_path)}) = ? "
        "AND NOT EXISTS (SELECT 1 FROM billing_bill c WHERE c.corrects_id = b.id) ORDER BY b.account_id",
        (month.index, unit_path),
        schema=PUBLISHED,
    )
    return pl.DataFrame(rows)
