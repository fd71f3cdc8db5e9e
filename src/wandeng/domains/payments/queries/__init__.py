"""Reads of payments for people: an account's standing, single payments, decisions, plans, rows for lists."""

from wandeng.domains.payments.queries.decisions import decided_by_pair, decision, decision_rows, decisions, plans_of
from wandeng.domains.payments.queries.faults import faults
from wandeng.domains.payments.queries.receipts import payment_rows, receipt, shown
from wandeng.domains.payments.queries.receivables import receivable_rows
from wandeng.domains.payments.queries.standing import standing

__all__ = [
    "decided_by_pair",
    "decision",
    "decision_rows",
    "decisions",
    "faults",
    "payment_rows",
    "plans_of",
    "receipt",
    "receivable_rows",
    "shown",
    "standing",
]
