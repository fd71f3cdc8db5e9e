"""Lists that go on beyond what is counted: for a minute nobody counts them again.

What a reader is told of them is that there are more than :data:`COUNT_CAP` rows, which a minute does not change; finding it out costs the
database more than the page itself. A count that was reached is never kept.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from datetime import datetime, timedelta

from django.http import QueryDict

from wandeng.interfaces.doorway.asking import Asking
from wandeng.interfaces.doorway.lists.definition import ListDefinition

COUNT_CAP = 10_000
"""Counting stops here: a reader needs to know that there are many, not how many; the database is spared the rest."""
KEPT_FOR = timedelta(minutes=1)
MOST = 1_024
"""So many lists of readers are remembered; then it begins anew."""
_WHERE = frozenset({"page", "size", "sort", "columns", "view"})

_long: dict[tuple[Hashable, ...], tuple[ListDefinition, datetime]] = {}


def counted(definition: ListDefinition, asking: Asking, query: QueryDict, count: Callable[[], int]) -> int:
    """What ``count`` gives, or more than :data:`COUNT_CAP` where the same reader's same list had more a moment ago."""
    filters = tuple((name, tuple(values)) for name, values in query.lists() if name not in _WHERE)
    key = (id(definition), asking.actor.code, asking.actor.unit_path, filters)
    known = _long.get(key)
    if known is not None and known[0] is definition and timedelta(0) <= asking.now - known[1] < KEPT_FOR:
        return COUNT_CAP + 1
    total = count()
    if total > COUNT_CAP:
        if len(_long) >= MOST:
            _long.clear()
        _long[key] = definition, asking.now
    return total
