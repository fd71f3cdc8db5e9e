"""Lines to post and balances to read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa

RECEIVABLE = "RECEIVABLE"
"""应收电费: what customers owe, one sub-ledger per customer account; the source is the bill."""

CREDIT = "CREDIT"
"""预收电费: paid in advance, one sub-ledger per customer account; a negative balance is the customer's."""

DEPOSIT = "DEPOSIT"
"""电费保证金, one sub-ledger per customer account; a negative balance is held for the customer."""

LATE_FEE = "REVENUE:LATE_FEE"
"""违约金收入: booked when it is paid; the source is the bill."""

PENALTY = "PENALTY"
"""应收违约使用电费: penalties for stolen energy that are owed, one sub-ledger per customer account; the source is the run whose bill
pays the energy back."""

PENALTY_EARNED = "REVENUE:PENALTY"
"""违约使用电费收入: the other side of :data:`PENALTY`, with the same account and source."""

BANK = "BANK"
"""银行存款."""

SUSPENSE = "SUSPENSE"
"""待查款: money of which nobody knows yet whose it is."""

OVER_SHORT = "OVER_SHORT"
"""长短款: differences of tills and channels."""

BAD_DEBT = "BAD_DEBT"
"""坏账核销: receivables given up."""


def cash(unit_code: str) -> str:
    """库存现金 of a unit; the source is the till session."""
    return f"CASH:{unit_code}"


def clearing(channel: str) -> str:
    """What a channel owes us until its money is in the bank (在途资金)."""
    return f"CLEARING:{channel}"


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
class Heading:
    """会计科目 of the general ledger; ``root`` is the side it stands on (Assets, Liabilities, Income, Expenses)."""

    code: str
    name_zh: str
    name_en: str
    root: str


@dataclass(frozen=True, slots=True)
class AccountBalance:
    """A ledger account in a month (科目余额): balances and turnover in fen, debit positive; closing = opening + debit −
    credit."""

    ledger_account: str
    opening_fen: int
    debit_fen: int
    credit_fen: int

    @property
    def closing_fen(self) -> int:
        return self.opening_fen + self.debit_fen - self.credit_fen


@dataclass(frozen=True, slots=True)
class EntryFacts:
    """An entry (凭证) with its lines summed by ledger account: what a book of vouchers shows."""

    entry_id: int
    biz_key: str
    kind: str
    unit_code: str
    month: str
    posted_at: datetime
    actor: str
    lines: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class UnitClose:
    """A unit and the last month of its books that is closed; empty when none is."""

    unit_code: str
    unit_name: str
    closed_to: str


@dataclass(frozen=True, slots=True)
class LedgerFault:
    """An entry that breaks an invariant: UNBALANCED, LEFT_OPEN or POSTED_AFTER_CLOSE; or, with the id of a close, one whose
    balances are not those of its entries: CLOSE_DIFFERS."""

    entry_id: int
    fault: str
