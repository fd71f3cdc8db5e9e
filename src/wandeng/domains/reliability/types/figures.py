"""Figures of reliability as people and programs get them: whole numbers, each with its unit in the name."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from wandeng.domains.reliability.types.recorded import Cause, InterruptionKind


class By(StrEnum):
    """By what a period is taken apart."""

    UNIT = "UNIT"
    FEEDER = "FEEDER"
    LOCALITY = "LOCALITY"
    KIND = "KIND"
    CAUSE = "CAUSE"
    MONTH = "MONTH"


@dataclass(frozen=True, slots=True)
class IndexRow:
    """Indices of a group. ``users`` are areas or customers, as the standard has it; ``user_seconds`` is 停电时户数 in seconds;
    SAIDI and CAIDI in 10⁻⁴ h, SAIFI and MAIFI in 10⁻⁴ times, ASAI 1 to 4 in 10⁻⁵ of one. ``caidi_e4`` is ``None`` without
    an interruption."""

    code: str
    name: str
    users: int
    interruptions: int
    user_seconds: int
    saidi_e4: int
    saifi_e4: int
    caidi_e4: int | None
    maifi_e4: int
    asai_1_e5: int
    asai_2_e5: int
    asai_3_e5: int
    asai_4_e5: int


@dataclass(frozen=True, slots=True)
class MajorDay:
    """A major event day (重大事件日) with its minutes a user, in 10⁻⁴."""

    day: date
    minutes_e4: int


@dataclass(frozen=True, slots=True)
class Analysis:
    """A period of a unit and all below it by a standard: the whole, the same period of the year before, and the groups.
    ``limit_e4``: T_MED in 10⁻⁴ minutes a user, ``None`` where the standard has none or nothing is known of earlier years;
    ``without`` is the whole without the major event days, ``None`` when there were none."""

    standard: str
    from_on: date
    to_on: date
    whole: IndexRow | None
    year_before: IndexRow | None
    rows: tuple[IndexRow, ...]
    limit_e4: int | None
    major_days: tuple[MajorDay, ...]
    without: IndexRow | None


@dataclass(frozen=True, slots=True)
class AreaYear:
    """An area's year: seconds and times without supply, planned ones, most within the rolling months of the rule; and the
    same months of the year before."""

    transformer_code: str
    transformer_name: str
    unit_name: str
    feeder_name: str
    seconds: int
    times: int
    planned: int
    frequent: int
    seconds_before: int
    times_before: int


@dataclass(frozen=True, slots=True)
class CustomerYear:
    """A customer's year, and what it had in the same months of the year before."""

    account_number: str
    transformer_code: str
    unit_name: str
    seconds: int
    times: int
    seconds_before: int


@dataclass(frozen=True, slots=True)
class Counts:
    """How many are on a list, and were in the same months of the year before."""

    now: int
    before: int


@dataclass(frozen=True, slots=True)
class Standouts:
    """Who stands out in a year, worst first: customers above the hours of the rule, areas interrupted frequently or planned
    repeatedly. ``goal_percent`` is what the lists are to change by against the year before."""

    from_on: date
    to_on: date
    over_hours: int
    goal_percent: str
    lasting_count: Counts
    frequent_count: Counts
    repeated_count: Counts
    lasting: tuple[CustomerYear, ...]
    frequent: tuple[AreaYear, ...]
    repeated: tuple[AreaYear, ...]


@dataclass(frozen=True, slots=True)
class Experienced:
    """An interruption as one customer met it."""

    number: str
    kind: InterruptionKind
    cause: Cause
    off_at: datetime
    on_at: datetime | None
    seconds: int


@dataclass(frozen=True, slots=True)
class AccountHistory:
    """停电履历 of an account in a year: times and seconds without supply, and the interruptions, latest first."""

    account_number: str
    year: int
    times: int
    seconds: int
    interruptions: tuple[Experienced, ...]
