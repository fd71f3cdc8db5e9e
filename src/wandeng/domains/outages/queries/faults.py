"""Whether the outage plans hold: every invariant recomputed."""

from __future__ import annotations

from wandeng.domains.outages import checks
from wandeng.domains.outages.types.plans import OutageFault
from wandeng.infra.columns import ColumnStore


def faults() -> list[OutageFault]:
    """What is wrong with outage plans; empty is the only good answer."""
    with ColumnStore() as store:
        return checks.all_faults(store)
