"""Posting whole batches by columns: one entry per batch, one receivable line per customer account.

An entry per bill would cost a trigger call per bill; an entry per shard keeps the same guards and posts millions of
receivables in seconds (docs/decisions).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from wandeng.domains.ledger.models import Entry, EntryLine
from wandeng.domains.ledger.types import LINES
from wandeng.infra import ids
from wandeng.infra.columns import ColumnStore, cast, moments
from wandeng.kernel.actors import Actor
from wandeng.kernel.ids import EntryId, UnitId


@dataclass(frozen=True, slots=True)
class ReservedIds:
    """Ids of an entry and of its first line."""

    entry: int
    first_line: int


def reserve(store: ColumnStore, *, lines: int) -> ReservedIds:
    """Ids for one entry of at most so many lines, in a transaction of its own: batches that post side by side then do
    not wait for each other's counters while their lines are written."""
    with store.transaction():
        return ReservedIds(ids.reserve_columns(store, Entry, 1), ids.reserve_columns(store, EntryLine, lines))


def post(
    store: ColumnStore, *, biz_key: str, kind: str, unit: UnitId, month: str, lines: pa.Table, at: datetime,
    actor: Actor, reverses: EntryId | None = None, reserved: ReservedIds | None = None,
) -> EntryId:  # fmt: skip
    """Post ``lines`` (columns of ``types.LINES``) as one entry, inside the caller's ``store.transaction()``.

    The key is unique in the database: posting it twice raises and rolls the caller's transaction back, so a batch and
    its own "done" mark stand or fall together. Zero amounts are left out; what is left must sum to zero in two or more
    lines, which the database checks.
    """
    rows = cast(lines, LINES)
    rows = rows.filter(pc.not_equal(rows.column("amount_fen"), 0))
    chosen = reserved or reserve(store, lines=rows.num_rows)
    entry_id, first = chosen.entry, chosen.first_line
    store.append(
        Entry,
        pa.table(
            {
                "id": [entry_id], "biz_key": [biz_key], "kind": [kind], "unit_id": [unit], "month": [month],
                "reverses_id": pa.array([reverses], pa.int64()), "posted_at": moments(at), "actor": [actor.code],
                "is_posted": [False],
            }
        ),
    )  # fmt: skip
    numbered = rows.append_column("id", pa.array(range(first, first + rows.num_rows), pa.int64()))
    numbered = numbered.append_column("entry_id", pa.repeat(pa.scalar(entry_id, pa.int64()), rows.num_rows))
    store.append(EntryLine, numbered)
    store.execute("UPDATE ledger_entry SET is_posted = ? WHERE id = ?", (True, entry_id))
    return EntryId(entry_id)


def receivables(store: ColumnStore, *, account_from: int, account_to: int) -> pa.Table:
    """Balance of the receivable per customer account in an id range: ``account_id``, ``balance_fen``."""
    return store.read(
        "SELECT l.account_id, CAST(SUM(l.amount_fen) AS BIGINT) AS balance_fen FROM ledger_entryline l "
        "JOIN ledger_entry e ON e.id = l.entry_id "
        "WHERE e.is_posted AND l.ledger_account = 'RECEIVABLE' AND l.account_id >= ? AND l.account_id < ? "
        "GROUP BY l.account_id ORDER BY l.account_id",
        (account_from, account_to),
        pa.schema([("account_id", pa.int64()), ("balance_fen", pa.int64())]),
    )
