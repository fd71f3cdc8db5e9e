"""Quiet hours of an account (免打扰时段): how they are written, when they end, what they leave of a day. Pure."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from wandeng.domains.notices.types import ContactWish
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import BILLING_ZONE

_HOURS = re.compile(r"^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$")
_HOUR = 60


def read(text: str) -> tuple[int, int] | tuple[None, None]:
    """Minutes of the day from ``21:00-07:00``; nothing from nothing. Raises :class:`InvalidInput`."""
    plain = "".join(text.split())
    if not plain:
        return None, None
    found = _HOURS.match(plain)
    if found is None:
        raise InvalidInput("quiet hours are written as 21:00-07:00", field="quiet")
    hours = [int(one) for one in found.groups()]
    first, last = hours[0] * _HOUR + hours[1], hours[2] * _HOUR + hours[3]
    if first == last:
        raise InvalidInput("quiet hours are written as 21:00-07:00", field="quiet")
    return first, last


def written(first: int | None, last: int | None) -> str:
    """The same as text."""
    if first is None or last is None:
        return ""
    return "-".join(f"{one // _HOUR:02}:{one % _HOUR:02}" for one in (first, last))


def until(wish: ContactWish, now: datetime) -> datetime | None:
    """When the quiet hours end that hold at a moment; ``None`` where none do."""
    if wish.quiet_first is None or wish.quiet_last is None:
        return None
    local = now.astimezone(BILLING_ZONE)
    if not _is_quiet(wish.quiet_first, wish.quiet_last, local.hour * _HOUR + local.minute):
        return None
    ends = time(wish.quiet_last // _HOUR, wish.quiet_last % _HOUR)
    end = datetime.combine(local.date(), ends, tzinfo=BILLING_ZONE)
    return end if end > now else end + timedelta(days=1)


def left(first: int, last: int, *, begin: int, end: int) -> int:
    """So many minutes of a stretch of the day are not quiet."""
    return sum(not _is_quiet(first, last, minute) for minute in range(begin, end))


def _is_quiet(first: int, last: int, minute: int) -> bool:
    return first <= minute < last if first < last else minute >= first or minute < last
