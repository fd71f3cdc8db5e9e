"""What a chunk of accounts posts: locked, one entry, one set of allocations, on a column connection."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import polars as pl

from wandeng.domains.ledger import frames as ledger
from wandeng.domains.payments import settling
from wandeng.domains.payments.models import Allocation
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.actors import Actor
from wandeng.kernel.ids import UnitId
from wandeng.kernel.periods import BILLING_ZONE

PLACES = pl.Schema(
    {
        "account_id": pl.Int64,
        "unit_id": pl.Int64,
        "unit_code": pl.String,
        "unit_path": pl.String,
        "territory": pl.String,
    }
)
CHUNK = 2_000


def lock_accounts(store: ColumnStore, account_ids: Sequence[int]) -> pl.DataFrame:
    """Lock accounts in ascending order until the store's transaction ends; returns :data:`PLACES` of those that exist.
    A SQLite transaction of a store is the only writer anyway."""
    listed = ",".join(str(int(one)) for one in sorted(set(account_ids)))
    if not store.is_sqlite:
        store.execute(f"SELECT id FROM customers_customeraccount WHERE id IN ({listed}) ORDER BY id FOR NO KEY UPDATE")
    found = store.read(
        "SELECT a.id AS account_id, a.unit_id, u.code AS unit_code, u.path AS unit_path, u.territory "
        f"FROM customers_customeraccount a JOIN organization_unit u ON u.id = a.unit_id WHERE a.id IN ({listed}) "
        "ORDER BY a.id",
        schema=pl.DataFrame(schema=PLACES).to_arrow().schema,
    )
    return pl.DataFrame(found).cast(PLACES)


def post(
    store: ColumnStore, *, key: str, kind: str, unit: UnitId, lines: pl.DataFrame, on: date, at: datetime, actor: Actor,
    reserved: ledger.ReservedIds | None = None,
) -> None:  # fmt: skip
    """One entry into the month of ``on``, or into that of ``at`` when the former is closed."""
    month = settling.month_of(on)
    closed = store.scalar("SELECT 1 FROM ledger_periodclose WHERE unit_id = ? AND month >= ? LIMIT 1", (unit, month))
    if closed:
        month = settling.month_of(at.astimezone(BILLING_ZONE).date())
    ledger.post(store, biz_key=key, kind=kind, unit=unit, month=month, lines=lines.to_arrow(), at=at, actor=actor,
                reserved=reserved)  # fmt: skip


def keep_parts(store: ColumnStore, parts: pl.DataFrame) -> None:
    """Append allocations: PARTS with ``payment_id`` (null: of credit) and ``settled_on``."""
    if parts.height:
        named = parts.select("payment_id", "account_id", "kind", "bill_id", "amount_fen", "settled_on")
        store.append(Allocation, named.to_arrow())
