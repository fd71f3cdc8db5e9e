"""A plan made better job by job: some neighbors are taken out and each put back where it adds least, and what is not dearer stays.

Jobs of one feeder pull each other onto common days this way within a second, where the solver needs minutes to find as much from
the planner's own proposal. The solver goes on from here, and tells how far from the best it may be.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from datetime import date

from wandeng.calc.outage_plan.atoms import Atom, atoms
from wandeng.calc.outage_plan.figures import Starts, days_late, is_moved
from wandeng.calc.outage_plan.greedy import Calendar
from wandeng.calc.outage_plan.openings import avoided_by, openings
from wandeng.calc.outage_plan.problem import Job, Problem, Start

MOST_NEIGHBORS = 8
"""Jobs of common areas that are taken out with one."""


def improve(problem: Problem, starts: Starts, tries: int, seed: int) -> dict[str, Start]:
    """A plan that costs no more, after so many tries; the same seed gives the same."""
    board = Board(problem, starts)
    movable = [job.code for job in problem.jobs if not job.pinned and board.openings[job.code]]
    if not movable:
        return dict(starts)
    dice = random.Random(seed)
    for _ in range(tries):
        chosen = _chosen(board, movable, dice)
        gather = dice.choice(board.openings[chosen[0]]).on if dice.random() * 2 < 1 else None
        board.rearrange(chosen, gather)
    return board.starts


def _chosen(board: Board, movable: list[str], dice: random.Random) -> list[str]:
    """A job, some of its neighbors, and sometimes another that may hold its crew; in any order. Every other time one that takes an
    area beyond its most, if there are any, with all its neighbors."""
    code, most = dice.choice(movable), MOST_NEIGHBORS
    over = [job for number in sorted(board.over) for job in board.jobs_of[number]]
    if over and dice.random() * 2 < 1:
        code, most = dice.choice(over), 2 * MOST_NEIGHBORS
    near = board.neighbors[code]
    count = min(len(near), most)
    chosen = [code, *dice.sample(near, count if most > MOST_NEIGHBORS else dice.randint(0, count))]
    other = dice.choice(movable)
    if other not in chosen and dice.random() * 2 < 1:
        chosen.append(other)
    dice.shuffle(chosen)
    return chosen


class Board:
    """A plan that knows what each job adds to its cost, and which atoms are beyond their room."""

    def __init__(self, problem: Problem, starts: Starts) -> None:
        self.problem = problem
        self.calendar = Calendar(problem)
        self.starts: dict[str, Start] = {}
        self.atoms: dict[str, list[tuple[int, Atom]]] = {job.code: [] for job in problem.jobs}
        self.off: Counter[tuple[int, date]] = Counter()
        self.off_windows: Counter[tuple[int, date, str]] = Counter()
        self.days_off: Counter[int] = Counter()
        self.soon: dict[int, list[int]] = {}
        self.over: set[int] = set()
        self.jobs_of: dict[int, list[str]] = {}
        self.load = {window.code: problem.prices.load * window.load_permille for window in problem.windows}
        near: dict[str, set[str]] = {job.code: set() for job in problem.jobs}
        found_atoms = atoms(problem)
        for number, atom in enumerate(found_atoms):
            if atom.soon and problem.prices.soon:
                self.soon[number] = [0] * len(atom.soon)
            for code in atom.jobs:
                self.atoms[code].append((number, atom))
                near[code] |= set(atom.jobs)
        self.openings = {job.code: openings(problem, job).starts for job in problem.jobs}
        self.neighbors = {
            code: sorted(one for one in found - {code} if not problem.job[one].pinned and self.openings[one])
            for code, found in near.items()
        }
        for own in self.atoms.values():
            own.sort(key=lambda one: -one[1].customers)
        for number, atom in enumerate(found_atoms):
            self.jobs_of[number] = [code for code in atom.jobs if self.openings[code] and not problem.job[code].pinned]
        for code, start in starts.items():
            self._put(problem.job[code], start)

    def rearrange(self, codes: list[str], gather: date | None) -> None:
        """Take the jobs out and put each back where it adds least, on a common day if one is given and it can; leave all as it was
        when that is dearer."""
        before = {code: self.starts[code] for code in codes if code in self.starts}
        saved = sum(self._take(self.problem.job[code]) for code in before)
        saved += self.problem.prices.unplaced * (len(codes) - len(before))
        added = sum(self._put_best(self.problem.job[code], gather) for code in codes)
        if added > saved:
            for code in codes:
                if code in self.starts:
                    self._take(self.problem.job[code])
            for code, start in before.items():
                self._put(self.problem.job[code], start)

    def best_elsewhere(self, code: str) -> tuple[Start, int] | None:
        """The cheapest free start of a placed job on another day, and by how much the plan would be dearer (cheaper: negative);
        ``None``: there is none. A pinned job is looked at as if it were not."""
        job, here = self.problem.job[code], self.starts[code]
        saved = self._take(job)
        found = [
            (self._added(job, start), start)
            for start in openings(self.problem, replace(job, pinned=None)).starts
            if start.on != here.on and self.calendar.is_free(job, start)
        ]
        self._put(job, here)
        if not found:
            return None
        added, start = min(found, key=lambda one: (one[0], one[1].on, self.problem.place_of[one[1].window]))
        return start, added - saved

    def _put_best(self, job: Job, gather: date | None) -> int:
        """What the job adds where it adds least, or by not being placed."""
        starts = self.openings[job.code]
        if gather:
            starts = tuple(start for start in starts if start.on == gather)
        least, best = self.problem.prices.unplaced, None
        for start in starts:
            added = self._added(job, start, below=least)
            if added < least and self.calendar.is_free(job, start):
                least, best = added, start
        if best:
            self._put(job, best)
        elif gather:
            return self._put_best(job, None)
        return least

    def _put(self, job: Job, start: Start) -> None:
        self.starts[job.code] = start
        self.calendar.place(job, start)
        self._count(job, start, 1)

    def _take(self, job: Job) -> int:
        """Take a job out; what the plan costs less."""
        start = self.starts.pop(job.code)
        self.calendar.lift(job, start)
        self._count(job, start, -1)
        return self._added(job, start)

    def _count(self, job: Job, start: Start, by: int) -> None:
        spans = () if start.is_live else self.problem.spans(job, start)
        for number, atom in self.atoms[job.code] if spans else ():
            was = self.off[number, start.on] > 0
            self.off[number, start.on] += by
            change = (self.off[number, start.on] > 0) - was
            self.days_off[number] += change
            if change and number in self.soon:
                reached = enumerate(atom.soon)
                self.soon[number] = [self.soon[number][n] + change * (start.on <= row.until) for n, row in reached]
            is_over = self.days_off[number] > atom.room or self._excess_soon(number, atom) > 0
            (self.over.add if is_over else self.over.discard)(number)
            for window in spans:
                self.off_windows[number, start.on, window] += by

    def _added(self, job: Job, start: Start, below: int | None = None) -> int:
        """What a job adds to the cost of the plan it is not part of; counted no further than ``below``."""
        prices = self.problem.prices
        added = prices.late_day * days_late(job, start.on) + prices.change * is_moved(job, start)
        if start.is_live:
            return added
        if self.problem.avoided:
            added += prices.avoided * len(avoided_by(self.problem, job, start))
        loads = [(window, self.load[window]) for window in self.problem.spans(job, start)]
        for number, atom in self.atoms[job.code]:
            if below is not None and added >= below:
                return added
            if not self.off.get((number, start.on)):
                added += prices.interruption * atom.customers
                if self.days_off.get(number, 0) >= atom.room:
                    added += prices.breach * atom.areas
                if number in self.soon:
                    more = self._excess_soon(number, atom, start.on) - self._excess_soon(number, atom)
                    added += prices.soon * atom.areas * more
                added += atom.load_kw * sum([price for _window, price in loads])
                continue
            for window, price in loads:
                if not self.off_windows.get((number, start.on, window)):
                    added += atom.load_kw * price
        return added

    def _excess_soon(self, number: int, atom: Atom, on: date | None = None) -> int:
        """By how much the atom is beyond the room of its rolling months, with one more day off."""
        counts = self.soon.get(number, ())
        more = [on is not None and on <= row.until for row in atom.soon]
        beyond = [count + extra - row.days for count, extra, row in zip(counts, more, atom.soon, strict=False)]
        return max(0, *beyond) if beyond else 0
