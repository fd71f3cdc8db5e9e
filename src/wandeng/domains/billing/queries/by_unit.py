"""What every unit was billed for a month, and what was odd about it: figures for managers and auditors, from columns.

Only what has been posted counts. The figures of a month change when something is posted for it, so they are kept by a
mark of what was posted, and every process reads a month's bills once.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import pyarrow as pa
from django.db.models import Count, F, Max, Sum

from wandeng.domains.billing.models import BillCorrection, BillException, BillRun, BillShard
from wandeng.infra.columns import ColumnStore
from wandeng.infra.scope import Scope
from wandeng.kernel.periods import Month

POSTED = ("POSTED", "PUBLISHED")


@dataclass(frozen=True, slots=True)
class UnitBilled:
    """A unit's own accounts in a month: bills, those of no energy, energy and money with all corrections taken in."""

    unit_path: str
    bills: int
    zero: int
    energy_ckwh: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class UnitExceptions:
    """A unit's own accounts that runs of a month parked: waiting still, and let through by a person."""

    unit_path: str
    parked: int
    accepted: int


@dataclass(frozen=True, slots=True)
class PersonCorrections:
    """Corrections of bills of a month that a person made, in how many units."""

    person_code: str
    corrections: int
    units: int


SCHEMA = pa.schema(
    [(name, pa.string() if name == "unit_path" else pa.int64())
     for name in ("unit_path", "bills", "zero", "energy_ckwh", "amount_fen")]
)  # fmt: skip


def billed(scope: Scope, month: Month) -> tuple[UnitBilled, ...]:
    """Posted bills of a month by the unit of their account, by unit path."""
    return billed_of(scope, (month,))[month]


def billed_of(scope: Scope, months: tuple[Month, ...]) -> dict[Month, tuple[UnitBilled, ...]]:
    """:func:`billed` of several months."""
    shards = BillShard.objects.filter(month_index__in=[month.index for month in months], run__state__in=POSTED)
    grouped = shards.values_list("month_index").annotate(n=Count("id"), last=Max("id"), lines=Sum("lines"))
    marks = {index: (n, last, lines or 0) for index, n, last, lines in grouped.order_by("month_index")}
    return {
        month: tuple(
            one for one in _billed(month.index, *marks.get(month.index, (0, 0, 0))) if scope.covers(one.unit_path)
        )
        for month in months
    }


@lru_cache(maxsize=64)
def _billed(month_index: int, _shards: int, _last: int, _lines: int) -> tuple[UnitBilled, ...]:
    sql = (
        "SELECT u.path AS unit_path, CAST(SUM(CASE WHEN b.kind = 'ORDINARY' THEN 1 ELSE 0 END) AS BIGINT) AS bills, "
        "CAST(SUM(CASE WHEN b.kind = 'ORDINARY' AND b.energy_ckwh = 0 THEN 1 ELSE 0 END) AS BIGINT) AS zero, "
        "CAST(SUM(b.energy_ckwh) AS BIGINT) AS energy_ckwh, CAST(SUM(b.amount_fen) AS BIGINT) AS amount_fen "
        "FROM billing_bill b JOIN customers_customeraccount a ON a.id = b.account_id "
        "JOIN organization_unit u ON u.id = a.unit_id "
        "WHERE b.month_index = ? AND b.shard_id IN (SELECT s.id FROM billing_billshard s "
        "JOIN billing_billrun r ON r.id = s.run_id WHERE r.state IN ('POSTED', 'PUBLISHED')) "
        "GROUP BY u.path ORDER BY u.path"
    )
    with ColumnStore() as store:
        rows = store.read(sql, (month_index,), schema=SCHEMA).to_pylist()
    return tuple(UnitBilled(**row) for row in rows)


def exceptions(scope: Scope, month: Month) -> tuple[UnitExceptions, ...]:
    """Accounts that the runs of a month parked, by the unit of the account."""
    return exceptions_of(scope, (month,))[month]


def exceptions_of(scope: Scope, months: tuple[Month, ...]) -> dict[Month, tuple[UnitExceptions, ...]]:
    """:func:`exceptions` of several months, in one query."""
    rows = scope.limit(
        BillException.objects.filter(run__month__in=[str(month) for month in months]), "account__unit__path"
    )
    grouped = rows.exclude(run__state="DISCARDED").values_list("run__month", "account__unit__path", "state")
    counts: Counter[tuple[str, str, str]] = Counter()
    for month, path, state, number in grouped.annotate(n=Count("account_id", distinct=True)).order_by():
        counts[month, path, state] += number
    places = sorted({(month, path) for month, path, _state in counts})
    return {
        one: tuple(
            UnitExceptions(path, counts[month, path, "PARKED"], counts[month, path, "ACCEPTED"])
            for month, path in places
            if month == str(one)
        )
        for one in months
    }


def corrections_by_person(scope: Scope, month: Month) -> tuple[PersonCorrections, ...]:
    """Who corrected bills of a month, the most first."""
    rows = scope.limit(BillCorrection.objects.filter(shard__month_index=month.index), "account__unit__path")
    counted = rows.values(person=F("shard__run__created_by")).annotate(
        n=Count("id"), units=Count("account__unit_id", distinct=True)
    )
    found = [PersonCorrections(row["person"], row["n"], row["units"]) for row in counted.order_by("person")]
    return tuple(sorted(found, key=lambda one: (-one.corrections, one.person_code)))


def approvals_by_pair(scope: Scope, since: datetime) -> dict[tuple[str, str], int]:
    """(who made, who approved) → bill runs approved since an instant."""
    rows = scope.limit(BillRun.objects.filter(approved_at__gte=since).exclude(approved_by=""), "unit__path")
    counted = rows.values_list("created_by", "approved_by").annotate(n=Count("id")).order_by()
    return {(maker, checker): n for maker, checker, n in counted}
