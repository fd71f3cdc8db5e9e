"""A year's reliability of every customer: columns against a plain ledger of minutes per customer, the same figures.

    python benchmarks/reliability.py [--customers 5700000] [--interruptions 30000] [--loop 2000]

70,000 areas; a hundred and ninety customers in a thousand interruptions, stepwise restored, some meeting each other; one
interruption in ten is low voltage, one customer in two hundred has two supplies. Timed is everything from steps in memory
to the figures: periods without supply, indices of customers and of areas by unit, hours and times of every customer.
Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from itertools import groupby

import numpy as np
import polars as pl

from wandeng.calc import interruptions
from wandeng.calc.interruptions import STEPS, SUPPLIES, Members

YEAR = 365 * 24 * 3600
OVER = 180
UNITS = 120


def world(customers: int, count: int, seed: int = 7) -> tuple[Members, pl.DataFrame, pl.DataFrame]:
    """Members in the order of their areas, steps (with the unit of their area) and supplies."""
    dice = np.random.default_rng(seed)
    areas = max(customers // 81, 20)
    home = np.sort(dice.integers(0, areas, customers))
    account = np.arange(customers)
    since = np.where(dice.random(customers) < 0.97, 0, dice.integers(0, 365, customers) * 86_400)
    members = Members(account, home, since.astype(np.int64), np.full(customers, 2 * YEAR))
    double = np.sort(dice.choice(customers, customers // 200, replace=False))
    other = (home[double] + 1 + dice.integers(0, areas - 1, len(double))) % areas
    alone = np.bincount(home, minlength=areas) - np.bincount(home[double], minlength=areas)
    low = dice.random(count) < 0.1
    spans = np.where(low, 1, 1 + dice.geometric(0.18, count))
    event = np.repeat(np.arange(count), spans)
    first = np.repeat(dice.integers(0, areas, count), spans)
    place = np.arange(len(event)) - np.repeat(np.cumsum(spans) - spans, spans)
    area = (first + place) % areas
    begin = np.repeat(dice.integers(0, YEAR // 60 - 600, count) * 60, spans)
    length = 60 * np.repeat(dice.integers(1, 300, count), spans) + 60 * dice.integers(0, 200, len(event))
    point = np.repeat(low, spans)
    whose = np.searchsorted(home, area)
    has_customer = home[np.minimum(whose, customers - 1)] == area
    kept = ~point | has_customer
    steps = pl.DataFrame(
        {
            "event": event, "transformer": area, "account": pl.Series(whose), "begin": begin, "end": begin + length,
            "customers": np.where(point, 1, alone[area]), "unit": area % UNITS, "point": point,
        }
    ).with_columns(account=pl.when("point").then("account")).filter(pl.Series(kept))  # fmt: skip
    pairs = pl.DataFrame({"account": np.repeat(double, 2), "transformer": np.stack([home[double], other], 1).ravel()})
    met = (
        steps.filter(pl.col("account").is_null()).select("event", "transformer").unique().join(pairs, on="transformer")
    )
    supplies = met.select("event", "account").unique().join(pairs, on="account").select(SUPPLIES.names())
    return members, steps.select(*STEPS.names(), "unit"), supplies.cast(SUPPLIES)


def columns(
    members: Members, steps: pl.DataFrame, supplies: pl.DataFrame
) -> tuple[pl.DataFrame, np.ndarray, np.ndarray]:
    """Indices by unit on both bases, and the year of every customer."""
    pieces = interruptions.pieces(steps.select(STEPS.names()), supplies)
    units = steps.select("event", "transformer", "unit").unique(["event", "transformer"])
    labelled = pieces.join(units, on=["event", "transformer"], how="left")
    sums = [
        interruptions.tallies(
            labelled, begin=0, end=YEAR, weight=weight, over_seconds=OVER, split=split, by=["unit"]
        ).with_columns(weight=pl.lit(weight))
        for weight, split in (("customers", True), ("areas", True), ("customers", False))
    ]  # fmt: skip
    seconds, times = interruptions.year(
        members, pieces, supplies["account"].unique().to_numpy(), begin=0, end=YEAR, over_seconds=OVER
    )
    return pl.concat(sums), seconds, times


def ledger(members: Members, steps: pl.DataFrame, supplies: pl.DataFrame, chosen: np.ndarray) -> list[tuple[int, int]]:
    """The same for chosen members: the minutes of each supply as a set, those of all supplies, and their runs."""
    by_area: dict[int, list[tuple[int, int]]] = defaultdict(list)
    by_point: dict[tuple[int, int], list[tuple[int, int]]] = defaultdict(list)
    for _, area, account, begin, end, _, _ in steps.iter_rows():
        (by_area[area] if account is None else by_point[account, area]).append((begin // 60, end // 60))
    homes: dict[int, set[int]] = defaultdict(set)
    for _, account, area in supplies.iter_rows():
        homes[account].add(area)
    told = []
    for row in chosen.tolist():
        account, since = int(members.account[row]), int(members.since[row]) // 60
        dark: set[int] | None = None
        double = homes.get(account)
        for area in double or {int(members.transformer[row])}:
            minutes = {
                m for begin, end in by_area.get(area, []) + by_point.get((account, area), []) for m in range(begin, end)
            }
            dark = minutes if dark is None else dark & minutes
        seconds = times = 0
        # A customer whose own point was interrupted, or with several supplies, is followed for the whole year.
        own = double is not None or (account, int(members.transformer[row])) in by_point
        first = 0 if own else since
        for _, run in groupby(enumerate(sorted(dark or ())), key=lambda pair: pair[1] - pair[0]):
            stretch = [minute for _, minute in run]
            if len(stretch) * 60 > OVER:
                seconds += 60 * sum(first <= minute < YEAR // 60 for minute in stretch)
                times += first <= stretch[0] < YEAR // 60
        told.append((seconds, times))
    return told


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--customers", type=int, default=5_700_000)
    parser.add_argument("--interruptions", type=int, default=30_000)
    parser.add_argument("--loop", type=int, default=2_000)
    given = parser.parse_args()
    members, steps, supplies = world(given.customers, given.interruptions)
    begun, spent = time.perf_counter(), time.process_time()
    sums, seconds, times = columns(members, steps, supplies)
    ours, processor = time.perf_counter() - begun, time.process_time() - spent
    dice = np.random.default_rng(1)
    chosen = dice.choice(given.customers, min(given.loop, given.customers), replace=False)
    special = np.searchsorted(members.account, supplies["account"].unique().head(200).to_numpy())
    chosen = np.unique(np.concatenate([chosen, special]))
    begun = time.perf_counter()
    expected = ledger(members, steps, supplies, chosen)
    loop = time.perf_counter() - begun
    customers = sums.filter(pl.col("weight") == "customers")
    told = {
        "customers": given.customers, "interruptions": given.interruptions, "steps": steps.height,
        "customer_interruptions": int(times.sum()), "ours_s": round(ours, 3), "ours_processor_s": round(processor, 3), "loop_customers": len(chosen),
        "loop_s": round(loop, 3), "loop_s_for_all": round(loop * given.customers / len(chosen), 1),
        "ratio": round(loop * given.customers / len(chosen) / ours, 1),
        "identical": list(zip(seconds[chosen].tolist(), times[chosen].tolist(), strict=True)) == expected,
        "units": customers["unit"].n_unique(),
    }  # fmt: skip
    print(json.dumps(told))


if __name__ == "__main__":
    main()
