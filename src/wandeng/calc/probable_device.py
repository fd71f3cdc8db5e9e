"""Which device is probably open (故障设备研判): the fewest devices that explain who is dark, without a lit one behind any of them;
of these the lowest.

Devices that interrupt are nested: everything behind a switch of a radial feeder is one slice of its transformers
(``calc.tracing``). Of nested devices without a lit transformer behind them the widest cover the dark ones with the fewest; each is
then narrowed to the lowest that still has all its dark ones behind it. A switch that itself says that it opened is believed,
unless somebody behind it is lit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import polars as pl

from wandeng.calc.tracing import Island, Topology

EVIDENCE = pl.Schema(
    {
        "transformer": pl.Int64(),
        "calls": pl.Int64(),  # callers that no incident holds
        "meters_off": pl.Int64(),
        "meters_on": pl.Int64(),
        "terminal": pl.Int8(),  # of the transformer itself: -1 says off, 1 says on, 0 says nothing
        "first_off": pl.Int64(),  # the first that says so, seconds since 1970; null without any
    }
)


class Device(StrEnum):
    """What is probably open. LOW_VOLTAGE: something behind a transformer that is lit itself."""

    FEEDER = "FEEDER"
    SWITCH = "SWITCH"
    TRANSFORMER = "TRANSFORMER"
    LOW_VOLTAGE = "LOW_VOLTAGE"


class Confidence(StrEnum):
    """How sure (置信度)."""

    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"


@dataclass(frozen=True, slots=True)
class Sureness:
    """From which share of dark areas (whole percent) and how many reports on it is HIGH or MEDIUM."""

    high_share: int
    high_reports: int
    medium_share: int
    medium_reports: int


@dataclass(frozen=True, slots=True)
class Probable:
    """A probable device with its evidence. ``device_id`` is of the feeder, switch or transformer; ``areas`` are all transformers
    behind it, ``dark`` those that say so; ``lit_beside`` how many lit ones stand behind the next device above, which is why
    it is not that one. ``tripped``: it says itself that it opened."""

    kind: Device
    device_id: int
    feeder_id: int
    areas: tuple[int, ...]
    dark: tuple[int, ...]
    lit_beside: int
    tripped: bool
    calls: int
    meters_off: int
    terminals_off: int
    first_off: int | None

    @property
    def reports(self) -> int:
        """How many said so, of all sorts."""
        return self.calls + self.meters_off + self.terminals_off + self.tripped

    @property
    def share(self) -> int:
        """Dark ones of the areas behind it, whole percent, rounded down."""
        return 100 * len(self.dark) // len(self.areas)


@dataclass(frozen=True, slots=True)
class Judged:
    """Probable devices, those with most areas first; dark transformers that no closed way feeds anyway (``known_off``); and
    switches that said they opened while somebody behind them is lit (``doubted``)."""

    devices: tuple[Probable, ...]
    known_off: tuple[int, ...]
    doubted: tuple[int, ...]


def sure(one: Probable, by: Sureness) -> Confidence:
    """How sure it is that this is the device."""
    if one.tripped or (one.share >= by.high_share and one.reports >= by.high_reports):
        return Confidence.HIGH
    if one.share >= by.medium_share and one.reports >= by.medium_reports:
        return Confidence.MEDIUM
    return Confidence.LOW


def judge(topology: Topology, evidence: pl.DataFrame, *, tripped: Collection[int] = ()) -> Judged:
    """Judge :data:`EVIDENCE` on a switching state; ``tripped``: ids of switches whose last word is that they opened.

    A terminal decides about its transformer; without one it is dark when somebody says so and no meter of it is lit.
    Transformers that are not in the network are passed over.
    """
    heard = _heard(topology, evidence)
    opened = {topology.network.switch(one) for one in tripped}
    ids = topology.network.transformer_ids
    found: list[Probable] = []
    doubted: list[int] = []
    for feeder in sorted({one.feeder for one in heard.values()} | _feeders(topology, opened)):
        if feeder >= 0:
            devices, contradicted = _Feeder(topology, feeder, heard).judge(opened)
            found += devices
            doubted += contradicted
    known = sorted(int(ids[at]) for at, one in heard.items() if one.feeder < 0 and one.is_dark)
    found.sort(key=lambda one: (-len(one.areas), -one.reports, one.kind, one.device_id))
    return Judged(tuple(found), tuple(known), tuple(sorted(doubted)))


@dataclass(frozen=True, slots=True)
class _Heard:
    """What was heard of one transformer, and the position of the feeder that feeds it."""

    feeder: int
    calls: int
    meters_off: int
    terminal: int
    first_off: int | None
    is_dark: bool
    is_lit: bool


def _heard(topology: Topology, evidence: pl.DataFrame) -> dict[int, _Heard]:
    """By position of the transformer."""
    network = topology.network
    place = {one: at for at, one in enumerate(network.transformer_ids.tolist())}
    fed = topology.section_feeders()[network.transformer_section].tolist()
    found = {}
    for transformer, calls, off, on, terminal, first in evidence.select(EVIDENCE.names()).iter_rows():
        at = place.get(transformer)
        if at is not None:
            says = calls > 0 or off > 0
            is_dark = terminal < 0 or (terminal == 0 and on == 0 and says)
            is_lit = terminal > 0 or (terminal == 0 and on > 0)
            found[at] = _Heard(fed[at], calls, off, terminal, first, is_dark, is_lit)
    return found


def _feeders(topology: Topology, switches: Iterable[int]) -> set[int]:
    sections = (topology.network.switch_sections[switch][0] for switch in switches)
    return {min(fed) for fed in map(topology.feeders_of_section, sections) if fed}


class _Feeder:
    """One island: its transformers in preorder, what was heard of them, and the slices behind its switches."""

    def __init__(self, topology: Topology, feeder: int, heard: dict[int, _Heard]) -> None:
        self.network, self.feeder = topology.network, feeder
        island: Island = topology.island(feeder)
        start = self.network.transformer_start
        self.places = [at for section in island.sections for at in range(start[section], start[section + 1])]
        self.ids = [int(one) for one in island.transformers.tolist()]
        self.heard = [heard.get(at) for at in self.places]
        self.lit = np.array([one is not None and one.is_lit for one in self.heard], dtype=np.int64)
        self.dark = np.array([one is not None and one.is_dark for one in self.heard], dtype=np.int64)
        # The deepest first, so that of switches in a row the lowest is met first.
        self.slices = [(cut.t_lo, cut.t_hi, switch) for switch, cut in island.cuts.items() if cut.t_hi > cut.t_lo]
        self.whole = (0, len(self.places), -1)

    def judge(self, opened: set[int]) -> tuple[list[Probable], list[int]]:
        forced, doubted = self._forced(opened)
        taken = self.lit.copy()
        for low, high, _switch in forced:
            taken[low:high] = 1
        found = [self._probable(one, tripped=True) for one in forced]
        found += [self._probable(one, tripped=False) for one in self._explaining(taken)]
        found += [
            self._low_voltage(at)
            for at, one in enumerate(self.heard)
            if one is not None and one.is_lit and one.meters_off
        ]
        return found, doubted

    def _forced(self, opened: set[int]) -> tuple[list[tuple[int, int, int]], list[int]]:
        """Slices behind switches that say they opened, the widest of nested ones; and those that cannot be."""
        told = [one for one in self.slices if one[2] in opened]
        doubted = [int(self.network.switch_ids[one[2]]) for one in told if self.lit[one[0] : one[1]].any()]
        clean = [one for one in told if not self.lit[one[0] : one[1]].any()]
        # Widest first; of equal ones the upper, which was listed later.
        ordered = sorted(enumerate(clean), key=lambda each: (each[1][0] - each[1][1], -each[0]))
        kept: list[tuple[int, int, int]] = []
        for _at, one in ordered:
            if not any(other[0] <= one[0] and one[1] <= other[1] for other in kept):
                kept.append(one)
        return kept, doubted

    def _explaining(self, taken: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[tuple[int, int, int]]:
        """For each widest clean slice with dark ones in it the lowest that still has them all; ``taken`` may not be behind."""
        free = self.dark * (1 - taken)
        sums = np.concatenate(([0], np.cumsum(taken)))
        clean = [one for one in [*self.slices, self.whole] if sums[one[1]] == sums[one[0]]]
        widest: dict[int, tuple[int, int]] = {}
        covered = np.full(len(self.places), -1, dtype=np.int64)
        for at, (low, high, _switch) in enumerate(sorted(clean, key=lambda one: one[0] - one[1])):
            if high > low and covered[low] < 0:
                covered[low:high] = at
                widest[at] = (low, high)
        groups: dict[int, list[int]] = {}
        for place in np.flatnonzero(free).tolist():
            group = int(covered[place])
            groups.setdefault(group if group >= 0 else -1 - place, []).append(place)
        return [self._lowest(places) for _group, places in sorted(groups.items())]

    def _lowest(self, places: list[int]) -> tuple[int, int, int]:
        first, last = places[0], places[-1]
        if first == last:
            return first, first + 1, -2
        around = [one for one in [*self.slices, self.whole] if one[0] <= first and last < one[1]]
        return min(around, key=lambda one: one[1] - one[0])

    def _probable(self, what: tuple[int, int, int], *, tripped: bool) -> Probable:
        low, high, switch = what
        told = [one for one in self.heard[low:high] if one is not None and one.is_dark]
        wider = [
            one
            for one in [*self.slices, self.whole]
            if one[0] <= low and high <= one[1] and one[1] - one[0] > high - low
        ]
        above = min(wider, key=lambda one: one[1] - one[0], default=(low, high, -1))
        kind = Device.TRANSFORMER if switch == -2 else Device.FEEDER if switch == -1 else Device.SWITCH
        feeder = int(self.network.feeder_ids[self.feeder])
        device = (
            self.ids[low] if kind is Device.TRANSFORMER else feeder if kind is Device.FEEDER
            else int(self.network.switch_ids[switch])
        )  # fmt: skip
        firsts = [one.first_off for one in told if one.first_off is not None]
        return Probable(
            kind, device, feeder, tuple(self.ids[low:high]),
            tuple(self.ids[at] for at in range(low, high) if self.dark[at]),
            int(self.lit[above[0] : above[1]].sum()), tripped, sum(one.calls for one in told),
            sum(one.meters_off for one in told), sum(one.terminal < 0 for one in told), min(firsts, default=None),
        )  # fmt: skip

    def _low_voltage(self, at: int) -> Probable:
        one = self.heard[at]
        assert one is not None
        feeder = int(self.network.feeder_ids[self.feeder])
        return Probable(
            Device.LOW_VOLTAGE, self.ids[at], feeder, (self.ids[at],), (), 1, False, one.calls, one.meters_off, 0,
            one.first_off,
        )  # fmt: skip
