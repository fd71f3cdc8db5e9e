"""The working-day calendar as the dated rules have it."""

from __future__ import annotations

from datetime import date

from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.calendars import WorkingDays
from wandeng.kernel.calendars import WorkingCalendar, WorkingYear


def working_calendar(
    library: RuleLibrary, from_year: int, to_year: int, *, territory: str = "national"
) -> WorkingCalendar:
    """Working days of the years ``from_year`` to ``to_year``, both included.

    Raises :class:`wandeng.kernel.errors.NoRuleInForce` for a year without a file.
    """
    years = []
    for year in range(from_year, to_year + 1):
        body = library.version(WorkingDays, on=date(year, 1, 1), territory=territory).body
        off = frozenset(day for holiday in body.holidays for day in holiday.days())
        years.append(WorkingYear(year, off, frozenset(body.make_up_days), body.confirmed))
    return WorkingCalendar.of(years)
