"""Random networks and random switchings, every answer held against networkx on the same graph.

The graph here is the plain one: all nodes, lines and closed switches, no sections and no labels.
"""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

import networkx as nx
import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from wandeng.calc.tracing import Reach, Topology
from wandeng.calc.tracing.frames import SCHEMAS, NetworkFrames

EXACT = settings(max_examples=150, deadline=None, derandomize=True)


class Truth:
    """The same network as rows and as a networkx graph, answering slowly and obviously."""

    def __init__(self, seed: int) -> None:
        dice = Random(seed)
        self.dice = dice
        count = dice.randint(2, 24)
        self.nodes = dice.sample(range(1, 500), count)
        edges = self._edges(count)
        switched = dice.random()
        self.lines = [e for e in edges if dice.random() > switched]
        rest = [e for e in edges if e not in self.lines]
        numbers = dice.sample(range(1000, 2000), len(rest))
        self.switches = dict(zip(numbers, rest, strict=True))
        tendency = dice.random()
        self.closed = {n: dice.random() < tendency for n in numbers}
        heads = dice.sample(self.nodes, dice.randint(1, min(4, count)))
        self.feeders = {30 - i: head for i, head in enumerate(heads)}
        self.rank = {feeder: i for i, feeder in enumerate(self.feeders)}
        self.transformers = {2000 + i: dice.choice(self.nodes) for i in range(dice.randint(0, 20))}
        self.supplies: dict[int, list[int]] = {}
        for customer in dice.sample(range(5000, 9000), dice.randint(0, 40)):
            if self.transformers:
                several = 1 if dice.random() < 0.8 else dice.randint(2, 3)
                self.supplies[customer] = dice.choices(list(self.transformers), k=several)

    def _edges(self, count: int) -> list[tuple[int, int]]:
        """A random forest with some chords, parallel edges and self loops."""
        tree = [
            (self.nodes[self.dice.randrange(i)], self.nodes[i]) for i in range(1, count) if self.dice.random() < 0.9
        ]
        chords = [(self.dice.choice(self.nodes), self.dice.choice(self.nodes)) for _ in range(self.dice.randint(0, 6))]
        return tree + chords

    def frames(self) -> NetworkFrames:
        rows: dict[str, list[tuple]] = {
            "nodes": [(n,) for n in self.nodes],
            "lines": self.lines,
            "switches": [(n, a, b, not self.closed[n]) for n, (a, b) in self.switches.items()],
            "feeders": list(self.feeders.items()),
            "transformers": list(self.transformers.items()),
            "customers": [(c, on[0]) for c, on in self.supplies.items()],
            "supplies": [(c, t) for c, on in self.supplies.items() for t in on[1:]],
        }
        self.dice.shuffle(rows["customers"])
        tables = {}
        for name, schema in SCHEMAS.items():
            columns = list(zip(*rows[name], strict=True)) or [[] for _ in schema]
            arrays = [pa.array(c, f.type) for c, f in zip(columns, schema, strict=True)]
            tables[name] = pa.table(arrays, schema=schema)
        return NetworkFrames(**tables)

    def graph(self, closed: dict[int, bool]) -> nx.MultiGraph:
        graph = nx.MultiGraph()
        graph.add_nodes_from(self.nodes)
        graph.add_edges_from(self.lines)
        graph.add_edges_from(ends for n, ends in self.switches.items() if closed[n])
        return graph

    def feeders_of_node(self, closed: dict[int, bool]) -> dict[int, frozenset[int]]:
        found: dict[int, frozenset[int]] = {}
        for part in nx.connected_components(self.graph(closed)):
            feeding = frozenset(f for f, head in self.feeders.items() if head in part)
            found.update(dict.fromkeys(part, feeding))
        return found

    def supply(self, closed: dict[int, bool]) -> tuple[dict[int, frozenset[int]], dict[int, frozenset[int]]]:
        """Feeders of each transformer and of each customer."""
        of_node = self.feeders_of_node(closed)
        of_transformer = {t: of_node[n] for t, n in self.transformers.items()}
        of_customer = {c: frozenset().union(*(of_transformer[t] for t in on)) for c, on in self.supplies.items()}
        return of_transformer, of_customer

    def differences(self, before: dict[int, bool], after: dict[int, bool]) -> dict[str, tuple[list[int], list[int]]]:
        sides = zip(self.supply(before), self.supply(after), strict=True)
        kinds: dict[str, list[list[int]]] = {"lost": [], "regained": [], "moved": []}
        for old, new in sides:
            kinds["lost"].append(sorted(k for k in old if old[k] and not new[k]))
            kinds["regained"].append(sorted(k for k in old if new[k] and not old[k]))
            kinds["moved"].append(sorted(k for k in old if old[k] and new[k] and not old[k] & new[k]))
        return {kind: (found[0], found[1]) for kind, found in kinds.items()}

    def rings(self, closed: dict[int, bool], feeder: int) -> int:
        graph = self.graph(closed)
        part = graph.subgraph(nx.node_connected_component(graph, self.feeders[feeder]))
        return part.number_of_edges() - part.number_of_nodes() + 1


