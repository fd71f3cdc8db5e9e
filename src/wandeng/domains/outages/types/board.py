"""Today's outages as a dispatcher looks at them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from wandeng.domains.outages.types.plans import OutageCategory, OutageState


class OverrunKind(StrEnum):
    """An alarm shortly before the planned end, or past it (停电超时)."""

    SOON = "SOON"
    OVER = "OVER"


class BoardStage(StrEnum):
    """Where an outage of today stands (今日停电): to come, not begun in time, running, past its end, over."""

    WAITING = "WAITING"
    LATE = "LATE"
    RUNNING = "RUNNING"
    OVERDUE = "OVERDUE"
    OVER = "OVER"


@dataclass(frozen=True, slots=True)
class OverrunShown:
    """An alarm and who answered for it."""

    id: int
    kind: OverrunKind
    ends_at: datetime
    raised_at: datetime
    areas: int
    acknowledged_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class BoardOutage:
    """An outage of the day: ``still_off`` areas without supply now, ``minutes_over`` past the planned end, the sheet by which it
    runs with its next step (0: none)."""

    number: str
    title: str
    category: OutageCategory
    state: OutageState
    stage: BoardStage
    unit_name: str
    feeder_name: str
    starts_at: datetime
    ends_at: datetime
    areas: int
    customers: int
    still_off: int
    minutes_over: int
    responsible: str
    sheet: str
    next_step: int
    next_action: str
    next_device: str
    overruns: tuple[OverrunShown, ...]


@dataclass(frozen=True, slots=True)
class OutageBoard:
    """Today's outages, what is overdue first; how many there are of each stage, and areas off."""

    day: date
    outages: tuple[BoardOutage, ...]
    waiting: int
    running: int
    overdue: int
    temporary: int
    still_off: int
    alarms: int
