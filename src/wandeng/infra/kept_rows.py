"""Lazy rows that are put together once: a list filters and sorts them anew each time, and the framework takes longer to put
together what never changes than the database takes to answer."""

from __future__ import annotations

import functools
import threading
from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet

_MOST = 64
Rows = QuerySet[Any, Any]


def kept(make: Callable[..., Rows]) -> Callable[..., Rows]:
    """A function of lazy rows that calls ``make`` once for the same arguments, and gives a copy each time: nothing that was
    read is kept. What ``make`` reads besides its arguments must never change.

    Every thread has its own: while the text of a query is written, the query counts in itself.
    """
    own = threading.local()

    @functools.wraps(make)
    def rows(*given: Any) -> Rows:
        known: dict[tuple[Any, ...], Rows] = own.__dict__.setdefault("known", {})
        if given not in known:
            if len(known) >= _MOST:
                known.clear()
            known[given] = make(*given)
        return known[given].all()

    return rows
