"""The planner's own proposal (人工排法): each job alone, nearest due day first, on its earliest free day.

It is the baseline that a better plan is measured against, and the hint the solver starts from. Rules of crews, ties, notice and
forbidden times are kept; how often an area was interrupted is not looked at, and jobs meet on a day only by chance.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from wandeng.calc.outage_plan.openings import openings
from wandeng.calc.outage_plan.problem import Job, Problem, Start, crews_of, ties_between


class Calendar:
    """Crews and ties that are taken by what was placed so far."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.taken: dict[tuple[str, date, str], list[str]] = {}
        self.off: dict[tuple[date, str], list[Job]] = {}

    def place(self, job: Job, start: Start) -> None:
        """Take what the job takes."""
        for window in self.problem.spans(job, start):
            for kind in crews_of(job, start):
                self.taken.setdefault((kind, start.on, window), []).append(job.code)
            if not start.is_live:
                self.off.setdefault((start.on, window), []).append(job)

    def lift(self, job: Job, start: Start) -> None:
        """Give back what a placed job takes."""
        for window in self.problem.spans(job, start):
            for kind in crews_of(job, start):
                self.taken[kind, start.on, window].remove(job.code)
            if not start.is_live:
                self.off[start.on, window].remove(job)

    def crew_holders(self, job: Job, start: Start) -> frozenset[str]:
        """Who has the crews that are lacking; empty: there is one left."""
        spans = self.problem.spans(job, start)
        keys = [(kind, start.on, window) for kind in crews_of(job, start) for window in spans]
        full = [key for key in keys if len(self.taken.get(key, ())) >= self.problem.capacity.get(key, 0)]
        return frozenset(code for key in full for code in self.taken.get(key, ()))

    def tie_holders(self, job: Job, start: Start) -> frozenset[str]:
        """Who excludes the job by a tie; empty: nobody."""
        if start.is_live:
            return frozenset()
        return frozenset(
            other.code
            for window in self.problem.spans(job, start)
            for other in self.off.get((start.on, window), ())
            if other.code != job.code and ties_between(job, other)
        )

    def is_free(self, job: Job, start: Start) -> bool:
        """Whether an opening of the job is still free."""
        return not self.crew_holders(job, start) and not self.tie_holders(job, start)


def propose(problem: Problem) -> dict[str, Start]:
    """A start for each job that finds one; pinned jobs stay where they are."""
    calendar = Calendar(problem)
    starts: dict[str, Start] = {}
    for job in _in_turn(problem.jobs):
        found = openings(problem, job).starts
        free = found if job.pinned else (start for start in found if calendar.is_free(job, start))
        start = next(iter(free), None)
        if start:
            calendar.place(job, start)
            starts[job.code] = start
    return starts


def _in_turn(jobs: Iterable[Job]) -> list[Job]:
    return sorted(jobs, key=lambda job: (job.pinned is None, job.due_on or date.max, job.code))
