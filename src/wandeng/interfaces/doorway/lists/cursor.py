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


def after(asked: Asked, cursor: str, size: int, *, most: int | None = None) -> tuple[list[Row], str]:
    """Up to ``size`` rows behind the cursor in the order of the list's key, and the next cursor (empty at the end).

    Rows that come and go meanwhile move nothing else: each row that stays is read exactly once.

    The cursor counts the rows that were read on the way to it, so that nobody reads through more than ``most``.

    Raises :class:`InvalidInput` for a cursor that was not made here, or for going on beyond ``most`` rows.
    """
    key = asked.definition.key
    rows, given = asked.rows.order_by(key), 0
    if cursor:
        value, given = _opened(cursor)
        rows = rows.filter(**{f"{key}__gt": value})
    if most is not None:
        if given >= most:
            raise InvalidInput(f"a list is read through to {most} rows: narrow it by its filters")
        size = min(size, most - given)
    found = list(rows[: size + 1])
    return found[:size], _sealed(found[size - 1][key], given + size) if len(found) > size else ""


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


def _sealed(value: Any, given: int) -> str:
    kept = [value if isinstance(value, int) else str(value), given]
    return base64.urlsafe_b64encode(json.dumps(kept).encode()).decode()


def _opened(cursor: str) -> tuple[int | str, int]:
    """The key that was read last, and how many rows were read so far."""
    try:
        value, given = json.loads(base64.urlsafe_b64decode(cursor.encode()))
    except (TypeError, ValueError, binascii.Error):
        raise InvalidInput("this cursor was not given by the list") from None
    is_key = isinstance(value, int) or (isinstance(value, str) and "\0" not in value)
    if not is_key or not isinstance(given, int) or given < 1:
        raise InvalidInput("this cursor was not given by the list")
    return value, given
