"""Travel time over a road graph, who is outside, next places: known small maps, and the slow oracle on random ones."""

from __future__ import annotations

from dataclasses import dataclass

import networkx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wandeng.calc import coverage
from wandeng.calc.coverage import NEVER, NextPoint, Places, Roads
from wandeng.calc.oracle import coverage as oracle
from wandeng.kernel.errors import InvalidInput


def whole(*values: int) -> np.ndarray:
    return np.array(values, dtype=np.int64)


def places(*pairs: tuple[int, int]) -> Places:
    return Places(whole(*(node for node, _ in pairs)), whole(*(off for _, off in pairs)))


def graph(count: int, *edges: tuple[int, int, int]) -> Roads:
    return coverage.roads(count, *(whole(*(edge[part] for edge in edges)) for part in range(3)))


def both(*edges: tuple[int, int, int]) -> list[tuple[int, int, int]]:
    return [way for tail, head, seconds in edges for way in ((tail, head, seconds), (head, tail, seconds))]


LINE = graph(5, *both((0, 1, 100), (1, 2, 200), (2, 3, 300)))
"""0 –100– 1 –200– 2 –300– 3, and 4 on an island."""


def test_nearest_of_two_points_along_a_road() -> None:
    found = coverage.reach(LINE, places((1, 0), (2, 5), (3, 0), (4, 0)), places((0, 10), (3, 0)))
    assert found.seconds.tolist() == [110, 305, 0, NEVER]
    assert found.nearest.tolist() == [0, 1, 1, NEVER]
    assert found.within(304).tolist() == [True, False, True, False]
    assert found.within(305).tolist() == [True, True, True, False]


def test_a_point_off_the_road_yields_to_a_farther_one_at_it() -> None:
    found = coverage.reach(LINE, places((1, 0)), places((1, 500), (2, 0)))
    assert (found.seconds.tolist(), found.nearest.tolist()) == ([200], [1])


def test_one_way_roads_lead_from_home_to_point() -> None:
    one_way = graph(2, (0, 1, 60))
    assert coverage.reach(one_way, places((0, 0), (1, 0)), places((1, 0))).seconds.tolist() == [60, 0]
    assert coverage.reach(one_way, places((0, 0), (1, 0)), places((0, 0))).seconds.tolist() == [0, NEVER]


def test_the_fastest_of_parallel_edges_counts_and_they_do_not_add_up() -> None:
    found = coverage.reach(graph(2, (0, 1, 90), (0, 1, 40), (0, 1, 70)), places((0, 0)), places((1, 0)))
    assert found.seconds.tolist() == [40]


def test_edges_of_no_time_are_ways() -> None:
    found = coverage.reach(graph(3, (0, 1, 0), (1, 2, 7)), places((0, 0)), places((2, 0)))
    assert found.seconds.tolist() == [7]


@pytest.mark.parametrize("edge", [(0, 5, 1), (-1, 0, 1), (0, 1, -1)])
def test_an_edge_that_cannot_be_is_named(edge: tuple[int, int, int]) -> None:
    with pytest.raises(InvalidInput) as refused:
        graph(5, (0, 1, 3), edge)
    assert refused.value.facts["edge"] == 1


def test_without_points_nobody_reaches_one() -> None:
    found = coverage.reach(LINE, places((1, 0)), places())
    assert (found.seconds.tolist(), found.nearest.tolist()) == ([NEVER], [NEVER])


def test_snapping_finds_the_nearest_node_and_its_meters() -> None:
    nodes = (np.array([111.60, 111.61]), np.array([26.5, 26.5]))
    at, meters = coverage.snap(np.array([111.6001, 111.609]), np.array([26.5, 26.501]), nodes)
    assert at.tolist() == [0, 1]
    # 0.0001° of longitude at 26.5° is 9.95 m; 0.001° each way is 99.5 m by 111.2 m.
    assert meters.tolist() == [10, 149]
    with pytest.raises(InvalidInput):
        coverage.snap(np.array([111.6]), np.array([26.5]), (np.array([]), np.array([])))


def test_next_places_take_the_most_people_first_and_stop_when_nobody_is_left() -> None:
    homes = places((0, 0), (1, 0), (2, 0), (3, 0), (4, 0))
    outside = np.array([True] * 5)
    found = coverage.next_points(
        LINE, homes, whole(5, 1, 1, 20, 7), outside=outside, sites=homes, limit=150, count=4
    )  # fmt: skip
    assert found.points == (NextPoint(3, 20), NextPoint(4, 7), NextPoint(0, 6), NextPoint(2, 1))
    assert found.people == 34 == found.at_most
    more = coverage.next_points(LINE, homes, whole(5, 0, 0, 0, 0), outside=outside, sites=homes, limit=150, count=3)
    assert more.points == (NextPoint(0, 5),)  # the first of two that are equal; no second is of use
    none = coverage.next_points(LINE, homes, whole(5, 1, 1, 2, 7), outside=~outside, sites=homes, limit=150, count=3)
    assert (none.points, none.at_most) == ((), 0)


