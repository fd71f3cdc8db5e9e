"""Values of telling people of outages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wandeng.calc.outage_telling import Telling as TellingKind

__all__ = [
    "CallShown",
    "CallState",
    "GapShown",
    "HandWay",
    "NewEnd",
    "Settled",
    "TellingKind",
    "TellingShown",
    "TellingView",
]


class HandWay(StrEnum):
    """How somebody was told by hand (人工告知方式)."""

    DOOR = "DOOR"
    CALL = "CALL"
    GROUP = "GROUP"
    LOUDSPEAKER = "LOUDSPEAKER"
    NOTICE_BOARD = "NOTICE_BOARD"


class CallState(StrEnum):
    """How far a call to an important user has come."""

    TO_CALL = "TO_CALL"
    CONFIRMED = "CONFIRMED"
    DROPPED = "DROPPED"


@dataclass(frozen=True, slots=True)
class Settled:
    """What one look at an outage had to be told: accounts by kind, messages, calls to important users."""

    accounts: dict[str, int]
    messages: int
    calls: int


@dataclass(frozen=True, slots=True)
class NewEnd:
    """Another end of an outage that runs. ``tell_by``: by when those still off must know it; ``is_late``: that has passed."""

    number: str
    version: int
    was: datetime
    ends_at: datetime
    tell_by: datetime
    is_late: bool


@dataclass(frozen=True, slots=True)
class TellingShown:
    """A telling and how far it has come."""

    id: int
    version: int
    kind: TellingKind
    made_at: datetime
    due_by: datetime
    accounts: int
    messages: int
    reached: int
    by_hand: int

    @property
    def left(self) -> int:
        """Accounts that nobody has reached."""
        return self.accounts - self.reached - self.by_hand


@dataclass(frozen=True, slots=True)
class GapShown:
    """Somebody who has not been reached: why, and by which channel next."""

    told_id: int
    account_number: str
    unit_name: str
    area: str
    kind: TellingKind
    due_by: datetime
    state: str
    why: str
    next: str


@dataclass(frozen=True, slots=True)
class CallShown:
    """A call to an important user."""

    id: int
    account_number: str
    account_name: str
    importance: str
    protection: str
    kind: TellingKind
    due_by: datetime
    state: CallState
    tries: int
    confirmed_by: str
    called_by: str
    called_at: datetime | None
    note: str


@dataclass(frozen=True, slots=True)
class TellingView:
    """Everything told of an outage: tellings, whom nobody has reached (the first of them), calls, the text for the media."""

    number: str
    title: str
    unit_name: str
    notice_by: datetime
    affected: int
    tellings: tuple[TellingShown, ...]
    gaps: tuple[GapShown, ...]
    calls: tuple[CallShown, ...]
    media: str
