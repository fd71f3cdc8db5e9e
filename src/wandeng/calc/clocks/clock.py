"""One clock: when its limit ends, when to warn, and how it stands at an instant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from wandeng.calc.clocks.days import DayLine, instant, microseconds, place_among
from wandeng.calc.clocks.terms import E4, PERCENT, Limit, Pause, Unit, checked_shares

Interval = tuple[int, int | None]


@dataclass(frozen=True, slots=True)
class Clock:
    """A limit that runs from ``started_at`` until ``stopped_at`` (``None``: still running)."""

    started_at: datetime
    limit: Limit
    pauses: tuple[Pause, ...] = ()
    stopped_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """How a clock stands. ``due_at`` is the last instant that keeps the limit, ``None`` while an open pause hides it;
    ``used_us`` and ``left_us`` are counted time (``left_us`` below zero: so much too much), ``share_e4`` the used part of
    the limit in 10⁻⁴, ``reached`` the highest of the shares asked about that is used up, 0 for none. ``is_over``: the
    instant, or the stop before it, lies after ``due_at``. ``is_confirmed``: no day up to the deadline is of a year whose
    working days were not published yet."""

    due_at: datetime | None
    used_us: int
    left_us: int
    share_e4: int
    reached: int
    is_paused: bool
    is_over: bool
    is_confirmed: bool


def due_at(clock: Clock, days: DayLine) -> datetime | None:
    """The last instant that keeps the limit, in UTC; ``None`` while an open pause hides it.

    Raises :class:`NoRuleInForce` where working days are counted and the calendar does not reach.
    """
    found = _reached_us(clock, clock.limit.counted_us, days)
    return None if found is None else instant(found)


def warnings(clock: Clock, days: DayLine, percents: Sequence[int]) -> tuple[tuple[int, datetime], ...]:
    """(percent, instant) of each share of the limit, ascending; without those that an open pause hides.

    Raises :class:`InvalidInput` for shares outside 1 to 100, :class:`NoRuleInForce` as :func:`due_at`.
    """
    found = []
    for percent in checked_shares(percents):
        at = _reached_us(clock, clock.limit.counted_us * percent // PERCENT, days)
        if at is not None:
            found.append((percent, instant(at)))
    return tuple(found)


def standing(clock: Clock, days: DayLine, *, at: datetime, percents: Sequence[int] = ()) -> Standing:
    """How the clock stands at ``at``, or stood when it stopped before.

    Raises :class:`NoRuleInForce` as :func:`due_at`, also for an ``at`` beyond the calendar.
    """
    here = microseconds(at)
    if clock.stopped_at is not None:
        here = min(here, microseconds(clock.stopped_at))
    due = _reached_us(clock, clock.limit.counted_us, days)
    used, limit = _used_us(clock, here, days), clock.limit.counted_us
    shares = checked_shares(percents)
    passed = place_among(tuple(limit * percent // PERCENT for percent in shares), used)
    base = days.base_us(microseconds(clock.started_at), clock.limit.unit)
    return Standing(
        due_at=None if due is None else instant(due),
        used_us=used,
        left_us=limit - used,
        share_e4=used * E4 // limit,
        reached=shares[passed - 1] if passed else 0,
        is_paused=any(low <= here and (high is None or here < high) for low, high in _merged(clock.pauses)),
        is_over=due is not None and here > due,
        is_confirmed=clock.limit.unit is not Unit.WORKING_DAY or due is None or days.is_confirmed(base, due),
    )


def _reached_us(clock: Clock, amount: int, days: DayLine) -> int | None:
    unit = clock.limit.unit
    base = days.base_us(microseconds(clock.started_at), unit)
    begun = days.counted(base, unit)
    paused = 0
    for low, high in _after(clock.pauses, base):
        if days.counted_within(low, unit) - begun - paused >= amount:
            break
        if high is None:
            days.counted(low, unit)
            return None
        paused += days.counted_within(high, unit) - days.counted_within(low, unit)
    return days.first_with(begun + amount + paused, unit)


def _used_us(clock: Clock, here: int, days: DayLine) -> int:
    unit = clock.limit.unit
    base = days.base_us(microseconds(clock.started_at), unit)
    if here <= base:
        return 0
    used = days.counted(here, unit) - days.counted(base, unit)
    for low, high in _after(clock.pauses, base):
        stop = here if high is None else min(high, here)
        if low < stop:
            used -= days.counted(stop, unit) - days.counted(low, unit)
    return used


def _after(pauses: Iterable[Pause], base: int) -> Iterator[Interval]:
    """The merged pauses, without what lies before the clock began to count."""
    for low, high in _merged(pauses):
        if high is None or high > base:
            yield max(low, base), high


def _merged(pauses: Iterable[Pause]) -> list[Interval]:
    """Disjoint intervals in order that cover the same instants; the empty ones are gone."""
    found: list[Interval] = []
    edges = [(microseconds(one.from_at), None if one.to_at is None else microseconds(one.to_at)) for one in pauses]
    for low, high in sorted(edges, key=lambda edge: edge[0]):
        if high is not None and high <= low:
            continue
        if found and (found[-1][1] is None or low <= found[-1][1]):
            last = found[-1][1]
            found[-1] = (found[-1][0], None if last is None or high is None else max(last, high))
        else:
            found.append((low, high))
    return found


def earliest(clocks: Sequence[Clock], days: DayLine) -> int:
    """The place of the clock that ends first, the strictest of several limits for the same work; the first of equals. One
    whose end is hidden by an open pause ends last.

    Raises :class:`NoRuleInForce` as :func:`due_at`; ``ValueError`` for no clocks.
    """
    ends = [(due_at(clock, days), place) for place, clock in enumerate(clocks)]
    return min(ends, key=lambda end: (end[0] is None, end[0] or 0, end[1]))[1]
