"""Values that payments shows to others."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import polars as pl

from wandeng.calc.allocation import PartKind
from wandeng.kernel.ids import AccountId, BillId
from wandeng.kernel.periods import Month

__all__ = [
    "OPEN_ITEMS",
    "TAKE",
    "VERDICTS",
    "Channel",
    "Decided",
    "DecisionKind",
    "DecisionShown",
    "OpenBill",
    "PartKind",
    "PaymentFault",
    "PaymentShown",
    "PlanShown",
    "Receipt",
    "SettledPart",
    "Standing",
    "Tender",
]


class Tender(StrEnum):
    """How money changes hands (结算方式)."""

    CASH = "CASH"
    CARD = "CARD"
    QR = "QR"
    CHEQUE = "CHEQUE"
    TRANSFER = "TRANSFER"
    DEBIT = "DEBIT"
    ONLINE = "ONLINE"


class Channel(StrEnum):
    """Where money comes in (收费渠道). Adapters may name others: upper case, digits and underscores."""

    TILL = "TILL"
    MOBILE = "MOBILE"
    AGENT = "AGENT"
    WECHAT = "WECHAT"
    ALIPAY = "ALIPAY"
    UNIONPAY = "UNIONPAY"
    BANK_DEBIT = "BANK_DEBIT"
    BANK_COLLECTION = "BANK_COLLECTION"
    BANK_COUNTER = "BANK_COUNTER"
    TRANSFER = "TRANSFER"


class DecisionKind(StrEnum):
    """Decisions about money (账务处理)."""

    REVERSAL = "REVERSAL"
    REFUND = "REFUND"
    WAIVER = "WAIVER"
    WRITE_OFF = "WRITE_OFF"
    TRANSFER = "TRANSFER"
    PART = "PART"


TAKE = pl.Schema(
    {
        "key": pl.String,           # unique for ever
        "account_id": pl.Int64,
        "amount_fen": pl.Int64,
        "tender": pl.String,
        "channel": pl.String,
        "received_on": pl.Date,
    }
)  # fmt: skip
"""What ``frames.take_many`` takes."""

VERDICTS = pl.Schema({"key": pl.String, "verdict": pl.String, "reason": pl.String, "payment_id": pl.Int64})
"""What it answers, in the order given: posted, repeat or refused (then with a code as ``reason``)."""

OPEN_ITEMS = pl.Schema(
    {
        "account_id": pl.Int64,
        "bill_id": pl.Int64,
        "month_index": pl.Int32,
        "due_on": pl.Date,
        "open_fen": pl.Int64,       # negative: a cancellation or refund that nothing has netted yet
        "fee_fen": pl.Int64,        # late fee still due on the day asked for
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SettledPart:
    """A part of a payment: ``kind`` of :class:`PartKind`, the bill (``None`` for CREDIT), fen above 0."""

    kind: str
    bill_id: int | None
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """What became of a payment. ``owed_fen_after``: bills and late fees open on the day of payment, after it.

    ``is_repeat``: the same key had been posted with the same facts; nothing was posted now.
    """

    payment_id: int
    key: str
    account_id: AccountId
    amount_fen: int
    settled: tuple[SettledPart, ...]
    credit_fen: int
    owed_fen_after: int
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class OpenBill:
    """A bill with something open. ``late_fee_fen``: accrued to the day asked for, less what was paid or waived.

    ``open_fen`` is negative for a cancellation that nothing has netted yet. ``days_late`` counts from the due date, 0
    before it has passed.
    """

    bill_id: BillId
    month: Month
    due_on: date
    amount_fen: int
    open_fen: int
    late_fee_fen: int
    days_late: int


@dataclass(frozen=True, slots=True)
class Standing:
    """An account's money on a day: ``owed_fen`` bills open, ``late_fee_fen`` on top, ``credit_fen`` paid in advance."""

    account_id: AccountId
    account_number: str
    on: date
    open_bills: tuple[OpenBill, ...]
    credit_fen: int
    deposit_fen: int
    owed_fen: int
    late_fee_fen: int
    account_name: str = ""

    @property
    def to_pay_fen(self) -> int:
        """What clears the account on the day: bills and late fees less the credit, not below zero."""
        return max(0, self.owed_fen + self.late_fee_fen - self.credit_fen)


@dataclass(frozen=True, slots=True)
class PaymentShown:
    """A payment as its page shows it."""

    payment_id: int
    key: str
    account_id: AccountId
    account_number: str
    account_name: str
    unit_code: str
    unit_name: str
    channel: str
    tender: str
    amount_fen: int
    received_on: date
    received_at: datetime
    actor: str
    payer: str
    till_session: int | None
    state: str
    settled: tuple[SettledPart, ...]
    decision_id: int | None
    decision_state: str


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision about money: ``state`` PROPOSED while a second person has to agree, DONE when it was carried out."""

    decision_id: int
    kind: str
    state: str
    account_id: AccountId
    amount_fen: int
    needs_second: bool
    to_account_id: AccountId | None = None
    is_repeat: bool = False


@dataclass(frozen=True, slots=True)
class DecisionShown:
    """A decision about money as lists show it."""

    decision_id: int
    kind: str
    state: str
    account_number: str
    account_name: str
    payment_id: int | None
    bill_id: int | None
    to_account_number: str
    amount_fen: int
    reason: str
    maker: str
    proposed_at: datetime
    checker: str
    decided_at: datetime | None


@dataclass(frozen=True, slots=True)
class PlanShown:
    """An instalment plan with its parts (last day, fen) and what was paid since it was made."""

    plan_id: int
    account_number: str
    state: str
    owed_fen: int
    paid_fen: int
    made_on: date
    made_by: str
    reason: str
    parts: tuple[tuple[date, int], ...]


@dataclass(frozen=True, slots=True)
class PaymentFault:
    """A payment, bill, account or decision (``subject_id``, by the kind of fault) that breaks an invariant."""

    subject_id: int
    fault: str
