"""Clocks of promises: what a person would count on the wall calendar."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from wandeng.calc.clocks.clock import Clock, due_at, earliest, standing, warnings
from wandeng.calc.clocks.columns import CLOCKS, PAUSES, deadlines, standings
from wandeng.calc.clocks.days import DayLine
from wandeng.calc.clocks.terms import DAY_US, MINUTE_US, Limit, Pause, Unit
from wandeng.calc.oracle import clocks as oracle
from wandeng.calc.tests.clock_cases import CALENDAR, DAYS, YEAR_2026, YEAR_2027, clock_of, frames, local
from wandeng.kernel.calendars import WorkingCalendar, WorkingYear
from wandeng.kernel.errors import InvalidInput, NoRuleInForce


def ends(clock: Clock, calendar: WorkingCalendar = CALENDAR) -> datetime | None:
    """The deadline, on which the clock, the columns and the walk through time must agree."""
    days = DayLine.of(calendar)
    found = due_at(clock, days)
    assert deadlines(*frames([clock]), days)["due_at"].to_list() == [found]
    assert oracle.due_at(clock, calendar) == found
    return found


def test_minutes_run_through_the_night_and_the_holiday():
    assert ends(clock_of(local(2, 16, 23, 40), 45, "MINUTE")) == local(2, 17, 0, 25)
    assert ends(clock_of(local(9, 30, 18), 24, "HOUR")) == local(10, 1, 18)


def test_five_working_days_over_the_spring_festival_and_its_make_up_saturdays():
    # Thu 12 Feb is not counted; Fri 13, make-up Sat 14, off 15 to 23, 24, 25, 26: the fifth ends with the 26th.
    assert ends(clock_of(local(2, 12, 9, 30), 5, "WORKING_DAY")) == local(2, 27)
    assert CALENDAR.add_working_days(date(2026, 2, 12), 5) == date(2026, 2, 26)


def test_days_count_every_day_and_leave_out_the_first():
    assert ends(clock_of(local(2, 12, 9, 30), 7, "DAY")) == local(2, 20)


def test_a_start_at_midnight_belongs_to_the_day_that_begins():
    assert ends(clock_of(local(3, 2), 1, "WORKING_DAY")) == local(3, 4)
    assert ends(clock_of(local(3, 2) - timedelta(microseconds=1), 1, "WORKING_DAY")) == local(3, 3)


def test_over_the_year_end_the_deadline_is_not_confirmed():
    # Wed 30 Dec 2026 not counted; 31 Dec, 1 Jan off, 2 and 3 a weekend, Mon 4, Tue 5.
    clock = clock_of(local(12, 30, 15), 3, "WORKING_DAY")
    assert ends(clock) == local(1, 6, year=2027)
    assert not standing(clock, DAYS, at=local(12, 31)).is_confirmed
    assert standing(clock_of(local(12, 30, 15), 1, "WORKING_DAY"), DAYS, at=local(12, 31)).is_confirmed
    assert standing(clock_of(local(12, 31, 15), 72, "HOUR"), DAYS, at=local(12, 31)).is_confirmed


def test_a_corrected_calendar_gives_another_deadline_and_leaves_the_others():
    notice = WorkingYear(2027, frozenset({date(2027, 1, 1), date(2027, 1, 4)}), frozenset({date(2027, 1, 2)}), True)
    corrected = WorkingCalendar.of([YEAR_2026, notice])
    # With the make-up Saturday 2 Jan and Monday 4 Jan off: 31 Dec, 2 Jan, 5 Jan.
    assert ends(clock_of(local(12, 30, 15), 3, "WORKING_DAY"), corrected) == local(1, 6, year=2027)
    assert ends(clock_of(local(12, 30, 15), 2, "WORKING_DAY")) == local(1, 5, year=2027)
    assert ends(clock_of(local(12, 30, 15), 2, "WORKING_DAY"), corrected) == local(1, 3, year=2027)
    assert standing(clock_of(local(12, 30, 15), 2, "WORKING_DAY"), DayLine.of(corrected), at=local(12, 31)).is_confirmed
    for unit in ("MINUTE", "DAY"):
        clock = clock_of(local(12, 30, 15), 9, unit)
        assert ends(clock, corrected) == ends(clock)


def test_a_pause_across_the_national_day_costs_only_its_working_time():
    # Noon of Wed 30 Sep until noon of Thu 8 Oct: half of the 30th and half of the 8th are working time, 1 to 7 Oct are not.
    free = clock_of(local(9, 28, 10), 5, "WORKING_DAY")
    held = clock_of(local(9, 28, 10), 5, "WORKING_DAY", (local(9, 30, 12), local(10, 8, 12)))
    # 29, 30, 8, 9 and the make-up Saturday 10 Oct; with one working day lost the first of the next week, Mon 12.
    assert ends(free) == local(10, 11)
    assert ends(held) == local(10, 13)


def test_a_pause_on_days_off_moves_nothing():
    held = clock_of(local(9, 28, 10), 5, "WORKING_DAY", (local(10, 1), local(10, 8)))
    assert ends(held) == local(10, 11)


def test_pauses_that_overlap_or_touch_count_once():
    pauses = ((local(3, 2, 9), local(3, 2, 11)), (local(3, 2, 10), local(3, 2, 12)), (local(3, 2, 12), local(3, 2, 13)))
    assert ends(clock_of(local(3, 2, 8), 2, "HOUR", *pauses)) == local(3, 2, 14)


def test_a_pause_before_counting_begins_or_after_the_deadline_moves_nothing():
    early = clock_of(local(3, 2, 8), 1, "WORKING_DAY", (local(3, 2, 7), local(3, 3)))
    late = clock_of(local(3, 2, 8), 1, "WORKING_DAY", (local(3, 4), local(3, 9)))
    assert ends(early) == ends(late) == local(3, 4)


def test_an_open_pause_hides_the_deadline_unless_it_came_too_late():
    held = clock_of(local(3, 2, 8), 2, "HOUR", (local(3, 2, 9), None))
    assert ends(held) is None
    told = standing(held, DAYS, at=local(3, 9), percents=(50, 80))
    assert (told.used_us, told.left_us, told.share_e4) == (60 * MINUTE_US, 60 * MINUTE_US, 5000)
    assert (told.reached, told.is_paused, told.is_over) == (50, True, False)
    late = clock_of(local(3, 2, 8), 2, "HOUR", (local(3, 2, 10), None))
    assert ends(late) == local(3, 2, 10)


def test_a_limit_kept_to_the_last_instant_is_kept():
    clock = clock_of(local(3, 2, 8), 45, "MINUTE")
    assert not standing(clock, DAYS, at=local(3, 2, 8, 45)).is_over
    over = standing(clock, DAYS, at=local(3, 2, 8, 50))
    assert over.is_over
    assert over.left_us == -5 * MINUTE_US


def test_a_stopped_clock_stands_as_it_stood():
    clock = Clock(local(3, 2, 8), Limit(45, Unit.MINUTE), (), local(3, 2, 8, 30))
    told = standing(clock, DAYS, at=local(9, 1), percents=(50, 80))
    assert (told.used_us, told.share_e4, told.reached, told.is_over) == (30 * MINUTE_US, 6666, 50, False)


def test_warnings_come_when_shares_are_used_up():
    # 80 % of five working days is the end of the fourth.
    told = warnings(clock_of(local(9, 28, 10), 5, "WORKING_DAY"), DAYS, (80, 50, 100))
    # 29, 30 Sep, 8, 9, 10 Oct: half is noon of the 8th.
    assert told == ((50, local(10, 8, 12)), (80, local(10, 10)), (100, local(10, 11)))
    held = clock_of(local(3, 2, 8), 2, "HOUR", (local(3, 2, 9, 30), None))
    assert warnings(held, DAYS, (50, 80)) == ((50, local(3, 2, 9)),)


def test_of_several_limits_the_earliest_deadline_counts():
    limits = [clock_of(local(9, 29, 10), *limit) for limit in ((3, "WORKING_DAY"), (5, "DAY"), (72, "HOUR"))]
    assert earliest(limits, DAYS) == 2
    # Over the holiday three working days are longer than five days.
    assert earliest(limits[:2], DAYS) == 1
    assert earliest([clock_of(local(3, 2, 8), *limit) for limit in ((3, "WORKING_DAY"), (5, "DAY"))], DAYS) == 0


@pytest.mark.parametrize(
    ("started_at", "amount"), [(local(12, 30, year=2025), 1), (local(12, 31, 9, year=2027), 1), (local(12, 1), 400)]
)
def test_working_days_beyond_the_calendar_are_refused(started_at, amount):
    clock = clock_of(started_at, amount, "WORKING_DAY")
    with pytest.raises(NoRuleInForce):
        due_at(clock, DAYS)
    found = deadlines(*frames([clock, clock_of(local(3, 2), 1, "DAY")]), DAYS)
    assert found["fault"].to_list() == ["NO_CALENDAR", ""]
    assert found["due_at"].is_null().to_list() == [True, False]


def test_an_open_pause_beyond_the_calendar_does_not_hide_that_there_is_none():
    clock = clock_of(local(12, 1, year=2027), 40, "WORKING_DAY", (local(1, 5, year=2028), None))
    with pytest.raises(NoRuleInForce):
        due_at(clock, DAYS)
    assert deadlines(*frames([clock]), DAYS)["fault"].to_list() == ["NO_CALENDAR"]


def test_the_last_day_of_the_calendar_can_be_used_to_its_end():
    clock = clock_of(local(12, 30, 9, year=2027), 1, "WORKING_DAY")
    assert due_at(clock, DAYS) == local(1, 1, year=2028)
    assert deadlines(*frames([clock]), DAYS)["due_at"].to_list() == [local(1, 1, year=2028)]


def test_a_calendar_with_a_gap_is_refused():
    with pytest.raises(InvalidInput, match="consecutive"):
        DayLine.of(WorkingCalendar.of([YEAR_2026, WorkingYear(2028, frozenset(), frozenset(), True)]))


@pytest.mark.parametrize(("amount", "unit"), [(0, Unit.MINUTE), (-1, Unit.DAY), (8000, Unit.WORKING_DAY)])
def test_a_limit_that_is_none_is_refused(amount, unit):
    with pytest.raises(InvalidInput, match="twenty years"):
        Limit(amount, unit)


def test_impossible_facts_are_refused():
    with pytest.raises(InvalidInput, match="before it begins"):
        Pause(local(3, 2, 9), local(3, 2, 8))
    with pytest.raises(InvalidInput, match="zone"):
        due_at(clock_of(datetime(2026, 3, 2), 1, "DAY"), DAYS)  # noqa: DTZ001
    with pytest.raises(InvalidInput, match="percent"):
        warnings(clock_of(local(3, 2), 1, "DAY"), DAYS, (0, 50))


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"clock": pl.lit(1, pl.Int64)}, "twice"),
        ({"unit": pl.lit("MONTH")}, "unknown unit"),
        ({"amount": pl.lit(0, pl.Int64)}, "one unit"),
        ({"amount": pl.lit(1 << 40, pl.Int64)}, "twenty years"),
    ],
)
def test_impossible_columns_are_refused(change, word):
    found, none = frames([clock_of(local(3, 2), 1, "DAY"), clock_of(local(3, 3), 1, "DAY")])
    with pytest.raises(InvalidInput, match=word):
        deadlines(found.with_columns(**change), none, DAYS)


def test_a_pause_that_ends_before_it_begins_is_refused_in_columns():
    found, _ = frames([clock_of(local(3, 2), 1, "DAY")])
    wrong = pl.DataFrame([(0, local(3, 3), local(3, 2))], PAUSES, orient="row")
    with pytest.raises(InvalidInput, match="before it begins"):
        deadlines(found, wrong, DAYS)


def test_no_clocks_have_no_deadlines():
    found = deadlines(CLOCKS.to_frame(), PAUSES.to_frame(), DAYS)
    assert found.is_empty()
    assert DAY_US == 86_400_000_000


def test_at_the_end_of_a_pause_the_clock_runs_again():
    clock = clock_of(local(3, 2, 8), 2, "HOUR", (local(3, 2, 9), local(3, 2, 10)))
    moments = {local(3, 2, 8, 59): False, local(3, 2, 9): True, local(3, 2, 9, 59): True, local(3, 2, 10): False}
    for at, is_paused in moments.items():
        assert standing(clock, DAYS, at=at).is_paused is is_paused
        assert standings(*frames([clock]), DAYS, at=at)["is_paused"].to_list() == [is_paused]


def test_a_year_without_notice_counts_only_where_its_days_are_used():
    loose = WorkingYear(2026, YEAR_2026.holidays, YEAR_2026.make_up_days, False)
    sure = WorkingYear(2027, YEAR_2027.holidays, frozenset(), True)
    days = DayLine.of(WorkingCalendar.of([loose, sure]))
    # Started on the last day of 2026, it counts from the first of 2027; a day earlier it counts 31 December too.
    for started_at, is_confirmed in ((local(12, 31, 9), True), (local(12, 30, 9), False)):
        clock = clock_of(started_at, 3, "WORKING_DAY")
        assert standing(clock, days, at=started_at).is_confirmed is is_confirmed
        assert deadlines(*frames([clock]), days)["is_confirmed"].to_list() == [is_confirmed]
