"""The charge of a day, the threshold of the warning, the turns of an episode, and every reason against a cut by balance."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time, timedelta

import polars as pl
import pytest

from wandeng.calc import prepay
from wandeng.calc.cut_clock import CutTerms
from wandeng.kernel.calendars import WorkingCalendar, WorkingYear
from wandeng.kernel.periods import BILLING_ZONE

NOV, DEC = 2026 * 12 + 10, 2026 * 12 + 11
DAY = date(2026, 12, 3)
GUARD = CutTerms(
    cut_after_days=30, notice_days=7, notice_lapses_days=30, second_minutes=30, second_lapses_minutes=1440,
    authority_copy=True, closed_days=frozenset({"HOLIDAY", "HOLIDAY_EVE", "REST_DAY"}), closed_periods=(),
    from_time=time(8), to_time=time(18), least_fen=0,
)  # fmt: skip
TERMS = prepay.BalanceTerms(cut_below_fen=-1_000, grace_hours=24, fresh_days=2, guard=GUARD)


def estimates(*rows: tuple[int, int, date, int, int]) -> pl.DataFrame:
    return pl.DataFrame(rows, prepay.ESTIMATES, orient="row")


def test_a_day_adds_what_its_estimates_are_above_those_of_the_day_before() -> None:
    now = estimates((1, NOV, date(2026, 11, 1), 390_00, 248_82), (1, DEC, date(2026, 12, 1), 20_00, 11_76))
    then = estimates((1, NOV, date(2026, 11, 1), 390_00, 248_82), (1, DEC, date(2026, 12, 1), 10_00, 5_88))
    before = pl.DataFrame([(1, date(2026, 12, 2))], prepay.BEFORE, orient="row")
    found = prepay.charged(pl.Series([1]), now, then, before, day=DAY).rows(named=True)[0]
    # 248.82 + 11.76 = 260.58 in all; 11.76 − 5.88 = 5.88 for 10 kWh of the day.
    assert (found["estimate_fen"], found["day_fen"], found["day_ckwh"]) == (260_58, 5_88, 10_00)
    assert found["since_on"] == date(2026, 12, 2)


def test_the_first_day_counts_from_the_last_billed_reading() -> None:
    now = estimates((1, DEC, date(2026, 12, 1), 20_00, 11_76))
    found = prepay.charged(pl.Series([1, 2]), now, now.clear(), pl.DataFrame(schema=prepay.BEFORE), day=DAY)
    assert found["since_on"].to_list() == [date(2026, 12, 1), DAY]
    assert found["day_fen"].to_list() == [11_76, 0]


def thresholds(agreed: int | None = None) -> pl.DataFrame:
    return pl.DataFrame([(1, 2_000, 3, 7, agreed)], prepay.THRESHOLDS, orient="row")


def charged(fen: int, since: date) -> pl.DataFrame:
    return pl.DataFrame([(1, since, 0, fen, 0, fen)], prepay.CHARGED, orient="row")


def test_the_warning_stands_at_some_mean_days_and_no_lower_than_the_least() -> None:
    past = pl.DataFrame([(1, DAY - timedelta(days=1), DAY - timedelta(days=2), 1_001)], prepay.PAST, orient="row")
    found = prepay.warnings(charged(1_000, DAY - timedelta(days=1)), past, thresholds(), day=DAY).row(0)
    # (10.00 + 10.01) / 2 days = 10.005, half up 10.01; three of them 30.03.
    assert found == (1, 1_001, 3_003)
    low = prepay.warnings(charged(10, DAY - timedelta(days=1)), past.clear(), thresholds(), day=DAY).row(0)
    assert low == (1, 10, 2_000)


def test_a_gap_of_days_is_spread_over_the_days_it_covers() -> None:
    found = prepay.warnings(
        charged(4_000, DAY - timedelta(days=4)), pl.DataFrame(schema=prepay.PAST), thresholds(), day=DAY
    )
    assert found.row(0) == (1, 1_000, 3_000)


def test_days_older_than_the_rule_looks_at_do_not_count() -> None:
    old = pl.DataFrame([(1, DAY - timedelta(days=7), DAY - timedelta(days=8), 90_000)], prepay.PAST, orient="row")
    found = prepay.warnings(charged(1_000, DAY - timedelta(days=1)), old, thresholds(), day=DAY).row(0)
    assert found == (1, 1_000, 3_000)


def test_an_agreed_threshold_is_taken_instead() -> None:
    past = pl.DataFrame(schema=prepay.PAST)
    assert prepay.warnings(charged(1_000, DAY), past, thresholds(agreed=50_000), day=DAY).row(0) == (1, 0, 50_000)


@pytest.mark.parametrize(
    ("episode", "balance", "is_held", "turn"),
    [
        (None, 2_000, False, None),
        (None, 1_999, False, "OPEN"),
        (None, -9_999, False, "OPEN"),
        ("WARNED", 2_000, False, "CLOSE"),
        ("WARNED", 1_999, False, None),
        ("WARNED", -1_000, False, None),
        ("WARNED", -1_001, False, "OVERDRAW"),
        ("WARNED", -1_001, True, None),
        ("OVERDRAWN", -1_001, False, None),
        ("OVERDRAWN", -1_000, False, "RECOVER"),
        ("OVERDRAWN", -1_001, True, "RECOVER"),
        ("OVERDRAWN", 2_000, False, "CLOSE"),
    ],
)
def test_an_episode_turns_by_the_thresholds(episode: str | None, balance: int, is_held: bool, turn: str | None) -> None:
    row = pl.DataFrame([(1, episode, balance, 2_000, -1_000, is_held)], prepay.STANDINGS, orient="row")
    assert prepay.turns(row)["turn"].to_list() == [turn]


@pytest.fixture(scope="module")
def calendar() -> WorkingCalendar:
    holidays = frozenset(date(2026, 10, day) for day in range(1, 8))
    return WorkingCalendar.of([WorkingYear(2026, holidays, frozenset(), True)])


NOON = datetime(2026, 11, 10, 12, 0, tzinfo=BILLING_ZONE)
MAY = prepay.BalanceFacts(
    is_overdrawn=True, balance_fen=-4_584, day=date(2026, 11, 10), is_doubtful=False,
    warned_at=NOON - timedelta(days=5), overdraft_told_at=NOON - timedelta(hours=24), is_important=False,
    is_protected=False, protection_pending=False, promise_until=None, has_plan=False,
)  # fmt: skip


def against(
    calendar: WorkingCalendar, local: datetime = NOON, *, for_dispatch: bool = True, **other: object
) -> list[str]:
    return list(prepay.objections(replace(MAY, **other), TERMS, calendar, local=local, for_dispatch=for_dispatch))


def test_nothing_stands_against_a_cut_when_all_clocks_are_over(calendar: WorkingCalendar) -> None:
    assert against(calendar) == []


@pytest.mark.parametrize(
    ("reason", "other"),
    [
        ("NOT_PREPAY", {"is_overdrawn": False}),
        ("BALANCE_ENOUGH", {"balance_fen": -1_000}),
        ("BALANCE_OLD", {"day": date(2026, 11, 8)}),
        ("BALANCE_DOUBTFUL", {"is_doubtful": True}),
        ("WARNING_NOT_REACHED", {"warned_at": None}),
        ("OVERDRAFT_NOT_REACHED", {"overdraft_told_at": None}),
        ("GRACE", {"overdraft_told_at": NOON - timedelta(hours=23, minutes=59)}),
        ("IMPORTANT", {"is_important": True}),
        ("PROTECTED", {"is_protected": True}),
        ("PROTECTION_PENDING", {"protection_pending": True}),
        ("PROMISE", {"promise_until": date(2026, 11, 10)}),
        ("INSTALMENT_PLAN", {"has_plan": True}),
    ],
)
def test_each_thing_alone_keeps_the_account_from_being_cut(
    calendar: WorkingCalendar, reason: str, other: dict[str, object]
) -> None:
    assert against(calendar, **other) == [reason]


def test_an_unknown_balance_is_an_objection_by_itself(calendar: WorkingCalendar) -> None:
    assert against(calendar, balance_fen=None, day=None) == ["BALANCE_UNKNOWN"]


@pytest.mark.parametrize(
    ("local", "reason"),
    [
        (datetime(2026, 11, 10, 7, 59, tzinfo=BILLING_ZONE), "OUTSIDE_HOURS"),
        (datetime(2026, 11, 10, 18, 0, tzinfo=BILLING_ZONE), "OUTSIDE_HOURS"),
        (datetime(2026, 11, 14, 12, 0, tzinfo=BILLING_ZONE), "MORATORIUM_DAY"),
        (datetime(2026, 9, 30, 12, 0, tzinfo=BILLING_ZONE), "MORATORIUM_DAY"),
    ],
)
def test_nobody_is_cut_at_night_on_days_off_or_on_the_eve_of_a_holiday(
    calendar: WorkingCalendar, local: datetime, reason: str
) -> None:
    fresh = {
        "day": local.date(),
        "overdraft_told_at": local - timedelta(days=3),
        "warned_at": local - timedelta(days=9),
    }
    assert against(calendar, local, **fresh) == [reason]
    assert against(calendar, local, for_dispatch=False, **fresh) == []


def test_a_balance_lasts_so_many_days() -> None:
    assert [prepay.days_left(*one) for one in ((3_500, 1_000), (0, 1_000), (10**9, 1), (500, 0))] == [3, 0, 99, 99]
