"""The slow reading of who reaches a pay point: from each home on its own, forwards, by a queue; every choice of places tried."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from heapq import heappop, heappush
from itertools import combinations

Edge = tuple[int, int, int]
"""Tail, head, seconds."""
Place = tuple[int, int]
"""Node, seconds off it."""


def times(count: int, edges: Sequence[Edge], start: int) -> list[int | None]:
    """Seconds from a node to every node; ``None``: no way."""
    ways: list[list[tuple[int, int]]] = [[] for _ in range(count)]
    for tail, head, seconds in edges:
        ways[tail].append((head, seconds))
    found: list[int | None] = [None] * count
    queue = [(0, start)]
    while queue:
        far, node = heappop(queue)
        if found[node] is not None:
            continue
        found[node] = far
        for head, seconds in ways[node]:
            if found[head] is None:
                heappush(queue, (far + seconds, head))
    return found


def seconds(count: int, edges: Sequence[Edge], homes: Sequence[Place], points: Sequence[Place]) -> list[int | None]:
    """Seconds from each home to its nearest point."""
    found = []
    for node, off in homes:
        far = times(count, edges, node)
        ways = [there + off + beyond for at, beyond in points if (there := far[at]) is not None]
        found.append(min(ways, default=None))
    return found


def gained(served: Sequence[Collection[int]], people: Sequence[int], chosen: Sequence[int]) -> int:
    """People that the chosen sites serve together; ``served``: homes of each site."""
    return sum(people[home] for home in set().union(*(served[site] for site in chosen)))


def served(
    count: int, edges: Sequence[Edge], homes: Sequence[Place], sites: Sequence[Place], limit: int
) -> list[set[int]]:
    """The homes that each site serves within the limit."""
    by_site = []
    for site in sites:
        far = seconds(count, edges, homes, [site])
        by_site.append({home for home, one in enumerate(far) if one is not None and one <= limit})
    return by_site


def best(reached: Sequence[Collection[int]], people: Sequence[int], places: int) -> int:
    """What the best choice of so many sites gains, every choice tried."""
    size = min(places, len(reached))
    return max((gained(reached, people, chosen) for chosen in combinations(range(len(reached)), size)), default=0)
