"""``wandeng init``: make the home folder, the key, the tables and the texts of notices."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection
from rich.console import Console

from wandeng.domains.notices import actions as notices
from wandeng.infra import pii
from wandeng.interfaces.cli import terminal
from wandeng.kernel.actors import SYSTEM


def init() -> None:
    """Prepare this installation: home folder, key for personal data, database tables, texts of notices. Safe to repeat."""
    console = Console()
    Path(settings.HOME).mkdir(parents=True, exist_ok=True)
    made = pii.create_key()
    _create_secret_key(Path(settings.HOME) / "secret.key")
    call_command("migrate", verbosity=0, interactive=False)
    texts = notices.install_defaults(actor=SYSTEM, at=terminal.now())
    console.print(f"home      {settings.HOME}")
    console.print(f"key       {'made' if made else 'kept'}")
    console.print("database  tables are up to date")
    console.print(f"notices   {texts or 'all'} of the product's texts {'put in place' if texts else 'are in place'}")


def _create_secret_key(path: Path) -> None:
    """What signs sessions, for this installation alone; kept when it is there."""
    if path.exists():
        return
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48))


def is_prepared() -> bool:
    """Whether this installation has its tables."""
    try:
        return "billing_billrun" in connection.introspection.table_names()
    except DatabaseError:
        return False
