"""Reads of payments for people: an account's standing, single payments, rows for lists."""

from wandeng.domains.payments.queries.faults import faults
from wandeng.domains.payments.queries.receipts import payment_rows, receipt, shown
from wandeng.domains.payments.queries.standing import standing

__all__ = ["faults", "payment_rows", "receipt", "shown", "standing"]
