"""The normal and the current state of the network, kept in each process that shows pages.

Building the labels takes seconds in a province; asking them takes microseconds, and following a switching too. So a
process keeps them with the marks of the network (``revision``) they were built from, and looks at the marks before each
answer: a switching, of whichever process, is followed by moving what moved; any other change is built anew. What was
handed out is never changed afterwards, so threads may read it while another one refreshes.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time

from wandeng.calc.tracing import Topology
from wandeng.domains.network import revision
from wandeng.domains.network.frames import connectivity
from wandeng.domains.network.types import State
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.periods import BILLING_ZONE


@dataclass(frozen=True, slots=True, eq=False)
class Live:
    """Both states of one network, and how many accounts each transformer supplies on ``on``.

    An account with several supplies counts at each of its transformers. ``marks`` tells one network from another, and
    is ``None`` when nobody keeps count of them.
    """

    normal: Topology
    current: Topology
    supplied: dict[int, int]
    on: date
    marks: revision.Marks | None

    def state(self, state: State) -> Topology:
        return self.normal if state is State.NORMAL else self.current


UNFED = -1
"""What stands for no feeder in the columns of a topology."""

_kept: Live | None = None
_lock = threading.Lock()


def states(on: date) -> Live:
    """The network as it stands now, with the customers of the local day ``on``.

    Raises :class:`InvalidInput` where a feeder has not exactly one source.
    """
    global _kept
    marks = revision.marks()
    if not marks.equipment:
        return _build(on, None)
    with _lock:
        kept = _kept
        if kept is None or kept.marks is None or kept.on != on or kept.marks.equipment != marks.equipment:
            _kept = _build(on, marks)
        elif kept.marks.switching != marks.switching:
            _kept = _follow(kept, marks)
        assert _kept is not None
        return _kept


def equipment(on: date) -> Live:
    """The same for who asks of equipment only: what is kept, whichever day its customers are of.

    Raises as :func:`states`.
    """
    marks, kept = revision.marks(), _kept
    if kept is not None and marks.equipment and kept.marks is not None and kept.marks.equipment == marks.equipment:
        return kept
    return states(on)


def _build(on: date, marks: revision.Marks | None) -> Live:
    # Noon: the day counts, not the hour.
    at = datetime.combine(on, time(12), BILLING_ZONE)
    with ColumnStore() as store:
        normal = Topology.build(connectivity.network(store, state=State.NORMAL, at=at))
        current = _switched(store, normal, normal)
    return Live(normal, current, _supplied(normal), on, marks)


def _follow(kept: Live, marks: revision.Marks) -> Live:
    with ColumnStore() as store:
        return Live(kept.normal, _switched(store, kept.normal, kept.current), kept.supplied, kept.on, marks)


def _switched(store: ColumnStore, normal: Topology, start: Topology) -> Topology:
    """A copy of ``start`` with every switch as the log says; those without a line in it stand as in ``normal``."""
    topology = start.copy()
    log = connectivity.positions(store)
    wanted = dict(zip(log.column("switch_id").to_pylist(), log.column("is_open").to_pylist(), strict=True))
    for switch, is_open in wanted.items():
        if topology.is_open(switch) != is_open:
            topology.open(switch) if is_open else topology.close(switch)
    stood = set(normal.open_switches().tolist()) ^ set(topology.open_switches().tolist())
    for switch in stood - wanted.keys():
        topology.open(switch) if normal.is_open(switch) else topology.close(switch)
    return topology


def _supplied(topology: Topology) -> dict[int, int]:
    network = topology.network
    ids = network.transformer_ids.tolist()
    counts = Counter(dict(zip(ids, network.transformer_customers.tolist(), strict=True)))
    for _, places in network.supplies:
        counts.update({ids[place] for place in places})
    return dict(counts)
