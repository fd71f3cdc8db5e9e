"""The slow reading of a month plan of outages: hour by hour who is off, which crews are out, which rule is broken.

It walks the days, the windows of each day and the jobs in each, and counts. Only the types of ``outage_plan.problem`` are common
to both; :func:`best` tries every plan there is, so give it few jobs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations, product

from wandeng.calc.outage_plan.problem import Job, Problem, Start


@dataclass(frozen=True, slots=True)
class Audit:
    """What was counted. ``broken`` are (job, rule) with the rules NOTICE, DAY, FORBIDDEN, CREW, TIE; ``over`` areas with how many
    interruptions above their most; ``soon`` the fewest days to take out until none is too soon."""

    customer_interruptions: int
    load_windows_w: int
    over: dict[str, int]
    broken: frozenset[tuple[str, str]]
    cost: int
    soon: int


def audit(problem: Problem, starts: dict[str, Start]) -> Audit:
    """A plan walked through, day by day and window by window."""
    prices = problem.prices
    interruptions = load = 0
    times = {area.code: 0 for area in problem.areas}
    days_off: dict[str, list[date]] = {area.code: [] for area in problem.areas}
    broken: set[tuple[str, str]] = set()
    on = problem.from_on
    while on < problem.to_on:
        off_today: set[str] = set()
        for place, window in enumerate(problem.windows):
            at_work = [job for job in problem.jobs if _is_at_work(problem, job, starts.get(job.code), on, place)]
            live = {job.code for job in at_work if starts[job.code].is_live}
            cutting = [job for job in at_work if job.code not in live]
            off_now = {area for job in cutting for area in job.areas}
            load += sum(area.load_kw * window.load_permille for area in problem.areas if area.code in off_now)
            off_today |= off_now
            broken |= set(_broken_by_one(problem, cutting, live, at_work, on, window.code))
            broken |= set(_broken_by_crews(problem, at_work, live, on, window.code))
            broken |= set(_broken_by_ties(cutting))
        for area in problem.areas:
            if area.code in off_today:
                times[area.code] += 1
                days_off[area.code].append(on)
                interruptions += area.customers
        on += timedelta(days=1)
    over = {}
    for area in problem.areas:
        allowed = area.most - area.used if area.most > area.used else 0
        if times[area.code] > allowed:
            over[area.code] = times[area.code] - allowed
    cost = prices.interruption * interruptions + prices.load * load + prices.breach * sum(over.values())
    for job in problem.jobs:
        cost += _own_cost(problem, job, starts.get(job.code))
    soon = sum(_too_soon(problem, area.code, days_off[area.code]) for area in problem.areas)
    return Audit(interruptions, load, over, frozenset(broken), cost + prices.soon * soon, soon)


def _too_soon(problem: Problem, code: str, days: list[date]) -> int:
    """The fewest of these days to leave out until none comes too soon: by trying every choice of those that stay."""
    rows = problem.area[code].soon
    for left_out in range(len(days) + 1):
        for kept in combinations(days, len(days) - left_out):
            if all(len([on for on in kept if on <= row.until]) <= row.days for row in rows):
                return left_out
    raise AssertionError("no days at all are never too soon")


def best(problem: Problem) -> int:
    """The least cost of all plans that break no rule (pinned jobs aside, which stay)."""
    choices: list[list[Start | None]] = []
    for job in problem.jobs:
        every: list[Start | None] = [None]
        for ahead in range((problem.to_on - problem.from_on).days):
            for place in range(len(problem.windows) - job.windows + 1):
                start = Start(problem.from_on + timedelta(days=ahead), problem.windows[place].code)
                every += [start, Start(start.on, start.window, is_live=True)] if job.live_crew else [start]
        choices.append([job.pinned] if job.pinned else every)
    pinned = {job.code for job in problem.jobs if job.pinned}
    costs = []
    for plan in product(*choices):
        starts = {job.code: start for job, start in zip(problem.jobs, plan, strict=True) if start is not None}
        found = audit(problem, starts)
        if all(code in pinned for code, _rule in found.broken):
            costs.append(found.cost)
    return min(costs)


def _is_at_work(problem: Problem, job: Job, start: Start | None, on: date, place: int) -> bool:
    if start is None or start.on != on:
        return False
    begins = [window.code for window in problem.windows].index(start.window)
    return begins <= place < begins + job.windows


def _broken_by_one(
    problem: Problem, cutting: list[Job], live: set[str], at_work: list[Job], on: date, window: str
) -> Iterator[tuple[str, str]]:
    for job in at_work:
        too_soon = job.not_before is not None and on < job.not_before
        if too_soon or (job.allowed_days is not None and on not in job.allowed_days):
            yield job.code, "DAY"
        if job.areas and job.code not in live and (on - problem.announced_on).days < job.notice_days:
            yield job.code, "NOTICE"
    for row in problem.forbidden:
        if (row.days and on not in row.days) or (row.windows and window not in row.windows):
            continue
        for job in cutting:
            if any(not row.areas or area in row.areas for area in job.areas):
                yield job.code, "FORBIDDEN"


def _broken_by_crews(
    problem: Problem, at_work: list[Job], live: set[str], on: date, window: str
) -> Iterator[tuple[str, str]]:
    """Whoever is not pinned is to blame for a crew too few; pinned jobs only where they are too many among themselves."""
    kinds = {job.code: {job.live_crew} if job.code in live else {job.crew} | job.more_crews for job in at_work}
    for kind in set().union(*kinds.values()) - {""}:
        on_duty = sum(row.crews for row in problem.crews if (row.kind, row.on, row.window) == (kind, on, window))
        takers = [job for job in at_work if kind in kinds[job.code]]
        if len(takers) > on_duty:
            moved = [job for job in takers if not job.pinned]
            for job in moved or takers:
                yield job.code, "CREW"


def _broken_by_ties(cutting: list[Job]) -> Iterator[tuple[str, str]]:
    """Of two jobs that exclude each other both are to blame, but for a pinned one beside one that is not."""
    for one in cutting:
        for other in cutting:
            if one.code == other.code:
                continue
            clash = any(
                tie in other.ties_open or (tie in other.ties_closed and one.feeder != other.feeder)
                for tie in one.ties_closed
            ) or any(tie in other.ties_closed for tie in one.ties_open)
            if clash and not (one.pinned and not other.pinned):
                yield one.code, "TIE"


def _own_cost(problem: Problem, job: Job, start: Start | None) -> int:
    if start is None:
        return problem.prices.unplaced
    late = (start.on - job.due_on).days if job.due_on and start.on > job.due_on else 0
    moved = job.published is not None and job.published != start
    own = problem.prices.late_day * late + (problem.prices.change if moved else 0)
    return own + problem.prices.avoided * len(_avoided(problem, job, start))


def _avoided(problem: Problem, job: Job, start: Start) -> set[str]:
    found = set()
    for row in () if start.is_live else problem.avoided:
        for place, window in enumerate(problem.windows):
            for area in job.areas:
                at_work = _is_at_work(problem, job, start, start.on, place)
                named = (not row.areas or area in row.areas) and (not row.windows or window.code in row.windows)
                if at_work and named and (not row.days or start.on in row.days):
                    found.add(row.reason)
    return found
