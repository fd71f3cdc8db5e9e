"""Figures about plans: what one would come to, what a change changes, how outages are shared out, how plans are kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from wandeng.domains.outages.types.plans import Level
from wandeng.domains.outages.types.shown import AreaShown, FindingShown, UserShown


@dataclass(frozen=True, slots=True)
class Preview:
    """What a plan would come to. ``moved``: areas that another feeder feeds meanwhile."""

    areas: tuple[AreaShown, ...]
    users: tuple[UserShown, ...]
    customers: int
    important: int
    protected: int
    double_supply: int
    moved: int
    notice_by: datetime
    findings: tuple[FindingShown, ...]
    levels: tuple[Level, ...]
    most_planned: int


@dataclass(frozen=True, slots=True)
class AreaNamed:
    """An area of a version."""

    code: str
    place: str
    customers: int


@dataclass(frozen=True, slots=True)
class AccountNamed:
    """A customer of a version."""

    account_number: str
    name: str


@dataclass(frozen=True, slots=True)
class VersionsDiffer:
    """A version against one before: ``added`` are to be told anew, ``dropped`` that they keep their supply, ``kept`` of other
    times. Times are (before, now)."""

    version: int
    before: int
    reason: str
    starts_at: tuple[datetime, datetime]
    ends_at: tuple[datetime, datetime]
    areas_added: tuple[AreaNamed, ...]
    areas_dropped: tuple[AreaNamed, ...]
    areas_kept: int
    added: int
    dropped: int
    kept: int
    added_named: tuple[AccountNamed, ...]
    dropped_named: tuple[AccountNamed, ...]


@dataclass(frozen=True, slots=True)
class AreaShare:
    """An area: planned interruptions written in the year, plans still to come, interruptions of the months before."""

    code: str
    name: str
    place: str
    feeder_name: str
    unit_name: str
    planned: int
    to_come: int
    recent: int

    @property
    def whole(self) -> int:
        return self.planned + self.to_come


@dataclass(frozen=True, slots=True)
class Fairness:
    """``spread``: (planned outages in the year, areas that have so many); ``full``: areas that may have none more."""

    unit_code: str
    unit_name: str
    on: date
    areas: int
    most_planned: int
    frequent_times: int
    spread: tuple[tuple[int, int], ...]
    full: int
    rows: tuple[AreaShare, ...]


@dataclass(frozen=True, slots=True)
class KeptPlans:
    """Published plans of a month or a unit by what became of them."""

    name: str
    kept: int
    changed: int
    canceled: int
    missed: int
    late: int

    @property
    def due(self) -> int:
        return self.kept + self.changed + self.canceled + self.missed + self.late

    @property
    def percent_e2(self) -> int | None:
        """Share of kept plans in 0.01 %, ``None`` when none was due."""
        return (self.kept * 10_000 + self.due // 2) // self.due if self.due else None


@dataclass(frozen=True, slots=True)
class Fulfilment:
    """A year of a unit."""

    unit_code: str
    unit_name: str
    year: int
    target_percent: Decimal
    months: tuple[KeptPlans, ...]
    units: tuple[KeptPlans, ...]

    @property
    def whole(self) -> KeptPlans:
        sums = [sum(getattr(one, name) for one in self.months) for name in _OUTCOMES]
        return KeptPlans("", *sums)


_OUTCOMES = ("kept", "changed", "canceled", "missed", "late")
