"""Values that the doors get from voltage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum


class VoltageClass(StrEnum):
    """Class of a monitoring point (监测点类别): A the 10(6/20) kV bars of substations, B customers at 35 kV dedicated and from
    110 kV, C other customers at 35 and 10 kV, D customers at 380/220 V."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class VoltageArea(StrEnum):
    """Which promise a point is held against."""

    CITY = "CITY"
    RURAL = "RURAL"


class DaySource(StrEnum):
    """Where a day's figures come from: judged by us from readings, or the device's own sums."""

    READINGS = "READINGS"
    SUMS = "SUMS"


class Defect(StrEnum):
    """What is wrong with the voltage of a point."""

    LOW = "LOW"
    HIGH = "HIGH"


class VoltageCause(StrEnum):
    """Why voltage was bad (成因)."""

    LONG_LINE = "LONG_LINE"
    THIN_WIRE = "THIN_WIRE"
    OVERLOAD = "OVERLOAD"
    TAP = "TAP"
    UNBALANCE = "UNBALANCE"
    REACTIVE = "REACTIVE"
    FEED_IN = "FEED_IN"
    DEVICE = "DEVICE"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True)
class ClassShare:
    """A class in a period: points with a minute monitored, minutes, the share in range, 10⁻⁵ (``None``: no point)."""

    voltage_class: str
    points: int
    monitored: int
    over: int
    under: int
    share_e5: int | None


@dataclass(frozen=True, slots=True)
class VoltageTarget:
    """A promise on residential voltage (class D) of an area: what was promised by whom, what came of it (10⁻⁵)."""

    area: VoltageArea
    source: str
    percent: str
    share_e5: int | None

    @property
    def is_kept(self) -> bool | None:
        """Whether it is kept; ``None`` without a point."""
        return None if self.share_e5 is None else self.share_e5 >= Decimal(self.percent) * 1000


@dataclass(frozen=True, slots=True)
class UnitShare:
    """A unit's share in a period, all classes together (10⁻⁵), and its minutes out of range."""

    unit_code: str
    unit_name: str
    points: int
    over: int
    under: int
    faulty: int
    share_e5: int | None


@dataclass(frozen=True, slots=True)
class Qualification:
    """电压合格率 of a unit and all below it in a period, 10⁻⁵."""

    unit_code: str
    unit_name: str
    from_on: date
    to_on: date
    composite_e5: int | None
    before_e5: int | None
    """The same of the period a year earlier."""
    classes: tuple[ClassShare, ...]
    targets: tuple[VoltageTarget, ...]
    units: tuple[UnitShare, ...]
    without_data: int
    """Points in service without a minute monitored in the period."""


@dataclass(frozen=True, slots=True)
class DayShown:
    """A day of a point; faults of the data by name, in minutes."""

    day: date
    source: DaySource
    monitored: int
    over: int
    under: int
    faults: dict[str, int]
    max_dv: int | None
    min_dv: int | None
    upper_dv: int
    lower_dv: int
    readings: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class RemedyShown:
    """A remedy as people read it."""

    id: int
    state: str
    defect: Defect
    opened_at: datetime
    opened_by: str
    days: int
    minutes: int
    extreme_dv: int | None
    handler: str
    due_on: date | None
    cause: str
    measure: str
    done_on: date | None


@dataclass(frozen=True, slots=True)
class PointShown:
    """A monitoring point with its days in a month and its remedies, latest first."""

    id: int
    code: str
    name: str
    unit_code: str
    unit_name: str
    voltage_class: VoltageClass
    area: VoltageArea
    nominal_dv: int
    upper_dv: int | None
    lower_dv: int | None
    transformer_code: str
    transformer_name: str
    usage_point_code: str
    account_number: str
    valid_from: date
    valid_to: date | None
    last_day: date | None
    share_e5: int | None
    days: tuple[DayShown, ...]
    remedies: tuple[RemedyShown, ...]


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did: remedies opened, verified by the readings since, open again."""

    opened: int
    verified: int
    reopened: int
