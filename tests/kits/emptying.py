"""Empties the database between tests that commit, in a hundredth of the time that Django's ``flush`` takes.

Only tables that have rows are emptied, and the guards of ledger, tills and histories, which refuse every delete, are put
aside for it: on SQLite those of the tables in question are dropped and made again in the same transaction, on PostgreSQL
the session says that it replays what was allowed elsewhere, which only a superuser of the server may say.
"""

from __future__ import annotations

from django.db import connection, transaction

STAYS = frozenset({"django_content_type", "auth_permission"})
"""What migrating fills and no test changes; Django's ``flush`` empties them and fills them again."""


def empty() -> None:
    """Nothing is left that a test has written."""
    if connection.vendor == "sqlite":
        _empty_sqlite()
    else:
        _empty_postgres()


def with_rows() -> list[str]:
    """The tables that are not empty."""
    tables = sorted(set(connection.introspection.django_table_names(only_existing=True)) - STAYS)
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f'EXISTS (SELECT 1 FROM "{table}")' for table in tables))
        return [table for table, has_rows in zip(tables, cursor.fetchone(), strict=True) if has_rows]


def _empty_sqlite() -> None:
    with connection.constraint_checks_disabled(), transaction.atomic(), connection.cursor() as cursor:
        tables = with_rows()
        cursor.execute("SELECT tbl_name, name, sql FROM sqlite_master WHERE type = 'trigger'")
        guards = [(name, made) for table, name, made in cursor.fetchall() if table in tables and " DELETE " in made]
        for name, _made in guards:
            cursor.execute(f'DROP TRIGGER "{name}"')
        for table in tables:
            cursor.execute(f'DELETE FROM "{table}"')
        for _name, made in guards:
            cursor.execute(made)


def _empty_postgres() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in with_rows():
            cursor.execute(f'DELETE FROM "{table}"')
