"""What 100,000 meters tell in a storm, some 136,000 events, to who stands dark and from there to probable devices, against a loop
over the events one by one.

    python benchmarks/storm_events.py                     # 100,000 meters behind 2,000 transformers of 100 feeders
    python benchmarks/storm_events.py --meters 5000

Of each feeder everything behind one of its switches is struck: every meter there gasps, the others are polled and are lit. A third
of the struck feeders is back already, one meter in a hundred flaps, a tenth of all events comes twice, and all are out of order.
The loop keeps a set of changes for each meter and walks them, as a program does that takes events as they come. What both find is
judged by the same ``calc.probable_device.judge``.

Prints one JSON object. ``ratio``: seconds of the loop by seconds of the columns, both from events to evidence of transformers;
``identical``: every transformer's evidence and every probable device.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict

import numpy as np
import polars as pl
import pyarrow as pa

from wandeng.calc.probable_device import EVIDENCE, judge
from wandeng.calc.supply_events import EVENTS, Believing, standings
from wandeng.calc.tracing import Topology
from wandeng.calc.tracing.frames import SCHEMAS, NetworkFrames

BELIEVING = Believing(momentary_seconds=180, dark_hours=72, lit_minutes=60, flaps=4, flap_minutes=30, ahead_seconds=300)
AT, SEED = 1_791_810_000, 7
A_FEEDER, A_SECTION, A_TRANSFORMER = 20, 4, 50
"""Transformers of a feeder, of a section between two switches, and meters of a transformer."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--meters", type=int, default=100_000)
    parser.add_argument("--repeat", type=int, default=3, help="the best of so many (default 3)")
    chosen = parser.parse_args()
    rng = np.random.default_rng(SEED)
    feeders = max(1, chosen.meters // (A_FEEDER * A_TRANSFORMER))
    topology, told = Topology.build(county(feeders)), events(rng, feeders)
    rows = list(told.iter_rows())
    columns_s, ours = best(lambda: by_columns(told), chosen.repeat)
    judge_s, found = best(lambda: judge(topology, ours), chosen.repeat)
    loop_s, theirs = best(lambda: by_loop(rows), 1)
    print(json.dumps({
        "size": {"meters": feeders * A_FEEDER * A_TRANSFORMER, "events": told.height, "feeders": feeders},
        "ours": {"name": "calc.supply_events on columns", "evidence_s": round(columns_s, 3), "judge_s": round(judge_s, 3),
                 "events_a_second": round(told.height / columns_s), "devices": len(found.devices)},
        "baseline": {"name": "a set of changes for each meter, event by event", "evidence_s": round(loop_s, 3)},
        "ratio": round(loop_s / columns_s, 1),
        "identical": ours.equals(theirs) and judge(topology, theirs) == found,
    }, indent=2))  # fmt: skip


def best(call, times):  # type: ignore[no-untyped-def]
    """Seconds of the quickest, and what came out."""
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        came = call()
        taken.append(time.perf_counter() - started)
    return min(taken), came


def county(feeders: int) -> NetworkFrames:
    """Radial feeders: sections in a row, a switch before each, all their transformers at the section's node."""
    sections = A_FEEDER // A_SECTION
    nodes, switches, heads, hung = [], [], [], []
    for feeder in range(feeders):
        first = feeder * (sections + 1) + 1
        heads.append((feeder + 1, first))
        nodes += [(first + place,) for place in range(sections + 1)]
        switches += [
            (feeder * sections + place + 1, first + place, first + place + 1, False) for place in range(sections)
        ]
        hung += [(feeder * A_FEEDER + at + 1, first + 1 + at // A_SECTION) for at in range(A_FEEDER)]
    made = {"nodes": nodes, "lines": [], "switches": switches, "feeders": heads, "transformers": hung,
            "customers": [(one, one) for one, _node in hung], "supplies": []}  # fmt: skip
    return NetworkFrames(**{name: table(rows, SCHEMAS[name]) for name, rows in made.items()})


def table(rows: list[tuple[object, ...]], schema: pa.Schema) -> pa.Table:
    return pa.table({name: [row[at] for row in rows] for at, name in enumerate(schema.names)}, schema=schema)


def events(rng: np.random.Generator, feeders: int) -> pl.DataFrame:
    """``calc.supply_events.EVENTS`` of all meters, mixed up; meter = transformer × 1,000 + its place."""
    areas = np.arange(1, feeders * A_FEEDER + 1)
    meters = (areas[:, None] * 1000 + np.arange(A_TRANSFORMER)).ravel()
    line, place = (meters // 1000 - 1) // A_FEEDER, (meters // 1000 - 1) % A_FEEDER
    struck = place >= rng.integers(0, A_FEEDER // A_SECTION, feeders)[line] * A_SECTION
    back = struck & (line % 3 == 0)
    parts = [
        (meters[struck], True, AT - 2400 + rng.integers(0, 60, struck.sum())),
        (meters[~struck], False, AT - 1200 + rng.integers(0, 600, (~struck).sum())),
        (meters[back], False, AT - 900 + rng.integers(0, 60, back.sum())),
    ]
    loose = rng.choice(meters, len(meters) // 100, replace=False)
    parts += [(loose, turn % 2 == 0, AT - 1500 + turn * 200 + rng.integers(0, 60, len(loose))) for turn in range(6)]
    told = pl.concat(
        pl.DataFrame({"thing": thing, "is_off": np.full(len(thing), is_off), "occurred": at}, EVENTS)
        for thing, is_off, at in parts
    )
    return pl.concat([told, told.sample(fraction=0.1, seed=SEED)]).sample(fraction=1, shuffle=True, seed=SEED)


def by_columns(told: pl.DataFrame) -> pl.DataFrame:
    """Evidence of transformers, as the product gathers it."""
    stands = standings(told, at=AT, believing=BELIEVING).filter(pl.col("standing").is_in(["DARK", "LIT"]))
    dark, lit = pl.col("standing") == "DARK", pl.col("standing") == "LIT"
    return (
        stands.group_by(transformer=pl.col("thing") // 1000)
        .agg(
            calls=pl.lit(0), meters_off=dark.sum(), meters_on=lit.sum(), terminal=pl.lit(0),
            first_off=pl.col("since").filter(dark).min(),
        )
        .select(EVIDENCE.names()).cast(EVIDENCE).sort("transformer")
    )  # fmt: skip


def by_loop(rows: list[tuple[int, bool, int]]) -> pl.DataFrame:
    """The same, event by event and meter by meter."""
    changes: dict[int, set[tuple[int, bool]]] = defaultdict(set)
    for meter, is_off, occurred in rows:
        if occurred <= AT + BELIEVING.ahead_seconds:
            changes[meter].add((occurred, not is_off))
    found: dict[int, list[int | None]] = {}
    for meter, told in changes.items():
        standing, since = stands(sorted(told))
        if standing is not None:
            area = found.setdefault(meter // 1000, [0, 0, None])
            area[standing] += 1  # type: ignore[operator]
            if standing == 0 and (area[2] is None or since < area[2]):
                area[2] = since
    rows_ = [(area, 0, off, on, 0, first) for area, (off, on, first) in sorted(found.items())]
    return pl.DataFrame(rows_, EVIDENCE, orient="row")


def stands(told: list[tuple[int, bool]]) -> tuple[int | None, int]:
    """0 dark, 1 lit, ``None`` for what counts for nothing; and since when."""
    is_off: bool | None = None
    since = turns = 0
    for occurred, on in told:
        if is_off is None or is_off is on:
            turns += is_off is not None and occurred > AT - BELIEVING.flap_minutes * 60
            is_off, since = not on, occurred
    heard = told[-1][0]
    if turns >= BELIEVING.flaps:
        return None, since
    if is_off:
        fresh = AT - since < BELIEVING.momentary_seconds or AT - heard > BELIEVING.dark_hours * 3600
        return None if fresh else 0, since
    return None if AT - heard > BELIEVING.lit_minutes * 60 else 1, since


if __name__ == "__main__":
    main()
