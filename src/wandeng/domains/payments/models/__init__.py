"""Tables of payments, by subject."""

from wandeng.domains.payments.models.decisions import PaymentDecision
from wandeng.domains.payments.models.plans import Deposit, InstalmentPart, InstalmentPlan
from wandeng.domains.payments.models.receipts import Allocation, Payment

__all__ = ["Allocation", "Deposit", "InstalmentPart", "InstalmentPlan", "Payment", "PaymentDecision"]
