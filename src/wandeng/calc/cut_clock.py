"""Whether an account may be cut for arrears (欠费停电) at an instant: every legal clock, each objection by its name.

Pure: facts, terms and a calendar in, objections out. An empty answer means that nothing stands in the way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from wandeng.kernel.calendars import WorkingCalendar

OBJECTIONS = (
    "PAID", "BELOW_LEAST", "NOT_OVERDUE_ENOUGH", "NOT_DUNNED", "NOTICE_MISSING", "NOTICE_TOO_RECENT", "NOTICE_LAPSED",
    "NOTICE_NOT_FOR_THIS_DEBT", "AUTHORITY_NOT_TOLD", "SECOND_NOTICE_MISSING", "SECOND_NOTICE_TOO_RECENT",
    "SECOND_NOTICE_LAPSED", "PROTECTED", "PROTECTION_PENDING", "PROMISE", "INSTALMENT_PLAN", "MORATORIUM_DAY",
    "OUTSIDE_HOURS",
)  # fmt: skip
"""Every reason why an account may not be cut."""


@dataclass(frozen=True, slots=True)
class ClosedPeriod:
    """Days of every year on which nobody is cut, as (month, day), both included; it may run over the year's end."""

    first: tuple[int, int]
    last: tuple[int, int]

    def __contains__(self, day: date) -> bool:
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


@dataclass(frozen=True, slots=True)
class CutTerms:
    """The clocks of one customer class, from the dated rule. ``closed_days``: HOLIDAY, HOLIDAY_EVE, REST_DAY,
    REST_DAY_EVE; hours are local, ``to_time`` exclusive."""

    cut_after_days: int
    notice_days: int
    notice_lapses_days: int
    second_minutes: int
    second_lapses_minutes: int
    authority_copy: bool
    closed_days: frozenset[str]
    closed_periods: tuple[ClosedPeriod, ...]
    from_time: time
    to_time: time
    least_fen: int


@dataclass(frozen=True, slots=True)
class CutFacts:
    """What is known of an account. Instants are aware, in any zone; ``None`` is "never". ``oldest_due_on`` is of what is
    open now, ``promise_until`` the last day of a promise that holds."""

    open_fen: int
    oldest_due_on: date | None
    dunned_at: datetime | None
    notice_reached_at: datetime | None
    second_reached_at: datetime | None
    is_important: bool
    authority_told: bool
    is_protected: bool
    protection_pending: bool
    promise_until: date | None
    has_plan: bool


def objections(
    facts: CutFacts, terms: CutTerms, calendar: WorkingCalendar, *, local: datetime, for_dispatch: bool
) -> tuple[str, ...]:
    """Why the account may not be cut at ``local`` (an aware instant in the billing zone), in the order of
    :data:`OBJECTIONS`; empty: it may. Without ``for_dispatch`` the second notice, the day and the hour are left out: an order
    is approved before they are known.

    Raises :class:`NoRuleInForce` for a day of a year without a calendar.
    """
    found = {*_debt(facts, terms, local.date()), *_notice(facts, terms, local), *_held(facts, local.date())}
    if for_dispatch:
        found |= {*_second_notice(facts, terms, local), *moment(terms, calendar, local)}
    return tuple(name for name in OBJECTIONS if name in found)


def overdue_days(oldest_due_on: date | None, on: date) -> int:
    """Days overdue: the day after the due date is the first. 0 for nothing open, and until the due date.

    >>> overdue_days(date(2026, 1, 25), date(2026, 2, 25)), overdue_days(date(2026, 1, 25), date(2026, 1, 25))
    (31, 0)
    """
    return max(0, (on - oldest_due_on).days) if oldest_due_on else 0


def _debt(facts: CutFacts, terms: CutTerms, on: date) -> list[str]:
    if facts.open_fen <= 0 or facts.oldest_due_on is None:
        return ["PAID"]
    found = []
    if facts.open_fen < terms.least_fen:
        found.append("BELOW_LEAST")
    if overdue_days(facts.oldest_due_on, on) <= terms.cut_after_days:
        found.append("NOT_OVERDUE_ENOUGH")
    if facts.dunned_at is None:
        found.append("NOT_DUNNED")
    return found


def _notice(facts: CutFacts, terms: CutTerms, local: datetime) -> list[str]:
    given = facts.notice_reached_at
    if given is None:
        return ["NOTICE_MISSING"]
    found = []
    if local < given + timedelta(days=terms.notice_days):
        found.append("NOTICE_TOO_RECENT")
    if local > given + timedelta(days=terms.notice_lapses_days):
        found.append("NOTICE_LAPSED")
    given_on = given.astimezone(local.tzinfo).date()
    if facts.oldest_due_on and overdue_days(facts.oldest_due_on, given_on) <= terms.cut_after_days:
        found.append("NOTICE_NOT_FOR_THIS_DEBT")
    if terms.authority_copy and facts.is_important and not facts.authority_told:
        found.append("AUTHORITY_NOT_TOLD")
    return found


def _second_notice(facts: CutFacts, terms: CutTerms, local: datetime) -> list[str]:
    given, first = facts.second_reached_at, facts.notice_reached_at
    if given is None or first is None or given < first:
        return ["SECOND_NOTICE_MISSING"]
    if local < given + timedelta(minutes=terms.second_minutes):
        return ["SECOND_NOTICE_TOO_RECENT"]
    if local > given + timedelta(minutes=terms.second_lapses_minutes):
        return ["SECOND_NOTICE_LAPSED"]
    return []


def _held(facts: CutFacts, on: date) -> list[str]:
    held = {
        "PROTECTED": facts.is_protected,
        "PROTECTION_PENDING": facts.protection_pending,
        "PROMISE": facts.promise_until is not None and on <= facts.promise_until,
        "INSTALMENT_PLAN": facts.has_plan,
    }
    return [name for name, holds in held.items() if holds]


def moment(terms: CutTerms, calendar: WorkingCalendar, local: datetime) -> list[str]:
    """What the day and the hour of a local instant have against a cut: MORATORIUM_DAY, OUTSIDE_HOURS. Raises
    :class:`NoRuleInForce`."""
    found = []
    if is_closed(local.date(), terms, calendar):
        found.append("MORATORIUM_DAY")
    if not terms.from_time <= local.time() < terms.to_time:
        found.append("OUTSIDE_HOURS")
    return found


def is_closed(day: date, terms: CutTerms, calendar: WorkingCalendar) -> bool:
    """Whether nobody of the class is cut on the day. Raises :class:`NoRuleInForce` for a day, or an eve whose next day,
    of a year without a calendar."""
    if any(day in period for period in terms.closed_periods):
        return True
    kinds = terms.closed_days
    here, after = day, day + timedelta(days=1)
    return (
        ("HOLIDAY" in kinds and _is_holiday(here, calendar))
        or ("REST_DAY" in kinds and not calendar.is_working_day(here))
        or ("HOLIDAY_EVE" in kinds and _is_holiday(after, calendar))
        or ("REST_DAY_EVE" in kinds and not calendar.is_working_day(after))
    )


def next_open_day(day: date, terms: CutTerms, calendar: WorkingCalendar) -> date:
    """The day itself, or the next one on which a cut is allowed. Raises :class:`NoRuleInForce` at the calendar's end."""
    while is_closed(day, terms, calendar):
        day += timedelta(days=1)
    return day


def _is_holiday(day: date, calendar: WorkingCalendar) -> bool:
    calendar.is_working_day(day)
    return any(day in year.holidays for year in calendar.years)
