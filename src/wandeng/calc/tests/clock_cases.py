"""Calendars and strategies for the tests of clocks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import polars as pl
from hypothesis import strategies as st

from wandeng.calc.clocks.clock import Clock
from wandeng.calc.clocks.columns import CLOCKS, PAUSES
from wandeng.calc.clocks.days import DayLine
from wandeng.calc.clocks.terms import Limit, Pause, Unit
from wandeng.kernel.calendars import WorkingCalendar, WorkingYear
from wandeng.kernel.periods import BILLING_ZONE


def span(first: date, last: date) -> set[date]:
    return {first + timedelta(days=n) for n in range((last - first).days + 1)}


# The arrangement of 2026 as published, and 2027 as an unconfirmed year with the New Year's day off.
OFF_2026 = frozenset(
    span(date(2026, 1, 1), date(2026, 1, 3))
    | span(date(2026, 2, 15), date(2026, 2, 23))
    | span(date(2026, 10, 1), date(2026, 10, 7))
)
MADE_UP_2026 = frozenset(
    {date(2026, 1, 4), date(2026, 2, 14), date(2026, 2, 28), date(2026, 9, 20), date(2026, 10, 10)}
)
YEAR_2026 = WorkingYear(2026, OFF_2026, MADE_UP_2026, True)
YEAR_2027 = WorkingYear(2027, frozenset({date(2027, 1, 1)}), frozenset(), False)
CALENDAR = WorkingCalendar.of([YEAR_2026, YEAR_2027])
DAYS = DayLine.of(CALENDAR)


def local(month: int, day: int, hour: int = 0, minute: int = 0, *, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=BILLING_ZONE)


def clock_of(started_at: datetime, amount: int, unit: str, *pauses: tuple[datetime, datetime | None]) -> Clock:
    return Clock(started_at, Limit(amount, Unit(unit)), tuple(Pause(*pause) for pause in pauses))


@st.composite
def calendars(draw):
    """Two years with any holidays and any make-up days."""
    years = []
    for year in (2026, 2027):
        days = st.sets(st.integers(0, 364), max_size=40).map(
            lambda found, year=year: frozenset(date(year, 1, 1) + timedelta(days=n) for n in found)
        )
        years.append(WorkingYear(year, draw(days), draw(days), draw(st.booleans())))
    return WorkingCalendar.of(years)


MOMENTS = st.one_of(
    st.integers(0, 24 * 60 * 300).map(lambda minutes: local(1, 1) + timedelta(minutes=minutes)),
    # Midnights and the year's end are where errors live.
    st.integers(0, 300).map(lambda days: local(1, 1) + timedelta(days=days)),
    st.integers(-3000, 3000).map(lambda minutes: local(1, 1, year=2027) + timedelta(minutes=minutes)),
)


@st.composite
def pauses(draw, *, near: datetime | None = None, step: timedelta = timedelta(days=1), may_be_open: bool = True):
    """A pause anywhere, or at a whole number of ``step`` from ``near``: where a clock is used up to the moment."""
    at = MOMENTS if near is None else st.one_of(MOMENTS, st.integers(-1, 4).map(lambda n: near + n * step))
    low = draw(at)
    length = draw(st.one_of(st.integers(0, 3000), st.integers(0, 60).map(lambda days: days * 1440)))
    is_open = may_be_open and draw(st.integers(0, 9)) == 0
    return Pause(low, None if is_open else low + timedelta(minutes=length))


@st.composite
def clocks(draw, *, may_be_open: bool = True, most_pauses: int = 4):
    unit = draw(st.sampled_from(list(Unit)))
    most = {"MINUTE": 3000, "HOUR": 500}.get(unit.value, 40)
    limit = Limit(draw(st.integers(1, most)), unit)
    started = draw(MOMENTS)
    base = started
    if unit.begins_at_midnight:
        base = datetime.combine(started.date() + timedelta(days=1), time(), BILLING_ZONE)
    near = pauses(near=base, step=timedelta(microseconds=limit.counted_us), may_be_open=may_be_open)
    stops = draw(st.lists(near, max_size=most_pauses))
    stopped = draw(st.none() | st.integers(0, 90_000).map(lambda minutes: started + timedelta(minutes=minutes)))
    return Clock(started, limit, tuple(stops), stopped)


def frames(found: list[Clock]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The columns of clocks that are numbered in order."""

    def utc(at: datetime | None) -> datetime | None:
        return at.astimezone(UTC) if at else None

    rows = [
        (number, utc(one.started_at), one.limit.amount, one.limit.unit.value, utc(one.stopped_at))
        for number, one in enumerate(found)
    ]
    stops = [(number, utc(pause.from_at), utc(pause.to_at)) for number, one in enumerate(found) for pause in one.pauses]
    return pl.DataFrame(rows, CLOCKS, orient="row"), pl.DataFrame(stops, PAUSES, orient="row")
