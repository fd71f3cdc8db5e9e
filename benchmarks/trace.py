"""Tracing 5.7 million customers: who is behind a switch, and how fast the labels follow a switching.

A synthetic province of 4,000 feeders, 70,000 transformers, 5.7 million customers and 60,000 switches (6,000 of them open
ties) is labeled once; then random switches are traced and random ties are switched over and back. The baseline is
networkx on the same medium-voltage nodes with the same customer ranges, in the same process, given the downstream side
of every switch for free. Random re-supplies are checked against networkx's connected components.

    python benchmarks/trace.py [--small]

Prints one JSON object: what was measured, the baseline, their ratio, and whether both answered identically.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import resource
import statistics
import time
from collections.abc import Callable

import networkx as nx
import numpy as np
import pyarrow as pa

from wandeng.calc.tracing import Topology
from wandeng.calc.tracing.frames import SCHEMAS, NetworkFrames

NODES_PER_FEEDER = 48
FULL = {"feeders": 4_000, "transformers": 70_000, "customers": 5_700_000, "switches": 54_000, "ties": 6_000}
SMALL = {name: count // 40 for name, count in FULL.items()}
SEED = 7


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--small", action="store_true", help="a fortieth of the size, for a quick look")
    parser.add_argument("--queries", type=int, default=1000, help="traces and switchings to time (default 1000)")
    chosen = parser.parse_args()
    size = SMALL if chosen.small else FULL
    print(json.dumps(measure(size, chosen.queries), indent=2))


def measure(size: dict[str, int], queries: int) -> dict[str, object]:
    rng = np.random.default_rng(SEED)
    frames = synthetic(rng, size)
    ties = frames.switches["switch_id"].to_numpy()[frames.switches["is_open"].to_numpy()]
    gc.collect()
    before_mb = memory_mb()
    started = time.perf_counter()
    topology = Topology.build(frames)
    build_s = time.perf_counter() - started
    gc.collect()
    held_mb = memory_mb() - before_mb
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

    closed = np.setdiff1d(topology.network.switch_ids, ties)
    switches = rng.choice(closed, queries).tolist()
    traces, reaches = timed(topology.downstream, switches)
    what_ifs, _ = timed(lambda switch: topology.what_if(opened=[switch]), switches)
    switchings = switch_there_and_back(topology, rng.choice(ties, queries).tolist(), switches)

    baseline, answers = networkx_traces(frames, topology, switches)
    identical = all(
        np.array_equal(np.sort(ours.customers), np.sort(theirs)) for ours, theirs in zip(reaches, answers, strict=True)
    )
    supplies_agree = random_supplies_agree(frames, topology, rng, ties, closed)
    counts = [len(reach.customers) for reach in reaches]
    return {
        "benchmark": "trace",
        "size": {**size, "nodes": len(frames.nodes), "sections": topology.network.section_count},
        "build_s": round(build_s, 3),
        "memory_mb": round(held_mb),
        "peak_memory_mb": round(peak_mb),
        "ours": {"trace_us": summary(traces), "switching_us": summary(switchings), "what_if_us": summary(what_ifs)},
        "customers_behind_a_switch": {"median": statistics.median(counts), "max": max(counts)},
        "baseline": {"name": "networkx on MV nodes + customer ranges", "trace_us": summary(baseline)},
        "ratio": round(statistics.median(baseline) / statistics.median(traces), 1),
        "identical": identical and supplies_agree,
    }


def synthetic(rng: np.random.Generator, size: dict[str, int]) -> NetworkFrames:
    """A forest of random feeders: each node hangs on one of the few nodes before it, so that feeders are long."""
    feeders, per = size["feeders"], NODES_PER_FEEDER
    place = np.arange(1, per)
    back = np.minimum(rng.geometric(0.6, (feeders, per - 1)), place)
    parent = (np.arange(feeders)[:, None] * per + place - back).ravel()
    child = (np.arange(feeders)[:, None] * per + place).ravel()
    is_switch = np.zeros(len(child), dtype=bool)
    is_switch[:: per - 1] = True
    others = np.flatnonzero(~is_switch)
    is_switch[rng.choice(others, size["switches"] - feeders, replace=False)] = True
    nodes = feeders * per
    tie_from = rng.integers(0, nodes, size["ties"])
    tie_to = (tie_from + per * rng.integers(1, 6, size["ties"])) % nodes
    ends = [
        np.concatenate((child_or_parent[is_switch], tie))
        for child_or_parent, tie in ((parent, tie_from), (child, tie_to))
    ]
    open_ties = np.repeat([False, True], [size["switches"], size["ties"]])
    shares = rng.lognormal(0, 1, size["transformers"])
    customers = rng.multinomial(size["customers"], shares / shares.sum())
    columns = {
        "nodes": [np.arange(nodes)],
        "lines": [parent[~is_switch], child[~is_switch]],
        "switches": [np.arange(len(open_ties)), *ends, open_ties],
        "feeders": [np.arange(feeders), np.arange(feeders) * per],
        "transformers": [np.arange(size["transformers"]), rng.integers(0, nodes, size["transformers"])],
        "customers": [np.arange(size["customers"]), np.repeat(np.arange(size["transformers"]), customers)],
        "supplies": [np.empty(0, np.int64), np.empty(0, np.int64)],
    }
    return NetworkFrames(**{name: pa.table(columns[name], schema=schema) for name, schema in SCHEMAS.items()})


def timed(call: Callable[[int], object], arguments: list[int]) -> tuple[list[float], list]:
    times, results = [], []
    for argument in arguments:
        started = time.perf_counter_ns()
        result = call(argument)
        times.append((time.perf_counter_ns() - started) / 1000)
        results.append(result)
    return times, results


def switch_there_and_back(topology: Topology, ties: list[int], switches: list[int]) -> list[float]:
    """Interrupt behind a switch, close a tie, and undo both: four switchings a round."""
    times: list[float] = []
    for tie, switch in zip(ties, switches, strict=True):
        for change, which in (
            (topology.open, switch),
            (topology.close, tie),
            (topology.open, tie),
            (topology.close, switch),
        ):
            times.extend(timed(change, [which])[0])
    return times


def networkx_traces(
    frames: NetworkFrames, topology: Topology, switches: list[int]
) -> tuple[list[float], list[np.ndarray]]:
    """Depth-first search from the far side of each switch over closed edges, then the customer ranges it meets."""
    graph, ends = closed_graph(frames, topology)
    start = np.searchsorted(frames.customers["transformer_id"].to_numpy(), np.arange(len(frames.transformers) + 1))
    ids = frames.customers["customer_id"].to_numpy()
    at_node: dict[int, list[tuple[int, int]]] = {}
    for transformer, node in enumerate(frames.transformers["node_id"].to_pylist()):
        at_node.setdefault(node, []).append((int(start[transformer]), int(start[transformer + 1])))

    def trace(switch: int) -> np.ndarray:
        near, far = ends[switch]
        seen, stack, parts = {near, far}, [far], [ids[:0]]
        while stack:
            node = stack.pop()
            parts.extend(ids[lo:hi] for lo, hi in at_node.get(node, ()))
            for other in graph.adj[node]:
                if other not in seen:
                    seen.add(other)
                    stack.append(other)
        return np.concatenate(parts)

    return timed(trace, switches)


def closed_graph(frames: NetworkFrames, topology: Topology) -> tuple[nx.MultiGraph, list[tuple[int, int]]]:
    """Lines and switches as they stand in ``topology``; the ends of every switch, the head's side first."""
    ends = list(
        zip(frames.switches["from_node_id"].to_pylist(), frames.switches["to_node_id"].to_pylist(), strict=True)
    )
    graph = nx.MultiGraph()
    graph.add_nodes_from(frames.nodes["node_id"].to_pylist())
    lines = (frames.lines["from_node_id"].to_pylist(), frames.lines["to_node_id"].to_pylist())
    graph.add_edges_from(zip(*lines, strict=True))
    ids = frames.switches["switch_id"].to_pylist()
    graph.add_edges_from(pair for switch, pair in zip(ids, ends, strict=True) if not topology.is_open(switch))
    return graph, ends


