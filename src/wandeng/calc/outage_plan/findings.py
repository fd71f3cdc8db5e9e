"""Which job breaks which rule, and why a job has no place: what a planner has to decide about, job by job."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from wandeng.calc.outage_plan.figures import Starts, days_soon, interrupted
from wandeng.calc.outage_plan.greedy import Calendar
from wandeng.calc.outage_plan.openings import Openings, Rule, avoided_by, forbidden_by, is_agreed, openings
from wandeng.calc.outage_plan.problem import Job, Problem, Start, crews_of, ties_between


@dataclass(frozen=True, slots=True, order=True)
class JobFinding:
    """A job and a rule. ``is_placed`` tells a rule that a placed job breaks from one that left it without a place. ``areas``
    are those over their limit, ``others`` the jobs that stand in the way, or that take such an area off on other days, ``details`` why forbidden, crews or ties lacking."""

    job: str
    rule: Rule
    is_placed: bool
    areas: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    details: tuple[str, ...] = ()


def find(problem: Problem, starts: Starts) -> tuple[JobFinding, ...]:
    """All findings of a plan, by job and rule."""
    calendar = Calendar(problem)
    for code, start in starts.items():
        calendar.place(problem.job[code], start)
    found: list[JobFinding] = []
    for job in problem.jobs:
        if job.code in starts:
            found += _broken(problem, calendar, job, starts[job.code])
        else:
            found += _lacking(problem, calendar, job)
    found += _over_limit(problem, starts)
    return tuple(sorted(found))


def _broken(problem: Problem, calendar: Calendar, job: Job, start: Start) -> Iterator[JobFinding]:
    """Rules that a placed job breaks by itself or with others: only where jobs are pinned."""
    if not is_agreed(problem, job, start):
        yield JobFinding(job.code, Rule.NO_DAY, is_placed=True)
    if reasons := forbidden_by(problem, job, start):
        yield JobFinding(job.code, Rule.FORBIDDEN, is_placed=True, details=tuple(sorted(reasons)))
    if reasons := avoided_by(problem, job, start):
        yield JobFinding(job.code, Rule.AVOIDED, is_placed=True, details=tuple(sorted(reasons)))
    if over := _over_capacity(problem, calendar, job, start):
        others = tuple(sorted(over - {job.code}))
        yield JobFinding(job.code, Rule.NO_CREW, is_placed=True, others=others, details=crews_of(job, start))
    if holders := calendar.tie_holders(job, start):
        yield _by_ties(problem, job, holders, is_placed=True)


def _over_capacity(problem: Problem, calendar: Calendar, job: Job, start: Start) -> frozenset[str]:
    keys = [(kind, start.on, window) for kind in crews_of(job, start) for window in problem.spans(job, start)]
    over = [key for key in keys if len(calendar.taken[key]) > problem.capacity.get(key, 0)]
    return frozenset(code for key in over for code in calendar.taken[key])


def _lacking(problem: Problem, calendar: Calendar, job: Job) -> Iterator[JobFinding]:
    """Why a job has no place: no start even alone, or every start taken by others, or none worth taking."""
    alone: Openings = openings(problem, job)
    if alone.reason:
        yield JobFinding(job.code, alone.reason, is_placed=False, details=alone.details)
        return
    crews: set[str] = set()
    kinds: set[str] = set()
    ties: set[str] = set()
    if any(calendar.is_free(job, start) for start in alone.starts):
        yield JobFinding(job.code, Rule.NOT_WORTH_IT, is_placed=False)
        return
    for start in alone.starts:
        if holders := calendar.crew_holders(job, start):
            crews |= holders
            kinds.update(crews_of(job, start))
        ties |= calendar.tie_holders(job, start)
    if crews:
        others, details = tuple(sorted(crews)), tuple(sorted(kinds))
        yield JobFinding(job.code, Rule.NO_CREW, is_placed=False, others=others, details=details)
    if ties:
        yield _by_ties(problem, job, frozenset(ties), is_placed=False)


def _by_ties(problem: Problem, job: Job, holders: frozenset[str], *, is_placed: bool) -> JobFinding:
    ties = {tie for code in holders for tie in ties_between(job, problem.job[code])}
    others, details = tuple(sorted(holders)), tuple(sorted(ties))
    return JobFinding(job.code, Rule.TIES_EXCLUDE, is_placed=is_placed, others=others, details=details)


def _over_limit(problem: Problem, starts: Starts) -> Iterator[JobFinding]:
    """The jobs of the days on which an area is off once more than it may be, in the year or in the rolling months, counted in
    order of time."""
    days, _windows = interrupted(problem, starts)
    beyond = {code: set(sorted(found)[problem.area[code].room :]) for code, found in days.items()}
    too_soon = {code: days_soon(problem.area[code].soon, found) for code, found in days.items()}
    for rule, off in ((Rule.AREA_OVER_LIMIT, beyond), (Rule.AREA_TOO_SOON, too_soon)):
        for code, start in starts.items():
            over = [area for area in problem.job[code].areas if start.on in off.get(area, ())]
            if over and not start.is_live:
                others = _also_off(problem, starts, code, frozenset(over))
                yield JobFinding(code, rule, is_placed=True, areas=tuple(sorted(over)), others=others)


def _also_off(problem: Problem, starts: Starts, code: str, areas: frozenset[str]) -> tuple[str, ...]:
    """The jobs that take one of the areas off on another day: sharing a day with the job would spare it."""
    return tuple(
        sorted(
            other
            for other, its in starts.items()
            if its.on != starts[code].on and not its.is_live and areas & problem.job[other].areas
        )
    )
