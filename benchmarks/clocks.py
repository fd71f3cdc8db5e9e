"""Deadlines of a million clocks recomputed, as after a corrected calendar: columns against a loop over single clocks.

    python benchmarks/clocks.py [--clocks 1000000] [--loop 50000]

Prints JSON: seconds of the columns over all clocks (deadlines, and how each stands at an instant), of the loop over its
share, the ratio of their rates, and whether both gave the same deadlines. The seconds of processor time (``_cpu``) are what
a busy machine would need if it were quiet.
"""

from __future__ import annotations

import argparse
import json
import time
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from wandeng.calc.clocks.clock import Clock, due_at
from wandeng.calc.clocks.columns import CLOCKS, PAUSES, deadlines, standings
from wandeng.calc.clocks.days import DayLine
from wandeng.calc.clocks.terms import Limit, Pause, Unit
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.infra.effective.working_days import working_calendar

NOW = datetime(2026, 11, 20, 4, tzinfo=UTC)
UNITS = (("MINUTE", 45), ("MINUTE", 120), ("HOUR", 24), ("WORKING_DAY", 5), ("WORKING_DAY", 22), ("DAY", 7))


def make(count: int, seed: int = 5) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Clocks of the last year, half of them in working days, four in ten with one to three pauses, some still open."""
    dice = np.random.default_rng(seed)
    kind = dice.choice(len(UNITS), count, p=[0.2, 0.1, 0.15, 0.3, 0.2, 0.05])
    now = int(NOW.timestamp()) * 1_000_000
    started = now - dice.integers(0, 365 * 86_400, count) * 1_000_000
    clocks = pl.DataFrame(
        {
            "clock": np.arange(count), "started_at": started,
            "amount": np.array([amount for _, amount in UNITS])[kind],
            "unit": np.array([unit for unit, _ in UNITS])[kind],
        }
    ).with_columns(
        pl.from_epoch("started_at", time_unit="us").dt.replace_time_zone("UTC"), stopped_at=pl.lit(None),
    ).cast(CLOCKS)  # fmt: skip
    owner = np.repeat(np.arange(count), dice.choice(4, count, p=[0.6, 0.2, 0.1, 0.1]))
    low = started[owner] + dice.integers(0, 10 * 86_400, len(owner)) * 1_000_000
    high = low + dice.integers(60, 10 * 86_400, len(owner)) * 1_000_000
    is_open = dice.random(len(owner)) < 0.02
    edges = {"from_at": low, "to_at": high}
    pauses = pl.DataFrame({"clock": owner, **edges}).with_columns(
        *(pl.from_epoch(name, time_unit="us").dt.replace_time_zone("UTC") for name in edges)
    )
    pauses = pauses.with_columns(to_at=pl.when(pl.Series(is_open)).then(None).otherwise("to_at"))
    return clocks, pauses.cast(PAUSES)


def loop(clocks: pl.DataFrame, pauses: pl.DataFrame, days: DayLine) -> list[datetime | None]:
    """The same by rows."""
    stops: dict[int, list[Pause]] = {}
    for clock, low, high in pauses.rows():
        stops.setdefault(clock, []).append(Pause(low, high))
    return [
        due_at(Clock(started, Limit(amount, Unit(unit)), tuple(stops.get(number, ()))), days)
        for number, started, amount, unit, _ in clocks.rows()
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clocks", type=int, default=1_000_000)
    parser.add_argument("--loop", type=int, default=50_000)
    given = parser.parse_args()
    days = DayLine.of(working_calendar(RuleLibrary.load(default_root()), 2025, 2027))
    clocks, pauses = make(given.clocks)
    begun, busy = time.perf_counter(), time.process_time()
    found = deadlines(clocks, pauses, days)
    columns, columns_cpu = time.perf_counter() - begun, time.process_time() - busy
    begun = time.perf_counter()
    told = standings(clocks, pauses, days, at=NOW + timedelta(hours=1), percents=(50, 80, 100))
    standing = time.perf_counter() - begun
    some, part = clocks.head(given.loop), pauses.filter(pl.col("clock") < given.loop)
    begun, busy = time.perf_counter(), time.process_time()
    expected = loop(some, part, days)
    rows, rows_cpu = time.perf_counter() - begun, time.process_time() - busy
    print(
        json.dumps(
            {
                "clocks": given.clocks, "pauses": pauses.height, "deadlines_s": round(columns, 3),
                "standings_s": round(standing, 3), "loop_clocks": given.loop, "loop_s": round(rows, 3),
                "loop_s_for_all": round(rows * given.clocks / given.loop, 1),
                "ratio": round((given.clocks / columns) / (given.loop / rows), 1),
                "deadlines_cpu_s": round(columns_cpu, 3),
                "ratio_cpu": round((given.clocks / columns_cpu) / (given.loop / rows_cpu), 1),
                "identical": found["due_at"].head(given.loop).to_list() == expected,
                "over": int(told["is_over"].sum()),
            }
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
