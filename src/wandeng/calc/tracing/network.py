"""What switching never changes: the sections between switches, how switches join them, and who hangs on each.

Nodes joined by lines without a switch always live and die together. They are merged once into sections
(开关段, the switch areas of CIM), so that walking a feeder visits some fifteen sections instead of fifty
nodes, and the customers of a section are one slice.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from wandeng.calc.tracing.frames import NetworkFrames
from wandeng.kernel.errors import InvalidInput, NotFound

Ints = npt.NDArray[np.int64]
Supply = tuple[int, tuple[int, ...]]
"""A customer with several supplies: its id and the positions of its transformers."""


class Network:
    """The static half of a topology, shared by every state and every copy.

    Positions (dense, from 0) are used inside; the ``*_ids`` arrays turn them into the stores' ids.
    Transformers stand in section order, customers in transformer order:
    ``transformer_start[s]:transformer_start[s + 1]`` are the transformers of section ``s``,
    ``customer_start`` the same for its customers.
    """

    def __init__(self, frames: NetworkFrames) -> None:
        """Merge nodes into sections and sort transformers and customers by them.

        Raises :class:`InvalidInput` for an id that occurs twice, an end that is no node, a head that two
        feeders share, or a customer on an unknown transformer.
        """
        nodes = _Ids("node", _ints(frames.nodes, "node_id"))
        lines = [nodes.positions(_ints(frames.lines, c), "lines") for c in ("from_node_id", "to_node_id")]
        self._nodes = nodes
        self.node_section, self.section_count = _merge(len(nodes.ids), lines[0], lines[1])
        self.section_loops = _loops(self.node_section, self.section_count, lines[0])

        switches = _Ids("switch", _ints(frames.switches, "switch_id"))
        ends = [
            self.node_section[nodes.positions(_ints(frames.switches, c), "switches")]
            for c in ("from_node_id", "to_node_id")
        ]
        self.switch_ids = switches.ids
        self.switch_sections: list[tuple[int, int]] = list(zip(*(e.tolist() for e in ends), strict=True))
        self.switch_is_open = np.asarray(frames.switches["is_open"].to_numpy(), dtype=np.bool_)
        self._switch_position = {switch: at for at, switch in enumerate(switches.ids.tolist())}
        self.links = _links(self.section_count, ends[0], ends[1])

        feeders = _Ids("feeder", _ints(frames.feeders, "feeder_id"))
        heads = nodes.positions(_ints(frames.feeders, "head_node_id"), "feeders")
        if len(np.unique(heads)) != len(heads):
            raise InvalidInput("feeders: two feeders start at the same node; give each its own head")
        self.feeder_ids = feeders.ids
        self.feeder_head: list[int] = self.node_section[heads].tolist()
        self.section_feeders: dict[int, list[int]] = {}
        for feeder, section in enumerate(self.feeder_head):
            self.section_feeders.setdefault(section, []).append(feeder)

        self._place_transformers(frames)
        self._place_customers(frames)

    def _place_transformers(self, frames: NetworkFrames) -> None:
        ids = _ints(frames.transformers, "transformer_id")
        at = self._nodes.positions(_ints(frames.transformers, "node_id"), "transformers")
        section = self.node_section[at]
        order = np.argsort(section, kind="stable")
        self.transformer_section: Ints = section[order]
        self._transformers = _Ids("transformer", ids[order])
        self.transformer_ids = self._transformers.ids
        self.transformer_start: list[int] = np.searchsorted(
            self.transformer_section, np.arange(self.section_count + 1)
        ).tolist()

    def _place_customers(self, frames: NetworkFrames) -> None:
        ids = _ints(frames.customers, "customer_id")
        transformer = self._transformers.positions(_ints(frames.customers, "transformer_id"), "customers")
        further = _ints(frames.supplies, "customer_id")
        self.supplies: list[Supply] = []
        self.section_supplies: dict[int, list[int]] = {}
        if len(further):
            on = self._transformers.positions(_ints(frames.supplies, "transformer_id"), "supplies")
            several = np.isin(ids, further)
            self._pair_supplies(ids[several], transformer[several], further, on)
            ids, transformer = ids[~several], transformer[~several]
        if len(transformer) and np.any(transformer[1:] < transformer[:-1]):
            order = np.argsort(transformer, kind="stable")
            ids, transformer = ids[order], transformer[order]
        self.customer_ids: Ints = ids
        counts = np.bincount(transformer, minlength=len(self.transformer_ids))
        upto = np.concatenate(([0], np.cumsum(counts)))
        self.transformer_customers: Ints = counts
        self.customer_start: list[int] = upto[np.asarray(self.transformer_start)].tolist()

    def _pair_supplies(self, ids: Ints, transformer: Ints, further: Ints, on: Ints) -> None:
        fed_by: dict[int, list[int]] = {}
        pairs = zip(ids.tolist(), transformer.tolist(), strict=True)
        for customer, position in pairs:
            if customer in fed_by:
                raise InvalidInput(f"customers: customer {customer} occurs twice")
            fed_by[customer] = [position]
        for customer, position in zip(further.tolist(), on.tolist(), strict=True):
            if customer not in fed_by:
                raise InvalidInput(f"supplies: customer {customer} has no first supply")
            fed_by[customer].append(position)
        for customer, positions in fed_by.items():
            for section in {int(self.transformer_section[p]) for p in positions}:
                self.section_supplies.setdefault(section, []).append(len(self.supplies))
            self.supplies.append((customer, tuple(positions)))

    def switch(self, switch_id: int) -> int:
        """Position of a switch. Raises :class:`NotFound`."""
        try:
            return self._switch_position[switch_id]
        except KeyError:
            raise NotFound(f"no switch {switch_id} in this network", switch_id=switch_id) from None

    def node(self, node_id: int) -> int:
        """Position of a node. Raises :class:`NotFound`."""
        return self._nodes.position(node_id)

    def transformer(self, transformer_id: int) -> int:
        """Position of a transformer. Raises :class:`NotFound`."""
        return self._transformers.position(transformer_id)

    def sections_of(self, node_ids: Ints) -> Ints:
        """Section of each node. Raises :class:`InvalidInput` for an unknown node."""
        found: Ints = self.node_section[self._nodes.positions(node_ids, "nodes")]
        return found

    def transformers_of(self, sections: Sequence[int]) -> Ints:
        """Ids of the transformers in these sections, in their order."""
        start = self.transformer_start
        return _gather(self.transformer_ids, [(start[s], start[s + 1]) for s in sections])

    def customers_of(self, sections: Sequence[int]) -> Ints:
        """Ids of the customers with a single supply in these sections, in their order."""
        start = self.customer_start
        return _gather(self.customer_ids, [(start[s], start[s + 1]) for s in sections])


class _Ids:
    """The ids of one kind in their given order, and their positions."""

    def __init__(self, kind: str, ids: Ints) -> None:
        self.kind = kind
        self.ids = ids
        self._order = np.argsort(ids, kind="stable")
        self._sorted = ids[self._order]
        twice = self._sorted[1:][self._sorted[1:] == self._sorted[:-1]]
        if len(twice):
            raise InvalidInput(f"{kind} {twice[0]} occurs twice")

    def positions(self, wanted: Ints, table: str) -> Ints:
        if not len(wanted):
            return wanted
        if not len(self.ids):
            raise InvalidInput(f"{table}: there is no {self.kind} {wanted[0]}")
        at = np.minimum(np.searchsorted(self._sorted, wanted), len(self._sorted) - 1)
        unknown = wanted[self._sorted[at] != wanted]
        if len(unknown):
            raise InvalidInput(f"{table}: there is no {self.kind} {unknown[0]}")
        return self._order[at]

    def position(self, wanted: int) -> int:
        at = int(np.searchsorted(self._sorted, wanted))
        if at == len(self._sorted) or self._sorted[at] != wanted:
            raise NotFound(f"no {self.kind} {wanted} in this network")
        return int(self._order[at])


def _ints(table: pa.Table, column: str) -> Ints:
    return np.asarray(table[column].to_numpy(), dtype=np.int64)


def _merge(count: int, a: Ints, b: Ints) -> tuple[Ints, int]:
    """Section of every node: connected components over the lines, numbered by their first node."""
    label = np.arange(count, dtype=np.int64)
    while True:
        la, lb = label[a], label[b]
        apart = la != lb
        if not apart.any():
            break
        np.minimum.at(label, np.maximum(la, lb)[apart], np.minimum(la, lb)[apart])
        while not np.array_equal(shorter := label[label], label):
            label = shorter
    roots, section = np.unique(label, return_inverse=True)
    return section.astype(np.int64), len(roots)


def _loops(node_section: Ints, section_count: int, line_from: Ints) -> dict[int, int]:
    """Rings that lines close without any switch, by section: lines - (nodes - 1)."""
    lines = np.bincount(node_section[line_from], minlength=section_count)
    rings = lines - np.bincount(node_section, minlength=section_count) + 1
    return {int(section): int(rings[section]) for section in np.flatnonzero(rings > 0)}


def _links(section_count: int, a: Ints, b: Ints) -> list[tuple[tuple[int, int], ...]]:
    """(switch, other section) of every section; a switch with both ends in one section is listed once."""
    switch = np.arange(len(a), dtype=np.int64)
    between = a != b
    here = np.concatenate((a, b[between]))
    other = np.concatenate((b, a[between]))
    via = np.concatenate((switch, switch[between]))
    order = np.lexsort((via, here))
    pairs = list(zip(via[order].tolist(), other[order].tolist(), strict=True))
    edge = np.searchsorted(here[order], np.arange(section_count + 1)).tolist()
    return [tuple(pairs[edge[s] : edge[s + 1]]) for s in range(section_count)]


def _gather(ids: Ints, ranges: Sequence[tuple[int, int]]) -> Ints:
    parts = [ids[lo:hi] for lo, hi in ranges if lo < hi]
    if not parts:
        return ids[:0]
    return np.concatenate(parts) if len(parts) > 1 else parts[0]
