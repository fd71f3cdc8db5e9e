"""The life of a month plan: gathered, pinned and moved by its planner, searched, adopted into the outages' own plans."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from django.db import transaction

from wandeng.calc.outage_plan import Problem, Start
from wandeng.domains.organization import queries as organization
from wandeng.domains.outages import months_content, months_gathering, months_problem, rules
from wandeng.domains.outages.actions import plans
from wandeng.domains.outages.models import MonthPlan, MonthPlanJob, MonthPlanSolution
from wandeng.domains.outages.months_stored import (
    locked,
    move_on,
    open_plan,
    protections_of,
    request_of,
    require_planner,
    rows_of,
    solved,
    window_starts,
)
from wandeng.domains.outages.roles import PUBLISHERS
from wandeng.domains.outages.states import MONTH
from wandeng.domains.outages.types.months import At, NothingToPlace, OutageMovedOn
from wandeng.domains.outages.types.plans import LiveLine
from wandeng.infra import audit, ids
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import move as move_state
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotFound
from wandeng.kernel.periods import Month


@transaction.atomic
def new(
    *, unit_code: str, month: Month, announced_on: date, live_crews: int = 0, actor: Actor, at: datetime,
    library: RuleLibrary | None = None,
) -> int:  # fmt: skip
    """Gather the planned outages of a unit and month into a plan. Returns its id.

    Raises :class:`NotAllowed`, :class:`NotFound`, :class:`Conflict` when the month has one, :class:`NothingToPlace`,
    :class:`InvalidInput`, ``NoRuleInForce``.
    """
    unit = organization.unit(Scope.of(actor), unit_code)
    require(actor, *PUBLISHERS, unit_path=unit.path)
    if live_crews < 0:
        raise InvalidInput("crews for live work are zero or more")
    if announced_on >= month.next().first:
        raise InvalidInput("people are told of a month's outages before the month is over")
    if MonthPlan.objects.filter(unit_id=unit.unit_id, month=str(month)).exists():
        raise Conflict(f"{unit_code} has a plan of {month} already", unit=unit_code, month=str(month))
    row = MonthPlan(
        id=ids.reserve(MonthPlan, 1), unit_id=unit.unit_id, month=str(month), announced_on=announced_on,
        live_crews=live_crews, gathered_at=at, created_by=actor.code, created_at=at,
    )  # fmt: skip
    _gather(row, at, library)
    _log("outage_month.new", row, actor, at, {"jobs": row.jobs.count()})
    return row.pk


@transaction.atomic
def gather(*, plan_id: int, actor: Actor, at: datetime, library: RuleLibrary | None = None) -> int:
    """Gather the month's outages anew, with network, history and rules as they stand now; what the planner said of those that
    stay is kept. Returns how many there are.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`MonthPlanBusy`, :class:`MonthPlanAdopted`, :class:`NothingToPlace`.
    """
    row = open_plan(plan_id, actor)
    _gather(row, at, library)
    count = row.jobs.count()
    _log("outage_month.gather", row, actor, at, {"jobs": count})
    return count


def _gather(row: MonthPlan, at: datetime, library: RuleLibrary | None) -> None:
    asked = months_gathering.Asked(
        Month.parse(row.month), row.unit.path, row.unit.territory, row.announced_on, row.live_crews,
        rules.local_day(at),
    )  # fmt: skip
    problem, found = months_gathering.gather(asked, library=library)
    if all(one.left_out for one in found):
        raise NothingToPlace(f"no planned outage of {row.unit.code} in {row.month} can be placed")
    row.problem, row.gathered_at = months_problem.written(problem), at
    row.save()
    row.jobs.exclude(outage_id__in=[one.outage_id for one in found]).delete()
    known = {one.outage_id: one for one in row.jobs.all()}
    for one in found:
        job = known.get(one.outage_id) or MonthPlanJob(plan=row, outage_id=one.outage_id)
        job.version, job.minutes, job.is_fixed, job.left_out = one.version, one.minutes, one.is_fixed, one.left_out
        job.proposed_on, job.proposed_window = one.proposed.on, one.proposed.window
        if one.is_fixed or not _fits(job, problem):
            job.pinned_on, job.pinned_window, job.pinned_live = None, "", False
        job.save()


def _fits(job: MonthPlanJob, problem: Problem) -> bool:
    pin, found = months_problem.pin(job), problem.job.get(job.outage.number)
    return pin is None or (
        found is not None and problem.fits(found, pin) and (not pin.is_live or bool(found.live_crew))
    )


@transaction.atomic
def pin(*, plan_id: int, number: str, place: At, actor: Actor, at: datetime) -> None:
    """Keep a job at a place, whatever the rules say. Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput` for a
    place it does not fit into, :class:`Conflict` for a job that is fixed, :class:`MonthPlanBusy`, :class:`MonthPlanAdopted`."""
    row = open_plan(plan_id, actor)
    _pin(row, _job(row, number), place)
    _log(
        "outage_month.pin",
        row,
        actor,
        at,
        {"job": number, "on": place.on, "window": place.window, "live": place.is_live},
    )


@transaction.atomic
def unpin(*, plan_id: int, number: str, actor: Actor, at: datetime) -> None:
    """Let a job be placed freely again. Raises as :func:`pin`, :class:`Conflict` for a job that is not pinned."""
    row = open_plan(plan_id, actor)
    job = _job(row, number)
    if job.pinned_on is None:
        raise Conflict(f"job {number} is not pinned")
    job.pinned_on, job.pinned_window, job.pinned_live = None, "", False
    job.save()
    _log("outage_month.unpin", row, actor, at, {"job": number})


@transaction.atomic
def limit(
    *, plan_id: int, number: str, not_before: date | None, due_on: date | None, actor: Actor, at: datetime
) -> None:  # fmt: skip
    """Say from which day a job can be done and by which it should. Raises as :func:`pin`."""
    row = open_plan(plan_id, actor)
    job = _job(row, number)
    if not_before and due_on and due_on < not_before:
        raise InvalidInput("a job is due no earlier than it can be done")
    job.not_before, job.due_on = not_before, due_on
    job.save()
    _log("outage_month.limit", row, actor, at, {"job": number, "not_before": not_before, "due_on": due_on})


@transaction.atomic
def move(
    *, plan_id: int, number: str, place: At, solution: int | None = None, actor: Actor, at: datetime
) -> int:  # fmt: skip
    """Move a job by hand and pin it there: a further solution, the given one (default: the latest) with the job elsewhere.
    Before the first search the planner's own proposal is what is moved. Returns the new solution's number.

    Raises as :func:`pin`, :class:`NotFound` for a solution that is not there.
    """
    row = open_plan(plan_id, actor)
    _pin(row, _job(row, number), place)
    jobs = rows_of(row)
    problem = months_problem.of(row, jobs)
    base = solved(row, solution)
    starts = months_content.starts_of(base.content) if base else months_content.proposed(problem, jobs)
    kept = {code: start for code, start in starts.items() if code in problem.job}
    told = months_content.content(problem, {**kept, number: Start(place.on, place.window, place.is_live)}, jobs)
    made = MonthPlanSolution(
        id=ids.reserve(MonthPlanSolution, 1), plan=row, number=_next(row), kind="MOVED", state="SOLVED", seconds=0,
        work=0, asked_by=actor.code, asked_at=at, started_at=at, ended_at=at, note=number,
        content=json.dumps(told, ensure_ascii=False, sort_keys=True), **months_content.columns(told),
    )  # fmt: skip
    made.save(force_insert=True)
    _log(
        "outage_month.move",
        row,
        actor,
        at,
        {"job": number, "on": place.on, "window": place.window, "solution": made.number},
    )
    return made.number


@transaction.atomic
def ask(
    *, plan_id: int, seconds: int | None = None, work: int | None = None, actor: Actor, at: datetime,
    library: RuleLibrary | None = None,
) -> int:  # fmt: skip
    """Ask for a search with the pins as they stand, no longer than the rule lets. Returns the solution's number.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput` for no time, :class:`MonthPlanBusy`,
    :class:`MonthPlanAdopted`, ``NoRuleInForce``.
    """
    row = open_plan(plan_id, actor)
    rule = rules.months(Month.parse(row.month).first, territory=row.unit.territory, library=library).effort
    if (seconds is not None and seconds < 1) or (work is not None and work < 1):
        raise InvalidInput("a search takes at least one second and one unit of work")
    made = MonthPlanSolution(
        id=ids.reserve(MonthPlanSolution, 1), plan=row, number=_next(row), kind="SOLVER",
        seconds=min(seconds or rule.most_seconds, rule.most_seconds), work=min(work or rule.work, rule.work),
        asked_by=actor.code, asked_at=at,
    )  # fmt: skip
    made.save(force_insert=True)
    _log("outage_month.ask", row, actor, at, {"solution": made.number, "seconds": made.seconds})
    return made.number


@transaction.atomic
def adopt(
    *, plan_id: int, solution: int, actor: Actor, at: datetime, library: RuleLibrary | None = None
) -> tuple[str, ...]:  # fmt: skip
    """Write the times of a solution into the outages: each that lies elsewhere than proposed gets its next version, with the
    protected customers that were known of the last. Those without a place stay as they are. Returns the numbers that were changed.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`MonthPlanBusy`, :class:`MonthPlanAdopted`, :class:`OutageMovedOn`,
    and what ``plans.change`` raises.
    """
    row = open_plan(plan_id, actor)
    chosen = solved(row, solution)
    if chosen is None:
        raise NotFound(f"there is no solution {solution}")
    starts, jobs = months_content.starts_of(chosen.content), rows_of(row)
    old = sorted(one.outage.number for one in jobs if move_on(one))
    if old:
        raise OutageMovedOn(f"changed since they were gathered: {', '.join(old)}; gather the plan again", plans=old)
    begins = window_starts(row, library)
    changed = []
    for job in jobs:
        place = starts.get(job.outage.number)
        if place is None or job.is_fixed or _is_there(job, place):
            continue
        _write(row, job, place, begins, actor, at, library)
        changed.append(job.outage.number)
    move_state(row, MONTH, "adopt", actor=actor, at=at, adopted_by=actor.code, adopted_at=at, adopted_solution=solution)
    _log("outage_month.adopt", row, actor, at, {"solution": solution, "changed": len(changed)})
    return tuple(changed)


@transaction.atomic
def reopen(*, plan_id: int, reason: str, actor: Actor, at: datetime, library: RuleLibrary | None = None) -> None:
    """Take up an adopted plan again, for a reason; its outages are gathered as they stand now. Raises :class:`NotFound`,
    :class:`NotAllowed`, :class:`InvalidInput` without a reason, ``MoveRefused``."""
    row = locked(plan_id, actor)
    require_planner(row, actor)
    if not reason.strip():
        raise InvalidInput("a plan is reopened for a stated reason")
    move_state(row, MONTH, "reopen", actor=actor, at=at, reason=reason.strip())
    _gather(row, at, library)
    _log("outage_month.reopen", row, actor, at, {}, reason=reason.strip())


def _write(
    row: MonthPlan, job: MonthPlanJob, place: Start, begins: Mapping[str, int], actor: Actor, at: datetime,
    library: RuleLibrary | None,
) -> None:  # fmt: skip
    starts_at = rules.midnight(place.on) + timedelta(minutes=begins[place.window])
    asked = request_of(job)
    live = LiveLine.CHOSEN if place.is_live else asked.live_line
    asked = replace(
        asked, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=job.minutes), live_line=live
    )  # fmt: skip
    plans.change(
        number=job.outage.number, request=asked, reason=f"{row.month} 月度停电计划统一编排", actor=actor, at=at,
        protected=protections_of(job), library=library,
    )  # fmt: skip


def _is_there(job: MonthPlanJob, place: Start) -> bool:
    return (place.on, place.window, place.is_live) == (job.proposed_on, job.proposed_window, False)


def _pin(row: MonthPlan, job: MonthPlanJob, place: At) -> None:
    if job.is_fixed or job.left_out:
        raise Conflict(f"job {job.outage.number} stays where it is: it is {job.outage.state}")
    problem = months_problem.read(row.problem)
    at, found = Start(place.on, place.window, place.is_live), problem.job[job.outage.number]
    if not problem.fits(found, at):
        raise InvalidInput(f"job {job.outage.number} does not fit there: it takes {found.windows} parts of one day")
    if place.is_live and not found.live_crew:
        raise InvalidInput(f"job {job.outage.number} cannot be done live")
    job.pinned_on, job.pinned_window, job.pinned_live = place.on, place.window, place.is_live
    job.save()


def _job(row: MonthPlan, number: str) -> MonthPlanJob:
    found = row.jobs.select_related("outage").filter(outage__number=number).first()
    if found is None:
        raise NotFound(f"there is no job {number} in the plan")
    return found


def _next(row: MonthPlan) -> int:
    last = row.solutions.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def _log(
    action: str, row: MonthPlan, actor: Actor, at: datetime, facts: Mapping[str, object], *, reason: str = ""
) -> None:  # fmt: skip
    told = {"month": row.month, "unit": row.unit.code, **facts}
    audit.record(
        actor=actor, action=action, subject=("outage_month", str(row.pk)), facts=told, at=at, reason=reason,
        unit_path=row.unit.path,
    )  # fmt: skip
