"""Where each job could begin if it were alone, and what stands in the way where it could not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from wandeng.calc.outage_plan.problem import Forbidden, Job, Problem, Start, crews_of


class Rule(StrEnum):
    """A rule that a start breaks, or that left no start."""

    NO_DAY = "NO_DAY"
    """Notice, agreed days and windows of the day leave none in the plan."""
    FORBIDDEN = "FORBIDDEN"
    """An area may not be interrupted then."""
    AVOIDED = "AVOIDED"
    """An area is better not interrupted then."""
    NO_CREW = "NO_CREW"
    """No crew of the kind is on duty, or all are taken."""
    TIES_EXCLUDE = "TIES_EXCLUDE"
    """Another job needs the same tie otherwise at the same time."""
    AREA_OVER_LIMIT = "AREA_OVER_LIMIT"
    """An area is interrupted more often in the year than it may be."""
    AREA_TOO_SOON = "AREA_TOO_SOON"
    """An area is interrupted again too soon after others."""
    NOT_WORTH_IT = "NOT_WORTH_IT"
    """There would be a start, but by the prices none is worth taking, or the search ended before it was tried."""


@dataclass(frozen=True, slots=True)
class Openings:
    """Starts a job may take, in order of time, live work first; ``reason`` says why there are none, with the ``details`` (why
    forbidden, or the kinds of crew)."""

    starts: tuple[Start, ...]
    reason: Rule | None = None
    details: tuple[str, ...] = ()


def openings(problem: Problem, job: Job) -> Openings:
    """Where a job may begin by the rules that concern it alone. A pinned job begins where it is pinned."""
    if job.pinned:
        return Openings((job.pinned,))
    timely = [start for start in _starts(problem, job) if is_agreed(problem, job, start)]
    if not timely:
        return Openings((), Rule.NO_DAY)
    bans = {start: forbidden_by(problem, job, start) for start in timely}
    allowed = [start for start in timely if not bans[start]]
    if not allowed:
        return Openings((), Rule.FORBIDDEN, tuple(sorted({reason for found in bans.values() for reason in found})))
    manned = tuple(start for start in allowed if is_manned(problem, job, start))
    if not manned:
        return Openings((), Rule.NO_CREW, tuple(sorted({kind for start in allowed for kind in crews_of(job, start)})))
    return Openings(manned)


def is_agreed(problem: Problem, job: Job, start: Start) -> bool:
    """Whether the day is agreed, and an outage told of in time."""
    if job.not_before and start.on < job.not_before:
        return False
    if job.allowed_days is not None and start.on not in job.allowed_days:
        return False
    return not needs_notice(job, start) or start.on >= earliest_on(problem, job)


def needs_notice(job: Job, start: Start) -> bool:
    """Whether anybody is interrupted."""
    return bool(job.areas) and not start.is_live


def earliest_on(problem: Problem, job: Job) -> date:
    """The first day for which people are told in time."""
    return problem.announced_on + timedelta(days=job.notice_days)


def forbidden_by(problem: Problem, job: Job, start: Start) -> frozenset[str]:
    """Why the areas of the job may not be interrupted then; empty: they may."""
    return _hit(problem, problem.forbidden, job, start)


def avoided_by(problem: Problem, job: Job, start: Start) -> frozenset[str]:
    """Why the areas of the job are better not interrupted then; empty: nothing speaks against it."""
    return _hit(problem, problem.avoided, job, start)


def _hit(problem: Problem, rows: tuple[Forbidden, ...], job: Job, start: Start) -> frozenset[str]:
    if not rows or not needs_notice(job, start):
        return frozenset()
    spans = problem.spans(job, start)
    return frozenset(
        row.reason
        for row in rows
        if (not row.areas or row.areas & job.areas) and any(row.hits(start.on, window) for window in spans)
    )


def is_manned(problem: Problem, job: Job, start: Start) -> bool:
    """Whether a crew of each kind is on duty for all of it."""
    spans = problem.spans(job, start)
    return all(
        problem.capacity.get((kind, start.on, window), 0) > 0 for kind in crews_of(job, start) for window in spans
    )


def _starts(problem: Problem, job: Job) -> Iterator[Start]:
    last = len(problem.windows) - job.windows
    for on in problem.days:
        for window in problem.windows[: last + 1]:
            if job.live_crew:
                yield Start(on, window.code, is_live=True)
            yield Start(on, window.code)
