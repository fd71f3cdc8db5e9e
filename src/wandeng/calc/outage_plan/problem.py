"""What a month plan of outages (月度停电计划) is made from: days and windows, areas, jobs, crews, what is forbidden, prices.

Everything is given: notice days, the most planned interruptions of an area, crews, agreed windows. Nothing here knows a rule of
law; who calls takes them from the dated rules and hands them over as numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from functools import cached_property
from itertools import pairwise

from wandeng.kernel.errors import InvalidInput

EVERY: frozenset[str] = frozenset()
"""No names given: all of them."""


class Side(StrEnum):
    """Whose equipment is worked on: the grid's, or a customer's own who would be off anyway."""

    GRID = "GRID"
    CUSTOMER = "CUSTOMER"


@dataclass(frozen=True, slots=True, order=True)
class Start:
    """When a job begins: day, window, and whether it is done live (带电作业), interrupting nobody."""

    on: date
    window: str
    is_live: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """A part of a day, in the order of the day. ``load_permille`` is the load in it as a share of the areas' ``load_kw``:
    above 1000 at the peak, below at night."""

    code: str
    load_permille: int


@dataclass(frozen=True, slots=True, order=True)
class Room:
    """How often an area may be off in the plan up to and including a day, because of what it had in the months before (频繁停电).
    Earlier interruptions leave the rolling months one by one, so later rows have as much room or more."""

    until: date
    days: int


@dataclass(frozen=True, slots=True)
class Area:
    """What is interrupted together at least (台区 or a part of one): its customers, its load, planned interruptions so far this
    year and the most it may have in the year; in ``soon`` what the rolling months leave it, empty for no such limit."""

    code: str
    customers: int
    load_kw: int
    used: int
    most: int
    soon: tuple[Room, ...] = ()

    @property
    def room(self) -> int:
        """Planned interruptions that it may still have."""
        return max(0, self.most - self.used)


@dataclass(frozen=True, slots=True)
class Job:
    """Work to be placed within one day.

    ``areas`` are interrupted while it lasts, ``windows`` windows on end. ``crew`` is the kind of crew it takes, empty for none of
    ours, ``more_crews`` further kinds that it takes too; ``live_crew`` the kind that can do it live, empty when nobody can. Outages need ``notice_days`` between announcement and
    day. ``not_before`` and ``allowed_days`` (``None``: any) are what was agreed, ``due_on`` the last day in time.

    ``ties_closed`` feed parts of ``feeder`` from elsewhere meanwhile; ``ties_open`` are out of use meanwhile. A tie serves one
    feeder at a time, and none while it is out of use. ``pinned`` is where the planner wants it, whatever the rules say;
    ``published`` where people were told it would be.
    """

    code: str
    areas: frozenset[str]
    windows: int = 1
    crew: str = ""
    live_crew: str = ""
    side: Side = Side.GRID
    notice_days: int = 0
    not_before: date | None = None
    allowed_days: frozenset[date] | None = None
    due_on: date | None = None
    feeder: str = ""
    ties_closed: frozenset[str] = EVERY
    ties_open: frozenset[str] = EVERY
    pinned: Start | None = None
    published: Start | None = None
    more_crews: frozenset[str] = EVERY


@dataclass(frozen=True, slots=True)
class CrewCapacity:
    """Crews of a kind on a day in a window. What is not given is nobody."""

    kind: str
    on: date
    window: str
    crews: int


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Days and windows in which areas may not be interrupted, and why (important customer, exams, farm season, peak). An empty
    set means all."""

    reason: str
    areas: frozenset[str] = EVERY
    days: frozenset[date] = frozenset()
    windows: frozenset[str] = EVERY

    def hits(self, on: date, window: str) -> bool:
        """Whether the day and window are among the forbidden ones."""
        return (not self.days or on in self.days) and (not self.windows or window in self.windows)


@dataclass(frozen=True, slots=True)
class Prices:
    """What the plan minimizes, whole numbers of one unit: a job not placed, an interruption of an area above its most, an
    interruption of one customer, one kW × ‰ of load for a window, a day after the due day, a job moved from where it was
    published, an interruption of an area that comes too soon after others, a job at a time that is better avoided, for each
    reason. The first two are meant to outweigh all the others
    together."""

    unplaced: int
    breach: int
    interruption: int
    load: int
    late_day: int
    change: int
    soon: int = 0
    avoided: int = 0


