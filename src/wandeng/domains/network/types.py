"""Values that other domains and the doors get from network."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from wandeng.calc.single_line import Diagram
from wandeng.kernel.ids import AccountId, SwitchId, TransformerId, UsagePointId


class State(StrEnum):
    """Which switch positions are meant."""

    NORMAL = "normal"
    """Normal state 正常运行方式: every switch as planned."""
    CURRENT = "current"
    """Current state 当前运行方式: the normal state with the switching log replayed."""


@dataclass(frozen=True, slots=True)
class PointFacts:
    """A usage point by its code: what another domain must know to hang something on it."""

    id: UsagePointId
    code: str
    connected_on: date
    unit_path: str


@dataclass(frozen=True, slots=True)
class SwitchFacts:
    """A switch by its code, and how it stands in the state asked for."""

    id: SwitchId
    code: str
    name: str
    kind: str
    feeder_code: str
    feeder_name: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class RecordedOperation:
    """One line of the switching log, as recorded."""

    id: int
    switch_code: str
    is_open: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class TracedAccount:
    """An affected account. ``importance`` is empty for ordinary users (重要性等级); ``transformer_codes`` are
    all of its transformers that the trace touches, more than one for a double supply (双电源)."""

    id: AccountId
    account_number: str
    name: str
    importance: str
    transformer_codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TracedArea:
    """An affected transformer area 台区: ``customers`` of its accounts are affected, ``important`` of them by
    level."""

    id: TransformerId
    code: str
    name: str
    area_name: str
    ownership: str
    capacity_ckva: int
    feeder_code: str
    customers: int
    important: tuple[TracedAccount, ...]


@dataclass(frozen=True, slots=True)
class Traced:
    """Transformer areas in order of their code, accounts in order of their number.

    An area stands here when its transformer is affected, even if all its customers have another supply, and a
    customer may stand in two areas: ``customers`` over the areas is no count of accounts. What lies outside
    the asker's scope is counted in the ``*_elsewhere`` and not named.
    """

    areas: tuple[TracedArea, ...]
    accounts: tuple[TracedAccount, ...]
    areas_elsewhere: int
    accounts_elsewhere: int

    @property
    def important(self) -> tuple[TracedAccount, ...]:
        return tuple(account for account in self.accounts if account.importance)

    @property
    def capacity_ckva(self) -> int:
        return sum(area.capacity_ckva for area in self.areas)


@dataclass(frozen=True, slots=True)
class TraceResult:
    """What would follow if ``switch`` were ``made_open`` (or closed) in ``state`` as of ``at``.

    ``moved``: fed before and after, by another feeder. ``loops`` and ``parallel`` are the closed rings (合环)
    and the groups of feeders in parallel that would then stand, by feeder code, among the feeders touched.
    """

    switch: SwitchFacts
    state: State
    at: datetime | None
    made_open: bool
    lost: Traced
    regained: Traced
    moved: Traced
    feeders: tuple[str, ...]
    loops: tuple[str, ...]
    parallel: tuple[tuple[str, ...], ...]


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
    """A switch on a diagram. ``beyond_code`` names the feeder at home on the far side of a tie, empty when none is."""

    id: int
    code: str
    name: str
    kind: str
    normal_open: bool
    is_open: bool
    beyond_code: str
    beyond_name: str


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
