"""Slots of timed work: across midnight, in the zone of the utility, the newest first, and what comes next."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wandeng.kernel import slots
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import BILLING_ZONE
from wandeng.kernel.slots import Rhythm

DAILY = Rhythm(at_minute=2 * 60)
QUARTERS = Rhythm(every_minutes=15)


def names(rhythm: Rhythm, after: str, until: str) -> list[str]:
    found = slots.missed(lambda _day: rhythm, after=moment(after), until=moment(until))
    return [slot.name for slot in found]


def moment(local: str) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=BILLING_ZONE).astimezone(UTC)


def test_a_time_of_day_is_that_of_beijing() -> None:
    (slot,) = DAILY.slots(date(2026, 11, 22))
    # 02:00 in Beijing is 18:00 of the day before in UTC; the slot is named by the local day.
    assert (slot.name, slot.day, slot.at) == ("2026-11-22", date(2026, 11, 22), datetime(2026, 11, 21, 18, tzinfo=UTC))


def test_there_is_no_summer_time_so_that_every_day_has_the_same_slots() -> None:
    days = [date(2026, 3, 29), date(2026, 5, 1), date(2026, 10, 25)]
    assert {slot.at.hour for day in days for slot in DAILY.slots(day)} == {18}
    assert [len(QUARTERS.slots(day)) for day in days] == [96, 96, 96]


def test_what_is_repeated_goes_on_across_midnight() -> None:
    assert names(QUARTERS, "2026-11-21T23:40", "2026-11-22T00:20") == [
        "2026-11-22T00:15", "2026-11-22T00:00", "2026-11-21T23:45",
    ]  # fmt: skip


def test_a_slot_belongs_to_the_interval_that_ends_with_it() -> None:
    assert names(DAILY, "2026-11-21T02:00", "2026-11-22T01:59") == []
    assert names(DAILY, "2026-11-21T02:00", "2026-11-22T02:00") == ["2026-11-22"]
    assert names(DAILY, "2026-11-22T02:00", "2026-11-22T23:59") == []


def test_three_days_away_are_three_slots_of_a_day_the_newest_first() -> None:
    assert names(DAILY, "2026-11-19T02:00", "2026-11-22T10:00") == ["2026-11-22", "2026-11-21", "2026-11-20"]


def test_another_time_holds_from_its_day() -> None:
    later = Rhythm(at_minute=20 * 60)
    found = slots.missed(
        lambda day: later if day >= date(2026, 11, 22) else DAILY,
        after=moment("2026-11-20T03:00"), until=moment("2026-11-22T19:00"),
    )  # fmt: skip
    assert [slot.name for slot in found] == ["2026-11-21"]


def test_the_next_slot_is_today_s_or_the_first_of_a_day_that_is_on() -> None:
    following = slots.following(lambda _day: DAILY, after=moment("2026-11-22T02:00"))
    assert following is not None
    assert following.name == "2026-11-23"
    off = Rhythm(at_minute=120, is_on=False)
    following = slots.following(lambda day: DAILY if day.day == 30 else off, after=moment("2026-11-22T03:00"))
    assert following is not None
    assert following.name == "2026-11-30"
    assert slots.following(lambda _day: off, after=moment("2026-11-22T03:00")) is None


@given(step=st.integers(1, 1440), minutes=st.integers(0, 4_000))
@settings(max_examples=100, deadline=None, derandomize=True)
def test_walking_minute_by_minute_meets_each_slot_once(step: int, minutes: int) -> None:
    rhythm, start = Rhythm(every_minutes=step), moment("2026-11-21T00:00")
    end = start + timedelta(minutes=minutes)
    at_once = [slot.name for slot in slots.missed(lambda _day: rhythm, after=start, until=end)]
    middle = start + timedelta(minutes=minutes // 3)
    in_parts = [
        slot.name
        for after, until in ((middle, end), (start, middle))
        for slot in slots.missed(lambda _day: rhythm, after=after, until=until)
    ]
    assert at_once == in_parts
    assert len(set(at_once)) == len(at_once)


@pytest.mark.parametrize(
    "wrong", [{}, {"at_minute": 1, "every_minutes": 1}, {"at_minute": 1440}, {"every_minutes": 0}, {"at_minute": -1}]
)
def test_a_rhythm_is_one_of_the_two_and_within_a_day(wrong: dict[str, int]) -> None:
    with pytest.raises(InvalidInput):
        Rhythm(**wrong)
