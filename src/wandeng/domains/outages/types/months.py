"""Month plans as people and programs read them, their words and their refusals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from wandeng.kernel.errors import Conflict


class MonthPlanState(StrEnum):
    """编制中, 已采用."""

    OPEN = "OPEN"
    ADOPTED = "ADOPTED"


class SolutionState(StrEnum):
    """待求解, 求解中, 已完成, 未成功."""

    QUEUED = "QUEUED"
    SOLVING = "SOLVING"
    SOLVED = "SOLVED"
    FAILED = "FAILED"


class SolutionKind(StrEnum):
    """自动编排 by the solver, 人工调整 with a job moved by hand."""

    SOLVER = "SOLVER"
    MOVED = "MOVED"


class LeftOut(StrEnum):
    """Why an outage is not among those that are placed: it takes longer than a day."""

    TOO_LONG = "TOO_LONG"


class Why(StrEnum):
    """Why a job lies where it does."""

    FIXED = "FIXED"
    """Submitted or further: it stays where it was."""
    PINNED = "PINNED"
    """The planner wants it there."""
    LIVE = "LIVE"
    """Done live, interrupting nobody."""
    MERGED = "MERGED"
    """Shares an outage with others."""
    SAME_DAY = "SAME_DAY"
    """On the day of another outage of common areas, at other hours: one planned outage of the day by count, but two by hours."""
    PROPOSED = "PROPOSED"
    """Where its planner proposed it: nothing is better."""
    CHEAPER = "CHEAPER"
    """Moved to where it costs less."""


class MonthPlanBusy(Conflict):
    """A solution of the plan is being searched."""

    code = "OUTAGE_MONTH_BUSY"


class MonthPlanAdopted(Conflict):
    """The plan is adopted: reopen it first."""

    code = "OUTAGE_MONTH_ADOPTED"


class NothingToPlace(Conflict):
    """No outage of the month can be placed."""

    code = "OUTAGE_MONTH_EMPTY"


class OutageMovedOn(Conflict):
    """An outage was changed, submitted or canceled since it was gathered."""

    code = "OUTAGE_MONTH_OLD"


@dataclass(frozen=True, slots=True)
class At:
    """Where a job lies."""

    on: date
    window: str
    is_live: bool = False

    def __str__(self) -> str:
        """As it is typed.

        >>> str(At(date(2026, 12, 11), "D1"))
        '2026-12-11 D1'
        """
        return f"{self.on} {self.window}{' --live' if self.is_live else ''}"


@dataclass(frozen=True, slots=True)
class PartOfDay:
    """A part of the day with its times."""

    code: str
    name_zh: str
    name_en: str
    first_minute: int
    minutes: int


@dataclass(frozen=True, slots=True)
class FiguresShown:
    """What a plan comes to. Areas are counted at their most of the year, beyond it, and off again too soon."""

    customer_interruptions: int
    load_kw_hours: int
    late_days: int
    moved: int
    unplaced: int
    avoided: int
    areas_at_limit: tuple[str, ...]
    areas_over: tuple[str, ...]
    areas_soon: tuple[str, ...]
    broken: int
    cost: int


@dataclass(frozen=True, slots=True)
class MonthFinding:
    """A rule that a placed job breaks, or that left a job without a place. ``areas``, ``others`` and ``details`` are codes of
    areas, numbers of outages, and names of reasons, crews or ties."""

    number: str
    rule: str
    is_placed: bool
    areas: tuple[str, ...]
    others: tuple[str, ...]
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlacedJob:
    """Where a job lies in a solution and why: with whom it shares its outage, how many customer interruptions that saves, and
    the best other day with what the plan would cost more there."""

    number: str
    at: At
    why: Why
    merged_with: tuple[str, ...]
    saved: int
    other: At | None
    other_costs: int | None
    other_interruptions: int | None


@dataclass(frozen=True, slots=True)
class MonthJob:
    """An outage of a month plan as it was gathered."""

    number: str
    title: str
    state: str
    version: int
    feeder_code: str
    feeder_name: str
    place: str
    reason: str
    minutes: int
    customers: int
    areas: int
    important: int
    crews: tuple[str, ...]
    can_be_live: bool
    proposed: At
    is_fixed: bool
    left_out: str
    pinned: At | None
    not_before: date | None
    due_on: date | None


@dataclass(frozen=True, slots=True)
class SolutionBrief:
    """A solution in figures. ``least_over``: interruptions of areas above their most that no plan of these jobs avoids, as far as
    it was proven (the least excess, 最少超次); ``None``: not proven in the time, or not searched."""

    number: int
    kind: SolutionKind
    state: SolutionState
    asked_by: str
    asked_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    seconds: int
    error: str
    note: str
    customer_interruptions: int | None
    proposed_interruptions: int | None
    areas_over: int | None
    areas_soon: int | None
    unplaced: int | None
    cost: int | None
    gap_permille: int | None
    least_over: int | None


@dataclass(frozen=True, slots=True)
class SolutionShown:
    """A solution beside the planner's own proposal; ``greedy`` is what each job alone on its earliest free day comes to."""

    brief: SolutionBrief
    proposal: FiguresShown
    greedy: FiguresShown | None
    figures: FiguresShown
    placed: tuple[PlacedJob, ...]
    findings: tuple[MonthFinding, ...]
    proposal_findings: tuple[MonthFinding, ...]


@dataclass(frozen=True, slots=True)
class MonthPlanBrief:
    """A month plan."""

    id: int
    unit_code: str
    unit_name: str
    unit_path: str
    month: str
    state: MonthPlanState
    announced_on: date
    live_crews: int
    gathered_at: datetime
    created_by: str
    adopted_by: str
    adopted_at: datetime | None
    adopted_solution: int | None


@dataclass(frozen=True, slots=True)
class MonthPlanView:
    """A month plan with its jobs, parts of the day, solutions and what stands between them and now: ``stale`` are outages that
    changed since they were gathered, ``missing`` outages of the month that are not in it."""

    brief: MonthPlanBrief
    windows: tuple[PartOfDay, ...]
    jobs: tuple[MonthJob, ...]
    solutions: tuple[SolutionBrief, ...]
    stale: tuple[str, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Consequence:
    """What moving a job would do to a solution: its figures before and after, rules newly broken and no longer broken."""

    number: str
    before_at: At | None
    at: At
    before: FiguresShown
    after: FiguresShown
    new: tuple[MonthFinding, ...]
    gone: tuple[MonthFinding, ...]
