"""Settings of every installation. What differs between installations comes from the environment, nothing else does.

``WANDENG_HOME`` is where the embedded database, Parquet columns, documents and keys live (default ``var`` in the
current folder); ``WANDENG_DATABASE_URL`` is ``sqlite:///path`` or ``postgresql://user:password@host:port/name``.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

HOME = Path(os.environ.get("WANDENG_HOME", "var")).resolve()
DATABASE_URL = os.environ.get("WANDENG_DATABASE_URL", f"sqlite:///{HOME / 'wandeng.sqlite3'}")

# The patience comes first: entering WAL mode may itself meet a lock, when another process closes its last connection.
SQLITE_PRAGMAS = (
    "PRAGMA busy_timeout=60000; PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
    "PRAGMA recursive_triggers=ON"
)


def database_from_url(url: str) -> dict[str, Any]:
    """Django's DATABASES entry for one of the two supported stores."""
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        name = url.removeprefix("sqlite:///")
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": name,
            "OPTIONS": {"transaction_mode": "IMMEDIATE", "init_command": SQLITE_PRAGMAS, "timeout": 60},
            # A file, not memory: the column connection must see the same data.
            "TEST": {"NAME": str(Path(name).with_name("test-wandeng.sqlite3"))},
        }
    if parts.scheme in {"postgresql", "postgres"}:
        return {
            "ENGINE": "django.db.backends.postgresql",
            "NAME": parts.path.lstrip("/"),
            "USER": unquote(parts.username or ""),
            "PASSWORD": unquote(parts.password or ""),
            "HOST": parts.hostname or dict(parse_qsl(parts.query)).get("host", ""),
            "PORT": str(parts.port or ""),
            "CONN_MAX_AGE": 60,
            # Client side of the cut-network settings: an error after seconds, not a hang of minutes.
            "OPTIONS": {
                "connect_timeout": 3,
                "keepalives_idle": 2,
                "keepalives_interval": 1,
                "keepalives_count": 3,
                "tcp_user_timeout": 4000,
            },
        }
    raise ValueError(f"WANDENG_DATABASE_URL must start with sqlite:/// or postgresql://, got '{parts.scheme}'")


DATABASES = {"default": database_from_url(DATABASE_URL)}
SECRET_KEY = os.environ.get("WANDENG_SECRET_KEY", "command-line-only")
DEBUG = False
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
LANGUAGE_CODE = "zh-hans"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "wandeng.infra",
    "wandeng.domains.organization",
    "wandeng.domains.customers",
    "wandeng.domains.network",
    "wandeng.domains.ledger",
    "wandeng.domains.tariffs",
    "wandeng.domains.metering",
    "wandeng.domains.billing",
]

WANDENG_SUBSCRIPTIONS = "wandeng.flows.subscriptions.SUBSCRIPTIONS"
"""The one table of event subscribers; named here because ``infra`` may not import ``flows``."""