@dataclass(frozen=True)
class Problem:
    """One bureau's plan for ``from_on`` to before ``to_on``, within one calendar year since interruptions count by year.

    ``announced_on`` is the day on which people are told; ``avoided`` are times that cost something instead of being forbidden.
    Raises :class:`InvalidInput` for what does not fit together.
    """

    from_on: date
    to_on: date
    announced_on: date
    windows: tuple[Window, ...]
    areas: tuple[Area, ...]
    jobs: tuple[Job, ...]
    crews: tuple[CrewCapacity, ...]
    forbidden: tuple[Forbidden, ...]
    prices: Prices = field(repr=False)
    avoided: tuple[Forbidden, ...] = ()

    def __post_init__(self) -> None:
        if not self.from_on < self.to_on:
            raise InvalidInput("a plan has at least one day")
        if self.from_on.year != (self.to_on - timedelta(days=1)).year:
            raise InvalidInput("a plan lies within one calendar year, as interruptions are counted by year")
        _once(window.code for window in self.windows)
        _once(area.code for area in self.areas)
        _once(job.code for job in self.jobs)
        _not_negative(self)
        for job in self.jobs:
            self._check(job)
        if unsorted := [area.code for area in self.areas if not _grows(area.soon)]:
            raise InvalidInput(f"the room of area '{unsorted[0]}' is given from day to day, and never gets less")
        bans = (*self.forbidden, *self.avoided)
        named = {window for row in bans for window in row.windows} | {row.window for row in self.crews}
        if unknown := named - set(self.place_of):
            raise InvalidInput(f"there is no window '{min(unknown)}'")

    def _check(self, job: Job) -> None:
        if unknown := job.areas - set(self.area):
            raise InvalidInput(f"job '{job.code}' interrupts '{min(unknown)}', which is no area of the plan")
        if not 1 <= job.windows <= len(self.windows):
            raise InvalidInput(f"job '{job.code}' does not fit into the windows of one day")
        if job.pinned and not self.fits(job, job.pinned):
            raise InvalidInput(f"job '{job.code}' is pinned outside the plan")
        if job.pinned and job.pinned.is_live and not job.live_crew:
            raise InvalidInput(f"job '{job.code}' is pinned as live work, which nobody can do")

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The days of the plan."""
        return tuple(self.from_on + timedelta(days=n) for n in range((self.to_on - self.from_on).days))

    @cached_property
    def place_of(self) -> dict[str, int]:
        """Place of each window within the day."""
        return {window.code: place for place, window in enumerate(self.windows)}

    @cached_property
    def area(self) -> dict[str, Area]:
        """Areas by code."""
        return {area.code: area for area in self.areas}

    @cached_property
    def job(self) -> dict[str, Job]:
        """Jobs by code."""
        return {job.code: job for job in self.jobs}

    @cached_property
    def capacity(self) -> dict[tuple[str, date, str], int]:
        """Crews by kind, day and window; rows of the same add up."""
        found: dict[tuple[str, date, str], int] = {}
        for row in self.crews:
            key = (row.kind, row.on, row.window)
            found[key] = found.get(key, 0) + row.crews
        return found

    def fits(self, job: Job, start: Start) -> bool:
        """Whether a start lies within the plan and leaves the job its windows of the day."""
        place = self.place_of.get(start.window)
        return place is not None and self.from_on <= start.on < self.to_on and place + job.windows <= len(self.windows)

    def spans(self, job: Job, start: Start) -> tuple[str, ...]:
        """The windows that a job takes from a start."""
        place = self.place_of[start.window]
        return tuple(window.code for window in self.windows[place : place + job.windows])


def crews_of(job: Job, start: Start) -> tuple[str, ...]:
    """The kinds of crews that a job takes when it begins so; empty for none."""
    if start.is_live:
        return (job.live_crew,)
    return tuple(sorted({job.crew, *job.more_crews} - {""}))


def ties_between(one: Job, other: Job) -> frozenset[str]:
    """The ties for which two jobs exclude each other while both interrupt: one needs what the other takes out of use, or both
    need it for different feeders."""
    clash = (one.ties_closed & other.ties_open) | (one.ties_open & other.ties_closed)
    if one.feeder != other.feeder:
        clash |= one.ties_closed & other.ties_closed
    return clash


def _once(codes: Iterable[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise InvalidInput(f"'{code}' is given twice; windows, areas and jobs of a plan have codes of their own")
        seen.add(code)


def _grows(rows: tuple[Room, ...]) -> bool:
    return all(row.until < later.until and row.days <= later.days for row, later in pairwise(rows))


def _not_negative(problem: Problem) -> None:
    prices = problem.prices
    numbers = [
        prices.unplaced,
        prices.breach,
        prices.interruption,
        prices.load,
        prices.late_day,
        prices.change,
        prices.soon,
        prices.avoided,
    ]
    numbers += [window.load_permille for window in problem.windows] + [row.crews for row in problem.crews]
    numbers += [value for area in problem.areas for value in (area.customers, area.load_kw, area.used, area.most)]
    numbers += [job.notice_days for job in problem.jobs] + [row.days for area in problem.areas for row in area.soon]
    if min(numbers) < 0:
        raise InvalidInput("counts, loads and prices of a plan are zero or more")
