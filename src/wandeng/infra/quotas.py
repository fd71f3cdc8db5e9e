"""How often something may be done (限次): counted in the database, so that a limit holds across all processes.

A window begins with the first spending and lasts as long as the limit says; when it is over the next spending begins another.
At the seam of two windows up to twice the limit may therefore fall into one window's length, never more.

Spending is part of the caller's transaction: what is rolled back was not spent. On PostgreSQL the counter stays locked
until that transaction ends, so spend in a short one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection, transaction

from wandeng.infra import pii
from wandeng.infra.models import Quota

COLUMN = "infra_quota.key"
_SPEND = (
    "INSERT INTO infra_quota (kind, key, ends_at, used) VALUES (%s, %s, %s, 1) "
    "ON CONFLICT (kind, key) DO UPDATE SET "
    "used = CASE WHEN infra_quota.ends_at <= %s THEN 1 ELSE infra_quota.used + 1 END, "
    "ends_at = CASE WHEN infra_quota.ends_at <= %s THEN excluded.ends_at ELSE infra_quota.ends_at END "
    "WHERE infra_quota.ends_at <= %s OR infra_quota.used < %s RETURNING used"
)
"""One statement: two processes that spend the last one at once cannot both have it."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """``limit`` times within ``window`` for one ``key`` (a phone, an address, an account) of a ``kind`` of doing."""

    kind: str
    key: str
    limit: int
    window: timedelta


def spend(kind: str, key: str, limit: int, window: timedelta, now: datetime) -> bool:
    """Count one doing and say whether it may be done; what may not be done is not counted.

    Raises ``ValueError`` for a limit below one or a window that does not last.
    """
    if limit < 1 or window <= timedelta(0):
        raise ValueError(f"a limit of {limit} within {window} allows nothing; expected at least 1 within some time")
    at, ends = (connection.ops.adapt_datetimefield_value(moment) for moment in (now, now + window))
    with connection.cursor() as cursor:
        cursor.execute(_SPEND, [kind, _hidden(key), ends, at, at, at, limit])
        return cursor.fetchone() is not None


def spend_together(allowances: Iterable[Allowance], now: datetime) -> Allowance | None:
    """Spend all of them or none; returns the one that is used up, ``None`` when it may be done.

    Counters are taken in one order, so that two callers do not wait for each other.
    """
    wanted = sorted(allowances, key=lambda one: (one.kind, one.key))
    try:
        with transaction.atomic():
            for one in wanted:
                if not spend(one.kind, one.key, one.limit, one.window, now):
                    raise _UsedUp(one)
    except _UsedUp as refused:
        return refused.allowance
    return None


def forget_old(*, now: datetime) -> int:
    """Remove counters whose window is over; returns how many."""
    return Quota.objects.filter(ends_at__lte=now).delete()[0]


def _hidden(key: str) -> str:
    """Keys may be phones and addresses of people: kept as a blind index."""
    return pii.index_many([key], column=COLUMN)[0]


class _UsedUp(Exception):
    def __init__(self, allowance: Allowance) -> None:
        super().__init__(allowance.kind)
        self.allowance = allowance
