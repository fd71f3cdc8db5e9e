"""Triggers: the text of an approved version never changes, so what staff went by can be read again word for word."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

_KEPT = (
    "article_id", "number", "valid_from", "title", "text", "keywords", "sources", "is_default", "drafted_by",
)  # fmt: skip
_TABLE = "knowledge_articleversion"
_NAME = "knowledge_version_keep"
_SAYS = "knowledge: an approved text never changes"


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the trigger."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in _KEPT)
            cursor.execute(
                f"CREATE TRIGGER {_NAME} BEFORE UPDATE ON {_TABLE} WHEN OLD.state <> 'DRAFT' AND ({changed}) "
                f"BEGIN SELECT RAISE(ABORT, '{_SAYS}'); END"
            )
            return
        changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in _KEPT)
        cursor.execute(
            f"CREATE FUNCTION {_NAME}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '{_SAYS}'; END $$"
        )
        cursor.execute(
            f"CREATE TRIGGER {_NAME} BEFORE UPDATE ON {_TABLE} FOR EACH ROW "
            f"WHEN (OLD.state <> 'DRAFT' AND ({changed})) EXECUTE FUNCTION {_NAME}()"
        )


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the trigger: for undoing the migration."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(f"DROP TRIGGER IF EXISTS {_NAME}")
        else:
            cursor.execute(f"DROP FUNCTION IF EXISTS {_NAME}() CASCADE")
