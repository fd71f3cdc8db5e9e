"""Whether the interruptions hold: every invariant recomputed from their steps."""

from __future__ import annotations

from wandeng.domains.reliability import checks
from wandeng.domains.reliability.types import InterruptionFault
from wandeng.infra.columns import ColumnStore


def faults() -> list[InterruptionFault]:
    """What is wrong with interruptions; empty is the only good answer."""
    with ColumnStore() as store:
        return checks.all_faults(store)