@dataclass(frozen=True)
class Map:
    """A random map, as plain values."""

    count: int
    edges: list[tuple[int, int, int]]
    homes: list[tuple[int, int]]
    people: list[int]
    points: list[tuple[int, int]]
    sites: list[tuple[int, int]]
    limit: int


@st.composite
def maps(draw: st.DrawFn) -> Map:
    count = draw(st.integers(2, 9))
    node = st.integers(0, count - 1)
    place = st.tuples(node, st.integers(0, 5))
    homes = draw(st.lists(place, min_size=1, max_size=9))
    people = draw(st.lists(st.integers(0, 9), min_size=len(homes), max_size=len(homes)))
    edges = draw(st.lists(st.tuples(node, node, st.integers(0, 12)), max_size=25))
    return Map(count, edges, homes, people, draw(st.lists(place, max_size=3)),
               draw(st.lists(place, max_size=7)), draw(st.integers(0, 25)))  # fmt: skip


@given(maps())
def test_seconds_are_the_oracles(given_map: Map) -> None:
    found = coverage.reach(
        graph(given_map.count, *given_map.edges), places(*given_map.homes), places(*given_map.points)
    )
    told = oracle.seconds(given_map.count, given_map.edges, given_map.homes, given_map.points)
    assert found.seconds.tolist() == [NEVER if one is None else one for one in told]
    for home, point in enumerate(found.nearest.tolist()):
        alone = [None] if point == NEVER else [given_map.points[point]]
        if point != NEVER:
            assert oracle.seconds(given_map.count, given_map.edges, [given_map.homes[home]], alone) == [told[home]]


@given(maps())
def test_a_point_more_never_makes_a_way_longer(given_map: Map) -> None:
    roads, homes = graph(given_map.count, *given_map.edges), places(*given_map.homes)
    before = coverage.reach(roads, homes, places(*given_map.points))
    after = coverage.reach(roads, homes, places(*given_map.points, *given_map.sites))
    for limit in range(0, 30, 5):
        assert not (before.within(limit) & ~after.within(limit)).any()


@given(maps())
def test_next_places_win_what_they_say_and_enough_of_the_best(given_map: Map) -> None:
    roads, homes = graph(given_map.count, *given_map.edges), places(*given_map.homes)
    outside = ~coverage.reach(roads, homes, places(*given_map.points)).within(given_map.limit)
    found = coverage.next_points(
        roads, homes, whole(*given_map.people), outside=outside, sites=places(*given_map.sites), limit=given_map.limit,
        count=3,
    )  # fmt: skip
    people = [one if out else 0 for one, out in zip(given_map.people, outside.tolist(), strict=True)]
    served = oracle.served(given_map.count, given_map.edges, given_map.homes, given_map.sites, given_map.limit)
    chosen: list[int] = []
    for point in found.points:
        gains = [oracle.gained(served, people, [*chosen, site]) for site in range(len(served))]
        before = oracle.gained(served, people, chosen) if chosen else 0
        assert (point.people, point.site) == (max(gains) - before, gains.index(max(gains)))
        chosen.append(point.site)
    best = oracle.best(served, people, 3)
    assert 27 * found.people >= 19 * best
    assert found.people <= best <= found.at_most


def test_a_town_on_a_grid_is_as_networkx_says() -> None:
    dice = np.random.default_rng(7)
    side = 40
    towns = networkx.grid_2d_graph(side, side)
    edges = [(a[0] * side + a[1], b[0] * side + b[1], int(dice.integers(20, 90))) for a, b in towns.edges]
    plain = networkx.DiGraph()
    plain.add_weighted_edges_from(both(*edges))
    points = [int(one) for one in dice.choice(side * side, 9, replace=False)]
    homes = Places(np.arange(side * side), np.zeros(side * side, dtype=np.int64))
    found = coverage.reach(graph(side * side, *both(*edges)), homes, places(*((point, 0) for point in points)))
    told = networkx.multi_source_dijkstra_path_length(plain.reverse(), set(points))
    assert found.seconds.tolist() == [told[node] for node in range(side * side)]
