"""What must always hold between bills, lines and the ledger, recomputed from the rows.

The tables that a run fills by the million carry no foreign keys; these checks look for what such keys would have refused.
"""

from __future__ import annotations

from wandeng.calc.rating.frames import Kind
from wandeng.domains.billing import moves
from wandeng.domains.billing.types import LINE_NUMBERS, BillFault
from wandeng.infra.columns import ColumnStore

_LINES_WITHOUT_BILL = (
    "SELECT DISTINCT l.bill_id FROM billing_billline l LEFT JOIN billing_bill b ON b.id = l.bill_id "
    "WHERE b.id IS NULL ORDER BY l.bill_id LIMIT 100"
)
_LINES_OUT_OF_PLACE = (
    f"SELECT DISTINCT bill_id FROM billing_billline WHERE id / {LINE_NUMBERS} <> bill_id ORDER BY bill_id LIMIT 100"
)
_SUM_DIFFERS = (
    "SELECT b.id FROM billing_bill b LEFT JOIN "
    "(SELECT bill_id, SUM(amount_fen) AS total FROM billing_billline GROUP BY bill_id) s ON s.bill_id = b.id "
    "WHERE b.amount_fen <> COALESCE(s.total, 0) ORDER BY b.id LIMIT 100"
)
_WITHOUT_SHARD = (
    "SELECT b.id FROM billing_bill b LEFT JOIN billing_billshard s ON s.id = b.shard_id "
    "WHERE s.id IS NULL ORDER BY b.id LIMIT 100"
)
_NOT_IN_LEDGER = (
    "SELECT b.id FROM billing_bill b JOIN billing_billshard s ON s.id = b.shard_id LEFT JOIN ("
    # Payments lower a receivable too: here is asked what the bills themselves posted.
    "SELECT l.source, SUM(l.amount_fen) AS total FROM ledger_entryline l JOIN ledger_entry e ON e.id = l.entry_id "
    "WHERE l.ledger_account = 'RECEIVABLE' AND e.kind LIKE 'BILL%' GROUP BY l.source) r ON r.source = b.id "
    "WHERE s.stage = 'POSTED' AND b.amount_fen <> COALESCE(r.total, 0) ORDER BY b.id LIMIT 100"
)

_WITHOUT_ACCOUNT = (
    "SELECT b.id FROM billing_bill b LEFT JOIN customers_customeraccount a ON a.id = b.account_id "
    "WHERE a.id IS NULL ORDER BY b.id LIMIT 100"
)
_WITHOUT_ORIGINAL = (
    "SELECT b.id FROM billing_bill b LEFT JOIN billing_bill o ON o.id = b.corrects_id AND o.account_id = b.account_id "
    "AND o.month_index = b.month_index WHERE b.corrects_id IS NOT NULL AND o.id IS NULL ORDER BY b.id LIMIT 100"
)
_OUTSIDE_ITS_SHARD = (
    "SELECT b.id FROM billing_bill b JOIN billing_billshard s ON s.id = b.shard_id "
    "WHERE b.id < s.first_bill_id OR b.id >= s.first_bill_id + s.bill_ids ORDER BY b.id LIMIT 100"
)
_SHARD_DIFFERS = (
    "SELECT s.first_bill_id FROM billing_billshard s JOIN billing_billrun r ON r.id = s.run_id LEFT JOIN ("
    "SELECT shard_id, COUNT(*) AS n, SUM(amount_fen) AS total FROM billing_bill GROUP BY shard_id) t "
    "ON t.shard_id = s.id WHERE s.stage IN ('PRICED', 'POSTED') AND r.state <> 'DISCARDED' "
    "AND (s.bills <> COALESCE(t.n, 0) OR s.amount_fen <> COALESCE(t.total, 0)) ORDER BY s.id LIMIT 100"
)

_WITHOUT_CHARGE = (
    "SELECT DISTINCT l.bill_id FROM billing_billline l LEFT JOIN billing_billcharge c ON c.id = l.charge_id "
    "WHERE c.id IS NULL ORDER BY l.bill_id LIMIT 100"
)

