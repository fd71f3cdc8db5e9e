"""The shipped working-day calendar against an independent package, and what follows from law for 2027."""

from datetime import date, timedelta

import chinese_calendar
import pytest

from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.infra.effective.working_days import working_calendar
from wandeng.kernel.calendars import WorkingCalendar
from wandeng.kernel.errors import NoRuleInForce


@pytest.fixture(scope="module")
def calendar() -> WorkingCalendar:
    return working_calendar(RuleLibrary.load(default_root()), 2024, 2027)


def test_every_day_of_2024_to_2026_agrees_with_chinesecalendar(calendar):
    day = date(2024, 1, 1)
    while day < date(2027, 1, 1):
        assert calendar.is_working_day(day) == chinese_calendar.is_workday(day), day
        assert calendar.is_confirmed(day)
        day += timedelta(days=1)


def test_2027_is_unconfirmed_and_assumes_no_make_up_days(calendar):
    assert not calendar.is_confirmed(date(2027, 1, 1))
    off = [date(2027, 1, 1) + timedelta(days=n) for n in range(365)]
    off = [day for day in off if day.weekday() < 5 and not calendar.is_working_day(day)]
    assert len(off) == 13  # the statutory days of the 2024 revision, none lost to a weekend
    assert date(2027, 2, 5) in off  # the eve of the Spring Festival


def test_a_year_without_a_file_is_refused(calendar):
    with pytest.raises(NoRuleInForce):
        working_calendar(RuleLibrary.load(default_root()), 2027, 2028)
    with pytest.raises(NoRuleInForce):
        calendar.is_working_day(date(2028, 1, 3))


def test_five_working_days_over_the_make_up_saturday_of_february_2026(calendar):
    # 12 Feb 2026 is a Thursday; 13 (Fri), 14 (make-up Sat), 15–23 off, 24, 25, 26: the fifth is the 26th.
    assert calendar.add_working_days(date(2026, 2, 12), 5) == date(2026, 2, 26)
