"""Why a job lies where it does: with whom it shares its outage, whom that spares, and what the best other day would cost."""

from __future__ import annotations

from dataclasses import dataclass

from wandeng.calc.outage_plan.descent import Board
from wandeng.calc.outage_plan.figures import Starts, evaluate
from wandeng.calc.outage_plan.problem import Problem, Start


@dataclass(frozen=True, slots=True)
class Reason:
    """Of a placed job: the jobs that share its outage of the day, the customers of the common areas, who would be off once more
    if it had a day of its own, and the cheapest free start on another day with what the plan would cost more and how many more
    customers would be interrupted there."""

    job: str
    merged_with: tuple[str, ...]
    spared: int
    other: Start | None
    other_costs: int | None
    other_interruptions: int | None


def reasons(problem: Problem, starts: Starts) -> tuple[Reason, ...]:
    """The reasons of all placed jobs, in the order of the problem's jobs."""
    board, now = Board(problem, starts), evaluate(problem, starts)
    found = []
    for job in problem.jobs:
        if job.code not in starts:
            continue
        here = starts[job.code]
        shared = {} if here.is_live else _shared(problem, starts, job.code)
        common = {area for areas in shared.values() for area in areas}
        spared = sum(problem.area[area].customers for area in common)
        elsewhere = board.best_elsewhere(job.code)
        costs = interruptions = other = None
        if elsewhere:
            other, costs = elsewhere
            then = evaluate(problem, {**starts, job.code: other})
            interruptions = then.customer_interruptions - now.customer_interruptions
        found.append(Reason(job.code, tuple(sorted(shared)), spared, other, costs, interruptions))
    return tuple(found)


def _shared(problem: Problem, starts: Starts, code: str) -> dict[str, frozenset[str]]:
    """The areas that each other job of the day interrupts too."""
    areas, on = problem.job[code].areas, starts[code].on
    return {
        other: areas & problem.job[other].areas
        for other, its in starts.items()
        if other != code and its.on == on and not its.is_live and areas & problem.job[other].areas
    }
