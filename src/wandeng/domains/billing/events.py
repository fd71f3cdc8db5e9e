"""What billing tells others, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class BillRunPublished:
    """The bills of a run are out: customers may see them, notices may go."""

    NAME: ClassVar[str] = "billing.bill_run_published"
    run_id: int
    unit_path: str
    month: str
    bills: int
    amount_fen: int

    @property
    def key(self) -> str:
        return f"bill-run:{self.run_id}"


@dataclass(frozen=True, slots=True)
class BillsCorrected:
    """Bills were cancelled, made anew or adjusted; the originals stay."""

    NAME: ClassVar[str] = "billing.bills_corrected"
    run_id: int
    account_id: int
    months: tuple[str, ...]
    amount_fen: int

    @property
    def key(self) -> str:
        return f"account:{self.account_id}"


@dataclass(frozen=True, slots=True)
class FinalBillPublished:
    """The final bill of an account that ends is out, ahead of the month's run."""

    NAME: ClassVar[str] = "billing.final_bill_published"
    run_id: int
    account_id: int
    unit_path: str
    month: str
    amount_fen: int

    @property
    def key(self) -> str:
        return f"account:{self.account_id}"
