"""Fill PostgreSQL tables by the million: without their indexes, references and triggers, which come back afterwards.

For the input of a benchmark alone, into a database that nobody else uses: keeping the indexes, looking up every reference
and calling a trigger for every row takes five times as long as the rows. Afterwards every key and reference has been
checked over all rows. Only an exclusion constraint (no two price assignments of a point overlap) stays away: its index
takes longer than all the rest, and a bill run neither reads nor writes it. SQLite checks as it goes, and costs no more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connection, models

_CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
     WHERE contype = ANY (%s) AND conrelid = ANY (%s::regclass[]) ORDER BY conname"""

_INDEXES = """
    SELECT i.indexrelid::regclass::text, pg_get_indexdef(i.indexrelid) FROM pg_index i
     WHERE i.indrelid = ANY (%s::regclass[]) AND NOT i.indisprimary
       AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid AND c.contype IN ('u', 'x'))
     ORDER BY 1"""


@contextmanager
def bare_tables(tables: Sequence[type[models.Model]]) -> Iterator[None]:
    """While the block runs these tables have no index but the primary key, refer to nothing and call no trigger; on SQLite, nothing."""
    if connection.vendor == "sqlite":
        yield
        return
    names = [model._meta.db_table for model in tables]
    with connection.cursor() as cursor:
        cursor.execute(_CONSTRAINTS, (["f"], names))
        references = cursor.fetchall()
        cursor.execute(_CONSTRAINTS, (["u"], names))
        uniques = cursor.fetchall()
        cursor.execute(_CONSTRAINTS, (["x"], names))
        exclusions = cursor.fetchall()
        cursor.execute(_INDEXES, (names,))
        indexes = cursor.fetchall()
        for table, name, _ in (*references, *uniques, *exclusions):
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        for name, _ in indexes:
            cursor.execute(f"DROP INDEX {name}")
        for name in names:
            cursor.execute(f"ALTER TABLE {name} DISABLE TRIGGER USER")
        yield
        cursor.execute("SET maintenance_work_mem = '256MB'")
        for _, definition in indexes:
            cursor.execute(definition)
        for table, name, definition in (*uniques, *references):
            cursor.execute(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
        for name in names:
            cursor.execute(f"ALTER TABLE {name} ENABLE TRIGGER USER")
