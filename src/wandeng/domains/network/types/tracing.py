"""Points, switches and what a trace finds, as other domains and doors get them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

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
