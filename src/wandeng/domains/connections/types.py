"""What connections give to pages, doors and flows, and the refusals of their actions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from wandeng.kernel.errors import Conflict, InvalidInput

CLASSES = ("RESIDENTIAL", "SMALL_BUSINESS", "LOW_VOLTAGE", "HV_SINGLE", "HV_DUAL")
CUSTOMER_CLASSES: Mapping[str, str] = {
    "RESIDENTIAL": "RESIDENTIAL", "SMALL_BUSINESS": "LOW_VOLTAGE", "LOW_VOLTAGE": "LOW_VOLTAGE",
    "HV_SINGLE": "HIGH_VOLTAGE", "HV_DUAL": "HIGH_VOLTAGE",
}  # fmt: skip
"""用户分类 of the account that a connection of a class becomes."""
SOURCES_WANTED: Mapping[str, int] = {"HV_DUAL": 2}
PROCESSES = ("low_voltage_connection", "high_voltage_connection")
EFFECT = "CONNECTION"


class NoConnection(InvalidInput):
    """The case is not one of a new connection."""

    code = "CASE_IS_NO_CONNECTION"


class SchemeMissing(Conflict):
    """The connection cannot be made yet: its source, its price or something of both is not decided."""

    code = "CONNECTION_SCHEME_MISSING"


class AlreadyConnected(Conflict):
    """The connection is made: its scheme does not change any more."""

    code = "CONNECTION_IS_MADE"


@dataclass(frozen=True, slots=True)
class Position:
    """Where the premises stand, degrees × 10⁶."""

    longitude_e6: int
    latitude_e6: int


@dataclass(frozen=True, slots=True)
class SourceWanted:
    """A source of a high-voltage supply as the scheme lays it down; ``is_interlocked``: never beside the main source."""

    feeder_code: str
    capacity_ckva: int
    boundary: str
    voltage_code: str = "AC00101"
    metered_side: str = "HIGH"
    is_interlocked: bool = False


@dataclass(frozen=True, slots=True)
class SupplyTerms:
    """By which price and terms the connection is billed (执行电价); fields as ``tariffs.types.ContractTerms``."""

    price_code: str
    basic_method: int = 0
    contract_demand_ckw: int = 0
    pf_standard: int = 0
    route_code: str = ""


@dataclass(frozen=True, slots=True)
class CandidateShown:
    """A candidate of a scheme; ``fits``: the transformer carries the applicant too. ``reason_zh``/``reason_en``: why it stands
    where it does."""

    place: int
    transformer_code: str
    transformer_name: str
    area_name: str
    feeder_name: str
    capacity_ckva: int
    load_ckva: int
    load_basis: str
    reserved_ckva: int
    spare_ckva: int
    feeder_capacity_ckva: int
    feeder_contract_ckva: int
    distance_m: int | None
    is_in_area: bool
    is_chosen: bool

    @property
    def fits(self) -> bool:
        return self.spare_ckva >= 0


@dataclass(frozen=True, slots=True)
class SourceShown:
    """A source of a project, and the usage point it became (empty until connected)."""

    place: int
    transformer_code: str
    feeder_code: str
    feeder_name: str
    capacity_ckva: int
    voltage_code: str
    metered_side: str
    boundary: str
    is_interlocked: bool
    usage_point: str


@dataclass(frozen=True, slots=True)
class NeedShown:
    """A reinforcement need."""

    id: int
    transformer_code: str
    transformer_name: str
    case_number: str
    lacking_ckva: int
    noted_at: datetime
    planned_on: date | None
    done_on: date | None
    note: str


@dataclass(frozen=True, slots=True)
class ProjectShown:
    """A project with everything about it that is not the case's own; ``has_project`` is false while nobody has begun one."""

    case_number: str
    process: str
    connection_class: str
    capacity_ckva: int
    position: Position | None
    surveyor: str
    manager: str
    terms: SupplyTerms
    drafted_at: datetime | None
    account_number: str
    connected_on: date | None
    candidates: tuple[CandidateShown, ...]
    sources: tuple[SourceShown, ...]
    need: NeedShown | None
    has_project: bool = True


@dataclass(frozen=True, slots=True)
class PlannedSource:
    """A source as the flow that connects needs it: what it hangs on, by code."""

    place: int
    transformer_code: str
    feeder_code: str
    capacity_ckva: int
    voltage_code: str
    metered_side: str
    is_interlocked: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """What a project lays down for the connection. ``account_number``: it was made already."""

    connection_class: str
    capacity_ckva: int
    terms: SupplyTerms
    sources: tuple[PlannedSource, ...]
    account_number: str
