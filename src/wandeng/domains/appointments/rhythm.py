"""On which days a route is driven (巡回周期), and when two routes of one vehicle meet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Protocol

Hours = Sequence[tuple[int, int]]
"""From and to of stops, in order, minutes after local midnight."""
_WEEKS_LOOKED_AHEAD = 56
_DAYS_A_WEEK = 7


class Driven(Protocol):
    """A rhythm: weekdays as digits, every so many weeks counted from the week of the first day, half-open."""

    @property
    def valid_from(self) -> date: ...
    @property
    def valid_to(self) -> date | None: ...
    @property
    def weekdays(self) -> str: ...
    @property
    def every_weeks(self) -> int: ...


def is_driven_on(one: Driven, day: date) -> bool:
    """Whether a rhythm names a day, holidays aside."""
    if day < one.valid_from or (one.valid_to and day >= one.valid_to) or str(day.isoweekday()) not in one.weekdays:
        return False
    first = one.valid_from - timedelta(days=one.valid_from.weekday())
    return (day - first).days // _DAYS_A_WEEK % one.every_weeks == 0


def meet(one: Driven, hours: Hours, other: Driven, other_hours: Hours) -> date | None:
    """The first day of the next weeks on which two routes would need their vehicle at the same hours; ``None`` for never."""
    first, last = hours[0][0], hours[-1][1]
    if not any(begin < last and first < end for begin, end in other_hours):
        return None
    start = max(one.valid_from, other.valid_from)
    days = (start + timedelta(days=ahead) for ahead in range(_WEEKS_LOOKED_AHEAD * _DAYS_A_WEEK))
    return next((day for day in days if is_driven_on(one, day) and is_driven_on(other, day)), None)
