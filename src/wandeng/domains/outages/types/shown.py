"""Outage plans as people and programs read them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wandeng.domains.outages.types.plans import (
    Decision,
    IsolationKind,
    Level,
    LiveLine,
    OutageCategory,
    OutageReason,
    OutageState,
    Severity,
    VersionState,
    WorkKind,
)


@dataclass(frozen=True, slots=True)
class PlanBrief:
    """A plan by its version that stands."""

    id: int
    number: str
    title: str
    unit_code: str
    unit_name: str
    unit_path: str
    category: OutageCategory
    reason: OutageReason
    state: OutageState
    version: int
    version_id: int
    starts_at: datetime
    ends_at: datetime
    feeder_code: str
    feeder_name: str
    place: str
    live_line: LiveLine
    notice_by: datetime
    areas: int
    customers: int
    important: int


@dataclass(frozen=True, slots=True)
class IsolationShown:
    """An isolation point."""

    kind: IsolationKind
    code: str
    name: str


@dataclass(frozen=True, slots=True)
class WorkShown:
    """A work that shares the outage."""

    kind: WorkKind
    unit: str
    description: str
    crew_code: str
    account_number: str
    live_line: LiveLine


@dataclass(frozen=True, slots=True)
class AreaShown:
    """An affected area with its history when the version was made."""

    transformer_id: int
    code: str
    name: str
    place: str
    feeder_code: str
    feeder_name: str
    customers: int
    important: int
    planned_before: int
    recent_before: int


@dataclass(frozen=True, slots=True)
class UserShown:
    """An important or protected user whom a version touches."""

    account_id: int
    account_number: str
    name: str
    transformer_code: str
    importance: str
    protection: str
    keeps_supply: bool


@dataclass(frozen=True, slots=True)
class FindingShown:
    """A finding with what it was found by (``facts``: numbers, texts and lists of texts)."""

    code: str
    severity: Severity
    facts: dict[str, object]
    acknowledged_by: str
    acknowledged_at: datetime | None
    acknowledged_reason: str

    @property
    def is_open(self) -> bool:
        return self.severity == Severity.WARNS and not self.acknowledged_by


@dataclass(frozen=True, slots=True)
class ApprovalShown:
    """What a level said to a version."""

    version: int
    level: Level
    decision: Decision
    by: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True)
class VersionShown:
    """A version with all that belongs to it."""

    id: int
    version: int
    state: VersionState
    is_change: bool
    starts_at: datetime
    ends_at: datetime
    feeder_code: str
    feeder_name: str
    place: str
    work: str
    live_line: LiveLine
    reason: str
    made_by: str
    made_at: datetime
    notice_by: datetime
    customers: int
    important: int
    protected: int
    double_supply: int
    isolation: tuple[IsolationShown, ...]
    works: tuple[WorkShown, ...]
    areas: tuple[AreaShown, ...]
    users: tuple[UserShown, ...]
    findings: tuple[FindingShown, ...]
    levels: tuple[Level, ...]

    @property
    def forbidding(self) -> tuple[FindingShown, ...]:
        return tuple(one for one in self.findings if one.severity == Severity.REFUSES)

    @property
    def open_warnings(self) -> tuple[FindingShown, ...]:
        return tuple(one for one in self.findings if one.is_open)


@dataclass(frozen=True, slots=True)
class PlanView:
    """One plan: ``standing`` is the version that stands, ``proposed`` a change that waits for approval; ``reference`` is its
    number where it was asked for, if it came from a file."""

    id: int
    number: str
    reference: str
    title: str
    unit_code: str
    unit_name: str
    unit_path: str
    category: OutageCategory
    reason: OutageReason
    state: OutageState
    version: int
    created_by: str
    created_at: datetime
    approved_by: str
    approved_at: datetime | None
    published_at: datetime | None
    canceled_at: datetime | None
    cancel_reason: str
    ended_at: datetime | None
    standing: VersionShown
    proposed: VersionShown | None
    versions: tuple[VersionShown, ...]
    approvals: tuple[ApprovalShown, ...]
    next_level: Level | None

    @property
    def looked_at(self) -> VersionShown:
        """The version that is being decided on: the proposed one, else the one that stands."""
        return self.proposed or self.standing
