"""A SimBench grid as pandapower holds it, and the questions the conversion asks of it: levels, ends, low
voltage."""

from __future__ import annotations

import json
import re
import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from wandeng.kernel.errors import InvalidInput

MEDIUM_KV = (1.0, 60.0)
"""Medium voltage is above the first and below the second."""
SWITCH_KINDS = {"CB": "BREAKER", "LBS": "LOAD_BREAK_SWITCH", "LS": "LOAD_BREAK_SWITCH", "DS": "DISCONNECTOR"}


@dataclass(frozen=True, slots=True)
class End:
    """The switch at one end of a line or transformer."""

    index: int
    code: str
    name: str
    kind: str
    is_closed: bool


class Grid:
    """One SimBench code, read. ``net`` is pandapower's, with ``profiles``."""

    def __init__(self, code: str, net: Any) -> None:
        self.code = code
        self.net = net
        self.kv: dict[int, float] = net.bus["vn_kv"].to_dict()

    @classmethod
    def load(cls, code: str) -> Grid:
        """Read a grid from the installed package; some seconds.

        Raises :class:`InvalidInput` without the optional extra, and for a code SimBench does not have.
        """
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                import simbench
            except ImportError:
                raise InvalidInput("SimBench grids need the optional extra: pip install 'wandeng[simbench]'") from None
            if code not in simbench.collect_all_simbench_codes():
                raise InvalidInput(f"SimBench has no grid '{code}'; one is 1-MVLV-urban-all-0-sw", code=code)
            return cls(code, simbench.get_simbench_net(code))

    def is_medium(self, bus: int) -> bool:
        """Whether a bus is medium voltage."""
        return MEDIUM_KV[0] < self.kv[bus] < MEDIUM_KV[1]

    def is_low(self, bus: int) -> bool:
        """Whether a bus is low voltage."""
        return self.kv[bus] <= MEDIUM_KV[0]

    @cached_property
    def ends(self) -> dict[tuple[str, int, int], End]:
        """Switches of lines (``l``) and transformers (``t``): (what, element, bus) → switch."""
        rows = self.net.switch[self.net.switch["et"].isin(["l", "t"])]
        return {(row.et, int(row.element), int(row.bus)): self._end(row) for row in rows.itertuples()}

    @cached_property
    def couplers(self) -> list[tuple[int, int, End]]:
        """Switches between two buses."""
        rows = self.net.switch[self.net.switch["et"] == "b"]
        return [(int(row.bus), int(row.element), self._end(row)) for row in rows.itertuples()]

    def _end(self, row: Any) -> End:
        name = str(row.name) if row.name else f"switch {row.Index}"
        kind = SWITCH_KINDS.get(str(row.type), "DISCONNECTOR")
        return End(int(row.Index), self._codes["switch"][int(row.Index)], name, kind, bool(row.closed))

    @cached_property
    def _codes(self) -> dict[str, dict[int, str]]:
        return {kind: _codes(self.net[kind]["name"].items()) for kind in ("bus", "line", "switch", "trafo", "load")}

    def code_of(self, kind: str, index: int) -> str:
        """SimBench's own name of a bus, line, switch, trafo or load, without blanks; with its number where
        two share it."""
        return self._codes[kind][index]

    def in_service(self, table: str) -> list[Any]:
        """Rows of a table that are in service."""
        rows = self.net[table]
        return list(rows[rows["in_service"]].itertuples())

    def place(self, bus: int) -> tuple[str, str]:
        """Longitude and latitude as text, empty where the grid has none."""
        drawn = self.net.bus.at[bus, "geo"] if "geo" in self.net.bus else None
        if not isinstance(drawn, str):
            return "", ""
        longitude, latitude = json.loads(drawn)["coordinates"][:2]
        return f"{longitude:.6f}", f"{latitude:.6f}"

    def low_voltage(self) -> dict[int, int]:
        """The transformer of every low-voltage bus: what its low side reaches through closed switches.

        A bus that two transformers reach is the first one's.
        """
        joined: dict[int, list[int]] = {}
        for line in self.in_service("line"):
            a, b = int(line.from_bus), int(line.to_bus)
            if self.is_low(a) and all(self.conducts("l", line.Index, bus) for bus in (a, b)):
                joined.setdefault(a, []).append(b)
                joined.setdefault(b, []).append(a)
        for a, b, coupler in self.couplers:
            if self.is_low(a) and coupler.is_closed:
                joined.setdefault(a, []).append(b)
                joined.setdefault(b, []).append(a)
        found: dict[int, int] = {}
        for trafo in self.in_service("trafo"):
            low = int(trafo.lv_bus)
            if not self.is_low(low) or not self.conducts("t", trafo.Index, low):
                continue
            stack = [low]
            while stack:
                bus = stack.pop()
                if bus not in found:
                    found[bus] = int(trafo.Index)
                    stack.extend(joined.get(bus, ()))
        return found

    def conducts(self, what: str, element: int, bus: int) -> bool:
        """Whether an end has no switch or a closed one."""
        end = self.ends.get((what, int(element), bus))
        return end is None or end.is_closed

    def substation_buses(self) -> dict[int, bool]:
        """Medium-voltage busbars of the substations, open couplers included → whether they are alive in the
        plan.

        They begin at the transformers from high voltage and at external grids.
        """
        starts = [
            int(trafo.lv_bus)
            for trafo in self.in_service("trafo")
            if self.is_medium(int(trafo.lv_bus))
            and all(self.conducts("t", trafo.Index, int(bus)) for bus in (trafo.hv_bus, trafo.lv_bus))
        ]
        starts += [int(grid.bus) for grid in self.in_service("ext_grid") if self.is_medium(int(grid.bus))]
        whole = self.coupled(starts, also_open=True)
        alive = self.coupled(starts, also_open=False)
        return {bus: bus in alive for bus in sorted(whole)}

    def coupled(self, starts: Iterable[int], *, also_open: bool) -> set[int]:
        """The medium-voltage buses that couplers join to these."""
        joined: dict[int, list[int]] = {}
        for a, b, coupler in self.couplers:
            if self.is_medium(a) and (also_open or coupler.is_closed):
                joined.setdefault(a, []).append(b)
                joined.setdefault(b, []).append(a)
        found: set[int] = set()
        stack = list(starts)
        while stack:
            bus = stack.pop()
            if bus not in found:
                found.add(bus)
                stack.extend(joined.get(bus, ()))
        return found


def _codes(names: Iterable[tuple[int, object]]) -> dict[int, str]:
    codes: dict[int, str] = {}
    taken: set[str] = set()
    for index, name in names:
        code = re.sub(r"[^\w.\-/#:]+", "_", str(name)).strip("_")
        if code in taken:
            code = f"{code}#{index}"
        taken.add(code)
        codes[int(index)] = code
    return codes
