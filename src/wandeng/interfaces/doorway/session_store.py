"""Where sessions are kept: Django's table and Django's signatures, read without putting a query together each time."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection
from django.utils import timezone

from wandeng.infra import prepared

_READ = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(DatabaseStore):
    """A session that an administrator has ended, or whose time is over, is empty with the next request."""

    def load(self) -> dict[str, Any]:
        found = prepared.answer(_READ, [self.session_key, connection.ops.adapt_datetimefield_value(timezone.now())])
        if not found:
            self._session_key = None
            return {}
        return self.decode(found[0][0])
