"""A switching state (开关状态): answers at once who is behind a switch, and follows each switching.

Keep one instance for the normal state (正常方式: plans, home feeder, repeat counts) and one for the current
state (当前方式: calls, restoration). Islands are immutable and shared between copies, so a copy costs some
ten microseconds and a what-if touches only the feeders it changes. Labels are never history: interruptions
are written down when they happen.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from wandeng.calc.tracing import changes
from wandeng.calc.tracing.frames import NetworkFrames
from wandeng.calc.tracing.islands import Cut, Island, Reach, walk
from wandeng.calc.tracing.network import Ints, Network

UNFED = -1


class Switching(NamedTuple):
    """What a switching touched: the feeders labeled again, and the states a dispatcher must know of.

    ``loops``: feeders with a closed ring; ``parallel``: groups of feeders whose sources run in parallel. Both
    are states, not errors, and both are reported for the touched feeders only. All by feeder id; empty when
    the switch already stood so or both of its sides are dead.
    """

    feeders: tuple[int, ...]
    loops: tuple[int, ...]
    parallel: tuple[tuple[int, ...], ...]


class Topology:
    """Labels of every feeder for one set of switch positions."""

    __slots__ = ("_closed", "_feeder", "_islands", "network")

    def __init__(self, network: Network, is_open: npt.NDArray[np.bool_] | None = None) -> None:
        """Label all feeders; ``is_open`` stands in the order of ``network.switch_ids``, else as given."""
        self.network = network
        opened = network.switch_is_open if is_open is None else is_open
        self._closed = bytearray((~opened).astype(np.uint8).tobytes())
        self._feeder = array("i", [UNFED]) * network.section_count
        self._islands: list[Island | None] = [None] * len(network.feeder_head)
        self._label(range(len(network.feeder_head)))

    @classmethod
    def build(cls, frames: NetworkFrames) -> Topology:
        """The state given by ``is_open`` of the switches. Raises as :class:`Network` does."""
        return cls(Network(frames))

    def copy(self) -> Topology:
        """An independent state that shares all islands until they are switched."""
        twin = Topology.__new__(Topology)
        twin.network = self.network
        twin._closed = self._closed[:]
        twin._feeder = self._feeder[:]
        twin._islands = self._islands[:]
        return twin

    def is_open(self, switch_id: int) -> bool:
        """Raises :class:`NotFound` for an unknown switch, as every method that takes one."""
        return not self._closed[self.network.switch(switch_id)]

    def downstream(self, switch_id: int) -> Reach:
        """Who loses supply if this switch opens now; nobody in a ring or where it stands open or dead."""
        switch = self.network.switch(switch_id)
        feeder = self._feeder[self.network.switch_sections[switch][0]]
        if feeder < 0:
            return self._nobody()
        island = self.island(feeder)
        cut = island.cuts.get(switch)
        if cut is None:
            return self._nobody()
        transformers = island.transformers[cut[0] : cut[1]]
        customers = island.customers[cut[2] : cut[3]]
        if island.shared:
            customers = self._with_shared(island, cut, customers)
        return Reach(transformers, customers)

    def _with_shared(self, island: Island, cut: Cut, customers: Ints) -> Ints:
        feeder = self._feeder
        out = [
            customer
            for customer, places, elsewhere in island.shared
            if all(cut.t_lo <= at < cut.t_hi for at in places) and all(feeder[s] < 0 for s in elsewhere)
        ]
        return np.concatenate((customers, np.asarray(out, dtype=np.int64))) if out else customers

    def _nobody(self) -> Reach:
        return Reach(self.network.transformer_ids[:0], self.network.customer_ids[:0])

    def open(self, switch_id: int) -> Switching:
        """Open a switch and label its island again; what is left without supply gets no feeder."""
        return self._switch(switch_id, 0)

    def close(self, switch_id: int) -> Switching:
        """Close a switch and label the one or two islands it joins; a dead part is entered from the tie."""
        return self._switch(switch_id, 1)

    def _switch(self, switch_id: int, position: int) -> Switching:
        switch = self.network.switch(switch_id)
        if self._closed[switch] == position:
            return Switching((), (), ())
        self._closed[switch] = position
        touched: set[int] = set()
        for section in self.network.switch_sections[switch]:
            if (feeder := self._feeder[section]) >= 0:
                touched.update(self.island(feeder).feeders)
        self._clear(touched)
        self._label(sorted(touched))
        return self._report(touched)

    def _clear(self, feeders: Iterable[int]) -> None:
        for feeder in feeders:
            island = self._islands[feeder]
            if island is None:
                continue
            for section in island.sections:
                self._feeder[section] = UNFED
            for other in island.feeders:
                self._islands[other] = None

    def _label(self, feeders: Iterable[int]) -> None:
        """Walk the feeders that have no island yet, in order: the lowest of several names the island."""
        for feeder in feeders:
            if self._islands[feeder] is not None:
                continue
            island = walk(self.network, self._closed, self.network.feeder_head[feeder])
            for other in island.feeders:
                self._islands[other] = island
            for section in island.sections:
                self._feeder[section] = feeder

    def _report(self, feeders: Iterable[int]) -> Switching:
        ids = self.network.feeder_ids
        ordered = sorted(feeders)
        loops = tuple(int(ids[f]) for f in ordered if self.island(f).loops)
        groups = {self.island(f).feeders for f in ordered if len(self.island(f).feeders) > 1}
        parallel = tuple(tuple(int(ids[f]) for f in group) for group in sorted(groups))
        return Switching(tuple(int(ids[f]) for f in ordered), loops, parallel)

    def states(self) -> Switching:
        """The same report for all feeders: every closed ring and every pair of sources in parallel."""
        return self._report(range(len(self._islands)))

    def island(self, feeder: int) -> Island:
        """The island a feeder (by position) feeds, alone or with others."""
        island = self._islands[feeder]
        if island is None:
            raise AssertionError(f"feeder {feeder} was cleared and not labeled again")
        return island

    def feeders_of_section(self, section: int) -> tuple[int, ...]:
        """Positions of the feeders that feed a section now; empty when none does."""
        feeder = self._feeder[section]
        return self.island(feeder).feeders if feeder >= 0 else ()

    def feeder_of_node(self, node_id: int) -> int | None:
        """Id of the feeder (the lowest position of several in parallel) that feeds a node, or ``None``."""
        return self._feeder_id(int(self.network.node_section[self.network.node(node_id)]))

    def feeder_of_transformer(self, transformer_id: int) -> int | None:
        """Id of the feeder that feeds a transformer, or ``None``."""
        at = self.network.transformer(transformer_id)
        return self._feeder_id(int(self.network.transformer_section[at]))

    def _feeder_id(self, section: int) -> int | None:
        feeder = self._feeder[section]
        return int(self.network.feeder_ids[feeder]) if feeder >= 0 else None

    def section_feeders(self) -> npt.NDArray[np.int32]:
        """Feeder position of every section, -1 where unfed: a copy, for column work."""
        return np.array(self._feeder, dtype=np.int32)

    def unfed(self) -> Reach:
        """Everybody without supply in this state: the interrupted."""
        dead = np.flatnonzero(self.section_feeders() < 0).tolist()
        customers = self.network.customers_of(dead)
        out = [
            customer
            for customer, transformers in self.network.supplies
            if all(self._feeder[int(self.network.transformer_section[t])] < 0 for t in transformers)
        ]
        if out:
            customers = np.concatenate((customers, np.asarray(out, dtype=np.int64)))
        return Reach(self.network.transformers_of(dead), customers)

    def what_if(self, *, opened: Iterable[int] = (), closed: Iterable[int] = ()) -> changes.Changes:
        """Who would be lost, regained or moved if these switches stood so; this state stays as it is."""
        trial = self.copy()
        for switch_id in opened:
            trial.open(switch_id)
        for switch_id in closed:
            trial.close(switch_id)
        return changes.compare(self, trial)

    def islands_unlike(self, other: Topology) -> list[int]:
        """Positions of the feeders whose island differs between two states of one network."""
        pairs = enumerate(zip(self._islands, other._islands, strict=True))
        return [feeder for feeder, (mine, theirs) in pairs if mine is not theirs]

    def feeders_of_nodes(self, node_ids: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        """Feeder id of each node, -1 where unfed: :meth:`feeder_of_node` for columns."""
        return self._feeder_ids(self.network.sections_of(node_ids))

    def feeders_of_transformers(self) -> npt.NDArray[np.int64]:
        """Feeder id of each transformer in the order of ``network.transformer_ids``, -1 where unfed."""
        return self._feeder_ids(self.network.transformer_section)

    def _feeder_ids(self, sections: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
        at = self.section_feeders()[sections]
        ids = np.append(self.network.feeder_ids, UNFED)
        return np.asarray(ids[at], dtype=np.int64)

    def open_switches(self) -> npt.NDArray[np.int64]:
        """Ids of all switches that stand open."""
        is_open = np.frombuffer(self._closed, dtype=np.uint8) == 0
        return np.asarray(self.network.switch_ids[is_open], dtype=np.int64)
