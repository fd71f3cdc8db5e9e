"""A working calendar laid out as a line of days, so that counted time is one look-up."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from wandeng.calc.clocks.terms import DAY_US, Unit
from wandeng.kernel.calendars import WorkingCalendar
from wandeng.kernel.errors import InvalidInput, NoRuleInForce
from wandeng.kernel.periods import BILLING_ZONE

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_DAY = date(1970, 1, 1).toordinal()


def microseconds(at: datetime) -> int:
    """UTC microseconds since 1970 of an aware instant. Raises :class:`InvalidInput` for a naive one."""
    if at.tzinfo is None:
        raise InvalidInput(f"an instant needs its zone: {at.isoformat()}")
    return (at - _EPOCH) // timedelta(microseconds=1)


def instant(us: int) -> datetime:
    """The reverse, in UTC."""
    return _EPOCH + timedelta(microseconds=us)


@dataclass(frozen=True, slots=True)
class DayLine:
    """The days ``first`` ≤ day < ``last`` as numbers of days since 1970, and the working time on them.

    ``offset_us`` is added to UTC to read local time; ``before`` holds, for each day and for the end, how many working days
    lie before it; ``working`` the numbers of the working days in order; ``unconfirmed`` the years that follow no published
    notice, as pairs of first day and first day after.
    """

    offset_us: int
    first: int
    last: int
    before: tuple[int, ...]
    working: tuple[int, ...]
    unconfirmed: tuple[tuple[int, int], ...]

    @classmethod
    def of(cls, calendar: WorkingCalendar) -> DayLine:
        """Lay out consecutive years of the billing zone.

        Raises :class:`InvalidInput` for years with a gap between them, or years in which the zone changes its offset.
        """
        numbers = [entry.year for entry in calendar.years]
        if numbers != list(range(numbers[0], numbers[-1] + 1)):
            raise InvalidInput(f"clocks need consecutive years of working days, got {numbers}")
        months = [datetime(year, month, 1, tzinfo=BILLING_ZONE) for year in numbers for month in (1, 4, 7, 10)]
        offsets = {moment.utcoffset() for moment in months}
        if len(offsets) != 1:
            raise InvalidInput(f"the billing zone changes its offset within {numbers}")
        offset = (offsets.pop() or timedelta()) // timedelta(microseconds=1)
        first, last = _day_number(date(numbers[0], 1, 1)), _day_number(date(numbers[-1] + 1, 1, 1))
        days = [date.fromordinal(number + _EPOCH_DAY) for number in range(first, last)]
        flags = [calendar.is_working_day(day) for day in days]
        before = [0]
        for flag in flags:
            before.append(before[-1] + flag)
        working = tuple(first + place for place, flag in enumerate(flags) if flag)
        loose = tuple(
            (_day_number(date(entry.year, 1, 1)), _day_number(date(entry.year + 1, 1, 1)))
            for entry in calendar.years
            if not entry.confirmed
        )
        return cls(offset, first, last, tuple(before), working, loose)

    def base_us(self, started_us: int, unit: Unit) -> int:
        """From when a clock counts: its start, or the next local midnight. A start at midnight belongs to the day it opens."""
        if not unit.begins_at_midnight:
            return started_us
        return ((started_us + self.offset_us) // DAY_US + 1) * DAY_US - self.offset_us

    def counted(self, us: int, unit: Unit) -> int:
        """Time counted until an instant from an origin that is the same for all instants of a unit.

        Raises :class:`NoRuleInForce` where working days are asked for and the calendar does not reach.
        """
        if unit is not Unit.WORKING_DAY:
            return us
        day, rest = divmod(us + self.offset_us, DAY_US)
        if not self.first <= day < self.last:
            if (day, rest) == (self.last, 0):
                return self.before[-1] * DAY_US
            raise NoRuleInForce("working_days", self.date_of(us))
        place = day - self.first
        is_working = self.before[place + 1] - self.before[place]
        return self.before[place] * DAY_US + is_working * rest

    def counted_within(self, us: int, unit: Unit) -> int:
        """:meth:`counted`, of an instant after the last day as at its end: for pauses that outlast the calendar."""
        return self.counted(min(us, self.last * DAY_US - self.offset_us) if unit is Unit.WORKING_DAY else us, unit)

    def first_with(self, counted: int, unit: Unit) -> int:
        """The first instant at which so much has been counted: the reverse of :meth:`counted`, for ``counted`` above 0.

        Raises :class:`NoRuleInForce` beyond the calendar.
        """
        if unit is not Unit.WORKING_DAY:
            return counted
        place, rest = divmod(counted - 1, DAY_US)
        if place >= len(self.working):
            raise NoRuleInForce("working_days", date.fromordinal(self.last + _EPOCH_DAY))
        return self.working[place] * DAY_US + rest + 1 - self.offset_us

    def is_confirmed(self, from_us: int, to_us: int) -> bool:
        """Whether every day from the first instant to the second follows a published notice."""
        low, high = ((us + self.offset_us) // DAY_US for us in (from_us, to_us - 1))
        return not any(start <= high and low < end for start, end in self.unconfirmed)

    def date_of(self, us: int) -> date:
        """The local day of an instant."""
        return date.fromordinal((us + self.offset_us) // DAY_US + _EPOCH_DAY)


def _day_number(day: date) -> int:
    return day.toordinal() - _EPOCH_DAY


def place_among(edges: tuple[int, ...], value: int) -> int:
    """How many of the ascending edges lie at or below a value.

    >>> place_among((50, 80, 100), 80), place_among((50, 80, 100), 49)
    (2, 0)
    """
    return bisect_left(edges, value + 1)
