"""What must always hold between payments, what they settled and the ledger, recomputed from every row."""

from __future__ import annotations

from wandeng.domains.payments.types import PaymentFault
from wandeng.infra.columns import ColumnStore

_PARTS_DIFFER = (
    "SELECT p.id FROM payments_payment p LEFT JOIN payments_allocation a ON a.payment_id = p.id "
    "GROUP BY p.id, p.amount_fen HAVING COALESCE(SUM(a.amount_fen), 0) <> p.amount_fen ORDER BY p.id LIMIT 100"
)
"""Payments whose parts do not add up to them."""

_ENTRY_DIFFERS = (
    "SELECT MAX(subject) AS id FROM ("
    "SELECT debited AS name, amount_fen AS fen, id AS subject FROM payments_payment "
    "UNION ALL SELECT l.ledger_account, -l.amount_fen, 0 FROM ledger_entryline l "
    "JOIN ledger_entry e ON e.id = l.entry_id AND e.kind IN ('PAYMENT', 'PAYMENTS') AND l.account_id IS NULL) AS sides "
    "GROUP BY name HAVING SUM(fen) <> 0 ORDER BY 1 LIMIT 100"
)
"""Cash and clearing accounts that payments' entries debited with other sums than the payments have."""

_LATE_FEES_DIFFER = (
    "SELECT bill_id AS id FROM ("
    "SELECT source AS bill_id, -amount_fen AS fen FROM ledger_entryline WHERE ledger_account = 'REVENUE:LATE_FEE' "
    "UNION ALL SELECT bill_id, -amount_fen FROM payments_allocation WHERE kind = 'LATE_FEE' AND released_at IS NULL"
    ") AS sides GROUP BY bill_id HAVING SUM(fen) <> 0 ORDER BY 1 LIMIT 100"
)
"""Bills whose booked late fee is not what payments and credit settled of it."""

_ACCOUNT_DIFFERS = (
    "SELECT account_id AS id FROM ("
    # All that payments, credit and decisions posted on an account …
    "SELECT l.account_id, l.amount_fen AS fen FROM ledger_entryline l JOIN ledger_entry e ON e.id = l.entry_id "
    "WHERE l.account_id IS NOT NULL AND e.kind NOT LIKE 'BILL%' "
    # … is what was received and not reversed, and not paid back or moved.
    "UNION ALL SELECT account_id, amount_fen FROM payments_payment WHERE state = 'RECEIVED' "
    "UNION ALL SELECT d.account_id, -d.amount_fen FROM payments_paymentdecision d JOIN payments_payment p "
    "ON p.id = d.payment_id WHERE d.kind = 'PART' AND d.state = 'DONE' AND p.state = 'RECEIVED' "
    "UNION ALL SELECT account_id, amount_fen FROM payments_deposit WHERE amount_fen > 0 "
    "UNION ALL SELECT account_id, -amount_fen FROM payments_paymentdecision "
    "WHERE kind IN ('REFUND', 'TRANSFER') AND state = 'DONE' "
    "UNION ALL SELECT to_account_id, amount_fen FROM payments_paymentdecision WHERE kind = 'TRANSFER' AND state = 'DONE'"
    ") AS sides GROUP BY account_id HAVING SUM(fen) <> 0 ORDER BY 1 LIMIT 100"
)
"""Accounts on which the ledger moved another sum than payments, refunds, transfers and deposits explain."""

_CREDIT_OWED = (
    "SELECT account_id AS id FROM ledger_entryline WHERE ledger_account IN ('CREDIT', 'DEPOSIT') "
    "GROUP BY account_id, ledger_account HAVING SUM(amount_fen) > 0 ORDER BY 1 LIMIT 100"
)
"""Accounts that have used more credit or deposit than they had."""

_OPEN_OUT_OF_RANGE = (
    "SELECT b.id FROM billing_bill b JOIN (SELECT source, SUM(amount_fen) AS fen FROM ledger_entryline "
    "WHERE ledger_account = 'RECEIVABLE' GROUP BY source) r ON r.source = b.id "
    "WHERE (b.amount_fen >= 0 AND (r.fen < 0 OR r.fen > b.amount_fen)) "
    "OR (b.amount_fen < 0 AND (r.fen > 0 OR r.fen < b.amount_fen)) ORDER BY b.id LIMIT 100"
)
"""Bills of which more is settled than was billed, or less than nothing."""

_TWO_PERSONS = (
    "SELECT id FROM payments_paymentdecision WHERE state = 'DONE' AND needs_second AND (checker = '' OR checker = maker) "
    "ORDER BY id LIMIT 100"
)
"""Decisions that needed a second person and had none."""

_PARTS_TOO_MANY = (
    "SELECT p.id FROM payments_payment p JOIN payments_paymentdecision d ON d.payment_id = p.id "
    "WHERE d.kind = 'PART' AND d.state <> 'REJECTED' GROUP BY p.id, p.amount_fen, p.state "
    "HAVING SUM(d.amount_fen) > p.amount_fen OR (p.state = 'REVERSED' AND SUM(d.amount_fen) <> p.amount_fen) "
    "ORDER BY p.id LIMIT 100"
)
"""Payments of which more was given back in parts than they are, or that count as reversed by parts that do not make it."""

CHECKS = {
    "PARTS_DIFFER": _PARTS_DIFFER,
    "ENTRY_DIFFERS": _ENTRY_DIFFERS,
    "LATE_FEES_DIFFER": _LATE_FEES_DIFFER,
    "ACCOUNT_DIFFERS": _ACCOUNT_DIFFERS,
    "CREDIT_OWED": _CREDIT_OWED,
    "OPEN_OUT_OF_RANGE": _OPEN_OUT_OF_RANGE,
    "NO_SECOND_PERSON": _TWO_PERSONS,
    "PARTS_TOO_MANY": _PARTS_TOO_MANY,
}


def all_faults(store: ColumnStore) -> list[PaymentFault]:
    """Every fault, at most a hundred of a kind; an empty list is the only good answer."""
    return [
        PaymentFault(int(subject), fault)
        for fault, sql in CHECKS.items()
        for subject in store.read(sql).column(0).to_pylist()
    ]
