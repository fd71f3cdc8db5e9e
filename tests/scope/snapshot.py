"""Everything that stands in the database, to tell afterwards whether anything changed."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.db import connection

MOVES_BY_ITSELF = {
    "django_session": "a page notes that somebody is there",
    "django_migrations": "no row of the product",
}
SEARCH = "infra_searchgram"
"""The index of the embedded database cannot be read row by row; what it is made from stands in a table of its own."""
NOTED = {("organization_apitoken", "used_at")}
"""Columns that move by looking on: a token notes once a minute that it is in use."""

State = dict[str, "Counter[tuple[Any, ...]]"]


def take() -> State:
    """Table → its rows, each as often as it stands there."""
    found: State = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if table in MOVES_BY_ITSELF or table.startswith(SEARCH):
                continue
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            names = [column[0] for column in cursor.description]
            kept = [place for place, name in enumerate(names) if (table, name) not in NOTED]
            found[table] = Counter(tuple(_held(row[place]) for place in kept) for row in cursor.fetchall())
    return found


def told(before: State, after: State) -> list[str]:
    """What came and what went, by table."""
    return [
        f"{table}: {sign} {row}"
        for table in sorted(before.keys() | after.keys())
        for sign, rows in (
            ("+", after.get(table, Counter()) - before.get(table, Counter())),
            ("-", before.get(table, Counter()) - after.get(table, Counter())),
        )
        for row in rows
    ]


def _held(value: Any) -> Any:
    """A value that can be compared: what a driver answers as a list, a map or a buffer as text."""
    return value if isinstance(value, int | str | bytes | float | None) else repr(value)
