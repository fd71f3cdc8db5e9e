"""Who could be fed otherwise (转供方案): each open tie that reaches a dark part, with what it would carry beside what it may.

A what-if: nothing is switched. Load is what the caller knows of each transformer; what a switch may carry is known or it is not,
and where it is not the answer says so instead of guessing.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from wandeng.calc.tracing import Topology


class TieVerdict(StrEnum):
    """FITS: every switch on the way may carry it. UNKNOWN: a capacity or a load is not known. OVERLOADED: one may not."""

    FITS = "FITS"
    UNKNOWN = "UNKNOWN"
    OVERLOADED = "OVERLOADED"


@dataclass(frozen=True, slots=True)
class Carried:
    """A switch on the way and what it would carry, 0.01 kVA; ``may_ckva`` is ``None`` where that is not known."""

    switch_id: int
    load_ckva: int
    may_ckva: int | None

    @property
    def left_ckva(self) -> int | None:
        """What it could still carry."""
        return None if self.may_ckva is None else self.may_ckva - self.load_ckva


@dataclass(frozen=True, slots=True)
class Tie:
    """One tie, closed: who has supply again, from which feeder, and what the way carries (from the head). ``moved_ckva`` is
    their load, ``before_ckva`` what the feeder carries already; ``unknown_loads`` transformers of the way without a load.
    ``is_ring``: the feeding side has a closed ring or several sources, which this check cannot judge."""

    switch_id: int
    feeder_id: int
    transformers: tuple[int, ...]
    customers: int
    moved_ckva: int
    before_ckva: int
    unknown_loads: int
    way: tuple[Carried, ...]
    is_ring: bool
    verdict: TieVerdict

    @property
    def left_ckva(self) -> int | None:
        """What the tightest switch of the way could still carry, of those that are known."""
        return min((one.left_ckva for one in self.way if one.left_ckva is not None), default=None)


@dataclass(frozen=True, slots=True)
class Resupply:
    """What is dark once the isolating switches are open, and the ties that reach it, the best first. ``hopeless`` are dark
    transformers that no single tie reaches."""

    dark: tuple[int, ...]
    ties: tuple[Tie, ...]
    hopeless: tuple[int, ...]


def options(
    topology: Topology, *, opened: Collection[int], loads: Mapping[int, int], may: Mapping[int, int]
) -> Resupply:
    """Ties that could feed what is dark when ``opened`` stand open. ``loads``: transformer → 0.01 kVA; ``may``: switch → 0.01 kVA.

    Of verdicts FITS comes first, then UNKNOWN; then most customers, then most left. Raises :class:`NotFound` for an unknown
    switch.
    """
    network = topology.network
    trial = topology.copy()
    for switch in opened:
        trial.open(switch)
    dark = {int(one) for one in trial.unfed().transformers.tolist()}
    kept = {network.switch(one) for one in opened}
    ties = []
    for switch_id in sorted(trial.open_switches().tolist()):
        at = network.switch(switch_id)
        fed = [bool(trial.feeders_of_section(section)) for section in network.switch_sections[at]]
        if at not in kept and sum(fed) == 1:
            tie = _closed(trial, switch_id, loads, may)
            if tie is not None:
                ties.append(tie)
    ties.sort(key=_order)
    reached = {one for tie in ties for one in tie.transformers}
    return Resupply(tuple(sorted(dark)), tuple(ties), tuple(sorted(dark - reached)))


def around(topology: Topology, switch_id: int) -> tuple[int, ...]:
    """The switches that isolate the section right behind a switch: that switch and every other closed one at its border, by id.
    Nothing behind it is dark for longer than the repair of that section if the rest is fed otherwise."""
    network = topology.network
    at = network.switch(switch_id)
    behind = {int(one) for one in topology.downstream(switch_id).transformers.tolist()}
    sides = network.switch_sections[at]
    inner = [one for one in sides if _is_behind(topology, one, at, behind)]
    border = {at}
    for section in inner[:1]:
        border |= {
            switch for switch, _other in network.links[section] if not topology.is_open(int(network.switch_ids[switch]))
        }
    return tuple(sorted(int(network.switch_ids[one]) for one in border))


def _is_behind(topology: Topology, section: int, switch: int, behind: set[int]) -> bool:
    """Whether a section loses its supply when the switch opens."""
    trial = topology.copy()
    trial.open(int(topology.network.switch_ids[switch]))
    return not trial.feeders_of_section(section)


def _closed(trial: Topology, switch_id: int, loads: Mapping[int, int], may: Mapping[int, int]) -> Tie | None:
    changes = trial.what_if(closed=[switch_id])
    regained = {int(one) for one in changes.regained.transformers.tolist()}
    if not regained:
        return None
    after = trial.copy()
    after.close(switch_id)
    network = trial.network
    feeder = next(
        feeder
        for side in network.switch_sections[network.switch(switch_id)]
        for feeder in after.feeders_of_section(side)
    )
    island = after.island(feeder)
    ids = [int(one) for one in island.transformers.tolist()]
    hit = next(place for place, one in enumerate(ids) if one in regained)
    way = [
        Carried(int(network.switch_ids[switch]), sum(loads.get(one, 0) for one in ids[cut.t_lo : cut.t_hi]),
                may.get(int(network.switch_ids[switch])))
        for switch, cut in island.cuts.items() if cut.t_lo <= hit < cut.t_hi
    ]  # fmt: skip
    # From the head: the more behind it, the nearer; what lies within the part that is fed again is not on the way to it.
    tie = network.switch(switch_id)
    limit = island.cuts.get(tie)
    on_way = [
        one for one in way
        if limit is None or _width(island.cuts[network.switch(one.switch_id)]) >= _width(limit)
    ]  # fmt: skip
    on_way.sort(key=lambda one: (-_width(island.cuts[network.switch(one.switch_id)]), one.switch_id == switch_id))
    moved = sum(loads.get(one, 0) for one in regained)
    is_ring = island.loops > 0 or len(island.feeders) > 1 or limit is None
    unknown = sum(one not in loads for one in ids)
    return Tie(
        switch_id, int(network.feeder_ids[feeder]), tuple(sorted(regained)), len(changes.regained.customers), moved,
        sum(loads.get(one, 0) for one in ids) - moved, unknown, tuple(on_way), is_ring,
        _verdict(on_way, unknown=unknown, is_ring=is_ring),
    )  # fmt: skip


def _width(cut: tuple[int, int, int, int]) -> int:
    return cut[1] - cut[0]


def _verdict(way: list[Carried], *, unknown: int, is_ring: bool) -> TieVerdict:
    left = [one.left_ckva for one in way]
    if any(one is not None and one < 0 for one in left):
        return TieVerdict.OVERLOADED
    return TieVerdict.UNKNOWN if is_ring or unknown or None in left else TieVerdict.FITS


def _order(one: Tie) -> tuple[int, int, int, int]:
    place = (TieVerdict.FITS, TieVerdict.UNKNOWN, TieVerdict.OVERLOADED).index(one.verdict)
    return place, -one.customers, -(one.left_ckva or 0), one.switch_id
