"""The ladder by columns: examples by hand, and its clocks over random calendars."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from wandeng.calc import dunning
from wandeng.kernel.calendars import WorkingCalendar, WorkingYear

ON = date(2026, 3, 4)
LADDER = (
    ("SMS", "MESSAGE", 3, 0, 4, 2, 0, "NOT_HOLIDAYS"),
    ("VOICE", "MESSAGE", 10, 3, 2, 2, 0, "NOT_HOLIDAYS"),
    ("VISIT", "PERSON", 18, 3, 5, 2, 0, "WORKING"),
    ("NOTICE", "PERSON", 31, 3, 3, 0, 30, "WORKING"),
    ("SECOND_NOTICE", "ORDER", 38, 7, 0, 0, 0, "WORKING"),
    ("CUT", "ORDER", 38, 0, 0, 0, 0, "WORKING"),
)
RUNGS = pl.DataFrame(
    [("RESIDENTIAL", place, *rung, "") for place, rung in enumerate(LADDER)], dunning.RUNGS, orient="row"
)
PLAIN = WorkingCalendar.of(
    [WorkingYear(2026, frozenset(), frozenset(), True), WorkingYear(2027, frozenset(), frozenset(), True)]
)


def standing(
    overdue: int, rung: int = -1, attempt: int = 0, step_on: date | None = None, state: str = "", *,
    held_until: date | None = None, is_protected: bool = False,
) -> pl.DataFrame:  # fmt: skip
    row = (1, "RESIDENTIAL", ON - timedelta(days=overdue), rung, attempt, step_on, state, held_until, is_protected)
    return pl.DataFrame([row], dunning.STANDINGS, orient="row")


def following(stands: pl.DataFrame, on: date = ON, calendar: WorkingCalendar = PLAIN) -> dict[str, object]:
    days = dunning.day_table(calendar, on)
    return dunning.next_steps(stands, RUNGS, days, on=on, cut_after_days=30).row(0, named=True)


def test_the_first_step_waits_for_its_day() -> None:
    """Two days overdue, the message is for the third."""
    found = following(standing(2))
    assert (found["kind"], found["is_due"], found["due_on"]) == ("SMS", False, ON + timedelta(days=1))
    assert following(standing(3))["is_due"]


def test_a_message_that_reached_nobody_is_sent_again_and_then_given_up() -> None:
    missed = following(standing(9, 0, 1, ON - timedelta(days=4), "MISSED"))
    assert (missed["kind"], missed["attempt"], missed["is_due"]) == ("SMS", 2, True)
    tired = following(standing(12, 0, 2, ON - timedelta(days=4), "MISSED"))
    assert (tired["kind"], tired["attempt"], tired["is_due"]) == ("VOICE", 1, True)


def test_a_visit_that_nobody_answered_for_stops_the_ladder() -> None:
    found = following(standing(60, 2, 1, ON - timedelta(days=30), "PENDING"))
    assert (found["standing"], found["is_due"]) == ("TASK", False)


def test_a_notice_that_reached_nobody_is_never_given_up() -> None:
    """Ninth attempt missed three days ago: the tenth is due."""
    found = following(standing(90, 3, 9, ON - timedelta(days=3), "MISSED"))
    assert (found["kind"], found["attempt"], found["is_due"]) == ("NOTICE", 10, True)


def test_after_a_notice_that_was_reached_an_order_may_be_asked_for_seven_days_later() -> None:
    """Reached on Wednesday 4 March: Wednesday 11 March."""
    found = following(standing(35, 3, 1, ON, "REACHED"))
    assert (found["kind"], found["standing"], found["due_on"]) == ("SECOND_NOTICE", "READY", date(2026, 3, 11))


def test_a_notice_lapses_and_is_given_anew() -> None:
    found = following(standing(80, 3, 1, ON - timedelta(days=31), "REACHED"))
    assert (found["kind"], found["attempt"], found["is_due"]) == ("NOTICE", 2, True)


def test_a_notice_for_a_debt_that_was_paid_counts_for_nothing() -> None:
    """Given ten days ago, when what is oldest now was 25 days overdue: it named another bill."""
    found = following(standing(35, 3, 1, ON - timedelta(days=10), "REACHED"))
    assert (found["kind"], found["attempt"]) == ("NOTICE", 2)


def test_a_promise_holds_the_ladder_through_its_day() -> None:
    found = following(standing(20, held_until=ON + timedelta(days=5)))
    assert (found["is_due"], found["due_on"]) == (False, ON + timedelta(days=6))


def test_the_protected_are_dunned_and_never_noticed() -> None:
    assert following(standing(5, is_protected=True))["is_due"]
    found = following(standing(50, 2, 1, ON - timedelta(days=9), "REACHED", is_protected=True))
    assert (found["standing"], found["is_due"], found["due_on"]) == ("PROTECTED", False, None)


def test_a_visit_is_not_made_on_a_weekend() -> None:
    saturday = date(2026, 3, 7)
    stands = standing(25, 1, 1, saturday - timedelta(days=9), "REACHED")
    found = following(stands, on=saturday)
    assert (found["kind"], found["is_due"], found["due_on"]) == ("VISIT", False, date(2026, 3, 9))


def test_the_last_days_of_a_year_whose_successor_is_unknown_still_have_a_night() -> None:
    alone = WorkingCalendar.of([WorkingYear(2026, frozenset(), frozenset(), True)])
    stands = standing(5).with_columns(oldest_due_on=pl.lit(date(2026, 12, 1)))
    assert following(stands, on=date(2026, 12, 31), calendar=alone)["is_due"]


days = st.dates(date(2026, 1, 1), date(2026, 12, 31))
holidays = st.frozensets(days, max_size=40)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(holidays=holidays, due=st.dates(date(2026, 1, 1), date(2026, 6, 30)), reach=st.lists(st.booleans(), min_size=1))
def test_walked_day_by_day_no_clock_is_ever_broken(holidays: frozenset[date], due: date, reach: list[bool]) -> None:
    """A ladder walked for 120 days with random holidays and results: no step before its days overdue, no notice before
    day 31, none twice a day, none on a day that is closed for it, and no order within seven days of the notice."""
    calendar = WorkingCalendar.of(
        [WorkingYear(2026, holidays, frozenset(), True), WorkingYear(2027, frozenset(), frozenset(), True)]
    )
    rung, attempt, step_on, state, told = -1, 0, None, "", 0
    for offset in range(1, 120):
        on = due + timedelta(days=offset)
        row = (1, "RESIDENTIAL", due, rung, attempt, step_on, state, None, False)
        found = following(pl.DataFrame([row], dunning.STANDINGS, orient="row"), on=on, calendar=calendar)
        if found["standing"] == "READY":
            assert state == "REACHED"
            assert found["due_on"] >= step_on + timedelta(days=7)
            assert calendar.is_working_day(found["due_on"])
            break
        if not found["is_due"]:
            continue
        place = LADDER[found["rung"]]
        assert offset >= place[2]
        assert place[0] != "NOTICE" or offset >= 31
        assert on not in holidays
        assert place[7] != "WORKING" or calendar.is_working_day(on)
        assert step_on is None or on > step_on
        rung, attempt, step_on = found["rung"], found["attempt"], on
        state = "REACHED" if reach[told % len(reach)] else "MISSED"
        told += 1


def test_many_accounts_come_back_each_once_and_by_number() -> None:
    many = pl.concat([standing(3).with_columns(account_id=pl.lit(number, pl.Int64)) for number in (9, 4, 7)])
    found = dunning.next_steps(many, RUNGS, dunning.day_table(PLAIN, ON), on=ON, cut_after_days=30)
    assert found["account_id"].to_list() == [4, 7, 9]
    assert found.schema == dunning.NEXT
