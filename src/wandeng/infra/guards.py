"""Triggers for tables that only grow: histories, the operation log, and the rule texts that old results were made by; and
the trigger for texts that never change once they are approved, which domains put on tables of their own."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.backends.base.base import BaseDatabaseWrapper

APPEND_ONLY = ("infra_ruletext", "infra_statechange", "infra_operation")


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for table in APPEND_ONLY:
                for event in ("UPDATE", "DELETE"):
                    cursor.execute(
                        f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
                        f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
                    )
            return
        cursor.execute(
            "CREATE FUNCTION infra_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$ "
            "BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME; END $$"
        )
        for table in APPEND_ONLY:
            for event in ("UPDATE", "DELETE", "TRUNCATE"):
                cursor.execute(
                    f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
                    "FOR EACH STATEMENT EXECUTE FUNCTION infra_only_grows()"
                )


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers: for undoing the migration, and for test databases that are emptied between tests."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for table in APPEND_ONLY:
                for event in ("update", "delete"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{event}")
        else:
            cursor.execute("DROP FUNCTION IF EXISTS infra_only_grows() CASCADE")


def keep_approved(connection: BaseDatabaseWrapper, *, table: str, name: str, columns: Sequence[str], says: str) -> None:
    """Create the trigger ``name``: once a row of ``table`` is no DRAFT any more, these columns of it never change. ``says`` is
    what an attempt is told."""
    differs = "IS NOT" if connection.vendor == "sqlite" else "IS DISTINCT FROM"
    changed = " OR ".join(f"NEW.{column} {differs} OLD.{column}" for column in columns)
    when = f"OLD.state <> 'DRAFT' AND ({changed})"
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} WHEN {when} BEGIN SELECT RAISE(ABORT, '{says}'); END"
            )
            return
        cursor.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{says}'; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({when}) EXECUTE FUNCTION {name}()"
        )


def let_go(connection: BaseDatabaseWrapper, name: str) -> None:
    """Drop a trigger of :func:`keep_approved`: for undoing the migration."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
        else:
            cursor.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE")
