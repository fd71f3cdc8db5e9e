"""Whether the bills hold: every invariant recomputed from the rows."""

from __future__ import annotations

from wandeng.domains.billing import checks
from wandeng.domains.billing.types import BillFault
from wandeng.infra.columns import ColumnStore


def faults() -> list[BillFault]:
    """What is wrong with bills, lines and their receivables; empty is the only good answer."""
    with ColumnStore() as store:
        return checks.all_faults(store)
