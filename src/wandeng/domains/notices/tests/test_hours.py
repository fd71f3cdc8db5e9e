"""When a notice may leave: by the rule of the day, over calendars."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandeng.domains.customers.tests import make as customers
from wandeng.domains.notices.queries import sending
from wandeng.domains.notices.types import Purpose
from wandeng.infra.effective.working_days import working_calendar
from wandeng.kernel.errors import NoRuleInForce
from wandeng.kernel.periods import BILLING_ZONE


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=BILLING_ZONE)


def allowed(at: datetime, purpose: str = "ARREARS") -> datetime:
    return sending.allowed_from(customers.library(), at=at, territory="demo", purpose=purpose)


@pytest.mark.parametrize(
    ("at", "first"),
    [
        (local(2026, 9, 15, 8, 0), local(2026, 9, 15, 8, 0)),
        (local(2026, 9, 15, 7, 59), local(2026, 9, 15, 8, 0)),
        (local(2026, 9, 15, 19, 59), local(2026, 9, 15, 19, 59)),
        (local(2026, 9, 15, 20, 0), local(2026, 9, 16, 8, 0)),
        (local(2026, 9, 30, 20, 0), local(2026, 10, 1, 9, 0)),  # National Day is off: from nine
        (local(2026, 9, 20, 8, 30), local(2026, 9, 20, 8, 30)),  # a Sunday that is worked to make up
        (local(2026, 9, 13, 18, 0), local(2026, 9, 14, 8, 0)),  # Sunday evening: Monday is a working day
        (local(2026, 12, 31, 21, 0), local(2027, 1, 1, 9, 0)),
    ],
)
def test_the_first_moment_a_reminder_may_leave(at: datetime, first: datetime) -> None:
    assert allowed(at) == first


@given(st.integers(0, 1_088 * 1_440), st.sampled_from(list(Purpose)))
def test_nothing_leaves_outside_its_hours_and_waiting_is_never_longer_than_a_night(minutes: int, purpose: str) -> None:
    asked = local(2025, 1, 1) + timedelta(minutes=minutes)
    first = allowed(asked, purpose)
    assert asked <= first <= asked + timedelta(hours=15)
    assert allowed(first, purpose) == first
    if purpose in ("SUPPLY", "OUTAGE", "WORK", "PAYMENT"):
        assert first == asked
        return
    calendar = working_calendar(customers.library(), first.year, first.year)
    begin, end = (8, 20) if calendar.is_working_day(first.date()) else (9, 18)
    assert begin <= first.hour < end


def test_a_year_without_a_calendar_is_never_guessed() -> None:
    with pytest.raises(NoRuleInForce):
        allowed(local(2040, 1, 1, 12, 0))
