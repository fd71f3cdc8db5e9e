"""Counting working days on a small calendar whose answers can be read off."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wandeng.kernel.calendars import WorkingCalendar, WorkingYear
from wandeng.kernel.errors import InvalidInput, NoRuleInForce

# May 2026: 1 and 4–5 off besides the weekend, Saturday 9 worked.
MAY = WorkingYear(2026, frozenset({date(2026, 5, day) for day in (1, 2, 3, 4, 5)}), frozenset({date(2026, 5, 9)}), True)
NEXT = WorkingYear(2027, frozenset({date(2027, 1, 1)}), frozenset(), False)
CALENDAR = WorkingCalendar.of([NEXT, MAY])


def test_a_holiday_is_off_and_a_make_up_saturday_is_worked():
    worked = [day for day in range(1, 12) if CALENDAR.is_working_day(date(2026, 5, day))]
    assert worked == [6, 7, 8, 9, 11]


def test_the_first_working_day_after_a_holiday_counts_as_one():
    assert CALENDAR.add_working_days(date(2026, 4, 30), 1) == date(2026, 5, 6)
    assert CALENDAR.add_working_days(date(2026, 4, 30), 5) == date(2026, 5, 11)


def test_zero_working_days_is_the_day_itself_or_the_next_that_is_worked():
    assert CALENDAR.add_working_days(date(2026, 5, 6), 0) == date(2026, 5, 6)
    assert CALENDAR.add_working_days(date(2026, 5, 1), 0) == date(2026, 5, 6)


def test_the_year_end_is_crossed_with_each_years_own_days():
    # 31 Dec 2026 is a Thursday, 1 Jan 2027 off, 2 and 3 the weekend.
    assert CALENDAR.add_working_days(date(2026, 12, 31), 1) == date(2027, 1, 4)


def test_running_out_of_the_calendar_is_refused():
    with pytest.raises(NoRuleInForce):
        CALENDAR.add_working_days(date(2027, 12, 31), 1)
    with pytest.raises(InvalidInput):
        CALENDAR.add_working_days(date(2026, 5, 6), -1)


def test_a_year_given_twice_or_a_stray_day_is_refused():
    with pytest.raises(InvalidInput):
        WorkingCalendar.of([MAY, MAY])
    with pytest.raises(InvalidInput):
        WorkingCalendar.of([WorkingYear(2026, frozenset({date(2025, 1, 1)}), frozenset(), True)])
    with pytest.raises(InvalidInput):
        WorkingCalendar.of([])


@given(st.dates(date(2026, 1, 1), date(2027, 6, 30)), st.integers(1, 60))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_adding_and_counting_agree(start, count):
    end = CALENDAR.add_working_days(start, count)
    assert CALENDAR.is_working_day(end)
    after = start + timedelta(days=1)
    assert CALENDAR.working_days_between(after, end + timedelta(days=1)) == count
    assert CALENDAR.working_days_between(end, start) == 0
