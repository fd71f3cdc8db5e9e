"""Planned outages as everybody may know them: no customer is named, no title, no work."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Mark(StrEnum):
    """What became of an outage that was announced: it stands, its time or place was changed, it goes on, it will not be."""

    STANDS = "STANDS"
    CHANGED = "CHANGED"
    RUNNING = "RUNNING"
    CANCELED = "CANCELED"


@dataclass(frozen=True, slots=True)
class AnnouncedArea:
    """A public area that is off: its transformer's id and name, and its village or community (may be empty)."""

    transformer_id: int
    name: str
    place: str


@dataclass(frozen=True, slots=True)
class Announced:
    """An announced outage (停电公告). ``was_from``, ``was_until``: the window that was told first, where it is another one."""

    number: str
    unit_code: str
    unit_name: str
    category: str
    reason: str
    mark: Mark
    starts_at: datetime
    ends_at: datetime
    was_from: datetime | None
    was_until: datetime | None
    areas: tuple[AnnouncedArea, ...]
