"""Clocks over random calendars, limits and pauses: columns, single clock and the walk through time say the same."""

from dataclasses import replace
from datetime import UTC, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from wandeng.calc.clocks import columns
from wandeng.calc.clocks.clock import due_at, standing, warnings
from wandeng.calc.clocks.days import DayLine
from wandeng.calc.oracle import clocks as oracle
from wandeng.calc.tests.clock_cases import DAYS, MOMENTS, calendars, clock_of, clocks, frames, local, pauses
from wandeng.kernel.errors import NoRuleInForce

PERCENTS = (33, 50, 80, 100)
slowly = settings(max_examples=100, deadline=None, derandomize=True)
TICK = timedelta(microseconds=1)


def outcome(answer):
    try:
        return answer()
    except NoRuleInForce:
        return "NO_CALENDAR"


@slowly
@given(calendars(), clocks())
def test_a_deadline_is_what_a_walk_through_time_finds(calendar, clock):
    found = outcome(lambda: due_at(clock, DayLine.of(calendar)))
    assert found == outcome(lambda: oracle.due_at(clock, calendar))


@slowly
@given(calendars(), clocks(), MOMENTS)
def test_used_time_is_what_a_walk_through_time_finds(calendar, clock, at):
    found = outcome(lambda: standing(clock, DayLine.of(calendar), at=at))
    if found != "NO_CALENDAR":
        expected = oracle.used_until(clock, calendar, at)
        assert timedelta(microseconds=found.used_us) == expected
        assert found.left_us == clock.limit.counted_us - found.used_us


@slowly
@given(calendars(), st.lists(clocks(), max_size=12), MOMENTS)
def test_columns_say_what_single_clocks_say(calendar, found, at):
    days = DayLine.of(calendar)
    table, stops = frames(found)
    rows = columns.standings(table, stops, days, at=at, percents=PERCENTS)
    ends = columns.deadlines(table, stops, days)
    assert rows["clock"].to_list() == ends["clock"].to_list() == list(range(len(found)))
    for clock, row, end in zip(found, rows.rows(named=True), ends.rows(named=True), strict=True):
        told = outcome(lambda clock=clock: standing(clock, days, at=at, percents=PERCENTS))
        if told == "NO_CALENDAR":
            assert row["fault"] == told
            assert {row[name] for name in rows.columns[4:]} == {None}
        else:
            assert row["fault"] == end["fault"] == ""
            assert all(row[name] == getattr(told, name) for name in rows.columns if name not in {"clock", "fault"})
            assert (end["due_at"], end["is_confirmed"]) == (told.due_at, told.is_confirmed)


@slowly
@given(calendars(), st.lists(clocks(), max_size=8))
def test_columns_warn_when_single_clocks_warn(calendar, found):
    days = DayLine.of(calendar)
    told = [
        (number, percent, at)
        for number, clock in enumerate(found)
        for share in PERCENTS
        if (answer := outcome(lambda clock=clock, share=share: warnings(clock, days, (share,)))) != "NO_CALENDAR"
        for percent, at in answer
    ]
    assert columns.warnings(*frames(found), days, PERCENTS).rows() == told


@slowly
@given(calendars(), st.lists(clocks(), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_computed_again_in_another_order_nothing_differs(calendar, found, dice):
    days = DayLine.of(calendar)
    table, stops = frames(found)
    first = columns.deadlines(table, stops, days)
    rows, pieces = list(range(table.height)), list(range(stops.height))
    dice.shuffle(rows)
    dice.shuffle(pieces)
    again = columns.deadlines(table[rows], stops[pieces], DayLine.of(calendar))
    assert again.sort("clock").equals(first)


@slowly
@given(calendars(), clocks(may_be_open=False), st.integers(1, 5000))
def test_a_later_start_or_a_longer_limit_never_ends_earlier(calendar, clock, minutes):
    days = DayLine.of(calendar)
    later = replace(clock, started_at=clock.started_at + timedelta(minutes=minutes))
    longer = replace(clock, limit=replace(clock.limit, amount=clock.limit.amount + 1))
    ends = [outcome(lambda one=one: due_at(one, days)) for one in (clock, later, longer)]
    if ends[0] == "NO_CALENDAR":
        # Later or longer cannot come back into the calendar, unless the start lay before it.
        assert ends[2] == "NO_CALENDAR"
        return
    assert ends[1] == "NO_CALENDAR" or ends[1] >= ends[0]
    assert ends[2] == "NO_CALENDAR" or ends[2] > ends[0]


@slowly
@given(calendars(), clocks(may_be_open=False), pauses(may_be_open=False))
def test_a_pause_extends_by_exactly_the_counted_time_it_covers(calendar, clock, pause):
    days = DayLine.of(calendar)
    held = replace(clock, pauses=(*clock.pauses, pause), stopped_at=None)
    free = replace(clock, stopped_at=None)
    before, after = outcome(lambda: due_at(free, days)), outcome(lambda: due_at(held, days))
    if "NO_CALENDAR" in (before, after):
        return
    assert after >= before
    # What the pause covers: time that the free clock counted up to the new deadline and the held one did not.
    here = standing(free, days, at=after).used_us
    assert here - standing(held, days, at=after).used_us == here - clock.limit.counted_us
    if pause.from_at >= before:
        assert after == before
    if pause.to_at.astimezone(UTC) <= before:
        covered = standing(free, days, at=pause.to_at).used_us - standing(free, days, at=pause.from_at).used_us
        assert here - clock.limit.counted_us == covered


@slowly
@given(calendars(), clocks(may_be_open=False))
def test_the_limit_is_used_up_at_the_deadline_and_not_a_moment_before(calendar, clock):
    days = DayLine.of(calendar)
    free = replace(clock, stopped_at=None)
    due = outcome(lambda: due_at(free, days))
    if due == "NO_CALENDAR":
        return
    at_due, before = (outcome(lambda at=at: standing(free, days, at=at)) for at in (due, due - TICK))
    assert at_due.used_us == clock.limit.counted_us
    assert not at_due.is_over
    assert before.used_us == clock.limit.counted_us - 1


@slowly
@given(calendars(), clocks(), st.lists(MOMENTS, min_size=2, max_size=5))
def test_used_time_never_falls(calendar, clock, moments):
    days = DayLine.of(calendar)
    told = [outcome(lambda at=at: standing(clock, days, at=at, percents=PERCENTS)) for at in sorted(moments)]
    if "NO_CALENDAR" in told:
        return
    assert [one.used_us for one in told] == sorted(one.used_us for one in told)
    assert [one.reached for one in told] == sorted(one.reached for one in told)


@slowly
@given(calendars(), clocks())
def test_pauses_cut_in_two_say_the_same(calendar, clock):
    days = DayLine.of(calendar)
    halves = []
    for pause in clock.pauses:
        middle = pause.from_at + timedelta(minutes=7)
        if pause.to_at is not None and pause.to_at <= middle:
            halves.append(pause)
        else:
            halves += [replace(pause, to_at=middle), replace(pause, from_at=middle)]
    cut = replace(clock, pauses=tuple(reversed(halves)))
    assert outcome(lambda: due_at(cut, days)) == outcome(lambda: due_at(clock, days))


def test_columns_keep_the_order_of_the_clocks():
    table, stops = frames([clock_of(local(3, day), 1, "DAY") for day in (5, 2, 9)])
    shuffled = table.with_columns(clock=pl.Series([7, 3, 5]))
    assert columns.deadlines(shuffled, stops, DAYS)["clock"].to_list() == [7, 3, 5]
