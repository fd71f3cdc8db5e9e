"""What payments tell others, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class PaymentReceived:
    """Money came in for an account; ``owed_fen_after`` is what it still owes on the day, late fees included."""

    NAME: ClassVar[str] = "payments.payment_received"
    payment_id: int
    account_id: int
    unit_path: str
    amount_fen: int
    owed_fen_after: int

    @property
    def key(self) -> str:
        return f"account:{self.account_id}"


@dataclass(frozen=True, slots=True)
class PaymentReversed:
    """A payment was reversed (冲正): what it settled is open again."""

    NAME: ClassVar[str] = "payments.payment_reversed"
    payment_id: int
    account_id: int
    unit_path: str
    amount_fen: int

    @property
    def key(self) -> str:
        return f"account:{self.account_id}"


@dataclass(frozen=True, slots=True)
class PaymentPartReversed:
    """A part of a payment was given back (部分退回) by a decision: what that part settled is open again."""

    NAME: ClassVar[str] = "payments.payment_part_reversed"
    payment_id: int
    decision_id: int
    account_id: int
    unit_path: str
    amount_fen: int

    @property
    def key(self) -> str:
        return f"account:{self.account_id}"


@dataclass(frozen=True, slots=True)
class PaymentsReceived:
    """A batch of payments was posted, one ledger entry for all of them."""

    NAME: ClassVar[str] = "payments.payments_received"
    batch: str
    unit_path: str
    payments: int
    amount_fen: int

    @property
    def key(self) -> str:
        return f"payments:{self.batch}"
