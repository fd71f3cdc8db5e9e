"""The legal clocks before a cut: each objection by itself, and all of them over random calendars."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wandeng.calc.cut_clock import (
    OBJECTIONS,
    ClosedPeriod,
    CutFacts,
    CutTerms,
    is_closed,
    next_open_day,
    objections,
)
from wandeng.kernel.calendars import WorkingCalendar, WorkingYear
from wandeng.kernel.errors import NoRuleInForce
from wandeng.kernel.periods import BILLING_ZONE

NOON = datetime(2026, 3, 11, 12, 0, tzinfo=BILLING_ZONE)
TERMS = CutTerms(
    cut_after_days=30,
    notice_days=7,
    notice_lapses_days=30,
    second_minutes=30,
    second_lapses_minutes=1440,
    authority_copy=True,
    closed_days=frozenset({"HOLIDAY", "HOLIDAY_EVE", "REST_DAY", "REST_DAY_EVE"}),
    closed_periods=(),
    from_time=time(8, 30),
    to_time=time(16, 0),
    least_fen=1_000,
)
RIPE = CutFacts(
    open_fen=12_345,
    oldest_due_on=date(2026, 1, 25),
    dunned_at=NOON - timedelta(days=20),
    notice_reached_at=NOON - timedelta(days=7),
    second_reached_at=NOON - timedelta(minutes=30),
    is_important=False,
    authority_told=False,
    is_protected=False,
    protection_pending=False,
    promise_until=None,
    has_plan=False,
)


def plain(holidays: frozenset[date] = frozenset()) -> WorkingCalendar:
    return WorkingCalendar.of(
        [WorkingYear(2026, holidays, frozenset(), True), WorkingYear(2027, frozenset(), frozenset(), True)]
    )


def against(facts: CutFacts = RIPE, at: datetime = NOON, terms: CutTerms = TERMS, **also: bool) -> tuple[str, ...]:
    return objections(facts, terms, plain(), local=at, for_dispatch=also.get("for_dispatch", True))


def test_a_ripe_case_has_nothing_against_it() -> None:
    """Due 25 January, reached on 4 March (38 days overdue), told again half an hour ago, a Wednesday at noon."""
    assert against() == ()


FAULTS = {
    "PAID": {"open_fen": 0},
    "BELOW_LEAST": {"open_fen": 999},
    "NOT_DUNNED": {"dunned_at": None},
    "NOTICE_MISSING": {"notice_reached_at": None},
    "NOTICE_TOO_RECENT": {"notice_reached_at": NOON - timedelta(days=7) + timedelta(minutes=1)},
    "NOTICE_LAPSED": {"notice_reached_at": NOON - timedelta(days=30, minutes=1), "oldest_due_on": date(2026, 1, 1)},
    "NOTICE_NOT_FOR_THIS_DEBT": {"oldest_due_on": date(2026, 2, 2)},
    "AUTHORITY_NOT_TOLD": {"is_important": True},
    "SECOND_NOTICE_MISSING": {"second_reached_at": None},
    "SECOND_NOTICE_TOO_RECENT": {"second_reached_at": NOON - timedelta(minutes=29)},
    "SECOND_NOTICE_LAPSED": {"second_reached_at": NOON - timedelta(minutes=1441)},
    "PROTECTED": {"is_protected": True},
    "PROTECTION_PENDING": {"protection_pending": True},
    "PROMISE": {"promise_until": date(2026, 3, 11)},
    "INSTALMENT_PLAN": {"has_plan": True},
}


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_is_named_alone(name: str) -> None:
    told = {*against(replace(RIPE, **FAULTS[name]))}
    # Without a first notice there is no second one either.
    assert told - {"SECOND_NOTICE_MISSING"} == {name} - {"SECOND_NOTICE_MISSING"}
    assert name in told


def test_thirty_days_are_not_more_than_thirty() -> None:
    """Due 9 February: on 11 March 30 days overdue."""
    assert "NOT_OVERDUE_ENOUGH" in against(replace(RIPE, oldest_due_on=date(2026, 2, 9)))
    assert "NOT_OVERDUE_ENOUGH" not in against(replace(RIPE, oldest_due_on=date(2026, 2, 8)))


def test_the_hour_and_the_day_count_only_when_an_order_is_sent() -> None:
    night = NOON.replace(hour=23)
    assert "OUTSIDE_HOURS" in against(replace(RIPE, second_reached_at=night - timedelta(hours=1)), night)
    assert against(replace(RIPE, second_reached_at=None), night, for_dispatch=False) == ()
    friday = datetime(2026, 3, 13, 12, tzinfo=BILLING_ZONE)
    assert against(replace(RIPE, second_reached_at=friday - timedelta(hours=1)), friday) == ("MORATORIUM_DAY",)


def test_a_promise_that_ran_out_yesterday_holds_nothing() -> None:
    assert against(replace(RIPE, promise_until=date(2026, 3, 10))) == ()


def test_a_period_may_run_over_the_new_year() -> None:
    winter = ClosedPeriod((12, 25), (1, 5))
    assert [date(2026, 12, 31) in winter, date(2026, 1, 5) in winter, date(2026, 1, 6) in winter] == [True, True, False]


def test_the_eve_of_a_year_nobody_arranged_is_refused() -> None:
    alone = WorkingCalendar.of([WorkingYear(2026, frozenset(), frozenset(), True)])
    with pytest.raises(NoRuleInForce):
        is_closed(date(2026, 12, 31), TERMS, alone)


moments = st.integers(0, 363 * 1440).map(lambda m: datetime(2026, 1, 1, tzinfo=BILLING_ZONE) + timedelta(minutes=m))


@settings(max_examples=200, deadline=None, derandomize=True)
@given(
    at=moments,
    due=st.dates(date(2025, 11, 1), date(2026, 12, 30)),
    dunned=st.none() | st.integers(0, 80),
    noticed=st.none() | st.integers(0, 45 * 24 * 60),
    second=st.none() | st.integers(0, 2_000),
    holidays=st.frozensets(st.dates(date(2026, 1, 1), date(2026, 12, 31)), max_size=60),
)
def test_whatever_the_calendar_nothing_is_allowed_before_its_time(
    at: datetime, due: date, dunned: int | None, noticed: int | None, second: int | None, holidays: frozenset[date]
) -> None:
    facts = replace(
        RIPE,
        oldest_due_on=due,
        dunned_at=None if dunned is None else at - timedelta(days=dunned),
        notice_reached_at=None if noticed is None else at - timedelta(minutes=noticed),
        second_reached_at=None if second is None else at - timedelta(minutes=second),
    )
    calendar = plain(holidays)
    told = objections(facts, TERMS, calendar, local=at, for_dispatch=True)
    today, tomorrow = at.date(), at.date() + timedelta(days=1)
    allowed = (
        (today - due).days > 30
        and dunned is not None
        and noticed is not None
        and 7 * 1440 <= noticed <= 30 * 1440
        and ((at - timedelta(minutes=noticed)).date() - due).days > 30
        and second is not None
        and 30 <= second <= 1440
        and second <= noticed
        and not {today, tomorrow} & holidays
        and today.weekday() < 5
        and tomorrow.weekday() < 5
        and time(8, 30) <= at.time() < time(16)
    )
    assert (told == ()) == allowed
    assert list(told) == [name for name in OBJECTIONS if name in told]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(
    day=st.dates(date(2026, 1, 1), date(2026, 10, 1)),
    holidays=st.frozensets(st.dates(date(2026, 1, 1), date(2026, 11, 30)), max_size=60),
)
def test_the_next_open_day_is_the_first_that_is_open(day: date, holidays: frozenset[date]) -> None:
    calendar = plain(holidays)
    found = next_open_day(day, TERMS, calendar)
    assert not is_closed(found, TERMS, calendar)
    assert all(is_closed(day + timedelta(days=n), TERMS, calendar) for n in range((found - day).days))
