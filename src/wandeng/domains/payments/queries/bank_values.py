"""Values of bank files, suspense and reconciliation."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

BANK_ACCOUNT_COLUMN = "payments_bankagreement.bank_account"
"""Name that ``infra.pii`` derives the key of bank account numbers from."""
BANK_CHANNEL = "BANK_"


ACQUIRERS = ("CARD", "QR")
"""Who clears what terminals at tills take. Their detail knows no payment of ours: it is held against them by amount."""


def channel_of(bank: str) -> str:
    """The channel that a bank's or provider's money clears through. Banks have numbers, providers names.

    >>> channel_of("102"), channel_of("WECHAT")
    ('BANK_102', 'WECHAT')
    """
    return f"{BANK_CHANNEL}{bank}" if bank.isdigit() else bank


def payment_key(bank: str, reference: str) -> str:
    """The key of a payment that a bank or provider names by ``reference``: batch and serial, or the order's number.

    >>> payment_key("102", "B1:00000007"), payment_key("WECHAT", "O-7")
    ('bank:102:B1:00000007', 'online:O-7')
    >>> payment_key("CARD", "260320000001")
    'acquirer:CARD:260320000001'
    """
    if bank in ACQUIRERS:
        return f"acquirer:{bank}:{reference}"
    return f"bank:{bank}:{reference}" if bank.isdigit() else f"online:{reference}"


@dataclass(frozen=True, slots=True)
class Sum:
    """Rows and what they come to."""

    rows: int = 0
    amount_fen: int = 0


@dataclass(frozen=True, slots=True)
class BankFileFacts:
    """A bank file with what became of its rows, by verdict; ``refusal`` holds message, reason and line. Of a file whose
    amounts can all be read the verdicts' sums are its total; else they and ``unread_fen`` are."""

    file_id: int
    direction: str
    kind: str
    task: str
    bank: str
    batch: str
    unit_code: str
    unit_name: str
    unit_path: str
    day: date | None
    layout: str
    rule_path: str
    file_name: str
    content_hash: str
    size: int
    answers: int | None
    state: str
    rows: int
    total_fen: int
    unread: int
    unread_fen: int
    rows_done: int
    refusal: dict[str, object]
    brought_by: str
    brought_at: datetime
    posted_by: str
    posted_at: datetime | None
    verdicts: dict[str, Sum]
    reasons: tuple[tuple[str, str, Sum], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An account that an item of suspense may belong to, and what speaks for it: NUMBER, NAME, TAIL, AMOUNT."""

    account_id: int
    account_number: str
    name: str
    address: str
    unit_name: str
    owed_fen: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SuspenseFacts:
    """An item of suspense."""

    item_id: int
    key: str
    unit_code: str
    unit_name: str
    unit_path: str
    unit_id: int
    channel: str
    pay_mode: str
    received_on: date
    amount_fen: int
    account_number: str
    payer: str
    tail: str
    reason: str
    state: str
    looked_on: date | None
    note: str
    matched_account: str
    document: str
    asked_by: str
    asked_at: datetime | None
    decided_by: str
    decided_at: datetime | None
    file_id: int | None
    line: int | None


@dataclass(frozen=True, slots=True)
class DayItem:
    """A difference of a day."""

    item_id: int
    kind: str
    key: str
    account_number: str
    ours_fen: int
    theirs_fen: int
    state: str
    reason: str
    decided_by: str
    decided_at: datetime | None

    @property
    def difference_fen(self) -> int:
        return self.theirs_fen - self.ours_fen


@dataclass(frozen=True, slots=True)
class DayFacts:
    """A channel's day. ``open_fen``: what is still on the clearing account of this day, ours less theirs."""

    day_id: int
    unit_code: str
    unit_name: str
    channel: str
    day: date
    file_id: int | None
    ours: Sum
    theirs: Sum
    matched: Sum
    state: str
    made_by: str
    made_at: datetime
    items: tuple[DayItem, ...]

    @property
    def open_fen(self) -> int:
        return sum(-item.difference_fen for item in self.items if item.state == "OPEN")

    @property
    def matched_e4(self) -> int:
        """Share that matched by itself, in 10⁻⁴ of all payments that either side has."""
        whole = self.matched.rows + len(self.items)
        return 10_000 * self.matched.rows // whole if whole else 10_000


@dataclass(frozen=True, slots=True)
class WaitingDay:
    """A day of a channel with money of ours and no detail yet."""

    channel: str
    day: date
    ours: Sum
