"""Medium voltage of a SimBench grid in the columns of the network file.

The busbars of a substation are no part of the network here, as a feeder begins at its own head: each line,
transformer or load that leaves them is a feeder, its breaker the first switch. Behind that, a bus is a node,
a line end with a switch a node of its own, and a transformer hangs behind its switch. A load at medium
voltage gets a transformer of its own.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl
import pyarrow as pa

from wandeng.calc.tracing import Network, Topology
from wandeng.calc.tracing.frames import SCHEMAS, NetworkFrames
from wandeng.twin.simbench.grid import End, Grid

COLUMNS = {
    "substation": ["code", "name", "unit"],
    "feeder": ["code", "name", "substation", "unit"],
    "node": ["code", "feeder", "is_source", "longitude", "latitude"],
    "line": ["code", "node_a", "node_b", "length_m"],
    "switch": ["code", "name", "switch_kind", "feeder", "node_a", "node_b", "normal_open"],
    "transformer": ["code", "name", "feeder", "node", "unit", "capacity_kva", "ownership", "area_name"],
}


@dataclass(frozen=True)
class Equipment:
    """The rows of the file by section, and the transformer of every load that has one."""

    sections: dict[str, pl.DataFrame]
    transformer_of_load: dict[int, str]


@dataclass
class _Draft:
    """What is found while walking the grid; feeders of nodes and switches are told when all of it is
    there."""

    unit: str
    feeders: list[tuple[str, str, str, str]] = field(default_factory=list)
    heads: dict[str, tuple[str, bool]] = field(default_factory=dict)
    """Head node → its feeder, and whether the busbar is alive."""
    nodes: dict[str, tuple[str, str]] = field(default_factory=dict)
    lines: list[tuple[str, str, str, str]] = field(default_factory=list)
    switches: list[tuple[End, str, str]] = field(default_factory=list)
    transformers: list[tuple[str, str, str, str, str, str]] = field(default_factory=list)


def unit_code(grid: Grid) -> str:
    """The one unit that the whole grid belongs to."""
    return f"SB-{grid.code}"


def build(grid: Grid) -> Equipment:
    """Walk a grid. Equipment out of service is left out."""
    draft = _Draft(unit_code(grid))
    busbars = grid.substation_buses()
    substations = _substations(grid, busbars)
    ends = _Ends(grid, draft, busbars, substations)
    for line in grid.in_service("line"):
        a, b = int(line.from_bus), int(line.to_bus)
        if grid.is_medium(a) and grid.is_medium(b):
            code = grid.code_of("line", line.Index)
            node_a, node_b = ends.node("l", line, a, code, "A"), ends.node("l", line, b, code, "B")
            draft.lines.append((code, node_a, node_b, str(round(line.length_km * 1000))))
    for a, b, coupler in grid.couplers:
        if grid.is_medium(a) and a not in busbars:
            draft.switches.append((coupler, ends.bus(a), ends.bus(b)))
    transformer_of_load = dict(_public(grid, draft, ends)) | dict(_private(grid, draft, ends))
    return Equipment(_sections(draft, substations), transformer_of_load)


class _Ends:
    """Where lines and transformers attach: at a bus, behind a switch, or as a feeder at a busbar."""

    def __init__(self, grid: Grid, draft: _Draft, busbars: dict[int, bool], substations: dict[int, str]) -> None:
        self.grid, self.draft, self.busbars, self.substations = grid, draft, busbars, substations

    def bus(self, bus: int) -> str:
        """The node of a bus outside the substations."""
        code = self.grid.code_of("bus", bus)
        self.draft.nodes[code] = self.grid.place(bus)
        return code

    def node(self, what: str, element: Any, bus: int, code: str, side: str) -> str:
        """The node at which one end of an element attaches, with its switch and its head where there is
        one."""
        outer = self.head(bus, code, side) if bus in self.busbars else self.bus(bus)
        end = self.grid.ends.get((what, int(element.Index), bus))
        if end is None:
            return outer
        inner = f"{code}.{side}"
        self.draft.nodes[inner] = self.grid.place(bus)
        self.draft.switches.append((end, outer, inner))
        return inner

    def head(self, bus: int, code: str, side: str) -> str:
        """A new feeder at a busbar; its head node."""
        feeder = f"F-{code}" if side != "B" else f"F-{code}.B"
        head = f"{feeder}.head"
        self.draft.feeders.append((feeder, feeder.removeprefix("F-"), self.substations[bus], self.draft.unit))
        self.draft.heads[head] = (feeder, self.busbars[bus])
        self.draft.nodes[head] = self.grid.place(bus)
        return head


def _substations(grid: Grid, busbars: dict[int, bool]) -> dict[int, str]:
    """A substation for every group of busbars that couplers can join; bus → code of its substation."""
    codes: dict[int, str] = {}
    for bus in busbars:
        if bus not in codes:
            group = grid.coupled([bus], also_open=True)
            told = [grid.net.bus.at[b, "substation"] for b in sorted(group) if "substation" in grid.net.bus]
            name = next((str(text) for text in told if isinstance(text, str)), f"SS-{grid.code_of('bus', bus)}")
            codes.update(dict.fromkeys(group & set(busbars), name.replace(" ", "_")))
    return codes


def _public(grid: Grid, draft: _Draft, ends: _Ends) -> Iterator[tuple[int, str]]:
    """Transformers to low voltage, and the loads in the low voltage they feed."""
    codes: dict[int, str] = {}
    for trafo in grid.in_service("trafo"):
        high, low = int(trafo.hv_bus), int(trafo.lv_bus)
        if grid.is_medium(high) and grid.is_low(low):
            code = codes[int(trafo.Index)] = grid.code_of("trafo", trafo.Index)
            node = ends.node("t", trafo, high, code, "A")
            area = str(grid.net.bus.at[low, "subnet"]) if "subnet" in grid.net.bus else code
            draft.transformers.append((code, code, node, _kva(trafo.sn_mva), "PUBLIC", area))
    area_of_bus = grid.low_voltage()
    for load in grid.in_service("load"):
        trafo = area_of_bus.get(int(load.bus))
        if trafo in codes:
            yield int(load.Index), codes[trafo]


def _private(grid: Grid, draft: _Draft, ends: _Ends) -> Iterator[tuple[int, str]]:
    """Loads at medium voltage, each behind a transformer of its own."""
    for load in grid.in_service("load"):
        bus = int(load.bus)
        if grid.is_medium(bus):
            code = f"{grid.code_of('load', load.Index)}.T"
            node = ends.head(bus, code, "A") if bus in ends.busbars else ends.bus(bus)
            draft.transformers.append((code, code, node, _kva(math.ceil(load.sn_mva * 100) / 100), "CUSTOMER", ""))
            yield int(load.Index), code


def _sections(draft: _Draft, substations: dict[int, str]) -> dict[str, pl.DataFrame]:
    feeder_of = _feeders_of_nodes(draft)
    rows: dict[str, list[tuple[str, ...]]] = {
        "substation": [(code, code, draft.unit) for code in sorted(set(substations.values()))],
        "feeder": list(draft.feeders),
        "node": [
            (code, feeder_of[code], "是" if draft.heads.get(code, ("", False))[1] else "否", *place)
            for code, place in draft.nodes.items()
        ],
        "line": list(draft.lines),
        "switch": [
            (end.code, end.name, end.kind, feeder_of[a], a, b, "否" if end.is_closed else "是")
            for end, a, b in draft.switches
        ],
        "transformer": [
            (code, name, feeder_of[node], node, draft.unit, kva, ownership, area)
            for code, name, node, kva, ownership, area in draft.transformers
        ],
    }
    return {name: pl.DataFrame(rows[name], dict.fromkeys(COLUMNS[name], pl.String), orient="row") for name in COLUMNS}


def _feeders_of_nodes(draft: _Draft) -> dict[str, str]:
    """Home of every node: the feeder that feeds it in the plan; where none does, one that could by closing
    switches."""
    codes = list(draft.nodes)
    at = {code: position for position, code in enumerate(codes)}
    heads = list(draft.heads.items())
    columns: dict[str, list[list[int]]] = {
        "nodes": [list(range(len(codes)))],
        "lines": [[at[line[1]] for line in draft.lines], [at[line[2]] for line in draft.lines]],
        "switches": [
            [end.index for end, _, _ in draft.switches],
            [at[a] for _, a, _ in draft.switches],
            [at[b] for _, _, b in draft.switches],
            [not end.is_closed for end, _, _ in draft.switches],
        ],
        "feeders": [list(range(len(heads))), [at[head] for head, _ in heads]],
        "transformers": [[], []],
        "customers": [[], []],
        "supplies": [[], []],
    }
    frames = {
        name: pa.table([pa.array(c, f.type) for c, f in zip(columns[name], schema, strict=True)], schema=schema)
        for name, schema in SCHEMAS.items()
    }
    network = Network(NetworkFrames(**frames))
    planned = Topology(network).section_feeders()[network.node_section]
    joined = Topology(network, np.zeros(len(draft.switches), dtype=np.bool_)).section_feeders()[network.node_section]
    home = np.where(planned >= 0, planned, np.maximum(joined, 0)).tolist()
    return {code: heads[home[position]][1][0] for code, position in at.items()}


def _kva(megavolt_amperes: float) -> str:
    return f"{megavolt_amperes * 1000:.2f}"
