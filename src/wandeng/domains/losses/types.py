"""What losses gives to doors and flows: words, shapes and refusals."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from wandeng.calc.area_loss import LossStatus, Reason
from wandeng.domains.organization.types import Role
from wandeng.kernel.errors import Conflict

__all__ = ["LossStatus", "Reason"]

LEAD_READERS = (Role.AUDITOR, Role.BILLING_REVIEWER, Role.COUNTY_MANAGER)
"""Who may learn whom a lead names 线索知悉范围."""
LOOKERS = (Role.CELL_MANAGER, Role.METER_READER, Role.BILLING_CLERK, *LEAD_READERS)
"""Who looks after an area whose loss is odd."""


class WorkKind(StrEnum):
    """Why an area is followed up 治理类别."""

    HIGH = "HIGH"
    NEGATIVE = "NEGATIVE"


class LossCause(StrEnum):
    """What an odd loss came from 线损异常原因."""

    RELATION = "RELATION"
    MISSING_READING = "MISSING_READING"
    RATIO = "RATIO"
    THEFT = "THEFT"
    UNMETERED = "UNMETERED"
    FEED_IN = "FEED_IN"
    CLOCK = "CLOCK"
    WIRING = "WIRING"
    TECHNICAL = "TECHNICAL"


class Answer(StrEnum):
    """What was found on site 核查结果; each is the state a lead ends in."""

    CONFIRMED = "CONFIRMED"
    WIRING = "WIRING"
    RELATION = "RELATION"
    NOTHING_FOUND = "NOTHING_FOUND"


class LeadMirrored(Conflict):
    """A neighbour's loss mirrors that of the area: the relation is looked at before anybody is named."""

    code = "LEAD_MIRRORED"


class NotConfirmed(Conflict):
    """Nobody has found on site that energy was stolen."""

    code = "THEFT_NOT_CONFIRMED"


class UseKind(StrEnum):
    """What stolen energy was used for 用电性质: it decides the hours a day while the time is not known."""

    POWER = "POWER"
    LIGHTING = "LIGHTING"


@dataclass(frozen=True, slots=True)
class Computed:
    """What computing days came to: areas looked at, rows written new, of them revisions of what stood."""

    days: int
    areas: int
    written: int
    revised: int


@dataclass(frozen=True, slots=True)
class DayLoss:
    """One day of an area; ``revision`` counts from 1, ``hints`` are codes."""

    day: date
    revision: int
    status: str
    reason: str
    hints: tuple[str, ...]
    supplied_ckwh: int | None
    fed_ckwh: int
    sold_ckwh: int
    loss_ckwh: int | None
    rate_e4: int | None
    points: int
    read: int
    computed_at: datetime


@dataclass(frozen=True, slots=True)
class Sums:
    """Computable days of some areas together; ``days`` counts days of areas, ``without`` those that were not computable. Of a month by
    its registers they count areas, and one area tells its ``status`` and ``reason``."""

    code: str
    name: str
    supplied_ckwh: int
    sold_ckwh: int
    loss_ckwh: int
    rate_e4: int | None
    days: int
    without: int
    high: int = 0
    negative: int = 0
    status: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class PointDay:
    """A meter behind an area on a day; ``energy_ckwh`` null: not read."""

    code: str
    kind: str
    account_number: str
    energy_ckwh: int | None
    export_ckwh: int | None
    is_timed: bool


@dataclass(frozen=True, slots=True)
class Neighbour:
    """An area of the same feeder whose loss goes against this one's."""

    code: str
    name: str
    correlation_e4: int
    moved_ckwh: int
    gains: bool


@dataclass(frozen=True, slots=True)
class AreaPage:
    """All that is known of an area's losses over some days, the latest first; ``former`` are revisions that no longer stand."""

    transformer_id: int
    code: str
    name: str
    unit_code: str
    unit_name: str
    feeder_code: str
    feeder_name: str
    capacity_ckva: int
    days: tuple[DayLoss, ...]
    former: tuple[DayLoss, ...]
    whole: Sums
    months: tuple[Sums, ...]
    neighbours: tuple[Neighbour, ...]


@dataclass(frozen=True, slots=True)
class WorkShown:
    """An area that is followed up; ``rate_e4`` is the mean of the ``odd_days`` that opened it."""

    id: int
    area_code: str
    area_name: str
    unit_name: str
    kind: str
    state: str
    opened_on: date
    odd_days: int
    rate_e4: int
    taken_by: str
    cause: str
    finding: str
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class LeadShown:
    """A lead with its evidence. ``tests`` are the codes of the tests that speak against it."""

    id: int
    state: str
    area_code: str
    area_name: str
    unit_code: str
    unit_path: str
    usage_point: str
    account_number: str
    account_name: str
    from_on: date
    to_on: date
    rank: int
    attributed_ckwh: int
    coefficient_e4: int
    share_e4: int
    explained_e4: int
    correlation_e4: int
    days: int
    whole_days: int
    tests: tuple[str, ...]
    evidence: Mapping[str, object] = field(default_factory=dict)
    case_number: str = ""
    note: str = ""
    made_at: datetime | None = None
    answered_at: datetime | None = None
    answered_by: str = ""


@dataclass(frozen=True, slots=True)
class HitRate:
    """How often leads led to something: answered ones by what was found."""

    answered: int
    confirmed: int
    wiring: int
    relation: int
    nothing: int

    @property
    def hit_e4(self) -> int | None:
        """Confirmed and wrongly wired, of all answered, 10⁻⁴."""
        return (self.confirmed + self.wiring) * 10_000 // self.answered if self.answered else None
