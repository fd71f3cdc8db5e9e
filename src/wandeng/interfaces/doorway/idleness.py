"""When a session ends though nobody logged out: after so many idle minutes, and after so many hours at most.

Source: GB/T 22239-2019 8.1.4.1 b). Both limits are parameters of the utility. What a page asks for by itself (a part that
is fetched every few seconds) is no sign of life.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import lru_cache

from django.http import HttpRequest

from wandeng.domains.organization import queries as organization

SINCE, SEEN = "since", "seen"
NOTED_EVERY = timedelta(minutes=1)
"""A session is written at most this often, and a changed parameter takes at most this long to be noticed."""


def is_over(request: HttpRequest, now: datetime) -> bool:
    """Whether the session of a request has ended; otherwise notes that somebody is there."""
    session, at = request.session, int(now.timestamp())
    since, seen = int(session.get(SINCE, at)), int(session.get(SEEN, at))
    idle, longest = _limits(now.date(), at // int(NOTED_EVERY.total_seconds()))
    if at - seen > idle or at - since > longest:
        return True
    by_itself = request.method == "GET" and "HX-Request" in request.headers
    if SINCE not in session or (not by_itself and at - seen >= NOTED_EVERY.total_seconds()):
        session[SINCE], session[SEEN] = since, at
    return False


@lru_cache(maxsize=2)
def _limits(on: date, _minute: int) -> tuple[int, int]:
    """Seconds a session may idle, and last."""
    idle = timedelta(minutes=organization.parameter_int("session.idle_minutes", on))
    longest = timedelta(hours=organization.parameter_int("session.longest_hours", on))
    return int(idle.total_seconds()), int(longest.total_seconds())
