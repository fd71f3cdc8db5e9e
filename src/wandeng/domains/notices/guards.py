"""The text of an approved version never changes, so what was told can be read again word for word."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from wandeng.infra import guards

_KEPT = ("template_id", "number", "valid_from", "channels", "slots", "texts", "is_default", "drafted_by")
_NAME = "notices_version_keep"


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the trigger."""
    guards.keep_approved(
        connection, table="notices_noticetemplateversion", name=_NAME, columns=_KEPT, says="notices: an approved text never changes"
    )  # fmt: skip


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the trigger: for undoing the migration."""
    guards.let_go(connection, _NAME)
