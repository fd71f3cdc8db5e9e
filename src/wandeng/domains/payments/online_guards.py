"""Triggers: what a provider sent, what was done on it, and what it took for us are never changed or deleted."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

_TABLES = ("payments_providermessage", "payments_messageoutcome", "payments_channelreceipt")


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers."""
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute(
                "CREATE FUNCTION payments_only_grows() RETURNS trigger LANGUAGE plpgsql AS $$ "
                "BEGIN RAISE EXCEPTION '% only grows', TG_TABLE_NAME; END $$"
            )
        for table in _TABLES:
            for event in ("UPDATE", "DELETE"):
                if connection.vendor == "sqlite":
                    cursor.execute(
                        f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
                        f"BEGIN SELECT RAISE(ABORT, '{table} only grows'); END"
                    )
                else:
                    cursor.execute(
                        f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
                        "FOR EACH STATEMENT EXECUTE FUNCTION payments_only_grows()"
                    )


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers: for undoing the migration, and for test databases that are emptied between tests."""
    with connection.cursor() as cursor:
        if connection.vendor != "sqlite":
            cursor.execute("DROP FUNCTION IF EXISTS payments_only_grows() CASCADE")
            return
        for table in _TABLES:
            for event in ("update", "delete"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{event}")
