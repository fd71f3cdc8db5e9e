"""Who reaches a pay point in time (十分钟缴费圈): travel time over a road graph, who is outside, where the next points serve most.

A graph is nodes 0…n-1 and directed edges with whole seconds. A place (a home or a point) lies at a node, some seconds off it. The
way leads from the home to the point. The nearest point of all homes is one shortest-path search from all points at once over the
reversed edges (``scipy.sparse.csgraph``); places for next points are searched only where somebody outside could reach them.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import dijkstra
from scipy.spatial import cKDTree

from wandeng.kernel.errors import InvalidInput

Whole = npt.NDArray[np.int64]
Degrees = npt.NDArray[np.float64]
NEVER = -1
"""Seconds, or the number, of a point that cannot be reached."""
METERS_PER_DEGREE = 111_195
"""A degree of latitude on a sphere of 6,371 km."""
_AT_ONCE = 64
"""Searches whose answers are held at once: 64 rows of 50,000 nodes are 26 MB."""


@dataclass(frozen=True, slots=True)
class Roads:
    """A road graph: how many nodes, and its edges by their end (``back``), seconds as the weights; of parallel edges the fastest."""

    count: int
    back: csr_array


@dataclass(frozen=True, slots=True)
class Places:
    """Where places lie: the node (0…n-1) and the seconds between node and place."""

    nodes: Whole
    off: Whole

    def __len__(self) -> int:
        return len(self.nodes)

    def only(self, chosen: npt.NDArray[Any]) -> Places:
        """Those of a mask or of numbers."""
        return Places(self.nodes[chosen], self.off[chosen])


@dataclass(frozen=True, slots=True)
class Reach:
    """For each home: seconds to its nearest point and the number of that point, :data:`NEVER` where no way leads to one."""

    seconds: Whole
    nearest: Whole

    def within(self, limit: int) -> npt.NDArray[np.bool_]:
        """Which homes have a point within so many seconds."""
        inside: npt.NDArray[np.bool_] = (self.seconds != NEVER) & (self.seconds <= limit)
        return inside


@dataclass(frozen=True, slots=True)
class NextPoint:
    """A place for a point: its number among the sites, and the people it brings inside beyond those before it."""

    site: int
    people: int


@dataclass(frozen=True, slots=True)
class NextPoints:
    """Places one after another, each the best after those before (the first of equals), and how many people so many places could
    bring inside at most, whichever they are: proven, not reached."""

    points: tuple[NextPoint, ...]
    at_most: int

    @property
    def people(self) -> int:
        """Whom they bring inside together."""
        return sum(one.people for one in self.points)


def roads(count: int, tails: Whole, heads: Whole, seconds: Whole) -> Roads:
    """The graph of ``count`` nodes with an edge from each tail to its head.

    Raises :class:`InvalidInput` for an edge at no node, or of less than no time, naming its place among the edges.
    """
    tails, heads, seconds = (np.asarray(one, dtype=np.int64) for one in (tails, heads, seconds))
    wrong = (tails < 0) | (tails >= count) | (heads < 0) | (heads >= count) | (seconds < 0)
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        raise InvalidInput(
            "an edge leads from node to node and takes at least no time",
            edge=at, tail=int(tails[at]), head=int(heads[at]), seconds=int(seconds[at]), nodes=count,
        )  # fmt: skip
    order = np.lexsort((seconds, tails, heads))
    tails, heads, seconds = tails[order], heads[order], seconds[order]
    first = np.ones(len(order), dtype=bool)
    first[1:] = (tails[1:] != tails[:-1]) | (heads[1:] != heads[:-1])
    # By hand, since building by coordinates would add parallel edges up.
    starts = np.concatenate(([0], np.cumsum(np.bincount(heads[first], minlength=count)))).astype(np.int32)
    return Roads(
        count, csr_array((seconds[first].astype(float), tails[first].astype(np.int32), starts), shape=(count, count))
    )


def snap(longitude: Degrees, latitude: Degrees, nodes: tuple[Degrees, Degrees]) -> tuple[Whole, Whole]:
    """The nearest node of each place and the meters to it, straight; ``nodes``: longitudes and latitudes of the nodes. Degrees are
    taken as a plane at the nodes' middle latitude, which is off by less than 1 ‰ across a county.

    Raises :class:`InvalidInput` without a node.
    """
    east, north = (np.asarray(one, dtype=float) for one in nodes)
    if not len(east):
        raise InvalidInput("a road graph has at least one node")
    narrow = np.cos(np.radians((north.min() + north.max()) / 2))
    tree = cKDTree(np.column_stack((east * narrow, north)))
    far, at = tree.query(np.column_stack((np.asarray(longitude) * narrow, np.asarray(latitude))))
    return np.asarray(at, dtype=np.int64), np.rint(np.asarray(far) * METERS_PER_DEGREE).astype(np.int64)


def reach(graph: Roads, homes: Places, points: Places) -> Reach:
    """Seconds from each home to its nearest point, and which that is (the first of equally near ones at a node)."""
    if not len(points) or not len(homes):
        nothing = np.full(len(homes), NEVER, dtype=np.int64)
        return Reach(nothing, nothing.copy())
    # Each point is a node of its own, tied to the graph by its seconds off the road, so that one search does for all.
    count, extra = graph.count, len(points)
    back = graph.back
    starts = np.concatenate((back.indptr, back.indptr[-1] + np.arange(1, extra + 1))).astype(np.int32)
    ends = np.concatenate((back.indices, points.nodes)).astype(np.int32)
    weights = np.concatenate((back.data, points.off.astype(float)))
    whole = csr_array((weights, ends, starts), shape=(count + extra, count + extra))
    far, _before, source = dijkstra(
        whole, indices=np.arange(count, count + extra), min_only=True, return_predecessors=True
    )
    at = far[homes.nodes]
    found = np.isfinite(at)
    seconds = np.full(len(homes), NEVER, dtype=np.int64)
    seconds[found] = at[found].astype(np.int64) + homes.off[found]
    nearest = np.where(found, source[homes.nodes].astype(np.int64) - count, NEVER)
    return Reach(seconds, nearest)


def next_points(
    graph: Roads, homes: Places, people: Whole, *, outside: npt.NDArray[np.bool_], sites: Places, limit: int, count: int
) -> NextPoints:
    """Where ``count`` points more would bring most people inside, of ``sites``, by taking the best again and again.

    So chosen, three places bring at least 19/27 of what the best three would (Nemhauser, Wolsey, Fisher 1978, 1 − (1 − 1/k)^k);
    ``at_most`` is often much nearer. ``people``: of each home; ``outside``: homes that no point serves; ``limit``: seconds.
    """
    wanted = np.flatnonzero(outside & (people > 0))
    if not len(wanted) or not len(sites) or count < 1:
        return NextPoints((), 0)
    serves = _serves(graph, homes.only(wanted), sites, limit)
    different = _different(serves)
    left = np.asarray(people, dtype=np.int64)[wanted].copy()
    chosen: list[NextPoint] = []
    won, at_most = 0, int(left.sum())
    for _ in range(count):
        gains = serves @ left
        # No set of that size wins more than all of it would one by one, on top of what is won; and nobody needs two sites that
        # serve the same homes.
        at_most = min(at_most, won + int(np.sort(gains[different])[-count:].sum()))
        site = int(np.argmax(gains))
        gain = int(gains[site])
        if not gain:
            break
        chosen.append(NextPoint(site, gain))
        won += gain
        left[serves.indices[serves.indptr[site] : serves.indptr[site + 1]]] = 0
    return NextPoints(tuple(chosen), at_most)


def _different(serves: csr_array) -> Whole:
    """The first of the sites that serve the same homes, for each such set."""
    serves.sort_indices()
    first: dict[bytes, int] = {}
    for site, (begin, end) in enumerate(pairwise(serves.indptr.tolist())):
        first.setdefault(serves.indices[begin:end].tobytes(), site)
    return np.array(list(first.values()), dtype=np.int64)


def _serves(graph: Roads, homes: Places, sites: Places, limit: int) -> csr_array:
    """Which homes each site would serve, 1 where it does: a search from every node that has a site, to the limit, over the part of
    the graph that lies within the limit of a home."""
    part, nodes = _part(graph, homes, limit)
    here = np.full(graph.count, NEVER, dtype=np.int64)
    here[nodes] = np.arange(len(nodes))
    useful = np.flatnonzero((here[sites.nodes] != NEVER) & (sites.off <= limit))
    at_nodes, which = np.unique(here[sites.nodes[useful]], return_inverse=True)
    homes_at, sites_at = _Held.of(here[homes.nodes], len(nodes)), _Held.of(which, len(at_nodes))
    pairs: list[tuple[Whole, Whole]] = []
    for begin in range(0, len(at_nodes), _AT_ONCE):
        far = dijkstra(part, indices=at_nodes[begin : begin + _AT_ONCE], limit=limit)
        # Homes first, then sites: a node has many of the one and seldom two of the other.
        row, node = np.nonzero(np.isfinite(far))
        way = far[row, node].astype(np.int64)
        found, home = homes_at.held(node)
        row, way = row[found], way[found] + homes.off[home]
        in_time = way <= limit
        row, way, home = row[in_time], way[in_time], home[in_time]
        found, place = sites_at.held(row + begin)
        site = useful[place]
        in_time = way[found] + sites.off[site] <= limit
        pairs.append((site[in_time], home[found][in_time]))
    site, home = (np.concatenate([pair[side] for pair in pairs] or [which[:0]]) for side in (0, 1))
    return csr_array(coo_array((np.ones(len(site), dtype=np.int64), (site, home)), shape=(len(sites), len(homes))))


@dataclass(frozen=True, slots=True)
class _Held:
    """What lies at each node: ``order`` by node, those of node n from ``starts[n]`` to ``starts[n + 1]``."""

    order: Whole
    starts: Whole

    @staticmethod
    def of(nodes: Whole, count: int) -> _Held:
        """Of things at nodes."""
        starts = np.concatenate(([0], np.cumsum(np.bincount(nodes, minlength=count))))
        return _Held(np.argsort(nodes, kind="stable"), starts)

    def held(self, nodes: Whole) -> tuple[Whole, Whole]:
        """What lies at these nodes: for each thing the place of its node among ``nodes``, and the thing."""
        begins = self.starts[nodes]
        counts = self.starts[nodes + 1] - begins
        of = np.repeat(np.arange(len(nodes)), counts)
        within = np.arange(len(of)) - np.repeat(np.cumsum(counts) - counts, counts)
        return of, self.order[begins[of] + within]


def _part(graph: Roads, homes: Places, limit: int) -> tuple[csr_array, Whole]:
    """The part of the graph that a home reaches within the limit: its reversed edges and its nodes."""
    reached = dijkstra(csr_array(graph.back.T), indices=np.unique(homes.nodes), min_only=True, limit=limit)
    nodes = np.flatnonzero(np.isfinite(reached)).astype(np.int64)
    return csr_array(graph.back[nodes][:, nodes]), nodes
