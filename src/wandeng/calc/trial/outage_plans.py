"""Trial of a month plan of outages (月度停电计划): a small case planned while one waits, beside the planner's own way.

Its limits stand in the case: what the law or the utility lays down is for who writes the case. The sizes are bounded, because a
page calculates it too.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from wandeng.calc import outage_plan
from wandeng.calc.outage_plan import Effort, JobFinding, Placement, Plan, Problem, Rule, Side, Start
from wandeng.calc.trial.fields import Case, Count, CountAboveZero, Day, Scaled
from wandeng.calc.trial.steps import Outcome, Step, joined, number
from wandeng.kernel.errors import InvalidInput

TRIES_A_JOB = 10
NAMES = "names apart by spaces"
LoadPercent = Annotated[int, BeforeValidator(Scaled(1, least=0, most=1000))]
"""Read in percent, held in permille."""
Work = Annotated[int, BeforeValidator(Scaled(0, above=0, most=10))]


class WindowCase(Case):
    """A part of the day."""

    name: str = Field(description="a name of its own, as text")
    load_percent: LoadPercent = Field(description='load in this part of the day, percent of "load_kw", 0 to 1000')


class AreaCase(Case):
    """台区."""

    name: str = Field(description="a name of its own, as text")
    customers: Count = Field(description="customers, a whole number")
    load_kw: Count = Field(description="its usual load in kW, a whole number")
    planned_this_year: Count = Field(default=0, description="planned interruptions so far this year")
    most_a_year: Count = Field(description="most planned interruptions it may have in the year")
    room_soon: Count | None = Field(
        default=None, description="interruptions that its rolling months leave it; none: no such limit"
    )


class JobCase(Case):
    """停电工作."""

    name: str = Field(description="a name of its own, as text")
    areas: tuple[str, ...] = Field(default=(), description=f"areas it interrupts, {NAMES}")
    duration: CountAboveZero = Field(default=1, description="parts of the day it takes on end, above 0")
    crew: str = Field(default="", description="kind of crew it takes; empty: none")
    live_crew: str = Field(default="", description="kind of crew that can do it live; empty: nobody can")
    side: Literal["GRID", "CUSTOMER"] = Field(default="GRID", description="GRID or CUSTOMER")
    notice_days: Count = Field(description="days of notice, a whole number")
    not_before: Day | None = Field(default=None, description="its first day, YYYY-MM-DD")
    allowed_days: tuple[Day, ...] | None = Field(default=None, description="agreed days, each YYYY-MM-DD; none: any")
    finish_by: Day | None = Field(default=None, description="its last day in time, YYYY-MM-DD")
    feeder: str = Field(default="", description="the feeder worked on, as text")
    ties_closed: tuple[str, ...] = Field(default=(), description=f"ties it needs closed, {NAMES}")
    ties_open: tuple[str, ...] = Field(default=(), description=f"ties out of use meanwhile, {NAMES}")
    pinned_on: Day | None = Field(default=None, description="the day it is pinned to, YYYY-MM-DD")
    pinned_window: str = Field(default="", description="the part of the day it is pinned to")
    pinned_live: bool = Field(default=False, description="pinned as live work")
    published_on: Day | None = Field(default=None, description="the day that was published, YYYY-MM-DD")
    published_window: str = Field(default="", description="the part of the day that was published")
    published_live: bool = Field(default=False, description="published as live work")


class CrewCase(Case):
    """班组."""

    crew: str = Field(description="kind of crew, as text")
    count: Count = Field(description="how many at a time, a whole number")
    windows: tuple[str, ...] = Field(default=(), description=f"parts of the day, {NAMES}; none: all")
    on_days: tuple[Day, ...] = Field(default=(), description="days, each YYYY-MM-DD; none: all")


class ForbiddenCase(Case):
    """不得停电."""

    reason: str = Field(description="why, as text")
    areas: tuple[str, ...] = Field(default=(), description=f"areas, {NAMES}; none: all")
    windows: tuple[str, ...] = Field(default=(), description=f"parts of the day, {NAMES}; none: all")
    on_days: tuple[Day, ...] = Field(default=(), description="days, each YYYY-MM-DD; none: all")


class CostsCase(Case):
    """What is weighed against what, whole numbers of one unit."""

    not_placed: Count = Field(description="a job without a place")
    over_limit: Count = Field(description="an interruption of an area above its most")
    customer_interrupted: Count = Field(description="an interruption of one customer")
    kw_lost: Count = Field(description="a kW not served for a part of the day at 0.1 % load")
    day_late: Count = Field(description="a day after the last day in time")
    moved: Count = Field(description="a job elsewhere than published")
    too_soon: Count = Field(default=0, description="an interruption of an area too soon after others")


class OutagePlanCase(Case):
    """A small month plan."""

    announced_on: Day = Field(description="the day on which people are told, YYYY-MM-DD")
    from_on: Day = Field(description="the first day of the plan, YYYY-MM-DD")
    to_on: Day = Field(description="the day after the last of the plan, YYYY-MM-DD")
    windows: tuple[WindowCase, ...] = Field(
        min_length=1, max_length=4, description="1 to 4 parts of the day, in the order of the day"
    )
    areas: tuple[AreaCase, ...] = Field(min_length=1, max_length=100, description="1 to 100 areas")
    jobs: tuple[JobCase, ...] = Field(min_length=1, max_length=30, description="1 to 30 jobs")
    crews: tuple[CrewCase, ...] = Field(default=(), max_length=30, description="up to 30 rows of crews")
    forbidden: tuple[ForbiddenCase, ...] = Field(default=(), max_length=30, description="up to 30 rows")
    costs: CostsCase = Field(description="what each thing to be avoided costs")
    work: Work = Field(default=5, description="how much the solver may work, about seconds, 1 to 10")


def calculate(case: OutagePlanCase) -> Outcome:
    """The plan, both ways in figures, and what the planner has to decide about."""
    if (case.to_on - case.from_on).days > 31:
        raise InvalidInput("a plan is tried for at most 31 days")
    problem = problem_of(case)
    found = outage_plan.plan(problem, Effort(case.work, TRIES_A_JOB * len(case.jobs)))
    return Outcome("outage-plan", _steps(found), _results(problem, found))


def problem_of(case: OutagePlanCase) -> Problem:
    """The case as what the planning takes."""
    costs = case.costs
    days = _days(case)
    windows = [one.name for one in case.windows]
    return Problem(
        from_on=case.from_on,
        to_on=case.to_on,
        announced_on=case.announced_on,
        windows=tuple(outage_plan.Window(one.name, one.load_percent) for one in case.windows),
        areas=tuple(
            outage_plan.Area(
                one.name, one.customers, one.load_kw, one.planned_this_year, one.most_a_year, _soon(one, case.to_on)
            )
            for one in case.areas
        ),
        jobs=tuple(_job(one) for one in case.jobs),
        crews=tuple(
            outage_plan.CrewCapacity(row.crew, on, window, row.count)
            for row in case.crews
            for on in row.on_days or days
            for window in row.windows or windows
        ),
        forbidden=tuple(
            outage_plan.Forbidden(row.reason, frozenset(row.areas), frozenset(row.on_days), frozenset(row.windows))
            for row in case.forbidden
        ),
        prices=outage_plan.Prices(
            costs.not_placed,
            costs.over_limit,
            costs.customer_interrupted,
            costs.kw_lost,
            costs.day_late,
            costs.moved,
            costs.too_soon,
        ),
    )


def _soon(one: AreaCase, to_on: date) -> tuple[outage_plan.Room, ...]:
    return () if one.room_soon is None else (outage_plan.Room(to_on - timedelta(days=1), one.room_soon),)


def _days(case: OutagePlanCase) -> list[date]:
    first = case.from_on.toordinal()
    return [date.fromordinal(first + n) for n in range(max(0, (case.to_on - case.from_on).days))]


def _job(one: JobCase) -> outage_plan.Job:
    return outage_plan.Job(
        code=one.name,
        areas=frozenset(one.areas),
        windows=one.duration,
        crew=one.crew,
        live_crew=one.live_crew,
        side=Side(one.side),
        notice_days=one.notice_days,
        not_before=one.not_before,
        allowed_days=None if one.allowed_days is None else frozenset(one.allowed_days),
        due_on=one.finish_by,
        feeder=one.feeder,
        ties_closed=frozenset(one.ties_closed),
        ties_open=frozenset(one.ties_open),
        pinned=_start(one.name, one.pinned_on, one.pinned_window, one.pinned_live),
        published=_start(one.name, one.published_on, one.published_window, one.published_live),
    )


def _start(code: str, on: date | None, window: str, is_live: bool) -> Start | None:
    if (on is None) == bool(window):
        raise InvalidInput(f"job '{code}': day and window of a start are given together")
    return Start(on, window, is_live) if on else None


RULES = {
    Rule.NO_DAY: "No day left by notice and agreement (通知期和约定日期内没有可排的日子)",
    Rule.FORBIDDEN: "Not allowed then (不得停电的时段)",
    Rule.AVOIDED: "Better not then (宜避开的时段)",
    Rule.NO_CREW: "No crew free (没有空闲班组)",
    Rule.TIES_EXCLUDE: "Needs a tie that another needs otherwise (联络开关冲突)",
    Rule.AREA_OVER_LIMIT: "Area beyond its most of the year (台区超过全年停电次数)",
    Rule.AREA_TOO_SOON: "Area off again too soon (台区短期内重复停电)",
    Rule.NOT_WORTH_IT: "No place worth its cost (安排的代价高于不安排)",
}


def _steps(found: Plan) -> tuple[Step, ...]:
    before, after = found.baseline_figures, found.figures
    share = ""
    if before.customer_interruptions:
        share = f" = {number(after.customer_interruptions * 100 // before.customer_interruptions)} %"
    steps = [
        Step("Customer interruptions, planned by hand (人工排法的停电户次)", number(before.customer_interruptions)),
        Step("Customer interruptions, optimized (优化后的停电户次)", number(after.customer_interruptions) + share),
        Step("Load not served, planned by hand (人工排法的停电负荷, kW)", _kw(before.load_windows_w)),
        Step("Load not served, optimized (优化后的停电负荷, kW)", _kw(after.load_windows_w)),
        Step("Areas at their most (已到全年次数的台区)", joined(after.areas_at_limit, ", ") or "0"),
        Step("Areas beyond their most (超过全年次数的台区)", joined(after.areas_over, ", ") or "0"),
        Step("At most so much better there could be (与最优的差距上限)", f"{found.gap_permille} ‰"),
    ]
    steps += [_placed(one) for one in found.placements]
    steps += [Step(f"{RULES[one.rule]}·{one.job}", _concerned(one)) for one in found.findings]
    return tuple(steps)


def _kw(watts: int) -> str:
    return f"{number(watts // 1000)} kW"


def _placed(one: Placement) -> Step:
    what = "Live work (带电作业)" if one.start.is_live else "Outage (停电工作)"
    return Step(f"{what}·{one.job}", joined([f"{one.start.on}·{one.start.window}", *one.merged_with]))


def _concerned(finding: JobFinding) -> str:
    return joined([*finding.details, *finding.areas, *finding.others], ", ") or "–"


def _results(problem: Problem, found: Plan) -> dict[str, int | str | None]:
    before, after = found.baseline_figures, found.figures
    results: dict[str, int | str | None] = {
        "customer_interruptions": after.customer_interruptions,
        "baseline_customer_interruptions": before.customer_interruptions,
        "load_windows_w": after.load_windows_w,
        "baseline_load_windows_w": before.load_windows_w,
        "late_days": after.late_days,
        "moved": after.changed,
        "unplaced": after.unplaced,
        "areas_at_limit": " ".join(after.areas_at_limit),
        "areas_over": " ".join(after.areas_over),
        "areas_too_soon": " ".join(after.areas_soon),
        "cost": after.cost,
        "bound": found.bound,
        "gap_permille": found.gap_permille,
    }
    starts = found.starts
    for job in problem.jobs:
        start = starts.get(job.code)
        live = " LIVE" if start and start.is_live else ""
        results[f"start_{job.code}"] = f"{start.on} {start.window}{live}" if start else None
    for one in found.findings:
        results[f"finding_{one.job}_{one.rule}"] = " ".join([*one.details, *one.areas, *one.others])
    return results