_SOLD_DIFFERS = (
    "SELECT s.first_bill_id FROM billing_billshard s LEFT JOIN ("
    "SELECT shard_id, SUM(energy) AS energy, SUM(amount) AS amount, SUM(fed) AS fed, SUM(fed_energy) AS fed_energy FROM ("
    "SELECT shard_id, energy_ckwh AS energy, amount_fen AS amount, 0 AS fed, 0 AS fed_energy FROM billing_bill "
    "UNION ALL SELECT b.shard_id, 0, 0, l.amount_fen, l.quantity FROM billing_billline l "
    "JOIN billing_bill b ON b.id = l.bill_id JOIN billing_billcharge c ON c.id = l.charge_id "
    f"WHERE c.kind = {int(Kind.FEED_IN)}) parts GROUP BY shard_id) t ON t.shard_id = s.id LEFT JOIN ("
    "SELECT shard_id, SUM(energy_ckwh) AS energy, SUM(amount_fen) AS amount, SUM(fed_fen) AS fed, SUM(fed_ckwh) AS fed_energy "
    "FROM billing_shardsale GROUP BY shard_id) k ON k.shard_id = s.id LEFT JOIN ("
    "SELECT shard_id, SUM(energy_ckwh) AS energy, SUM(amount_fen) AS amount FROM billing_shardpricesale GROUP BY shard_id"
    ") p ON p.shard_id = s.id WHERE s.stage = 'POSTED' AND ("
    "COALESCE(t.energy, 0) <> COALESCE(k.energy, 0) OR COALESCE(t.amount, 0) <> COALESCE(k.amount, 0) "
    "OR COALESCE(t.fed, 0) <> COALESCE(k.fed, 0) OR COALESCE(t.fed_energy, 0) <> COALESCE(k.fed_energy, 0) "
    "OR COALESCE(t.energy, 0) <> COALESCE(p.energy, 0) "
    "OR COALESCE(t.amount, 0) - COALESCE(t.fed, 0) <> COALESCE(p.amount, 0)) ORDER BY s.id LIMIT 100"
)
"""What was summed when a shard was posted is not what its bills and lines come to."""

_OPEN_DIFFERS = (
    "SELECT COALESCE(MIN(b.id), 0) FROM (SELECT month_index, unit_id, SUM(billed) AS billed, SUM(total) AS total FROM ("
    f"{moves.SUMMED} UNION ALL SELECT month_index, unit_id, -billed_fen, -open_fen FROM billing_monthmove"
    ") both_sides GROUP BY month_index, unit_id HAVING SUM(billed) <> 0 OR SUM(total) <> 0) d "
    "LEFT JOIN billing_bill b ON b.month_index = d.month_index GROUP BY d.month_index ORDER BY d.month_index LIMIT 100"
)
"""What the triggers wrote down of a month is not what the ledger's lines come to: told by the month's first bill."""

_FAULTS = {
    "LINES_WITHOUT_BILL": _LINES_WITHOUT_BILL,
    "LINES_OUT_OF_PLACE": _LINES_OUT_OF_PLACE,
    "SUM_DIFFERS": _SUM_DIFFERS,
    "WITHOUT_SHARD": _WITHOUT_SHARD,
    "NOT_IN_LEDGER": _NOT_IN_LEDGER,
    "WITHOUT_ACCOUNT": _WITHOUT_ACCOUNT,
    "WITHOUT_ORIGINAL": _WITHOUT_ORIGINAL,
    "OUTSIDE_ITS_SHARD": _OUTSIDE_ITS_SHARD,
    "SHARD_DIFFERS": _SHARD_DIFFERS,
    "WITHOUT_CHARGE": _WITHOUT_CHARGE,
    "SOLD_DIFFERS": _SOLD_DIFFERS,
    "OPEN_DIFFERS": _OPEN_DIFFERS,
}


def all_faults(store: ColumnStore) -> list[BillFault]:
    """At most a hundred bills for each fault; an empty list is the only good answer."""
    return [
        BillFault(bill_id, fault) for fault, sql in _FAULTS.items() for bill_id in store.read(sql).column(0).to_pylist()
    ]
