"""The text of an approved version never changes, so what staff went by can be read again word for word."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from wandeng.infra import guards

_KEPT = (
    "article_id", "number", "valid_from", "title", "text", "keywords", "sources", "is_default", "drafted_by",
)  # fmt: skip
_NAME = "knowledge_version_keep"


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the trigger."""
    guards.keep_approved(
        connection, table="knowledge_articleversion", name=_NAME, columns=_KEPT, says="knowledge: an approved text never changes"
    )  # fmt: skip


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the trigger: for undoing the migration."""
    guards.let_go(connection, _NAME)
