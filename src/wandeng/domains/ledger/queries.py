"""Balances for people: always from the lines, never from a cache."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
from django.db.models import F, Max, OuterRef, QuerySet, Subquery, Sum

from wandeng.domains.ledger import checks
from wandeng.domains.ledger.models import Entry, EntryLine, PeriodClose
from wandeng.domains.ledger.rules import headings
from wandeng.domains.ledger.types import RECEIVABLE, AccountBalance, EntryFacts, LedgerFault, UnitClose
from wandeng.infra.columns import ColumnStore
from wandeng.infra.counts import totals
from wandeng.infra.scope import Scope
from wandeng.infra.statements import Reading
from wandeng.kernel.ids import AccountId, EntryId, UnitId

__all__ = [
    "balances", "closes", "count_entries", "earned_and_bought", "entries_of", "entry", "entry_rows", "faults", "find_entry", "headings", "is_closed",
    "months_posted", "receivable_fen", "receivable_of_row", "trial_balance",
]  # fmt: skip


def receivable_fen(*, account: AccountId) -> int:
    """What the customer account owes now, in fen; negative is a credit."""
    owed = _OWED.first(int(account))
    return int(owed[0] or 0) if owed else 0


_OWED: Reading[tuple[int | None]] = Reading(
    lambda account: totals(
        EntryLine.objects.filter(account_id=account, ledger_account=RECEIVABLE, entry__is_posted=True),
        total=Sum("amount_fen"),
    ),
    int, planned_once=True,
)  # fmt: skip


def trial_balance(*, unit: UnitId, month: str) -> dict[str, int]:
    """Sum of each ledger account over the unit's entries of a month; the values sum to zero."""
    rows = (
        EntryLine.objects.filter(entry__unit_id=unit, entry__month=month, entry__is_posted=True)
        .values("ledger_account")
        .annotate(total=Sum("amount_fen"))
        .order_by("ledger_account")
    )
    return {row["ledger_account"]: row["total"] for row in rows}


def balances(scope: Scope, *, unit_path: str, month: str) -> tuple[AccountBalance, ...]:
    """Opening balance, turnover and closing balance of each ledger account (科目余额表) over a unit and all below it.

    A unit's opening begins with what was kept when its books were last closed. Raises :class:`NotFound` outside the scope.
    """
    prefix = scope.narrowed(unit_path).prefix
    here = (len(prefix), prefix)
    with ColumnStore() as store:
        rows = store.read(_BALANCES, (month, month, month, month, month, *here, month, *here), schema=_BALANCE_COLUMNS)
    return tuple(AccountBalance(**row) for row in rows.to_pylist() if any(list(row.values())[1:]))


_BALANCE_COLUMNS = pa.schema(
    [
        ("ledger_account", pa.string()),
        ("opening_fen", pa.int64()),
        ("debit_fen", pa.int64()),
        ("credit_fen", pa.int64()),
    ]
)
_BALANCES = """
SELECT name AS ledger_account, CAST(SUM(opening) AS BIGINT) AS opening_fen, CAST(SUM(debit) AS BIGINT) AS debit_fen,
       CAST(SUM(credit) AS BIGINT) AS credit_fen
FROM (
  SELECT l.ledger_account AS name,
         CASE WHEN e.month < ? THEN l.amount_fen ELSE 0 END AS opening,
         CASE WHEN e.month = ? AND l.amount_fen > 0 THEN l.amount_fen ELSE 0 END AS debit,
         CASE WHEN e.month = ? AND l.amount_fen < 0 THEN -l.amount_fen ELSE 0 END AS credit
  FROM ledger_entry e JOIN ledger_entryline l ON l.entry_id = e.id JOIN organization_unit u ON u.id = e.unit_id
  LEFT JOIN (SELECT unit_id, MAX(month) AS month FROM ledger_periodclose WHERE month < ? GROUP BY unit_id) k
         ON k.unit_id = e.unit_id
  WHERE e.is_posted AND e.month <= ? AND (k.month IS NULL OR e.month > k.month) AND substr(u.path, 1, CAST(? AS INTEGER)) = ?
  UNION ALL
  SELECT b.ledger_account, b.balance_fen, 0, 0
  FROM ledger_periodbalance b JOIN ledger_periodclose c ON c.id = b.close_id
  JOIN (SELECT unit_id, MAX(month) AS month FROM ledger_periodclose WHERE month < ? GROUP BY unit_id) k
    ON k.unit_id = c.unit_id AND k.month = c.month
  JOIN organization_unit u ON u.id = c.unit_id
  WHERE substr(u.path, 1, CAST(? AS INTEGER)) = ?
) AS both_parts
GROUP BY name ORDER BY name
"""


def entry_rows(scope: Scope) -> QuerySet[Entry, Any]:
    """Posted entries (凭证) for lists, with the sum of their debits in fen."""
    rows = scope.limit(Entry.objects.filter(is_posted=True), "unit__path").order_by("-id")
    return rows.values(
        "id", "biz_key", "kind", "month", "posted_at", "actor", unit_code=F("unit__code"), unit_name=F("unit__name")
    )


