"""What appointments go by, as this domain reads it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.appointments import Appointments
from wandeng.infra.effective.working_days import working_calendar
from wandeng.kernel.calendars import WorkingCalendar

FULL_WEEK = frozenset("12345")
_WEEKEND = 6


def rule(library: RuleLibrary, *, on: date, territory: str) -> Appointments:
    """The rule in force. Raises ``NoRuleInForce``, ``TerritoryUnknown``."""
    return library.version(Appointments, on=on, territory=territory).body


def service_names(library: RuleLibrary, *, on: date, territory: str) -> Mapping[str, tuple[str, str]]:
    """Service → its Chinese and English name, in the order they are offered. Raises as :func:`rule`."""
    return {one.code: (one.name_zh, one.name_en) for one in rule(library, on=on, territory=territory).services.values}


def is_open_on(day: date, *, weekdays: str, open_on: str, calendar: WorkingCalendar) -> bool:
    """Whether a pattern holds on a day. By working days a holiday is left out, and a weekend day that is worked to make up
    counts where the pattern has the whole working week. Raises ``NoRuleInForce`` for a year without a calendar."""
    is_named = str(day.isoweekday()) in weekdays
    if open_on == "EVERY_DAY":
        return is_named
    if not calendar.is_working_day(day):
        return False
    return is_named or (day.isoweekday() >= _WEEKEND and set(weekdays) >= FULL_WEEK)


def calendar_for(library: RuleLibrary, first: date, last: date, territory: str) -> WorkingCalendar:
    """The working days from one day to another. Raises ``NoRuleInForce`` for a year without a file."""
    return working_calendar(library, first.year, last.year, territory=territory)
