"""What must always hold, recomputed from the rows: the nightly second opinion on the triggers."""

from __future__ import annotations

from wandeng.domains.ledger.types import LedgerFault
from wandeng.infra.columns import ColumnStore


def unbalanced_entries(store: ColumnStore) -> list[LedgerFault]:
    """Posted entries whose lines do not sum to zero, or that have fewer than two."""
    rows = store.read(
        "SELECT e.id FROM ledger_entry e LEFT JOIN ledger_entryline l ON l.entry_id = e.id WHERE e.is_posted "
        "GROUP BY e.id HAVING COUNT(l.id) < 2 OR SUM(l.amount_fen) <> 0 ORDER BY e.id"
    )
    return [LedgerFault(entry_id, "UNBALANCED") for entry_id in rows.column(0).to_pylist()]


def unposted_entries(store: ColumnStore) -> list[LedgerFault]:
    """Entries left open: PostgreSQL refuses to commit one, on SQLite only this check sees it."""
    rows = store.read("SELECT id FROM ledger_entry WHERE NOT is_posted ORDER BY id")
    return [LedgerFault(entry_id, "LEFT_OPEN") for entry_id in rows.column(0).to_pylist()]


def lines_in_closed_months(store: ColumnStore) -> list[LedgerFault]:
    """Entries posted into a month after its close."""
    rows = store.read(
        "SELECT DISTINCT e.id FROM ledger_entry e JOIN ledger_periodclose c ON c.unit_id = e.unit_id AND c.month >= e.month "
        "WHERE e.posted_at > c.closed_at ORDER BY e.id"
    )
    return [LedgerFault(entry_id, "POSTED_AFTER_CLOSE") for entry_id in rows.column(0).to_pylist()]


def closes_that_differ(store: ColumnStore) -> list[LedgerFault]:
    """Closed months whose kept balances are not the sums of all entries up to them, recomputed from the first entry."""
    rows = store.read(
        "SELECT DISTINCT close_id FROM ("
        "SELECT c.id AS close_id, l.ledger_account AS name, l.amount_fen AS amount FROM ledger_periodclose c "
        "JOIN ledger_entry e ON e.unit_id = c.unit_id AND e.month <= c.month AND e.is_posted "
        "JOIN ledger_entryline l ON l.entry_id = e.id "
        "UNION ALL SELECT close_id, ledger_account, -balance_fen FROM ledger_periodbalance) AS both_sides "
        "GROUP BY close_id, name HAVING SUM(amount) <> 0 ORDER BY close_id"
    )
    return [LedgerFault(close_id, "CLOSE_DIFFERS") for close_id in rows.column(0).to_pylist()]


def all_faults(store: ColumnStore) -> list[LedgerFault]:
    """Every fault of the ledger; an empty list is the only good answer."""
    checks = (unbalanced_entries, unposted_entries, lines_in_closed_months, closes_that_differ)
    return [fault for check in checks for fault in check(store)]
