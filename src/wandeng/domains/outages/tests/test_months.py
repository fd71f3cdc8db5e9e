"""What the rolling months leave an area day by day."""

from __future__ import annotations

from datetime import date

from wandeng.calc.outage_plan import Room
from wandeng.domains.outages.months_gathering import rooms


def day(number: int) -> date:
    return date(2026, 3, number)


def test_rolling_months_leave_room_day_by_day_and_never_more_than_later() -> None:
    days = [day(number) for number in (1, 2, 3, 4)]
    # Two interruptions on record, one of which leaves the months on the third: 0, 0, 1, 1 of two.
    assert rooms(days, (2, 2, 1, 1), 2) == (Room(day(2), 0), Room(day(4), 1))
    # A plan to come on the third takes room from the days before as well.
    assert rooms(days, (0, 0, 1, 1), 2) == (Room(day(4), 1),)
