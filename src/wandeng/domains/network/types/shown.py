"""What pages show of the network: who is behind a switch, what stands where, diagrams and maps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from wandeng.calc.single_line import Diagram
from wandeng.kernel.ids import SwitchId, TransformerId
from wandeng.kernel.money import divide_half_up, format_scaled


@dataclass(frozen=True, slots=True)
class ImportantAccount:
    """An important customer (重要用户) behind a switch or a transformer. ``keeps_supply``: another supply of theirs
    would stay."""

    account_number: str
    name: str
    importance: str
    transformer_code: str
    keeps_supply: bool


@dataclass(frozen=True, slots=True)
class AreaBehind:
    """A transformer area behind a switch; ``customers`` are the accounts it supplies, also those with another supply."""

    code: str
    name: str
    area_name: str
    ownership: str
    capacity_ckva: int
    customers: int


@dataclass(frozen=True, slots=True)
class Behind:
    """Who would be without power if this opened, in one state.

    ``customers`` are accounts that lose every supply; ``areas`` and ``important`` name what lies in the asker's scope, in
    order of code and number, the counts are of everything.
    """

    transformers: int
    customers: int
    capacity_ckva: int
    areas: tuple[AreaBehind, ...]
    important: tuple[ImportantAccount, ...]


@dataclass(frozen=True, slots=True)
class LoggedOperation:
    """One line of the switching log, for people."""

    switch_code: str
    switch_name: str
    is_open: bool
    at: datetime
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class SwitchView:
    """A switch with who is behind it as it stands and as planned, and its last operations, newest first.

    ``fed_by``: codes of the feeders on its two sides now, empty where a side is dead.
    """

    id: SwitchId
    code: str
    name: str
    kind: str
    feeder_code: str
    feeder_name: str
    unit_path: str
    normal_open: bool
    is_open: bool
    fed_by: tuple[str, str]
    current: Behind
    normal: Behind
    log: tuple[LoggedOperation, ...]


@dataclass(frozen=True, slots=True)
class TransformerView:
    """A transformer area: where it hangs, who feeds it now, and who is behind it."""

    id: TransformerId
    code: str
    name: str
    area_name: str
    ownership: str
    capacity_ckva: int
    unit_code: str
    unit_name: str
    node_code: str
    home_code: str
    home_name: str
    fed_code: str
    fed_name: str
    behind: Behind


@dataclass(frozen=True, slots=True)
class FeederStanding:
    """A feeder with its home equipment, and what it feeds now.

    ``transformers``, ``capacity_ckva`` and ``customers`` are those at home on it; ``fed_*`` those it feeds now, alone or
    in parallel. ``dead_*`` are home ones that nobody feeds. ``off_normal``: its switches that do not stand as planned.
    Customers are counted at their transformers, so a double supply counts twice.
    """

    id: int
    code: str
    name: str
    substation_code: str
    unit_code: str
    unit_name: str
    transformers: int
    capacity_ckva: int
    customers: int
    fed_transformers: int
    fed_customers: int
    dead_transformers: int
    dead_customers: int
    off_normal: int

    @property
    def capacity_mva(self) -> str:
        """Capacity as text in MVA with two decimals, halves up."""
        return format_scaled(divide_half_up(self.capacity_ckva, 1000), 2)


@dataclass(frozen=True, slots=True)
class SubstationStanding:
    """A substation with its feeders, by code."""

    code: str
    name: str
    unit_name: str
    feeders: tuple[FeederStanding, ...]

    @property
    def customers(self) -> int:
        return sum(feeder.customers for feeder in self.feeders)

    @property
    def transformers(self) -> int:
        return sum(feeder.transformers for feeder in self.feeders)

    @property
    def capacity_ckva(self) -> int:
        return sum(feeder.capacity_ckva for feeder in self.feeders)


@dataclass(frozen=True, slots=True)
class OffNormal:
    """A switch that does not stand as planned, with the operation that moved it."""

    id: SwitchId
    code: str
    name: str
    kind: str
    feeder_code: str
    feeder_name: str
    normal_open: bool
    at: datetime | None
    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class NetworkOverview:
    """Substations of the scope with their feeders, and the switches that do not stand as planned, newest first."""

    substations: tuple[SubstationStanding, ...]
    off_normal: tuple[OffNormal, ...]
    loops: tuple[str, ...]
    parallel: tuple[tuple[str, ...], ...]

    @property
    def feeders(self) -> tuple[FeederStanding, ...]:
        return tuple(feeder for substation in self.substations for feeder in substation.feeders)


@dataclass(frozen=True, slots=True)
class DrawnSwitch:
    """A switch on a diagram. ``beyond_code`` names the feeder at home on the far side of a tie, empty when none is;
    ``is_within`` is false for a tie that belongs to a feeder outside the reader's scope."""

    id: int
    code: str
    name: str
    kind: str
    normal_open: bool
    is_open: bool
    beyond_code: str
    beyond_name: str
    is_within: bool


@dataclass(frozen=True, slots=True)
class DrawnTransformer:
    """A transformer area on a diagram."""

    id: int
    code: str
    name: str
    area_name: str
    ownership: str
    capacity_ckva: int
    customers: int


@dataclass(frozen=True, slots=True)
class FeederDiagram:
    """Single-line diagram (单线图) of a feeder: places, and what stands there.

    ``fed_by``: node → code of the feeder that feeds it now, empty where nobody does; every node that a row or a link of
    ``diagram`` names. ``adrift``: home transformers that no planned way reaches.
    """

    code: str
    name: str
    substation_name: str
    unit_code: str
    unit_name: str
    unit_path: str
    diagram: Diagram
    switches: Mapping[int, DrawnSwitch]
    transformers: Mapping[int, DrawnTransformer]
    fed_by: Mapping[int, str]
    adrift: tuple[DrawnTransformer, ...]


@dataclass(frozen=True, slots=True)
class MapPoint:
    """Something at a place: a substation, or an important customer by account number. Degrees × 10⁶."""

    code: str
    name: str
    longitude_e6: int
    latitude_e6: int


@dataclass(frozen=True, slots=True)
class MapSwitch:
    """A switch at its place, and how it stands."""

    code: str
    name: str
    longitude_e6: int
    latitude_e6: int
    kind: str
    is_open: bool
    normal_open: bool


@dataclass(frozen=True, slots=True)
class MapTransformer:
    """A transformer at its place; ``fed_by`` is empty where nobody feeds it."""

    code: str
    name: str
    longitude_e6: int
    latitude_e6: int
    ownership: str
    fed_by: str
    customers: int


@dataclass(frozen=True, slots=True)
class MapLine:
    """All spans at home on one feeder and fed by one: each of two places (longitude, latitude). ``is_open``: the spans of
    open switches, which lead nowhere now. ``fed_code`` is empty where nobody feeds."""

    home_code: str
    home_name: str
    fed_code: str
    fed_name: str
    is_open: bool
    spans: tuple[tuple[tuple[int, int], tuple[int, int]], ...]


@dataclass(frozen=True, slots=True)
class NetworkMap:
    """What a map of the network shows; equipment without coordinates is absent."""

    substations: tuple[MapPoint, ...]
    lines: tuple[MapLine, ...]
    switches: tuple[MapSwitch, ...]
    transformers: tuple[MapTransformer, ...]
    important: tuple[MapPoint, ...]
