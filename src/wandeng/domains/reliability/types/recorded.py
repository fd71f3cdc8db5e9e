"""Values that reliability shows to others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wandeng.kernel.errors import Conflict, InvalidInput


class InterruptionKind(StrEnum):
    """Kind of an interruption (停电性质), the classes of DL/T 836.1: faults, prearranged ones, rationing."""

    FAULT_INTERNAL = "FAULT_INTERNAL"
    FAULT_EXTERNAL = "FAULT_EXTERNAL"
    PLANNED_OVERHAUL = "PLANNED_OVERHAUL"
    PLANNED_CONSTRUCTION = "PLANNED_CONSTRUCTION"
    PLANNED_REQUEST = "PLANNED_REQUEST"
    TEMPORARY_OVERHAUL = "TEMPORARY_OVERHAUL"
    TEMPORARY_CONSTRUCTION = "TEMPORARY_CONSTRUCTION"
    TEMPORARY_REQUEST = "TEMPORARY_REQUEST"
    RATIONING_SYSTEM = "RATIONING_SYSTEM"
    RATIONING_NETWORK = "RATIONING_NETWORK"


class Cause(StrEnum):
    """Cause of an interruption (停电原因). The last five are no outage of the utility's by DL/T 836.1."""

    OVERHAUL = "OVERHAUL"
    CONSTRUCTION = "CONSTRUCTION"
    CUSTOMER_REQUEST = "CUSTOMER_REQUEST"
    EQUIPMENT = "EQUIPMENT"
    OVERLOAD = "OVERLOAD"
    OPERATION = "OPERATION"
    WEATHER = "WEATHER"
    TREES_AND_ANIMALS = "TREES_AND_ANIMALS"
    THIRD_PARTY = "THIRD_PARTY"
    CUSTOMER_EQUIPMENT = "CUSTOMER_EQUIPMENT"
    UPSTREAM = "UPSTREAM"
    SHORTAGE = "SHORTAGE"
    UNKNOWN = "UNKNOWN"
    CUSTOMER_SWITCHED_OFF = "CUSTOMER_SWITCHED_OFF"
    ARREARS_CUT = "ARREARS_CUT"
    THEFT_OR_BREACH_CUT = "THEFT_OR_BREACH_CUT"
    OWN_EQUIPMENT_FAULT = "OWN_EQUIPMENT_FAULT"
    SUCCESSFUL_RECLOSING = "SUCCESSFUL_RECLOSING"


class Voltage(StrEnum):
    """At which voltage supply was interrupted (停电电压等级): below 1 kV, 6 to 20 kV, from 35 kV."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"


class InterruptionRecorded(Conflict):
    """An interruption of this number is recorded with other facts."""

    code = "INTERRUPTION_RECORDED"


class StepsOverlap(InvalidInput):
    """The same area or point is named twice at the same time."""

    code = "STEPS_OVERLAP"


@dataclass(frozen=True, slots=True)
class Step:
    """Who was off from when to when: ids of transformers (whole areas), or of usage points where only low voltage was
    interrupted. ``on_at`` is ``None`` while they still are."""

    off_at: datetime
    on_at: datetime | None = None
    transformers: Sequence[int] = ()
    usage_points: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """What an interruption was. ``is_external``: caused outside the utility's network. ``belongs_to`` names what it comes
    from, as its domain writes it (``outages.plan:17``); ``device`` is text."""

    kind: InterruptionKind
    cause: Cause
    unit_code: str
    voltage: Voltage = Voltage.MEDIUM
    is_external: bool = False
    feeder_code: str = ""
    device: str = ""
    belongs_to: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Repeats:
    """Of one transformer: planned interruptions in the calendar year, and those of any kind in the window of months that
    ends with the day."""

    planned_this_year: int
    recent: int


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step as people read it: an area, or a usage point of it, off from when to when."""

    transformer_id: int
    transformer_code: str
    transformer_name: str
    usage_point_code: str
    account_number: str
    unit_name: str
    off_at: datetime
    on_at: datetime | None
    customers: int


@dataclass(frozen=True, slots=True)
class InterruptionShown:
    """One revision of an interruption with its steps. ``areas`` and ``customers`` were counted when it was recorded."""

    id: int
    number: str
    revision: int
    is_current: bool
    kind: InterruptionKind
    cause: Cause
    is_external: bool
    voltage: Voltage
    unit_code: str
    unit_name: str
    feeder_code: str
    feeder_name: str
    device: str
    belongs_to: str
    note: str
    off_at: datetime
    on_at: datetime | None
    areas: int
    customers: int
    reason: str
    recorded_at: datetime
    recorded_by: str
    steps: tuple[StepShown, ...]


@dataclass(frozen=True, slots=True)
class InterruptionFault:
    """What is wrong with an interruption, by its number."""

    number: str
    fault: str
