"""Triggers for tables that only grow: histories, the operation log, and the rule texts that old results were made by."""

from __future__ import annotations

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
