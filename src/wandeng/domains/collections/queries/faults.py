"""Faults of prepay, for those who look whether all is well."""

from __future__ import annotations

from wandeng.domains.collections import checks
from wandeng.domains.collections.types_prepay import PrepayFault
from wandeng.infra.columns import ColumnStore


def faults() -> list[PrepayFault]:
    """What must hold of prepay days and does not; empty is the proof."""
    with ColumnStore() as store:
        return checks.check_prepay(store)
