"""Which month's bill is the last one of an account that ends in the middle of its period (末次电费)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import pyarrow.compute as pc

from wandeng.domains.billing.frames.accounts import longest_period
from wandeng.domains.customers.types import AccountSet
from wandeng.domains.metering import frames as metering
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class LastMonth:
    """The bill month whose period ends with the account, and where that period begins."""

    month: Month
    period_from: date


def last_month(store: ColumnStore, *, account_id: int, unit_path: str, ends_on: date) -> LastMonth | None:
    """The month whose bill reaches from the reading days of the account's routes to ``ends_on``; ``None`` where its points
    are billed by different months, or none is billed at all."""
    accounts = AccountSet(account_id, account_id + 1, unit_path)
    first = Month.of(ends_on - timedelta(days=1))
    for ahead in range(longest_period(store) + 1):
        month = first.plus(ahead)
        found, _ = metering.points_and_installations(store, accounts=accounts, month=month, ends_on=ends_on)
        ends = pc.unique(found.column("period_to")).to_pylist()
        if ends == [ends_on]:
            return LastMonth(month, pc.min(found.column("period_from")).as_py())
    return None
