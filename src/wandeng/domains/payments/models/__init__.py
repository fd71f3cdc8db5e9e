"""Tables of payments, by subject."""

from wandeng.domains.payments.models.bank import (
    BankAgreement,
    BankFile,
    BankFileRow,
    ReconciliationDay,
    ReconciliationItem,
    SuspenseItem,
)
from wandeng.domains.payments.models.decisions import PaymentDecision
from wandeng.domains.payments.models.online import (
    ChannelReceipt,
    MessageOutcome,
    OnlineRefund,
    PaymentAlarm,
    PaymentChannel,
    PaymentOrder,
    ProviderMessage,
)
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
    "BankAgreement",
    "BankFile",
    "BankFileRow",
    "ChannelReceipt",
    "DenominationCount",
    "Deposit",
    "InstalmentPart",
    "InstalmentPlan",
    "MessageOutcome",
    "OnlineRefund",
    "Payment",
    "PaymentAlarm",
    "PaymentChannel",
    "PaymentDecision",
    "PaymentOrder",
    "ProviderMessage",
    "ReceiptSeries",
    "ReconciliationDay",
    "ReconciliationItem",
    "SuspenseItem",
    "TenderCount",
    "Till",
    "TillReceipt",
    "TillSession",
]
