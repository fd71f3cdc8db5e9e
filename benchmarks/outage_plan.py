"""A month of outages of a bureau planned: customers interrupted by the solver's plan against those of the planner's own.

    python benchmarks/outage_plan.py                             # 113 jobs on 40 feeders, 60 s of the solver
    python benchmarks/outage_plan.py --jobs 278 --feeders 100 --seconds 90

A synthetic bureau: feeders of 4 to 30 transformer areas, a trunk with switches in a row and branches, jobs behind them, more on
some feeders than on others; notice, agreed days, exam days, important customers, evening peaks, crews, ties; areas with up to three
planned interruptions this year of four allowed. The baseline places each job alone, nearest due day first, on its earliest free
day. ``ratio`` is its customer interruptions over ours; ``identical``, that the slow oracle counts the same for both plans and
finds no rule broken in either. ``least_over`` is how many interruptions above the most of an area no plan avoids, if proven.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import time
from datetime import date, timedelta
from itertools import pairwise

from wandeng.calc.oracle import outage_plans as oracle
from wandeng.calc.outage_plan import (
    Area,
    CrewCapacity,
    Effort,
    Figures,
    Forbidden,
    Job,
    Prices,
    Problem,
    Side,
    Start,
    Window,
    plan,
)

FIRST = date(2026, 6, 1)
DAYS = 30
Sections = tuple[list[tuple[str, ...]], list[tuple[str, ...]]]
WINDOWS = (Window("day", 1000), Window("evening", 1300), Window("night", 600))
PRICES = Prices(unplaced=10**9, breach=10**7, interruption=1000, load=1, late_day=20_000, change=50_000)


def bureau(jobs: int, feeders: int, seed: int) -> Problem:
    """A month of a bureau; the same seed gives the same."""
    dice = random.Random(seed)
    areas: list[Area] = []
    sections: list[Sections] = []
    for feeder in range(feeders):
        own = [_area(dice, feeder, place) for place in range(dice.randint(4, 30))]
        areas += own
        sections.append(_sections(dice, [area.code for area in own]))
    busy = [dice.lognormvariate(0, 0.6) for _ in range(feeders)]
    placed = dice.choices(range(feeders), weights=busy, k=jobs)
    days = [FIRST + timedelta(days=n) for n in range(DAYS)]
    return Problem(
        from_on=FIRST,
        to_on=FIRST + timedelta(days=DAYS),
        announced_on=FIRST - timedelta(days=4),
        windows=WINDOWS,
        areas=tuple(areas),
        jobs=tuple(_job(dice, number, feeder, sections[feeder], feeders) for number, feeder in enumerate(placed)),
        crews=tuple(_crews(dice, jobs, days)),
        forbidden=tuple(_forbidden(dice, areas, days)),
        prices=PRICES,
    )


def _area(dice: random.Random, feeder: int, place: int) -> Area:
    customers = max(1, round(dice.lognormvariate(4.2, 0.7)))
    used = dice.choices(range(4), weights=(40, 30, 20, 10))[0]
    return Area(f"F{feeder:03}-{place:02}", customers, round(customers * dice.uniform(0.6, 1.6)), used, 4)


def _sections(dice: random.Random, areas: list[str]) -> tuple[list[tuple[str, ...]], list[tuple[str, ...]]]:
    """What is behind the switches of a trunk, one after another, the whole feeder first; and what is behind the branches."""
    cuts = sorted(dice.sample(range(1, len(areas)), min(3, len(areas) - 1)))
    trunk = [tuple(areas[cut:]) for cut in (0, *cuts)]
    ends = [0, *cuts, len(areas)]
    branches = [tuple(areas[low:high][dice.randrange(high - low) :]) for low, high in pairwise(ends)]
    return trunk, branches


def _job(dice: random.Random, number: int, feeder: int, sections: Sections, feeders: int) -> Job:
    is_customer = dice.random() < 0.2
    trunk, branches = sections
    behind = dice.choice(trunk if dice.random() < (0.3 if is_customer else 0.85) else branches)
    agreed = None
    if is_customer and dice.random() < 0.5:
        agreed = frozenset(FIRST + timedelta(days=n) for n in dice.sample(range(4, DAYS), 8))
    due = FIRST + timedelta(days=dice.randint(10, DAYS - 1))
    other = (feeder + dice.randint(1, 3)) % feeders
    tie = f"T{min(feeder, other):03}-{max(feeder, other):03}"
    with_tie = not is_customer and dice.random() < 0.3
    return Job(
        code=f"J{number:03}",
        areas=frozenset(behind),
        windows=dice.choices((1, 2), weights=(7, 3))[0],
        crew="" if is_customer else dice.choices(("line", "cable", "station"), weights=(6, 3, 1))[0],
        live_crew="live" if not is_customer and dice.random() < 0.12 else "",
        side=Side.CUSTOMER if is_customer else Side.GRID,
        notice_days=7,
        allowed_days=agreed,
        due_on=due if dice.random() < 0.7 else None,
        feeder=f"F{feeder:03}",
        ties_closed=frozenset({tie} if with_tie and dice.random() < 0.7 else ()),
        ties_open=frozenset({tie} if with_tie and dice.random() < 0.3 else ()),
    )


def _crews(dice: random.Random, jobs: int, days: list[date]) -> list[CrewCapacity]:
    """More crews than the work takes, fewer at night and on Sundays; a live-line crew, by day, on three days of five."""
    share = {"line": jobs / 30, "cable": jobs / 55, "station": jobs / 110}
    found = []
    for on in days:
        for kind, usual in share.items():
            for window, factor in (("day", 1.0), ("evening", 0.7), ("night", 0.5)):
                crews = max(1, round(usual * factor * (0.5 if on.weekday() == 6 else 1)))
                found.append(CrewCapacity(kind, on, window, crews))
        if dice.random() < 0.6:
            found.append(CrewCapacity("live", on, "day", 1))
    return found


def _forbidden(dice: random.Random, areas: list[Area], days: list[date]) -> list[Forbidden]:
    """Days of exams; evening peaks of feeders in town, farm season of feeders in the country, customers who agree to weekends."""
    workdays = frozenset(on for on in days if on.weekday() < 5)
    feeders = sorted({area.code[:4] for area in areas})
    part = len(feeders) // 10
    dice.shuffle(feeders)
    in_town, in_country = set(feeders[: 3 * part]), set(feeders[3 * part : 5 * part])
    important = dice.sample([area.code for area in areas], len(areas) // 200 + 1)
    return [
        Forbidden("EXAM", days=frozenset(days[6:9]), windows=frozenset({"day", "evening"})),
        Forbidden("PEAK", frozenset(a.code for a in areas if a.code[:4] in in_town), workdays, frozenset({"evening"})),
        Forbidden("FARM", frozenset(a.code for a in areas if a.code[:4] in in_country), frozenset(days[12:18])),
        Forbidden("IMPORTANT", frozenset(important), workdays),
    ]


def checked(problem: Problem, starts: dict[str, Start], figures: Figures) -> bool:
    """Whether the oracle counts the same and finds no rule broken."""
    found = oracle.audit(problem, starts)
    same = (found.customer_interruptions, found.load_windows_w, sum(found.over.values()), found.cost) == (
        figures.customer_interruptions,
        figures.load_windows_w,
        figures.over,
        figures.cost,
    )
    return same and not found.broken


def told(figures: Figures) -> dict[str, int]:
    """The figures that are compared."""
    return {
        "customer_interruptions": figures.customer_interruptions,
        "load_windows_kw": figures.load_windows_w // 1000,
        "areas_over": len(figures.areas_over),
        "customers_over": figures.customers_over,
        "late_days": figures.late_days,
        "unplaced": figures.unplaced,
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--jobs", type=int, default=113)
    parser.add_argument("--feeders", type=int, default=40)
    parser.add_argument("--seconds", type=int, default=60, help="by the clock on the wall, for the solver")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    problem = bureau(given.jobs, given.feeders, given.seed)
    begun, busy = time.perf_counter(), time.process_time()
    found = plan(problem, Effort(10**6, 25 * given.jobs, wall_seconds=given.seconds, workers=given.workers))
    seconds, cpu = time.perf_counter() - begun, time.process_time() - busy
    before, after = found.baseline_figures, found.figures
    print(
        json.dumps(
            {
                "benchmark": "outage_plan", "jobs": given.jobs, "feeders": given.feeders, "areas": len(problem.areas),
                "customers": sum(area.customers for area in problem.areas),
                "seconds": round(seconds, 1), "cpu_s": round(cpu, 1),
                "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
                "ours": told(after) | {"gap_percent": found.gap_permille / 10, "least_over": found.least_over},
                "baseline": {"name": "each job alone, nearest due day first, earliest free day"} | told(before),
                "share_percent": round(100 * after.customer_interruptions / before.customer_interruptions, 1),
                "ratio": round(before.customer_interruptions / after.customer_interruptions, 2),
                "identical": checked(problem, found.starts, after) and checked(problem, found.baseline, before),
            }
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
