"""Values that other domains and the doors get from emergency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wandeng.calc.probable_device import Confidence, Device
from wandeng.calc.resupply import TieVerdict
from wandeng.kernel.errors import Conflict


class Told(StrEnum):
    """What told of its supply: a meter (电能表), the terminal of a transformer (配变终端), a switch (开关)."""

    METER = "METER"
    TERMINAL = "TERMINAL"
    SWITCH = "SWITCH"


class EstimateSource(StrEnum):
    """Where an expected time comes from: the crew at the place, the dispatcher, earlier repairs, a plan."""

    CREW = "CREW"
    DISPATCHER = "DISPATCHER"
    STATISTICS = "STATISTICS"
    PLAN = "PLAN"


class StormRuns(Conflict):
    """A storm mode stands in this unit already, or above it."""

    code = "STORM_RUNS"


class NoStorm(Conflict):
    """No storm mode stands in this unit."""

    code = "NO_STORM"


class GeneratorTooSmall(Conflict):
    """The generator cannot carry what is needed."""

    code = "GENERATOR_TOO_SMALL"


class AlreadyConfirmed(Conflict):
    """The fault is confirmed already."""

    code = "FAULT_CONFIRMED"


@dataclass(frozen=True, slots=True)
class StormShown:
    """A storm mode (风暴模式) that stands, or stood."""

    id: int
    unit_code: str
    unit_name: str
    state: str
    reason: str
    announcement: str
    window_minutes: int
    transformer_cases: int
    feeder_transformers: int
    started_at: datetime
    started_by: str
    ended_at: datetime | None
    ended_by: str
    end_reason: str


@dataclass(frozen=True, slots=True)
class Announcement:
    """What the telephone says before anything else (话务公告), and since when."""

    unit_code: str
    unit_name: str
    text: str
    since: datetime


@dataclass(frozen=True, slots=True)
class ProbableShown:
    """A probable device (故障设备研判) with its evidence, as people read it. ``incident`` is the open incident of the device;
    ``areas`` are behind it, ``dark`` of them say so, ``lit_beside`` are lit behind the next device above."""

    kind: Device
    device_id: int
    device_code: str
    device_name: str
    feeder_code: str
    feeder_name: str
    unit_name: str
    confidence: Confidence
    share: int
    areas: int
    dark: int
    customers: int
    lit_beside: int
    tripped: bool
    calls: int
    meters_off: int
    terminals_off: int
    first_off_at: datetime | None
    incident: str
    is_confirmed: bool
    dark_names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judgement:
    """All probable devices of a scope at a time; ``known_off`` dark areas that no closed way feeds anyway, ``doubted`` switches
    that said they opened while somebody behind them is lit, ``flapping`` things that say off and on all the time."""

    at: datetime
    devices: tuple[ProbableShown, ...]
    known_off: tuple[str, ...]
    doubted: tuple[str, ...]
    flapping: int


@dataclass(frozen=True, slots=True)
class EstimateShown:
    """An expected time as it was told, newest last in a history."""

    expected_at: datetime
    source: EstimateSource
    confidence: Confidence
    cases: int
    note: str
    set_at: datetime
    set_by: str


@dataclass(frozen=True, slots=True)
class WaySwitch:
    """A switch that a tie's supply would come through."""

    code: str
    name: str
    load_ckva: int
    may_ckva: int | None
    left_ckva: int | None


@dataclass(frozen=True, slots=True)
class TieShown:
    """A tie as a dispatcher weighs it; ``areas`` that would have supply again."""

    switch_code: str
    switch_name: str
    feeder_code: str
    feeder_name: str
    areas: tuple[str, ...]
    customers: int
    moved_ckva: int
    before_ckva: int
    unknown_loads: int
    left_ckva: int | None
    is_ring: bool
    verdict: TieVerdict
    way: tuple[WaySwitch, ...]


@dataclass(frozen=True, slots=True)
class ResupplyShown:
    """What could be fed otherwise when these switches stand open: nothing is switched by asking."""

    opened: tuple[str, ...]
    dark: int
    hopeless: tuple[str, ...]
    ties: tuple[TieShown, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """A protected or important user who is off now, and how urgently a generator is wanted: ``minutes_left`` of own back-up
    (``None``: nobody knows of any), ``nearest`` the generators within reach, the soonest first, as (code, minutes)."""

    account_number: str
    account_name: str
    importance: str
    protection: str
    unit_name: str
    transformer_name: str
    need_ckva: int
    since: datetime
    minutes_left: int | None
    generator: str
    nearest: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class SupplyTold:
    """What became of a batch of events: written, known before, and devices that nobody knows."""

    written: int
    known: int
    unknown: tuple[str, ...]


__all__ = [
    "AlreadyConfirmed",
    "Announcement",
    "Confidence",
    "Device",
    "EstimateShown",
    "EstimateSource",
    "GeneratorTooSmall",
    "Judgement",
    "Need",
    "NoStorm",
    "ProbableShown",
    "ResupplyShown",
    "StormRuns",
    "StormShown",
    "SupplyTold",
    "TieShown",
    "TieVerdict",
    "Told",
    "WaySwitch",
]
