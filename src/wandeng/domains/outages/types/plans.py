"""What an outage plan is asked with, its words and its refusals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed


class OutageCategory(StrEnum):
    """计划停电 or 临时停电: told days or hours before."""

    PLANNED = "PLANNED"
    TEMPORARY = "TEMPORARY"


class OutageReason(StrEnum):
    """Why supply is interrupted: 检修, 施工, 用户申请, 上级停电."""

    MAINTENANCE = "MAINTENANCE"
    CONSTRUCTION = "CONSTRUCTION"
    CUSTOMER = "CUSTOMER"
    OTHER_LEVEL = "OTHER_LEVEL"


class OutageState(StrEnum):
    """草稿, 待审批, 已批准, 已退回, 已发布, 执行中, 已完成, 已取消."""

    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    APPROVED = "APPROVED"
    REFUSED = "REFUSED"
    PUBLISHED = "PUBLISHED"
    RUNNING = "RUNNING"
    DONE = "DONE"
    CANCELED = "CANCELED"


class VersionState(StrEnum):
    """Where a version of a plan stands."""

    PROPOSED = "PROPOSED"
    STANDS = "STANDS"
    REFUSED = "REFUSED"
    WITHDRAWN = "WITHDRAWN"
    REPLACED = "REPLACED"


class LiveLine(StrEnum):
    """带电作业: not possible, possible, chosen. What is done live interrupts nobody."""

    NONE = "NONE"
    POSSIBLE = "POSSIBLE"
    CHOSEN = "CHOSEN"


class WorkKind(StrEnum):
    """Whose work it is: the grid's, a customer's, another level's."""

    GRID = "GRID"
    CUSTOMER = "CUSTOMER"
    OTHER_LEVEL = "OTHER_LEVEL"


class IsolationKind(StrEnum):
    """What is done at an isolation point: a switch opened, a tie closed to feed others meanwhile (转供), a transformer taken
    out (停运)."""

    OPEN = "OPEN"
    CLOSE = "CLOSE"
    OUT = "OUT"


class Level(StrEnum):
    """Who approves: the station (供电所), the county company (县公司), the city or province (市、省公司)."""

    STATION = "STATION"
    COUNTY = "COUNTY"
    CITY = "CITY"


class Decision(StrEnum):
    """What an approver said."""

    APPROVED = "APPROVED"
    REFUSED = "REFUSED"


class Severity(StrEnum):
    """Whether a finding forbids the plan or has to be acknowledged with a reason."""

    REFUSES = "REFUSES"
    WARNS = "WARNS"


class PlanForbidden(Conflict):
    """A finding forbids the plan as it stands."""

    code = "OUTAGE_PLAN_FORBIDDEN"


class WarningsOpen(Conflict):
    """Warnings that nobody has acknowledged with a reason."""

    code = "OUTAGE_WARNINGS_OPEN"


class SamePlanner(NotAllowed):
    """Who made a version does not approve it."""

    code = "OUTAGE_SAME_PLANNER"


class ApprovalMissing(Conflict):
    """A level that is wanted by now has not approved."""

    code = "OUTAGE_APPROVAL_MISSING"


class LevelNotWanted(Conflict):
    """It is not this level's turn to decide."""

    code = "OUTAGE_LEVEL_NOT_WANTED"


class NobodyOff(InvalidInput):
    """The isolation points interrupt nobody."""

    code = "OUTAGE_NOBODY_OFF"


@dataclass(frozen=True, slots=True)
class Isolation:
    """An isolation point (隔离点): a switch's code, or a transformer's with OUT."""

    kind: IsolationKind
    code: str


@dataclass(frozen=True, slots=True)
class Work:
    """A work (检修作业) that shares the outage. ``unit`` who does it, as text; ``account_number`` whose equipment it is."""

    kind: WorkKind
    unit: str
    description: str
    crew_code: str = ""
    account_number: str = ""
    live_line: LiveLine = LiveLine.NONE


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """An outage as it is asked for. ``place`` (villages and communities) is made from the areas when empty."""

    unit_code: str
    title: str
    reason: OutageReason
    starts_at: datetime
    ends_at: datetime
    isolation: tuple[Isolation, ...]
    works: tuple[Work, ...]
    category: OutageCategory = OutageCategory.PLANNED
    place: str = ""
    live_line: LiveLine = LiveLine.NONE


@dataclass(frozen=True, slots=True)
class OutageFault:
    """What is wrong with an outage plan, by its number."""

    number: str
    fault: str
