"""Reading a list through from beginning to end, batch by batch, by its unique key: for the API and for exports."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from typing import Any

from wandeng.interfaces.doorway.lists.asked import Asked
from wandeng.interfaces.doorway.lists.definition import Row
from wandeng.kernel.errors import InvalidInput


def after(asked: Asked, cursor: str, size: int) -> tuple[list[Row], str]:
    """Up to ``size`` rows behind the cursor in the order of the list's key, and the next cursor (empty at the end).

    Rows that come and go meanwhile move nothing else: each row that stays is read exactly once.

    Raises :class:`InvalidInput` for a cursor that was not made here.
    """
    key = asked.definition.key
    rows = asked.rows.order_by(key)
    if cursor:
        rows = rows.filter(**{f"{key}__gt": _opened(cursor)})
    found = list(rows[: size + 1])
    return found[:size], _sealed(found[size - 1][key]) if len(found) > size else ""


def through(asked: Asked, *, most: int, batch: int = 5_000) -> Iterator[list[Row]]:
    """Up to ``most`` rows in batches, in the order of the key."""
    cursor, left = "", most
    while left > 0:
        rows, cursor = after(asked, cursor, min(batch, left))
        if rows:
            yield rows
        left -= len(rows)
        if not cursor:
            return


def _sealed(value: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(value if isinstance(value, int) else str(value)).encode()).decode()


def _opened(cursor: str) -> int | str:
    try:
        value = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except (ValueError, binascii.Error):
        raise InvalidInput("this cursor was not given by the list") from None
    if not isinstance(value, int | str) or (isinstance(value, str) and "\0" in value):
        raise InvalidInput("this cursor was not given by the list")
    return value
