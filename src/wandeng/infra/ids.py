"""Explicit ids for bulk tables: reserve a block, number the rows, write. Gaps are harmless, doubles impossible."""

from __future__ import annotations

from django.db import connection, models

from wandeng.infra.columns import ColumnStore


def reserve(model: type[models.Model], count: int) -> int:
    """Reserve ``count`` consecutive ids of a model's table and return the first."""
    with connection.cursor() as cursor:
        cursor.execute(_RESERVE, [model._meta.db_table, 1 + count, count])
        return int(cursor.fetchone()[0]) - count


_RESERVE = (
    "INSERT INTO infra_idblock (name, next_id) VALUES (%s, %s) "
    "ON CONFLICT (name) DO UPDATE SET next_id = infra_idblock.next_id + %s RETURNING next_id"
)
"""One statement, because nearly every action reserves something."""


def reserve_columns(store: ColumnStore, model: type[models.Model], count: int) -> int:
    """The same on a column connection, inside the caller's transaction."""
    name = model._meta.db_table
    store.execute("INSERT INTO infra_idblock (name, next_id) VALUES (?, 1) ON CONFLICT (name) DO NOTHING", (name,))
    store.execute("UPDATE infra_idblock SET next_id = next_id + ? WHERE name = ?", (count, name))
    return int(store.scalar("SELECT next_id FROM infra_idblock WHERE name = ?", (name,))) - count