def entry(scope: Scope, entry_id: int) -> EntryFacts:
    """An entry with its lines summed by ledger account. Raises :class:`NotFound`."""
    row = scope.one(
        Entry.objects.filter(is_posted=True).select_related("unit"), "unit__path", "ledger entry", pk=entry_id
    )
    return _facts([row])[0]


def entries_of(scope: Scope, *, unit_path: str, month: str) -> list[EntryFacts]:
    """The entries of a month of a unit and all below it, in the order they were posted."""
    rows = scope.narrowed(unit_path).limit(Entry.objects.filter(is_posted=True, month=month), "unit__path")
    return _facts(list(rows.select_related("unit").order_by("id")))


def _facts(rows: list[Entry]) -> list[EntryFacts]:
    lines: dict[int, list[tuple[str, int]]] = {row.pk: [] for row in rows}
    ids = list(lines)
    for start in range(0, len(ids), _IDS_AT_ONCE):
        some = EntryLine.objects.filter(entry_id__in=ids[start : start + _IDS_AT_ONCE])
        sums = some.values_list("entry_id", "ledger_account").annotate(total=Sum("amount_fen"))
        for entry_id, name, total in sums.order_by("entry_id", "ledger_account"):
            lines[entry_id].append((name, total))
    return [
        EntryFacts(
            row.pk, row.biz_key, row.kind, row.unit.code, row.month, row.posted_at, row.actor, tuple(lines[row.pk])
        )
        for row in rows
    ]


_IDS_AT_ONCE = 500


def closes(scope: Scope) -> tuple[UnitClose, ...]:
    """The units of the scope that have entries, each with the last month of its books that is closed."""
    units = scope.limit(Entry.objects.filter(is_posted=True), "unit__path").values_list("unit_id").distinct()
    last = dict(PeriodClose.objects.values_list("unit_id").annotate(month=Max("month")))
    names = Entry.objects.filter(unit_id__in=units).values_list("unit_id", "unit__code", "unit__name", "unit__path")
    found = names.distinct().order_by("unit__path")
    return tuple(UnitClose(code, name, last.get(unit_id, "")) for unit_id, code, name, _ in found)


def earned_and_bought(scope: Scope, *, unit_path: str, month: str) -> dict[str, int]:
    """Fen that entries of a month put on the accounts of revenue, funds and purchases, debit positive, over a unit and all
    below it. Raises :class:`NotFound` outside the scope."""
    prefix = scope.narrowed(unit_path).prefix
    with ColumnStore() as store:
        rows = store.read(_EARNED, (month, len(prefix), prefix), schema=_EARNED_COLUMNS)
    return {row["name"]: row["fen"] for row in rows.to_pylist() if row["fen"]}


_EARNED_COLUMNS = pa.schema([("name", pa.string()), ("fen", pa.int64())])
_EARNED = """
SELECT l.ledger_account AS name, CAST(SUM(l.amount_fen) AS BIGINT) AS fen
FROM ledger_entryline l JOIN ledger_entry e ON e.id = l.entry_id JOIN organization_unit u ON u.id = e.unit_id
WHERE ((l.ledger_account >= 'FUND:' AND l.ledger_account < 'FUND;')
    OR (l.ledger_account >= 'PURCHASE:' AND l.ledger_account < 'PURCHASE;')
    OR (l.ledger_account >= 'REVENUE:' AND l.ledger_account < 'REVENUE;'))
  AND e.is_posted AND e.month = ? AND substr(u.path, 1, CAST(? AS INTEGER)) = ?
GROUP BY l.ledger_account ORDER BY l.ledger_account
"""
"""The condition in brackets is that of the index ``entryline_earned``, word for word: SQLite uses it only so."""


def is_closed(*, unit: UnitId, month: str) -> bool:
    """Whether a month of a unit's books is closed."""
    return PeriodClose.objects.filter(unit_id=unit, month__gte=month).exists()


def months_posted(scope: Scope) -> tuple[str, ...]:
    """Accounting months with entries, the newest first."""
    rows = scope.limit(Entry.objects.filter(is_posted=True), "unit__path")
    return tuple(rows.order_by("-month").values_list("month", flat=True).distinct())


def find_entry(*, biz_key: str) -> EntryId | None:
    """The entry posted under a business key, if any."""
    found = Entry.objects.filter(biz_key=biz_key, is_posted=True).values_list("pk", flat=True).first()
    return None if found is None else EntryId(found)


def faults() -> list[LedgerFault]:
    """What is wrong with the books, recomputed from every row; empty is the only good answer."""
    with ColumnStore() as store:
        return checks.all_faults(store)


def count_entries() -> int:
    """How many entries are posted."""
    return Entry.objects.filter(is_posted=True).count()


def receivable_of_row(account: str = "pk") -> Subquery:
    """What the account of a row owes, in fen, for lists of other domains; ``account`` names the row's account id."""
    lines = EntryLine.objects.filter(account_id=OuterRef(account), ledger_account=RECEIVABLE).order_by()
    return Subquery(lines.values("account_id").annotate(fen=Sum("amount_fen")).values("fen"))
