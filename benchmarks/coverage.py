"""Who of a county reaches a pay point within ten minutes, and where three more would serve most, against networkx.

    python benchmarks/coverage.py                                  # 300,000 people, 50,000 nodes (goal: 1 s)
    python benchmarks/coverage.py --people 20000 --nodes 4000 --sites 60

A synthetic county: crossings on a jittered grid, village roads slow, every eighth a main road and fast, some roads missing, some
one-way; homes of one to six people, two thirds of them in villages; as many pay points as leave about a quarter of the people
outside; every village a possible place. Ours begins at arrays of edges and homes, as read from the database, and ends at seconds of
every home and three places. The baseline is networkx on the same edges: one multi-source search for the seconds, a cut-off search
from each possible place, and the same greedy choice over sets. ``identical``: the same seconds, the same places, the same people.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from dataclasses import dataclass

import networkx
import numpy as np

from wandeng.calc import coverage
from wandeng.calc.coverage import NEVER, NextPoints, Places, Reach, Whole

LIMIT = 600
WEST, SOUTH, SPAN = 111.6, 26.3, 0.6
PEOPLE_A_HOME = 3
SPEEDS = (4.2, 9.7)
"""Meters a second: village roads on a bicycle, main roads by car."""


@dataclass(frozen=True)
class Made:
    """A county in arrays."""

    count: int
    edges: tuple[Whole, Whole, Whole]
    homes: Places
    people: Whole
    points: Places
    sites: Places


def county(people: int, nodes: int, sites: int, points: int, seed: int) -> Made:
    """The same seed gives the same county."""
    dice = np.random.default_rng(seed)
    side = math.isqrt(nodes)
    count = side * side
    at = np.arange(count)
    x, y = at % side, at // side
    east = WEST + (x + dice.uniform(-0.3, 0.3, count)) * SPAN / side
    north = SOUTH + (y + dice.uniform(-0.3, 0.3, count)) * SPAN / side
    right, up = at[x < side - 1], at[y < side - 1]
    tails, heads = np.concatenate((right, up)), np.concatenate((right + 1, up + side))
    main = np.concatenate((y[right] % 8 == 0, x[up] % 8 == 0))
    kept = main | (dice.random(len(tails)) < 0.8)
    tails, heads, main = tails[kept], heads[kept], main[kept]
    narrow = math.cos(math.radians(SOUTH + SPAN / 2))
    meters = np.hypot((east[tails] - east[heads]) * narrow, north[tails] - north[heads]) * coverage.METERS_PER_DEGREE
    seconds = np.maximum(1, np.rint(meters * 1.25 / np.where(main, SPEEDS[1], SPEEDS[0]))).astype(np.int64)
    two_way = dice.random(len(tails)) < 0.97
    edges = (
        np.concatenate((tails, heads[two_way])), np.concatenate((heads, tails[two_way])),
        np.concatenate((seconds, seconds[two_way])),
    )  # fmt: skip
    villages = dice.choice(count, sites, replace=False)
    homes = people // PEOPLE_A_HOME
    living = np.where(dice.random(homes) < 2 / 3, dice.choice(villages, homes), dice.integers(0, count, homes))
    return Made(
        count, edges,
        Places(living, dice.integers(0, 240, homes)), dice.integers(1, 2 * PEOPLE_A_HOME, homes),
        Places(dice.choice(count, points, replace=False), dice.integers(0, 30, points)),
        Places(villages, dice.integers(0, 60, sites)),
    )  # fmt: skip


def ours(made: Made, count: int) -> tuple[Reach, NextPoints, dict[str, float]]:
    """From arrays to places, with the seconds of each part."""
    begun = time.perf_counter()
    graph = coverage.roads(made.count, *made.edges)
    built = time.perf_counter()
    found = coverage.reach(graph, made.homes, made.points)
    inside = found.within(LIMIT)
    reached = time.perf_counter()
    following = coverage.next_points(
        graph, made.homes, made.people, outside=~inside, sites=made.sites, limit=LIMIT, count=count
    )
    ended = time.perf_counter()
    parts = {"graph_s": built - begun, "reach_s": reached - built, "next_points_s": ended - reached}
    return found, following, parts | {"whole_s": ended - begun}


def theirs(made: Made, count: int) -> tuple[list[int], list[tuple[int, int]], dict[str, float]]:
    """The same by networkx."""
    begun = time.perf_counter()
    graph = networkx.DiGraph()
    graph.add_nodes_from(range(made.count))
    for tail, head, seconds in zip(*(part.tolist() for part in made.edges), strict=True):
        if not graph.has_edge(head, tail) or graph[head][tail]["weight"] > seconds:
            graph.add_edge(head, tail, weight=seconds)
    points = list(zip(made.points.nodes.tolist(), made.points.off.tolist(), strict=True))
    for number, (node, off) in enumerate(points):
        graph.add_edge(("point", number), node, weight=off)
    built = time.perf_counter()
    far = networkx.multi_source_dijkstra_path_length(graph, {("point", number) for number in range(len(points))})
    homes = list(zip(made.homes.nodes.tolist(), made.homes.off.tolist(), strict=True))
    seconds = [far[node] + off if node in far else NEVER for node, off in homes]
    reached = time.perf_counter()
    outside: dict[int, list[int]] = {}
    for home, (node, _off) in enumerate(homes):
        if seconds[home] == NEVER or seconds[home] > LIMIT:
            outside.setdefault(node, []).append(home)
    people = made.people.tolist()
    served: list[set[int]] = []
    for node, off in zip(made.sites.nodes.tolist(), made.sites.off.tolist(), strict=True):
        near = networkx.single_source_dijkstra_path_length(graph, node, cutoff=LIMIT)
        served.append(
            {home for at, way in near.items() for home in outside.get(at, ()) if way + off + homes[home][1] <= LIMIT}
        )
    chosen = []
    for _ in range(count):
        gains = [sum(people[home] for home in one) for one in served]
        best = gains.index(max(gains))
        chosen.append((best, gains[best]))
        taken = set(served[best])
        served = [one - taken for one in served]
    ended = time.perf_counter()
    parts = {"graph_s": built - begun, "reach_s": reached - built, "next_points_s": ended - reached}
    return seconds, chosen, parts | {"whole_s": ended - begun}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=300_000)
    parser.add_argument("--nodes", type=int, default=50_000)
    parser.add_argument("--sites", type=int, default=600, help="villages")
    parser.add_argument("--points", type=int, default=900)
    parser.add_argument("--count", type=int, default=3)
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--seed", type=int, default=7)
    given = parser.parse_args()
    made = county(given.people, given.nodes, given.sites, given.points, given.seed)
    runs = [ours(made, given.count) for _ in range(given.repeat)]
    found, following, _parts = runs[0]
    best = min((parts for *_, parts in runs), key=lambda parts: parts["whole_s"])
    seconds, chosen, slow = theirs(made, given.count)
    inside = int(made.people[found.within(LIMIT)].sum())
    everybody = int(made.people.sum())
    print(
        json.dumps(
            {
                "benchmark": "coverage", "people": everybody, "homes": len(made.homes), "nodes": made.count,
                "edges": len(made.edges[0]), "points": given.points, "sites": given.sites,
                "inside": inside, "inside_percent": round(100 * inside / everybody, 1),
                "won_by_next": following.people, "at_most": following.at_most,
                "ours": {name: round(value, 4) for name, value in best.items()},
                "worst_s": round(max(parts["whole_s"] for *_, parts in runs), 4),
                "baseline": {"name": "networkx"} | {name: round(value, 3) for name, value in slow.items()},
                "ratio": round(slow["whole_s"] / best["whole_s"], 1),
                "identical": found.seconds.tolist() == seconds
                and [(one.site, one.people) for one in following.points] == chosen,
            }
        )
    )  # fmt: skip


if __name__ == "__main__":
    main()
