"""What must hold of the network, recomputed from the rows: a nightly job runs these and shows what it
finds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wandeng.domains.network.frames import connectivity
from wandeng.domains.network.types import State
from wandeng.infra.columns import ColumnStore


@dataclass(frozen=True, slots=True)
class NetworkFault:
    """A thing of the network, by its code, and what is wrong with it."""

    code: str
    fault: str


def feeders_without_one_source(store: ColumnStore) -> list[NetworkFault]:
    """Feeders that start nowhere or at several nodes; the first feed nobody, the second refuse every
    trace."""
    rows = store.read(
        "SELECT f.code, COUNT(n.id) AS sources FROM network_feeder f "
        "LEFT JOIN network_connectivitynode n ON n.feeder_id = f.id AND n.is_source "
        "GROUP BY f.code HAVING COUNT(n.id) <> 1 ORDER BY f.code"
    )
    return [NetworkFault(row["code"], "SEVERAL_SOURCES" if row["sources"] else "NO_SOURCE") for row in rows.to_pylist()]


def repeated_operations(store: ColumnStore) -> list[NetworkFault]:
    """Switches whose log says open twice running, or closed twice: an operation between them was not
    recorded."""
    rows = store.read(
        "SELECT DISTINCT s.code FROM (SELECT switch_id, is_open, "
        "LAG(is_open) OVER (PARTITION BY switch_id ORDER BY at, id) AS stood FROM network_switchoperation) o "
        "JOIN network_switch s ON s.id = o.switch_id WHERE o.is_open = COALESCE(o.stood, s.normal_open) ORDER BY s.code"
    )
    return [NetworkFault(code, "OPERATED_TWICE") for code in rows.column(0).to_pylist()]


def normal_state(store: ColumnStore) -> list[NetworkFault]:
    """Where the planned state is not what a plan should be.

    ``NOT_FED``: a transformer without supply. ``FED_BY_ANOTHER``: fed by another feeder than its home.
    ``LOOP`` and ``PARALLEL``: a feeder with a closed ring, or in parallel with another, although planned
    states are radial.
    """
    topology = connectivity.topology(store, state=State.NORMAL)
    network = topology.network
    homes = store.read("SELECT id, code, feeder_id FROM network_powertransformer ORDER BY id")
    feeding = topology.section_feeders()[network.transformer_section]
    fed_by = np.where(feeding < 0, -1, network.feeder_ids[feeding]) if len(network.feeder_ids) else feeding
    now = dict(zip(network.transformer_ids.tolist(), fed_by.tolist(), strict=True))
    faults = []
    for row in homes.to_pylist():
        feeder = now[row["id"]]
        if feeder < 0:
            faults.append(NetworkFault(row["code"], "NOT_FED"))
        elif feeder != row["feeder_id"]:
            faults.append(NetworkFault(row["code"], "FED_BY_ANOTHER"))
    states = topology.states()
    codes = store.read("SELECT id, code FROM network_feeder")
    code_of = dict(zip(codes.column("id").to_pylist(), codes.column("code").to_pylist(), strict=True))
    faults += [NetworkFault(code_of[feeder], "LOOP") for feeder in states.loops]
    faults += [NetworkFault(code_of[feeder], "PARALLEL") for group in states.parallel for feeder in group]
    return faults


def all_faults(store: ColumnStore) -> list[NetworkFault]:
    """Every fault of the network; the planned state is examined only when every feeder starts at one node."""
    sources = feeders_without_one_source(store)
    several = any(fault.fault == "SEVERAL_SOURCES" for fault in sources)
    return [*sources, *repeated_operations(store), *([] if several else normal_state(store))]
