"""How many days of a month a capacity is charged for: three countings that published answers use.

A month is always charged as 30 days (``month_days``), but the answers differ in whether the first day
counts and in what a 31-day month contributes. The choice is a parameter; nothing here has a default.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import Month


class DayCount(StrEnum):
    """Countings of the days from ``start`` to ``end``.

    ``THIRTY_DAY_MONTHS``: date difference on 30-day months, start day not counted (WE-02, WE-03, WE-06).
    ``START_EXCLUDED``: calendar days after the start day up to and with the end day; a month never gives
    more than its 30 days (WE-08: 10 to 31 May is 21). ``START_INCLUDED``: the same with the start day
    (WE-07: 25 to 31 August is 7).
    """

    THIRTY_DAY_MONTHS = "thirty_day_months"
    START_EXCLUDED = "start_excluded"
    START_INCLUDED = "start_included"


@dataclass(frozen=True, slots=True)
class MonthDays:
    """The charged days of one calendar month; ``days`` is the full ``month_days`` for a month charged
    whole."""

    month: Month
    days: int


def charged_days(start: date, end: date, counting: DayCount, *, month_days: int) -> tuple[MonthDays, ...]:
    """Charged days by calendar month, in order, months without a day left out.

    Raises :class:`InvalidInput` when the end lies before the start.

    >>> stopped, found = date(2002, 5, 10), date(2002, 7, 30)
    >>> [part.days for part in charged_days(stopped, found, DayCount.START_EXCLUDED, month_days=30)]
    [21, 30, 30]
    """
    if end < start:
        raise InvalidInput(f"the end {end} lies before the start {start}")
    if counting is DayCount.THIRTY_DAY_MONTHS:
        parts = _thirty_day_parts(start, end)
    else:
        first = start if counting is DayCount.START_INCLUDED else start + timedelta(days=1)
        parts = _calendar_parts(first, end, month_days)
    return tuple(part for part in parts if part.days > 0)


def total_days(parts: tuple[MonthDays, ...]) -> int:
    """The charged days of all months together."""
    return sum(part.days for part in parts)


def _calendar_parts(first: date, last: date, month_days: int) -> Iterator[MonthDays]:
    """Months between two dates, both counted; a month with all its days is a whole one, February too."""
    month = Month.of(first)
    while month.first <= last:
        from_on = max(first, month.first)
        to_on = min(last + timedelta(days=1), month.next().first)
        days = (to_on - from_on).days
        yield MonthDays(month, month_days if days == month.days else min(days, month_days))
        month = month.next()


def _thirty_day_parts(start: date, end: date) -> Iterator[MonthDays]:
    """The parts of ``kernel.periods.days_30``: the 31st counts as the 30th, every month has 30 days."""
    month, last = Month.of(start), Month.of(end)
    before = min(start.day, 30)
    while month < last:
        yield MonthDays(month, 30 - before)
        month, before = month.next(), 0
    yield MonthDays(month, min(end.day, 30) - before)
