"""Which months' bills are the last ones of an account that ends in the middle of its period (末次电费)."""

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


def last_months(store: ColumnStore, *, account_id: int, unit_path: str, ends_on: date) -> tuple[LastMonth, ...]:
    """The months whose bills reach to ``ends_on``, the earliest first: one where the points of an account are read on one day,
    several where a point read later in the month ends with the next month's bill. None where nothing is billed at all.

    The bill of each takes every point that is due in its month: one whose own last period lies in a later month up to its
    ordinary reading, one whose last period ended in an earlier month not at all. So each point comes to its closing reading once.
    """
    accounts = AccountSet(account_id, account_id + 1, unit_path)
    first = Month.of(ends_on - timedelta(days=1))
    months = []
    for ahead in range(longest_period(store) + 1):
        month = first.plus(ahead)
        found, _ = metering.points_and_installations(store, accounts=accounts, month=month, ends_on=ends_on)
        if ends_on in pc.unique(found.column("period_to")).to_pylist():
            months.append(LastMonth(month, pc.min(found.column("period_from")).as_py()))
    return tuple(months)
