"""The month plan as a model of whole numbers for CP-SAT.

One variable for each start a job may take and one for not being placed; for each atom that several jobs interrupt, whether it is
off on a day and in a window. Where a single job can interrupt an atom, the start itself says so and no variable is made.
Crews, ties, notice and forbidden times are hard; a pinned job stays and only pushes others aside; interruptions above an area's
most are counted at their price, so that there is always an answer that names them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations, product

from ortools.sat.python import cp_model

from wandeng.calc.outage_plan.atoms import Atom, atoms
from wandeng.calc.outage_plan.figures import days_late, is_moved
from wandeng.calc.outage_plan.openings import avoided_by, openings
from wandeng.calc.outage_plan.problem import Job, Problem, Start, crews_of, ties_between
from wandeng.kernel.errors import InvalidInput

Var = cp_model.IntVar
MOST_COST = 2**53
"""The solver tells costs and bounds as double-precision numbers, which are exact up to here."""


@dataclass
class Model:
    """The model, the variables of the starts by job, and the terms of the cost."""

    problem: Problem
    cp: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    starts: dict[str, dict[Start, Var]] = field(default_factory=dict)
    unplaced: dict[str, Var] = field(default_factory=dict)
    off_days: list[tuple[Var, tuple[Var, ...]]] = field(default_factory=list)
    """A variable that is 1 as soon as one of the others is."""
    excesses: list[tuple[Var, tuple[tuple[int, tuple[Var, ...]], ...]]] = field(default_factory=list)
    """A variable, and rooms with what is counted against each; the variable is the greatest excess."""
    vars: list[Var] = field(default_factory=list)
    prices: list[int] = field(default_factory=list)

    def cost(self, var: Var, price: int) -> None:
        """Let a variable cost something."""
        if price:
            self.vars.append(var)
            self.prices.append(price)


def build(problem: Problem) -> Model:
    """The model of a problem.

    Raises :class:`InvalidInput` when costs could grow beyond what the solver counts exactly.
    """
    model = Model(problem)
    for job in problem.jobs:
        _add_job(model, job)
    _add_crews(model)
    _add_ties(model)
    for atom in atoms(problem):
        _add_atom(model, atom)
    most = sum(price * _most(model, var) for var, price in zip(model.vars, model.prices, strict=True))
    if most >= MOST_COST:
        raise InvalidInput("the prices of the plan are too high to be counted exactly; lower all of them alike")
    model.cp.minimize(cp_model.LinearExpr.weighted_sum(model.vars, model.prices))
    return model


def add_hint(model: Model, starts: Mapping[str, Start]) -> None:
    """Begin the search at a plan: every variable gets the value it has there."""
    chosen: dict[int, int] = {}
    for code, found in model.starts.items():
        for start, var in found.items():
            chosen[var.index] = int(starts.get(code) == start)
    for code, var in model.unplaced.items():
        chosen[var.index] = int(code not in starts)
    for var, causes in model.off_days:
        chosen[var.index] = int(any(chosen[cause.index] for cause in causes))
    for var, rooms in model.excesses:
        chosen[var.index] = max(0, *(sum(chosen[one.index] for one in counted) - room for room, counted in rooms))
    for place, value in chosen.items():
        model.cp.add_hint(model.cp.get_int_var_from_proto_index(place), value)


def _most(model: Model, var: Var) -> int:
    """The greatest value of a variable (its domain has no negative places)."""
    domain = model.cp.proto.variables[var.index].domain
    return int(domain[len(domain) - 1])


def _add_job(model: Model, job: Job) -> None:
    problem = model.problem
    found = {start: model.cp.new_bool_var("") for start in openings(problem, job).starts}
    model.starts[job.code] = found
    for start, var in found.items():
        model.cost(var, problem.prices.late_day * days_late(job, start.on))
        model.cost(var, problem.prices.change * is_moved(job, start))
        model.cost(var, problem.prices.avoided * len(avoided_by(problem, job, start)))
    if job.pinned:
        model.cp.add(found[job.pinned] == 1)
        return
    unplaced = model.unplaced[job.code] = model.cp.new_bool_var("")
    model.cost(unplaced, problem.prices.unplaced)
    model.cp.add_exactly_one([*found.values(), unplaced])


def _add_crews(model: Model) -> None:
    """Crews of a kind in a window are not more than are on duty, or than pinned jobs take anyway."""
    problem = model.problem
    taking: dict[tuple[str, date, str], list[Var]] = {}
    pinned: dict[tuple[str, date, str], int] = {}
    for code, found in model.starts.items():
        job = problem.job[code]
        for start, var in found.items():
            for kind, window in product(crews_of(job, start), problem.spans(job, start)):
                key = (kind, start.on, window)
                taking.setdefault(key, []).append(var)
                pinned[key] = pinned.get(key, 0) + (job.pinned is not None)
    for key, found_vars in taking.items():
        most = max(problem.capacity.get(key, 0), pinned[key])
        if len(found_vars) > most:
            model.cp.add(cp_model.LinearExpr.sum(found_vars) <= most)


def _add_ties(model: Model) -> None:
    """Two jobs that exclude each other by a tie do not interrupt in the same window, unless both are pinned there."""
    problem = model.problem
    with_ties = [job for job in problem.jobs if job.ties_closed or job.ties_open]
    off = {job.code: _off_windows(model, job) for job in with_ties}
    for one, other in combinations(with_ties, 2):
        if not ties_between(one, other) or (one.pinned and other.pinned):
            continue
        for key in sorted(off[one.code].keys() & off[other.code].keys()):
            model.cp.add_at_most_one([*off[one.code][key], *off[other.code][key]])


def _off_windows(model: Model, job: Job) -> dict[tuple[date, str], list[Var]]:
    """The starts of a job that interrupt in each window."""
    found: dict[tuple[date, str], list[Var]] = {}
    for start, var in model.starts[job.code].items():
        for window in () if start.is_live else model.problem.spans(job, start):
            found.setdefault((start.on, window), []).append(var)
    return found


def _add_atom(model: Model, atom: Atom) -> None:
    problem = model.problem
    days: dict[date, dict[str, list[Var]]] = {}
    windows: dict[tuple[date, str], dict[str, list[Var]]] = {}
    for code in atom.jobs:
        for key, found in _off_windows(model, problem.job[code]).items():
            windows.setdefault(key, {})[code] = found
        for start, var in model.starts[code].items():
            if not start.is_live:
                days.setdefault(start.on, {}).setdefault(code, []).append(var)
    counted: list[tuple[date, Var]] = []
    for on, by_job in days.items():
        counted += [(on, var) for var in _off(model, by_job, problem.prices.interruption * atom.customers)]
    for (_on, window), by_job in windows.items():
        load = problem.windows[problem.place_of[window]].load_permille
        _off(model, by_job, problem.prices.load * atom.load_kw * load)
    _add_excess(model, [(atom.room, [var for _on, var in counted])], problem.prices.breach * atom.areas, len(atom.jobs))
    soon = [(row.days, [var for on, var in counted if on <= row.until]) for row in atom.soon]
    _add_excess(model, soon, problem.prices.soon * atom.areas, len(atom.jobs))


def _off(model: Model, by_job: Mapping[str, list[Var]], price: int) -> Iterable[Var]:
    """Variables of which one is 1 when a job interrupts, each costing the price; of one job, its starts themselves."""
    if len(by_job) == 1:
        alone = next(iter(by_job.values()))
        for var in alone:
            model.cost(var, price)
        return alone
    off = model.cp.new_bool_var("")
    for found in by_job.values():
        model.cp.add(cp_model.LinearExpr.sum(found) <= off)
    model.off_days.append((off, tuple(var for found in by_job.values() for var in found)))
    model.cost(off, price)
    return (off,)


def _add_excess(model: Model, rooms: Iterable[tuple[int, list[Var]]], price: int, jobs: int) -> None:
    """Interruptions above the room they have, the most of several rooms, at a price; no more than there are jobs."""
    tight = [(room, tuple(counted)) for room, counted in rooms if min(jobs, len(counted)) > room]
    if not tight or not price:
        return
    excess = model.cp.new_int_var(0, max(min(jobs, len(counted)) - room for room, counted in tight), "")
    for room, counted in tight:
        model.cp.add(excess >= cp_model.LinearExpr.sum(counted) - room)
    model.excesses.append((excess, tuple(tight)))
    model.cost(excess, price)
