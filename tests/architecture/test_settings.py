"""Goal S11: an installation as it goes into service has nothing for Django's own deployment check to warn of."""

from __future__ import annotations

import os
import subprocess
import sys

from wandeng.config.settings import database_from_url

PRODUCTION = {
    "WANDENG_SECRET_KEY": "k" * 20 + "0123456789abcdefghijklmnopqrstuvwxyz",
    "WANDENG_HOSTS": "wandeng.example",
}


def check(**changes: str) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "WANDENG_PLAIN_HTTP"}
    command = [sys.executable, "-m", "django", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(
        command, env=environment | PRODUCTION | changes, capture_output=True, text=True, check=False, timeout=60
    )


def test_an_installation_behind_tls_has_no_warnings() -> None:
    done = check()
    assert done.returncode == 0, done.stderr


def test_plain_http_is_warned_of() -> None:
    done = check(WANDENG_PLAIN_HTTP="1")
    assert done.returncode != 0
    assert "SESSION_COOKIE_SECURE" in done.stderr


def test_a_pooler_that_shares_connections_is_asked_without_prepared_statements() -> None:
    url = "postgresql://u:p@h/n"
    assert database_from_url(url)["OPTIONS"]["prepare_threshold"] == 0
    assert database_from_url(f"{url}?prepared=no")["OPTIONS"]["prepare_threshold"] is None
