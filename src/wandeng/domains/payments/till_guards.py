"""Triggers by which the database itself keeps a closed session as it was, and every receipt in being, on both stores.

A session that is closed is not updated and takes no receipt and no count; a receipt is never changed; neither is deleted.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

_CLOSED = "EXISTS (SELECT 1 FROM payments_tillsession s WHERE s.id = {row}.session_id AND s.state = 'CLOSED')"
_COUNTS = ("payments_tendercount", "payments_denominationcount")


def _rules() -> list[tuple[str, str, str, str]]:
    """(table, event, when, sentence) of every rule; ``when`` is SQL on both stores."""
    found = [
        ("payments_tillsession", "UPDATE", "OLD.state = 'CLOSED'", "a closed session never changes"),
        ("payments_tillsession", "DELETE", "1 = 1", "sessions are never deleted"),
        ("payments_tillreceipt", "INSERT", _CLOSED.format(row="NEW"), "the session is closed"),
        ("payments_tillreceipt", "UPDATE", "1 = 1", "a receipt never changes"),
        ("payments_tillreceipt", "DELETE", "1 = 1", "receipts are never deleted"),
    ]
    for table in _COUNTS:
        found += [
            (table, "INSERT", _CLOSED.format(row="NEW"), "the session is closed"),
            (table, "UPDATE", _CLOSED.format(row="OLD"), "the session is closed"),
            (table, "DELETE", _CLOSED.format(row="OLD"), "the session is closed"),
        ]
    return found


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers."""
    with connection.cursor() as cursor:
        for table, event, when, sentence in _rules():
            name = f"{table}_keep_{event.lower()}"
            if connection.vendor == "sqlite":
                cursor.execute(
                    f"CREATE TRIGGER {name} BEFORE {event} ON {table} WHEN {when} "
                    f"BEGIN SELECT RAISE(ABORT, 'tills: {sentence}'); END"
                )
                continue
            back = "OLD" if event == "DELETE" else "NEW"
            cursor.execute(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {when} THEN RAISE EXCEPTION 'tills: {sentence}'; END IF; RETURN {back}; END $$"
            )
            cursor.execute(f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()")


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers: for undoing the migration, and for test databases that are emptied between tests."""
    with connection.cursor() as cursor:
        for table, event, _when, _sentence in _rules():
            name = f"{table}_keep_{event.lower()}"
            if connection.vendor == "sqlite":
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}")
            else:
                cursor.execute(f"DROP FUNCTION IF EXISTS {name}() CASCADE")
