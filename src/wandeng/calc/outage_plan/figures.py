"""What a plan comes to: customers interrupted, load not served, days late, areas at their limit, and the cost of all that.

An area that several jobs interrupt on one day is interrupted once on that day: this is what merging work saves. The load of a
window counts once, however many jobs overlap in it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from wandeng.calc.outage_plan.openings import avoided_by
from wandeng.calc.outage_plan.problem import Job, Problem, Room, Start

Starts = Mapping[str, Start]


@dataclass(frozen=True, slots=True)
class Figures:
    """``customer_interruptions`` counts a customer once a day of outage. ``load_windows_w`` is the load not served: kW × ‰ of
    the window, summed over windows. ``over`` counts interruptions of areas above their most, ``customers_over`` the customers of
    those areas, ``avoided`` jobs at times that are better avoided, once for each reason, ``soon`` the fewest interruptions to take out until no area is off too soon after others. Areas are sorted by
    code."""

    customer_interruptions: int
    load_windows_w: int
    late_days: int
    changed: int
    unplaced: int
    over: int
    customers_over: int
    areas_at_limit: tuple[str, ...]
    areas_over: tuple[str, ...]
    cost: int
    soon: int = 0
    areas_soon: tuple[str, ...] = ()
    avoided: int = 0


def evaluate(problem: Problem, starts: Starts) -> Figures:
    """The figures of a plan; a job without a start is not placed."""
    days, windows = interrupted(problem, starts)
    load_of = {window.code: window.load_permille for window in problem.windows}
    interruptions = sum(problem.area[code].customers * len(found) for code, found in days.items())
    load = sum(problem.area[code].load_kw * load_of[window] for code, found in windows.items() for _on, window in found)
    excess = {code: len(found) - problem.area[code].room for code, found in days.items()}
    over = {code: count for code, count in excess.items() if count > 0}
    soon = {code: excess_soon(problem.area[code].soon, found) for code, found in days.items()}
    late = sum(days_late(problem.job[code], start.on) for code, start in starts.items())
    changed = sum(is_moved(problem.job[code], start) for code, start in starts.items())
    avoided = sum(len(avoided_by(problem, problem.job[code], start)) for code, start in starts.items())
    unplaced = len(problem.jobs) - len(starts)
    prices = problem.prices
    return Figures(
        customer_interruptions=interruptions,
        load_windows_w=load,
        late_days=late,
        changed=changed,
        unplaced=unplaced,
        over=sum(over.values()),
        customers_over=sum(problem.area[code].customers for code in over),
        areas_at_limit=tuple(sorted(code for code, count in excess.items() if count == 0)),
        areas_over=tuple(sorted(over)),
        cost=prices.unplaced * unplaced
        + prices.breach * sum(over.values())
        + prices.interruption * interruptions
        + prices.load * load
        + prices.late_day * late
        + prices.change * changed
        + prices.soon * sum(soon.values())
        + prices.avoided * avoided,
        soon=sum(soon.values()),
        areas_soon=tuple(sorted(code for code, count in soon.items() if count)),
        avoided=avoided,
    )


def excess_soon(rows: tuple[Room, ...], days: Collection[date]) -> int:
    """Days to take out, the earliest first, until each row has room for the days up to its own."""
    return max((max(0, sum(on <= row.until for on in days) - row.days) for row in rows), default=0)


def days_soon(rows: tuple[Room, ...], days: Iterable[date]) -> set[date]:
    """The days that come too soon: counted in order, beyond the room of the first row that reaches them."""
    found = set()
    for count, on in enumerate(sorted(days), 1):
        room = next((row.days for row in rows if on <= row.until), None)
        if room is not None and count > room:
            found.add(on)
    return found


def interrupted(problem: Problem, starts: Starts) -> tuple[dict[str, set[date]], dict[str, set[tuple[date, str]]]]:
    """Days, and windows of days, on which each area that is interrupted at all is off."""
    days: dict[str, set[date]] = {}
    windows: dict[str, set[tuple[date, str]]] = {}
    for code, start in starts.items():
        job = problem.job[code]
        if start.is_live:
            continue
        spans = [(start.on, window) for window in problem.spans(job, start)]
        for area in job.areas:
            days.setdefault(area, set()).add(start.on)
            windows.setdefault(area, set()).update(spans)
    return days, windows


def days_late(job: Job, on: date) -> int:
    """Days after the due day; 0 in time or without one."""
    return max(0, (on - job.due_on).days) if job.due_on else 0


def is_moved(job: Job, start: Start) -> bool:
    """Whether a published job begins otherwise than people were told."""
    return job.published is not None and job.published != start
