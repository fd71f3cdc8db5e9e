"""``wandeng init``: make the home folder, the key and the tables."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from rich.console import Console

from wandeng.infra import pii


def init() -> None:
    """Prepare this installation: home folder, key for personal data, database tables. Safe to repeat."""
    console = Console()
    Path(settings.HOME).mkdir(parents=True, exist_ok=True)
    made = pii.create_key()
    call_command("migrate", verbosity=0, interactive=False)
    console.print(f"home      {settings.HOME}")
    console.print(f"key       {'made' if made else 'kept'}")
    console.print("database  tables are up to date")


def is_prepared() -> bool:
    """Whether this installation has its tables."""
    try:
        return "billing_billrun" in connection.introspection.table_names()
    except DatabaseError:
        return False
