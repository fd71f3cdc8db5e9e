"""Tables of payments, by subject."""

from wandeng.domains.payments.models.decisions import PaymentDecision
from wandeng.domains.payments.models.plans import Deposit, InstalmentPart, InstalmentPlan
from wandeng.domains.payments.models.receipts import Allocation, Payment
from wandeng.domains.payments.models.tills import (
    DenominationCount,
    ReceiptSeries,
    TenderCount,
    Till,
    TillReceipt,
    TillSession,
)

__all__ = [
    "Allocation",
    "DenominationCount",
    "Deposit",
    "InstalmentPart",
    "InstalmentPlan",
    "Payment",
    "PaymentDecision",
    "ReceiptSeries",
    "TenderCount",
    "Till",
    "TillReceipt",
    "TillSession",
]
