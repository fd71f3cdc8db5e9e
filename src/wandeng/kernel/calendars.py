"""Working days (工作日): weekdays less the declared holidays, plus the weekend days that are worked to make up.

A pure value; the yearly arrangements are dated rules and come from outside. A year nobody supplied has no working
days to count: asking for it is refused, never guessed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from wandeng.kernel.errors import InvalidInput, NoRuleInForce

_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkingYear:
    """The arrangement of one calendar year. ``confirmed`` false: derived from law, the notice is not known yet."""

    year: int
    holidays: frozenset[date]
    make_up_days: frozenset[date]
    confirmed: bool


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """Consecutive or scattered years of working days.

    >>> new_year = WorkingYear(2026, frozenset({date(2026, 1, 1), date(2026, 1, 2)}), frozenset({date(2026, 1, 4)}), True)
    >>> calendar = WorkingCalendar.of([new_year])
    >>> calendar.is_working_day(date(2026, 1, 2)), calendar.is_working_day(date(2026, 1, 4))
    (False, True)
    >>> calendar.add_working_days(date(2026, 1, 1), 2)
    datetime.date(2026, 1, 5)
    """

    years: tuple[WorkingYear, ...]

    @classmethod
    def of(cls, years: Iterable[WorkingYear]) -> WorkingCalendar:
        """Put years together.

        Raises :class:`InvalidInput` for none, a year given twice, or a day of another year.
        """
        ordered = tuple(sorted(years, key=lambda entry: entry.year))
        numbers = [entry.year for entry in ordered]
        if not ordered or len(set(numbers)) != len(numbers):
            raise InvalidInput(f"a working calendar needs each year once, got {numbers}")
        for entry in ordered:
            stray = [day for day in entry.holidays | entry.make_up_days if day.year != entry.year]
            if stray:
                raise InvalidInput(f"{min(stray)} is not a day of {entry.year}")
        return cls(ordered)

    def _year_of(self, day: date) -> WorkingYear:
        for entry in self.years:
            if entry.year == day.year:
                return entry
        raise NoRuleInForce("working_days", day)

    def is_working_day(self, day: date) -> bool:
        """Raises :class:`NoRuleInForce` for a year not in the calendar."""
        entry = self._year_of(day)
        if day in entry.make_up_days:
            return True
        return day.weekday() < _SATURDAY and day not in entry.holidays

    def is_confirmed(self, day: date) -> bool:
        """Whether the day's year follows a published notice. Raises :class:`NoRuleInForce` outside."""
        return self._year_of(day).confirmed

    def add_working_days(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day``; the day itself is never counted. ``count`` 0 is the day itself,
        or the next working day when it is not one.

        Raises :class:`InvalidInput` for a negative count, :class:`NoRuleInForce` when it runs out of the calendar.
        """
        if count < 0:
            raise InvalidInput(f"working days are counted forward, not {count}")
        if count == 0:
            while not self.is_working_day(day):
                day += timedelta(days=1)
            return day
        while count:
            day += timedelta(days=1)
            count -= self.is_working_day(day)
        return day

    def working_days_between(self, from_on: date, to_on: date) -> int:
        """Working days of the half-open period ``from_on`` ≤ day < ``to_on``; 0 when it is empty.

        Raises :class:`NoRuleInForce` when it leaves the calendar.
        """
        days = range(max(0, (to_on - from_on).days))
        return sum(self.is_working_day(from_on + timedelta(days=offset)) for offset in days)
