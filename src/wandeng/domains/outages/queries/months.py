"""Month plans as people read them: the list, one plan with its jobs and solutions, and what moving a job would do."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from django.db.models import Count, F, Max, Q, QuerySet

from wandeng.calc.outage_plan import Problem, Start
from wandeng.domains.outages import months_content, months_problem, rules
from wandeng.domains.outages.models import MonthPlan, MonthPlanJob, MonthPlanSolution, PlannedOutageVersion
from wandeng.domains.outages.months_gathering import versions
from wandeng.domains.outages.months_stored import move_on, rows_of, solved
from wandeng.domains.outages.types.months import (
    At,
    Consequence,
    MonthJob,
    MonthPlanBrief,
    MonthPlanState,
    MonthPlanView,
    PartOfDay,
    SolutionBrief,
    SolutionKind,
    SolutionShown,
    SolutionState,
)
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import InvalidInput, NotFound
from wandeng.kernel.periods import Month

Rows = QuerySet[Any, Any]


def months_rows(scope: Scope) -> Rows:
    """Month plans: id, month, unit_id, unit_code, unit_name, state, announced_on, jobs, solutions, created_by, created_at,
    adopted_at, adopted_solution."""
    return scope.limit(MonthPlan.objects.all(), "unit__path").values(
        "id", "month", "state", "announced_on", "created_by", "created_at", "adopted_at", "adopted_solution", "unit_id",
        unit_code=F("unit__code"), unit_name=F("unit__name"), placeable=Count("jobs", distinct=True),
        latest=Max("solutions__number", filter=Q(solutions__state="SOLVED")),
    )  # fmt: skip


def month_plan(scope: Scope, plan_id: int, *, library: RuleLibrary | None = None) -> MonthPlanView:
    """A plan with its jobs by number and its solutions, newest first. Raises :class:`NotFound`, ``NoRuleInForce``."""
    row = _one(scope, plan_id)
    rule = rules.months(Month.parse(row.month).first, territory=row.unit.territory, library=library)
    jobs = rows_of(row)
    now = {one.outage.number for one in versions(row.unit.path, Month.parse(row.month))}
    known = {one.outage.number for one in jobs}
    return MonthPlanView(
        brief=_brief(row),
        windows=tuple(
            PartOfDay(one.code, one.name_zh, one.name_en, one.first, rule.day.minutes) for one in rule.day.windows
        ),
        jobs=_jobs(row, jobs),
        solutions=tuple(
            solution_brief(one) for one in row.solutions.order_by("-number").defer("content")
        ),
        stale=tuple(one.outage.number for one in jobs if move_on(one)),
        missing=tuple(sorted(now - known)),
    )  # fmt: skip


def solution(scope: Scope, plan_id: int, number: int | None = None) -> SolutionShown:
    """A solution, the latest by default. Raises :class:`NotFound`, also when there is none yet."""
    found = solved(_one(scope, plan_id), number)
    if found is None:
        raise NotFound("the month plan has no solution yet")
    told = json.loads(found.content)
    return SolutionShown(
        brief=solution_brief(found),
        proposal=months_content.figures(told["proposal"]),
        greedy=months_content.figures(told["greedy"]) if told.get("greedy") else None,
        figures=months_content.figures(told["figures"]),
        placed=tuple(months_content.placed(one) for one in told["placed"]),
        findings=tuple(months_content.finding(one) for one in told["findings"]),
        proposal_findings=tuple(months_content.finding(one) for one in told["proposal_findings"]),
    )


def consequence(scope: Scope, plan_id: int, number: str, *, place: At, solution: int | None = None) -> Consequence:
    """What moving a job there would do to a solution (default: the latest; before the first, to the planner's own proposal).
    Nothing is written. Raises :class:`NotFound`, :class:`InvalidInput` for a place it does not fit into."""
    row = _one(scope, plan_id)
    jobs = rows_of(row)
    problem = months_problem.of(row, jobs)
    if number not in problem.job:
        raise NotFound(f"there is no job {number} in the plan")
    at, job = Start(place.on, place.window, place.is_live), problem.job[number]
    if not problem.fits(job, at) or (place.is_live and not job.live_crew):
        raise InvalidInput(f"job {number} does not fit there")
    base = solved(row, solution)
    starts = months_content.starts_of(base.content) if base else months_content.proposed(problem, jobs)
    starts = {code: one for code, one in starts.items() if code in problem.job}
    return _compared(problem, starts, number, at)


def _compared(problem: Problem, starts: dict[str, Start], number: str, at: Start) -> Consequence:
    then = {**starts, number: at}
    was = months_content.findings_shown(problem, starts)
    will = months_content.findings_shown(problem, then)
    return Consequence(
        number=number,
        before_at=months_content.shown(starts.get(number)),
        at=At(at.on, at.window, at.is_live),
        before=months_content.figures_shown(problem, starts),
        after=months_content.figures_shown(problem, then),
        new=tuple(one for one in will if one not in was),
        gone=tuple(one for one in was if one not in will),
    )


def solution_brief(row: MonthPlanSolution) -> SolutionBrief:
    """A stored solution in figures."""
    return SolutionBrief(
        number=row.number, kind=SolutionKind(row.kind), state=SolutionState(row.state), asked_by=row.asked_by,
        asked_at=row.asked_at, started_at=row.started_at, ended_at=row.ended_at, seconds=row.seconds, error=row.error,
        note=row.note, customer_interruptions=row.customer_interruptions,
        proposed_interruptions=row.proposed_interruptions, areas_over=row.areas_over, areas_soon=row.areas_soon,
        unplaced=row.unplaced, cost=row.cost, gap_permille=row.gap_permille,
        least_over=row.least_over,
    )  # fmt: skip


def _one(scope: Scope, plan_id: int) -> MonthPlan:
    return scope.one(MonthPlan.objects.select_related("unit"), "unit__path", "month plan", pk=plan_id)


def _brief(row: MonthPlan) -> MonthPlanBrief:
    return MonthPlanBrief(
        id=row.pk, unit_code=row.unit.code, unit_name=row.unit.name, unit_path=row.unit.path, month=row.month,
        state=MonthPlanState(row.state), announced_on=row.announced_on, live_crews=row.live_crews,
        gathered_at=row.gathered_at, created_by=row.created_by, adopted_by=row.adopted_by, adopted_at=row.adopted_at,
        adopted_solution=row.adopted_solution,
    )  # fmt: skip


def _jobs(row: MonthPlan, jobs: Sequence[MonthPlanJob]) -> tuple[MonthJob, ...]:
    problem = months_problem.read(row.problem)
    rows = PlannedOutageVersion.objects.filter(outage__in=[one.outage_id for one in jobs], version__gt=0)
    found = {(one.outage_id, one.version): one for one in rows.select_related("feeder")}
    return tuple(_job(one, found[one.outage_id, one.version], problem) for one in jobs)


def _job(one: MonthPlanJob, version: PlannedOutageVersion, problem: Problem) -> MonthJob:
    outage, job = one.outage, problem.job.get(one.outage.number)
    return MonthJob(
        number=outage.number, title=outage.title, state=outage.state, version=one.version,
        feeder_code=version.feeder.code if version.feeder else "",
        feeder_name=version.feeder.name if version.feeder else "", place=version.place, reason=outage.reason,
        minutes=one.minutes, customers=version.customers, areas=version.areas, important=version.important,
        crews=tuple(sorted({job.crew, *job.more_crews} - {""})) if job else (),
        can_be_live=bool(job and job.live_crew), proposed=At(one.proposed_on, one.proposed_window),
        is_fixed=one.is_fixed, left_out=one.left_out, pinned=months_content.shown(months_problem.pin(one)),
        not_before=one.not_before, due_on=one.due_on,
    )  # fmt: skip
