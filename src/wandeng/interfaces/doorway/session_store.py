"""Where sessions are kept: Django's table and Django's signatures, read without putting a query together each time."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection
from django.utils import timezone

from wandeng.infra import prepared

_READ = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"
_MOST = 4_096
"""So many sessions a process remembers the meaning of."""


class SessionStore(DatabaseStore):
    """A session that an administrator has ended, or whose time is over, is empty with the next request."""

    def load(self) -> dict[str, Any]:
        found = prepared.answer(_READ, [self.session_key, connection.ops.adapt_datetimefield_value(timezone.now())])
        if not found:
            self._session_key = None
            return {}
        told: dict[str, Any] = json.loads(_meaning(found[0][0]))
        return told


@lru_cache(maxsize=_MOST)
def _meaning(signed: str) -> str:
    """What stands in a session, its signature checked: the same text means the same, so it is checked once."""
    return json.dumps(SessionStore().decode(signed))
