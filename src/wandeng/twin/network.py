"""The medium-voltage network of the synthetic county: feeders as trunks with laterals, tied at their ends."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from wandeng.twin.county import CUSTOMERS_PER_FEEDER, CUSTOMERS_PER_TRANSFORMER, FEEDERS_PER_SUBSTATION, Plan, words

SECTION = 4
"""Trunk spans between two load-break switches."""
WEST, EAST, SOUTH, NORTH = 111.6, 112.2, 26.3, 26.8
"""The county, in degrees."""


@dataclass
class Network:
    """Rows of each section of the network file, collected feeder by feeder."""

    substations: list[tuple[str, ...]] = field(default_factory=list)
    feeders: list[tuple[str, ...]] = field(default_factory=list)
    nodes: list[tuple[str, ...]] = field(default_factory=list)
    lines: list[tuple[str, ...]] = field(default_factory=list)
    switches: list[tuple[str, ...]] = field(default_factory=list)
    transformers: list[tuple[str, ...]] = field(default_factory=list)

    def frames(self) -> dict[str, pl.DataFrame]:
        columns = {
            "substation": ["code", "name", "unit", "longitude", "latitude"],
            "feeder": ["code", "name", "substation", "unit"],
            "node": ["code", "feeder", "is_source", "longitude", "latitude"],
            "line": ["code", "node_a", "node_b", "length_m"],
            "switch": ["code", "name", "switch_kind", "feeder", "node_a", "node_b", "normal_open"],
            "transformer": ["code", "name", "feeder", "node", "unit", "capacity_kva", "ownership", "area_name"],
        }
        rows = (self.substations, self.feeders, self.nodes, self.lines, self.switches, self.transformers)
        pairs = zip(columns.items(), rows, strict=True)
        return {name: pl.DataFrame(part, names, orient="row") for (name, names), part in pairs}


def build(plan: Plan, units: pl.DataFrame, private: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """All sections. ``private`` (unit, customers' own transformers: code, name, capacity_kva) hang beside the public ones."""
    rng = plan.rng("network")
    network = Network()
    own = {unit[0]: rows for unit, rows in private.group_by(["unit"], maintain_order=True)}
    number = 0
    last_ends: list[tuple[str, str]] = []
    staffed = units.filter(pl.col("customers") > 0).select("code", "name", "customers")
    sizes = [max(1, math.ceil(customers / CUSTOMERS_PER_FEEDER)) for customers in staffed["customers"]]
    places = _stations(sizes)
    for spot, (unit, name, customers) in enumerate(staffed.iter_rows()):
        centre = _centre(spot, len(sizes), (rng.random(), rng.random()))
        public = max(1, math.ceil(customers / CUSTOMERS_PER_TRANSFORMER))
        mine = own.get(unit, private.clear())
        public_parts = np.array_split(np.arange(public), sizes[spot])
        own_parts = np.array_split(np.arange(mine.height), sizes[spot])
        for part, own_part in zip(public_parts, own_parts, strict=True):
            number += 1
            place = places[(number - 1) // FEEDERS_PER_SUBSTATION]
            if (number - 1) % FEEDERS_PER_SUBSTATION == 0:
                station = f"S{(number - 1) // FEEDERS_PER_SUBSTATION + 1:02d}"
                network.substations.append((station, f"{name[:2]}变电站", unit, f"{place[0]:.6f}", f"{place[1]:.6f}"))
            feeder = f"F{number:03d}"
            network.feeders.append((feeder, f"{name[:2]}{number}线", station, unit))
            end = _feeder(network, rng, feeder, unit, (place, centre), part, mine[own_part.tolist()])
            last_ends.append((feeder, end))
    _ties(network, last_ends)
    return network.frames()


def _centre(spot: int, count: int, shift: tuple[float, float] = (0.5, 0.5)) -> tuple[float, float]:
    """Where a unit lies: on a grid that is walked to and fro, so that the next unit is a neighbour, and shifted by up to
    a quarter of a step, so that nobody sees the grid."""
    columns = math.ceil(math.sqrt(count))
    row, column = divmod(spot, columns)
    if row % 2:
        column = columns - 1 - column
    step = (EAST - WEST) / columns, (NORTH - SOUTH) / math.ceil(count / columns)
    x, y = column + 0.25 + shift[0] / 2, row + 0.25 + shift[1] / 2
    return WEST + x * step[0], SOUTH + y * step[1]


def _stations(sizes: list[int]) -> list[tuple[float, float]]:
    """Where substations lie: amid the units of their feeders."""
    homes = [_centre(spot, len(sizes)) for spot, feeders in enumerate(sizes) for _ in range(feeders)]
    groups = [homes[start : start + FEEDERS_PER_SUBSTATION] for start in range(0, len(homes), FEEDERS_PER_SUBSTATION)]
    return [(sum(x for x, _ in group) / len(group), sum(y for _, y in group) / len(group)) for group in groups]


def _feeder(
    network: Network, rng: np.random.Generator, feeder: str, unit: str, ends: tuple[tuple[float, float], tuple[float, float]],
    public: np.ndarray, own: pl.DataFrame,
) -> str:  # fmt: skip
    """One feeder: source, breaker, trunk with switches, a lateral with a fuse for every third span. Returns its end.

    ``ends``: the substation, where the breaker stands, and the unit's centre, to which the first span leads.
    """
    villages = words()["villages"] if unit != "QX-00" else words()["communities"]
    spots = len(public) + own.height
    angle, (x, y) = rng.random() * 2 * math.pi, ends[0]
    previous, node_count = f"{feeder}-N0", 0

    def node(is_source: bool = False) -> str:
        nonlocal node_count
        code = f"{feeder}-N{node_count}"
        network.nodes.append((code, feeder, "是" if is_source else "否", f"{x:.6f}", f"{y:.6f}"))
        node_count += 1
        return code

    node(is_source=True)
    head = node()
    network.switches.append((f"{feeder}-K0", f"{feeder}出线断路器", "BREAKER", feeder, previous, head, "否"))
    previous, (x, y) = head, ends[1]
    for spot in range(spots):
        angle += rng.normal(0, 0.25)
        x, y = x + 0.004 * math.cos(angle), y + 0.004 * math.sin(angle)
        here = node()
        if spot % SECTION == SECTION - 1:
            network.switches.append(
                (f"{feeder}-K{spot + 1}", f"{feeder}分段{spot + 1}", "LOAD_BREAK_SWITCH", feeder, previous, here, "否")
            )
        else:
            network.lines.append((f"{feeder}-L{spot + 1}", previous, here, str(int(rng.integers(120, 600)))))
        place = here
        if spot % 3 == 2:
            x2, y2 = x, y
            x, y = x - 0.002 * math.sin(angle), y + 0.002 * math.cos(angle)
            place = node()
            x, y = x2, y2
            network.switches.append(
                (f"{feeder}-R{spot + 1}", f"{feeder}支线{spot + 1}", "FUSE", feeder, here, place, "否")
            )
        if spot < len(public):
            capacity = int(rng.choice([100, 200, 315, 400, 630]))
            area = f"{villages[spot % len(villages)]}{'村' if unit != 'QX-00' else '社区'}"
            code = f"T{unit[3:]}-{int(public[spot]) + 1:04d}"
            network.transformers.append(
                (code, f"{area}{spot + 1}号台区", feeder, place, unit, str(capacity), "PUBLIC", area)
            )
        else:
            row = own.row(spot - len(public), named=True)
            network.transformers.append(
                (row["code"], row["name"], feeder, place, unit, str(row["capacity_kva"]), "CUSTOMER", "")
            )
        previous = here
    return previous


def _ties(network: Network, ends: list[tuple[str, str]]) -> None:
    """An open tie from the end of each feeder to the end of the next: the way back when a line is lost."""
    for (feeder, end), (_, other) in itertools.pairwise(ends):
        network.switches.append((f"{feeder}-TIE", f"{feeder}联络开关", "LOAD_BREAK_SWITCH", feeder, end, other, "是"))
