"""Lines to post and balances to read."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

RECEIVABLE = "RECEIVABLE"
"""应收电费: what customers owe, one sub-ledger per customer account."""

LINES = pa.schema(
    [
        ("ledger_account", pa.string()),
        ("account_id", pa.int64()),     # the customer account, null for revenue and fund lines
        ("source", pa.int64()),         # bill or payment id, null for totals
        ("amount_fen", pa.int64()),     # debit positive, credit negative
    ]
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Posting:
    """One line of an entry to be posted: debit positive, credit negative, in fen, never zero."""

    ledger_account: str
    amount_fen: int
    account_id: int | None = None
    source: int | None = None


@dataclass(frozen=True, slots=True)
class LedgerFault:
    """An entry that breaks an invariant: UNBALANCED, LEFT_OPEN or POSTED_AFTER_CLOSE."""

    entry_id: int
    fault: str