def ids(reach: Reach) -> tuple[list[int], list[int]]:
    return sorted(reach.transformers.tolist()), sorted(reach.customers.tolist())


def assert_agrees(topology: Topology, truth: Truth, closed: dict[int, bool]) -> None:
    of_node = truth.feeders_of_node(closed)
    for node, feeding in of_node.items():
        lead = min(feeding, key=truth.rank.__getitem__) if feeding else None
        assert topology.feeder_of_node(node) == lead
    for switch in truth.switches:
        assert topology.is_open(switch) is not closed[switch]
        lost = truth.differences(closed, {**closed, switch: False})["lost"]
        assert ids(topology.downstream(switch)) == lost
    transformers, customers = truth.supply(closed)
    assert ids(topology.unfed()) == (unfed(transformers), unfed(customers))
    states = topology.states()
    rings = {feeder: truth.rings(closed, feeder) for feeder in truth.feeders}
    assert {feeder: topology.island(truth.rank[feeder]).loops for feeder in rings} == rings
    assert set(states.loops) == {feeder for feeder, count in rings.items() if count}
    groups = {frozenset(feeding) for feeding in of_node.values() if len(feeding) > 1}
    assert {frozenset(group) for group in states.parallel} == groups


def unfed(supply: dict[int, frozenset[int]]) -> list[int]:
    return sorted(k for k, feeding in supply.items() if not feeding)


def switch_at_random(truth: Truth, topology: Topology, closed: dict[int, bool]) -> int:
    switch = truth.dice.choice(list(truth.switches))
    closed[switch] = not closed[switch]
    (topology.close if closed[switch] else topology.open)(switch)
    return switch


@EXACT
@given(st.integers(min_value=0, max_value=2**32))
def test_labels_agree_with_the_graph_after_any_switchings(seed: int) -> None:
    truth = Truth(seed)
    topology = Topology.build(truth.frames())
    closed = dict(truth.closed)
    assert_agrees(topology, truth, closed)
    for _ in range(6 if truth.switches else 0):
        switch_at_random(truth, topology, closed)
        assert_agrees(topology, truth, closed)


@EXACT
@given(st.integers(min_value=0, max_value=2**32))
def test_a_what_if_equals_switching_for_good_and_leaves_the_original_alone(seed: int) -> None:
    truth = Truth(seed)
    topology = Topology.build(truth.frames())
    closed = dict(truth.closed)
    chosen = truth.dice.sample(list(truth.switches), min(3, len(truth.switches)))
    after = {**closed, **{switch: not closed[switch] for switch in chosen}}
    changes = topology.what_if(opened=[s for s in chosen if not after[s]], closed=[s for s in chosen if after[s]])
    expected = truth.differences(closed, after)
    assert {kind: ids(getattr(changes, kind)) for kind in expected} == expected
    assert_agrees(topology, truth, closed)


@EXACT
@given(st.integers(min_value=0, max_value=2**32))
def test_a_state_reached_by_switching_equals_one_built_at_once(seed: int) -> None:
    truth = Truth(seed)
    walked = Topology.build(truth.frames())
    closed = dict(truth.closed)
    copies = []
    for _ in range(8 if truth.switches else 0):
        copies.append((walked.copy(), dict(closed)))
        switch_at_random(truth, walked, closed)
    built = Topology(walked.network, positions(walked, closed))
    assert np.array_equal(walked.section_feeders(), built.section_feeders())
    for copy, then in copies:
        again = Topology(walked.network, positions(walked, then))
        assert np.array_equal(copy.section_feeders(), again.section_feeders())
        assert_same_reach(copy, again, truth.switches)


def positions(topology: Topology, closed: dict[int, bool]) -> np.ndarray:
    return np.array([not closed[s] for s in topology.network.switch_ids.tolist()], dtype=bool)


def assert_same_reach(one: Topology, other: Topology, switches: Iterable[int]) -> None:
    for switch in switches:
        assert ids(one.downstream(switch)) == ids(other.downstream(switch))