def random_supplies_agree(
    frames: NetworkFrames, topology: Topology, rng: np.random.Generator, ties: np.ndarray, closed: np.ndarray
) -> bool:
    """Leave a tenth of random switches open and ties closed; feeder of every node must equal the graph's parts."""
    for switch in rng.choice(closed, len(closed) // 10, replace=False).tolist():
        topology.open(switch)
    for tie in rng.choice(ties, len(ties) // 2, replace=False).tolist():
        topology.close(tie)
    graph, _ = closed_graph(frames, topology)
    heads = dict(zip(frames.feeders["head_node_id"].to_pylist(), frames.feeders["feeder_id"].to_pylist(), strict=True))
    expected = np.full(len(frames.nodes), -1)
    for part in nx.connected_components(graph):
        expected[list(part)] = min((heads[node] for node in part if node in heads), default=-1)
    return np.array_equal(expected, topology.section_feeders()[topology.network.node_section])


def memory_mb() -> float:
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20


def summary(times_us: list[float]) -> dict[str, float]:
    ordered = sorted(times_us)
    return {
        "median": round(statistics.median(ordered), 2),
        "p99": round(ordered[int(len(ordered) * 0.99)], 2),
        "max": round(ordered[-1], 2),
    }


if __name__ == "__main__":
    main()
