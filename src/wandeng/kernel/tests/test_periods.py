"""Periods are half-open sets of days, and thirty-day months count as the published answers do."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import Month, Period, days_30

days = st.dates(date(1980, 1, 1), date(2100, 12, 31))


@st.composite
def periods(draw: st.DrawFn) -> Period:
    start = draw(days)
    return Period(start, start + timedelta(days=draw(st.integers(1, 800))))


@given(periods(), st.lists(days, max_size=5))
def test_the_parts_of_a_split_are_the_period_again(period: Period, cuts: list[date]) -> None:
    parts = period.split_at(*cuts)
    assert parts[0].from_on == period.from_on
    assert parts[-1].to_on == period.to_on
    assert all(a.to_on == b.from_on for a, b in itertools.pairwise(parts))
    assert sum(part.days for part in parts) == period.days


@given(periods(), periods())
def test_the_intersection_holds_exactly_the_common_days(one: Period, other: Period) -> None:
    common = one.intersection(other)
    assert (common is not None) == one.overlaps(other)
    expected = {d for d in one.iter_days() if d in other}
    assert (set(common.iter_days()) if common else set()) == expected


@given(st.integers(1980 * 12, 2100 * 12))
def test_months_follow_each_other_without_gap(index: int) -> None:
    month = Month.from_index(index)
    assert month.index == index
    assert month.period.to_on == month.next().first
    assert month.period.days == month.days
    assert Month.parse(str(month)) == month


def test_an_empty_or_backward_period_is_refused() -> None:
    with pytest.raises(InvalidInput):
        Period(date(2026, 2, 1), date(2026, 2, 1))


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2026, 8, 25), date(2026, 9, 15), 20),  # WE-02
        (date(2026, 7, 24), date(2026, 7, 30), 6),  # WE-03
        (date(2026, 4, 24), date(2026, 5, 12), 18),  # WE-06
        (date(2026, 5, 10), date(2026, 5, 31), 20),  # the 31st counts as the 30th
        (date(2024, 2, 1), date(2024, 3, 1), 30),
        (date(2026, 1, 1), date(2027, 1, 1), 360),
    ],
)
def test_thirty_day_months(start: date, end: date, expected: int) -> None:
    assert days_30(start, end) == expected


@given(days, st.integers(0, 700), st.integers(0, 700))
def test_thirty_day_counting_adds_up_over_any_cut(start: date, first: int, second: int) -> None:
    middle = start + timedelta(days=first)
    end = middle + timedelta(days=second)
    assert days_30(start, middle) + days_30(middle, end) == days_30(start, end)
