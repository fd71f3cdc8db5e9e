"""Several counts in one statement: a page that asks how much of everything there is asks the database once."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Aggregate, QuerySet, Value


def counted(**rows: QuerySet[Any, Any]) -> dict[str, int]:
    """Name → how many rows, all of one moment. One query, whatever the number of names."""
    sums: list[str] = ["1"]
    params: list[Any] = []
    for one in rows.values():
        try:
            sql, given = one.order_by().values("pk").query.sql_with_params()
        except EmptyResultSet:
            sums.append("0")
            continue
        sums.append(f"(SELECT COUNT(*) FROM ({sql}) counted)")
        params += given
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(sums)}", params)
        found = cursor.fetchone()
    return dict(zip(rows, found[1:], strict=True))


def totals(rows: QuerySet[Any, Any], **sums: Aggregate) -> QuerySet[Any, tuple[Any, ...]]:
    """Sums over all of the rows as a query of one row, in the order given: what ``aggregate`` answers at once, lazy, so
    that its text can be kept."""
    # Grouped by a constant, which the database is not even told: one group, also of no rows.
    found: QuerySet[Any, tuple[Any, ...]] = (
        rows.order_by().annotate(everything=Value(1)).values("everything").annotate(**sums).values_list(*sums)
    )
    return found
