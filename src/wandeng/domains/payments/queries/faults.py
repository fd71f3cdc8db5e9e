"""Whether payments, what they settled and the ledger agree: every invariant recomputed from the rows."""

from __future__ import annotations

from wandeng.domains.payments import checks
from wandeng.domains.payments.types import PaymentFault
from wandeng.infra.columns import ColumnStore


def faults() -> list[PaymentFault]:
    """What is wrong; empty is the only good answer."""
    with ColumnStore() as store:
        return checks.all_faults(store)
