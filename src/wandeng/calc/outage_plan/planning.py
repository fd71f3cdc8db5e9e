"""A month plan: the planner's proposal, a better plan by the solver, both in figures, and a finding for every job that needs one.

To move a job, pin it and plan again; to keep a published plan, give it as published. The same problem and effort on one worker
give the same plan, as long as the clock on the wall does not end the search.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil

from wandeng.calc.outage_plan import descent, findings, greedy
from wandeng.calc.outage_plan.figures import Figures, Starts, evaluate
from wandeng.calc.outage_plan.openings import openings
from wandeng.calc.outage_plan.problem import Prices, Problem, Start
from wandeng.kernel.errors import InvalidInput

PROOF = 4
"""One part in so many of the effort proves how few areas must be above their most."""


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to search: ``tries`` rearrangements of the planner's proposal, then the solver with ``work`` in the solver's own
    measure of work, about seconds of a quiet core and the same on every machine; ``wall_seconds`` by the clock on the wall,
    ``None`` for no such limit. Only one worker gives the same plan each time."""

    work: int
    tries: int
    wall_seconds: int | None = None
    workers: int = 1
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a job is placed, and the other jobs that share an outage of the day with it (合并停电)."""

    job: str
    start: Start
    merged_with: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The plan in order of time. ``bound`` is a cost that no plan undercuts, ``gap_permille`` by how much the plan may be
    dearer than the best, as a share of its cost without jobs that have no place even alone, rounded up. ``is_baseline`` when no
    plan better than the planner's own was found in the time. ``least_over`` is how many interruptions of areas above their most
    every plan has that leaves as few jobs without a place; ``None`` when that was not proven in the time."""

    placements: tuple[Placement, ...]
    figures: Figures
    baseline: dict[str, Start]
    baseline_figures: Figures
    bound: int
    gap_permille: int
    is_baseline: bool
    findings: tuple[findings.JobFinding, ...]
    least_over: int | None = None

    @property
    def starts(self) -> dict[str, Start]:
        """Start by job."""
        return {one.job: one.start for one in self.placements}


def plan(problem: Problem, effort: Effort) -> Plan:
    """The best plan found with an effort, never worse than the planner's own.

    Raises :class:`InvalidInput` for an effort of nothing, and for prices beyond what is counted exactly.
    """
    if (
        min(effort.work, effort.workers, 1 if effort.wall_seconds is None else effort.wall_seconds) < 1
        or effort.tries < 0
    ):
        raise InvalidInput("a plan takes at least one unit of work, one worker and one second")
    baseline = greedy.propose(problem)
    before = evaluate(problem, baseline)
    better = descent.improve(problem, baseline, effort.tries, effort.seed)
    better, least_over, spent = _fewest_over(problem, better, effort)
    answer = _solved(problem, better, _left(effort, spent))
    found = min(answer.starts, better, key=lambda starts: evaluate(problem, starts).cost)
    after = evaluate(problem, found)
    is_baseline = after.cost >= before.cost
    if is_baseline:
        found, after = baseline, before
    bound = min(answer.bound, after.cost)
    lost = problem.prices.unplaced * sum(not openings(problem, job).starts for job in problem.jobs)
    return Plan(
        placements=_placements(problem, found),
        figures=after,
        baseline=baseline,
        baseline_figures=before,
        bound=bound,
        gap_permille=-(-(after.cost - bound) * 1000 // (after.cost - lost)) if after.cost > lost else 0,
        is_baseline=is_baseline,
        findings=findings.find(problem, found),
        least_over=least_over,
    )


def _fewest_over(problem: Problem, starts: Starts, effort: Effort) -> tuple[dict[str, Start], int | None, float]:
    """A plan with the fewest areas above their most, how many that is if it is proven, and the seconds that took: looked for with
    nothing else to pay for, which takes the solver a few units of work where the whole question would take it hours."""
    figures = evaluate(problem, starts)
    lost = sum(not openings(problem, job).starts for job in problem.jobs)
    if not figures.over and figures.unplaced == lost:
        return dict(starts), 0, 0
    prices = Prices(problem.prices.unplaced, problem.prices.breach, interruption=0, load=0, late_day=0, change=0)
    bare = replace(problem, prices=prices)
    answer = _solved(bare, starts, _of_proof(effort))
    fewest = evaluate(bare, answer.starts)
    if fewest.cost < evaluate(bare, starts).cost:
        starts = descent.improve(problem, answer.starts, effort.tries, effort.seed)
    return dict(starts), fewest.over if answer.is_best else None, answer.seconds


def _of_proof(effort: Effort) -> Effort:
    """The most that the proof may take."""
    seconds = None if effort.wall_seconds is None else ceil(effort.wall_seconds / PROOF)
    return replace(effort, work=ceil(effort.work / PROOF), wall_seconds=seconds)


def _left(effort: Effort, spent: float) -> Effort:
    """What the clock leaves for the search: all that the proof did not take."""
    if effort.wall_seconds is None:
        return effort
    return replace(effort, wall_seconds=max(1, effort.wall_seconds - ceil(spent)))


@dataclass(frozen=True, slots=True)
class _Answer:
    """The solver's plan, a cost that none undercuts, whether none is better, and the seconds by the clock on the wall."""

    starts: dict[str, Start]
    bound: int
    is_best: bool
    seconds: float


def _solved(problem: Problem, hint: Starts, effort: Effort) -> _Answer:
    """The solver's answer, with the hint itself where it found no plan. The solver is loaded when first needed: it is large, and
    most programs never plan."""
    from ortools.sat.python import cp_model

    from wandeng.calc.outage_plan.model import add_hint, build

    model = build(problem)
    add_hint(model, hint)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = effort.workers
    solver.parameters.random_seed = effort.seed
    solver.parameters.max_deterministic_time = effort.work
    if effort.wall_seconds is not None:
        solver.parameters.max_time_in_seconds = effort.wall_seconds
    status = solver.solve(model.cp)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return _Answer(dict(hint), max(0, round(solver.best_objective_bound)), is_best=False, seconds=solver.wall_time)
    found = {
        code: start
        for code, starts in model.starts.items()
        for start, var in starts.items()
        if solver.boolean_value(var)
    }
    bound, is_best = round(solver.best_objective_bound), status == cp_model.OPTIMAL
    return _Answer(found, bound, is_best, solver.wall_time)


def _placements(problem: Problem, starts: Starts) -> tuple[Placement, ...]:
    place = problem.place_of
    in_time = sorted(starts.items(), key=lambda one: (one[1].on, place[one[1].window], one[0]))
    return tuple(Placement(code, start, _merged(problem, starts, code)) for code, start in in_time)


def _merged(problem: Problem, starts: Starts, code: str) -> tuple[str, ...]:
    start, areas = starts[code], problem.job[code].areas
    if start.is_live:
        return ()
    return tuple(
        sorted(
            other
            for other, its in starts.items()
            if other != code and its.on == start.on and not its.is_live and areas & problem.job[other].areas
        )
    )
