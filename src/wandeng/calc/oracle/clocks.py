"""Clocks by walking through time: the specification of ``wandeng.calc.clocks`` in plain words, and its oracle.

Time is cut wherever something can change: at every local midnight, where a pause begins and where one ends. Between two
cuts either all time counts or none does. Shares with the subject its terms only (:class:`Clock`, :class:`Pause`, the units).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta

from wandeng.calc.clocks.clock import Clock
from wandeng.calc.clocks.terms import Unit
from wandeng.kernel.calendars import WorkingCalendar
from wandeng.kernel.periods import BILLING_ZONE

_LENGTHS = {
    Unit.MINUTE: timedelta(minutes=1),
    Unit.HOUR: timedelta(hours=1),
    Unit.DAY: timedelta(days=1),
    Unit.WORKING_DAY: timedelta(days=1),
}
_NEVER = datetime(2200, 1, 1, tzinfo=UTC)


def due_at(clock: Clock, calendar: WorkingCalendar) -> datetime | None:
    """The first instant at which the whole limit has been counted; ``None`` when a pause without end comes first.

    Raises :class:`NoRuleInForce` when the walk leaves the calendar.
    """
    left = clock.limit.amount * _LENGTHS[clock.limit.unit]
    for start, end, counts in _stretches(clock, calendar):
        if counts and end - start >= left:
            return start + left
        if counts:
            left -= end - start
    return None


def used_until(clock: Clock, calendar: WorkingCalendar, at: datetime) -> timedelta:
    """Counted time from the start until ``at``, or until the clock stopped before.

    Raises :class:`NoRuleInForce` when the walk leaves the calendar.
    """
    here = at if clock.stopped_at is None else min(at, clock.stopped_at)
    used = timedelta()
    for start, end, counts in _stretches(clock, calendar):
        if start >= here:
            break
        if counts:
            used += min(end, here) - start
    return used


def _stretches(clock: Clock, calendar: WorkingCalendar) -> Iterator[tuple[datetime, datetime, bool]]:
    """The stretches of time from where the clock begins to count, one after the other, and whether each counts."""
    unit = clock.limit.unit
    here = clock.started_at.astimezone(UTC)
    if unit in {Unit.DAY, Unit.WORKING_DAY}:
        here = _next_midnight(here)
    edges = sorted({edge.astimezone(UTC) for one in clock.pauses for edge in (one.from_at, one.to_at) if edge})
    while here < _NEVER:
        later = [edge for edge in edges if edge > here]
        paused = any(one.from_at <= here and (one.to_at is None or here < one.to_at) for one in clock.pauses)
        if paused and not later:
            yield here, _NEVER, False
            return
        end = min([*later, _next_midnight(here) if unit is Unit.WORKING_DAY else _NEVER])
        off = unit is Unit.WORKING_DAY and not calendar.is_working_day(here.astimezone(BILLING_ZONE).date())
        yield here, end, not paused and not off
        here = end


def _next_midnight(at: datetime) -> datetime:
    """The local midnight after an instant, in UTC."""
    tomorrow = at.astimezone(BILLING_ZONE).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), BILLING_ZONE).astimezone(UTC)
