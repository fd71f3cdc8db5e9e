"""What outages tell others, in the past tense."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class OutagePublished:
    """A plan was published: everyone affected is to be told."""

    NAME: ClassVar[str] = "outages.published"
    number: str
    version: int
    unit_path: str

    @property
    def key(self) -> str:
        return f"outage:{self.number}"


@dataclass(frozen=True, slots=True)
class OutageChanged:
    """A published plan has another version: who was told is told again. ``before`` is the version that stood."""

    NAME: ClassVar[str] = "outages.changed"
    number: str
    version: int
    before: int
    unit_path: str

    @property
    def key(self) -> str:
        return f"outage:{self.number}"


@dataclass(frozen=True, slots=True)
class OutageCanceled:
    """A published plan will not take place: who was told is told so."""

    NAME: ClassVar[str] = "outages.canceled"
    number: str
    version: int
    unit_path: str

    @property
    def key(self) -> str:
        return f"outage:{self.number}"


@dataclass(frozen=True, slots=True)
class OutageStarted:
    """The first switch of a plan was operated."""

    NAME: ClassVar[str] = "outages.started"
    number: str
    unit_path: str

    @property
    def key(self) -> str:
        return f"outage:{self.number}"


@dataclass(frozen=True, slots=True)
class OutageEnded:
    """Everyone of a plan has supply again."""

    NAME: ClassVar[str] = "outages.ended"
    number: str
    unit_path: str

    @property
    def key(self) -> str:
        return f"outage:{self.number}"


@dataclass(frozen=True, slots=True)
class OutageOverran:
    """An outage still runs shortly before its planned end (``SOON``) or past it (``OVER``): its planner and the dispatchers are to
    know. ``areas`` are off still."""

    NAME: ClassVar[str] = "outages.overran"
    number: str
    kind: str
    ends_at: datetime
    areas: int
    responsible: str
    unit_path: str

    @property
    def key(self) -> str:
        return f"outage:{self.number}"
