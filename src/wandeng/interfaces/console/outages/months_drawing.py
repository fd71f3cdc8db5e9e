"""A solution of a month plan as a calendar and as a Gantt chart: what goes where, in numbers that a template draws."""

from __future__ import annotations

import calendar
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from wandeng.domains.outages.types.months import At, MonthFinding, MonthJob, MonthPlanView, PlacedJob, Why
from wandeng.kernel.periods import Month

DAY_WIDTH = 28
ROW_HEIGHT = 22
HEAD_HEIGHT = 26
BAR_HEIGHT = 14
LEAST_BAR = 6
MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True, slots=True)
class Entry:
    """A job on the calendar or the chart. ``tone``: ``late`` breaks a rule, ``warn`` is better elsewhere, ``ok`` shares its outage,
    ``info`` pinned or fixed."""

    job: MonthJob
    at: At
    window: str
    tone: str
    is_kept: bool
    merged: int


@dataclass(frozen=True, slots=True)
class DayCell:
    """A day of the calendar with its jobs in order of time; ``None``: of another month."""

    on: date | None
    entries: tuple[Entry, ...]
    customers: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A job's row of the chart: where its bar lies, and where its planner had proposed it."""

    entry: Entry
    y: int
    x: int
    width: int
    was_x: int


@dataclass(frozen=True, slots=True)
class Lane:
    """The rows of a feeder."""

    name: str
    y: int
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Gantt:
    """The chart with its size; ``days`` are day, left edge and whether it is a weekend."""

    width: int
    height: int
    days: tuple[tuple[int, int, bool], ...]
    lanes: tuple[Lane, ...]


def entries(
    plan: MonthPlanView, placed: Mapping[str, PlacedJob], findings: Sequence[MonthFinding], names: Mapping[str, str]
) -> tuple[Entry, ...]:
    """The placed jobs in order of time; those without a solution where they were proposed."""
    rules: dict[str, set[str]] = defaultdict(set)
    for one in findings:
        rules[one.number].add(one.rule)
    order = {window.code: place for place, window in enumerate(plan.windows)}
    found = []
    for job in plan.jobs:
        place = placed.get(job.number)
        if job.left_out or (placed and place is None):
            continue
        at = place.at if place else job.proposed
        kept = job.is_fixed or job.pinned is not None
        merged = len(place.merged_with) if place and place.why is Why.MERGED else 0
        tone = _tone(rules[job.number], kept=kept, merged=merged)
        found.append(Entry(job, at, names.get(at.window, at.window), tone, kept, merged))
    return tuple(sorted(found, key=lambda one: (one.at.on, order.get(one.at.window, 0), one.job.number)))


def _tone(rules: set[str], *, kept: bool, merged: int) -> str:
    if rules - {"AVOIDED", "AREA_TOO_SOON"}:
        return "late"
    if rules:
        return "warn"
    if merged:
        return "ok"
    return "info" if kept else "neutral"


def month_grid(month: Month, found: Sequence[Entry]) -> tuple[tuple[DayCell, ...], ...]:
    """Weeks from Monday to Sunday."""
    by_day: dict[date, list[Entry]] = defaultdict(list)
    for one in found:
        by_day[one.at.on].append(one)
    weeks = calendar.Calendar().monthdatescalendar(month.year, month.number)
    return tuple(tuple(_cell(on, month, by_day) for on in week) for week in weeks)


def _cell(on: date, month: Month, by_day: Mapping[date, list[Entry]]) -> DayCell:
    if Month.of(on) != month:
        return DayCell(None, (), 0)
    own = tuple(by_day.get(on, ()))
    return DayCell(on, own, sum(0 if one.at.is_live else one.job.customers for one in own))


def gantt(plan: MonthPlanView, found: Sequence[Entry]) -> Gantt:
    """Feeders in order, under each its jobs in order of time."""
    month = Month.parse(plan.brief.month)
    first = {window.code: window.first_minute for window in plan.windows}
    by_feeder: dict[str, list[Entry]] = defaultdict(list)
    for one in found:
        by_feeder[one.job.feeder_name or "–"].append(one)
    y, lanes = HEAD_HEIGHT, []
    for name in sorted(by_feeder):
        bars = []
        top = y
        y += ROW_HEIGHT
        for one in by_feeder[name]:
            width = max(LEAST_BAR, one.job.minutes * DAY_WIDTH // MINUTES_A_DAY)
            bars.append(Bar(one, y, _left(one.at, first), width, _left(one.job.proposed, first)))
            y += ROW_HEIGHT
        lanes.append(Lane(name, top, tuple(bars)))
    days = tuple(
        (number, (number - 1) * DAY_WIDTH, date(month.year, month.number, number).weekday() > 4)
        for number in range(1, month.days + 1)
    )
    return Gantt(month.days * DAY_WIDTH, y + BAR_HEIGHT, days, tuple(lanes))


def _left(at: At, first: Mapping[str, int]) -> int:
    return (at.on.day - 1) * DAY_WIDTH + first.get(at.window, 0) * DAY_WIDTH // MINUTES_A_DAY
