"""Values of conversations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

PHONE_COLUMN = "conversations_conversation.phone"
"""The name that ``infra.pii`` derives the keys of sealed numbers from."""


class Medium(StrEnum):
    """How a conversation is held."""

    SMS = "SMS"
    PHONE = "PHONE"


class Direction(StrEnum):
    """From the customer, or to them."""

    IN = "IN"
    OUT = "OUT"


class CallPurpose(StrEnum):
    """Why a machine calls: arrears, or how a finished case was done."""

    DUNNING = "DUNNING"
    CALL_BACK = "CALL_BACK"


class CallResult(StrEnum):
    """What came of an outbound call: ``REACHED`` a key was pressed; ``HUNG_UP`` it was taken and no key pressed;
    ``FAILED`` the exchange could not dial; ``LOST`` nothing was heard of it."""

    REACHED = "REACHED"
    HUNG_UP = "HUNG_UP"
    NO_ANSWER = "NO_ANSWER"
    BUSY = "BUSY"
    FAILED = "FAILED"
    LOST = "LOST"


class Dialed(StrEnum):
    """What an exchange says when asked to dial: ``TAKEN``, ``REFUSED`` surely not dialed, ``UNKNOWN`` nobody can say."""

    TAKEN = "TAKEN"
    REFUSED = "REFUSED"
    UNKNOWN = "UNKNOWN"


class Exchange(Protocol):
    """A telephone exchange that dials. ``dial`` asks for a call under a name that stays the same however often it is asked for; it raises
    nothing. The exchange then asks turn by turn what to say, and tells how the call ended."""

    code: str

    def dial(self, call: str, phone: str, purpose: str) -> Dialed: ...


class TurnOutcome(StrEnum):
    """``PENDING`` not acted on or not sent; ``ANSWERED``; ``IGNORED`` too many an hour; ``SENT`` taken by the gateway;
    ``UNKNOWN`` nobody can say, ``REFUSED`` by the gateway."""

    PENDING = "PENDING"
    ANSWERED = "ANSWERED"
    IGNORED = "IGNORED"
    SENT = "SENT"
    UNKNOWN = "UNKNOWN"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class Heard:
    """A turn that came in, held for its answer: ``recent`` turns came from the same side within the last hour."""

    turn_id: int
    conversation_id: int
    phone: str
    text: str
    recent: int
    pending: str
    offered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TextAnswer:
    """What is answered: ``account_number`` it speaks of, ``case_number`` that it opened or found, ``pending`` and ``offered`` when the customer is to choose."""

    answers: str
    code: str
    text: str
    is_verified: bool
    account_number: str = ""
    pending: str = ""
    offered: tuple[str, ...] = ()
    offered_until: datetime | None = None
    case_number: str = ""


@dataclass(frozen=True, slots=True)
class ToSend:
    """An answer that waits for the gateway."""

    turn_id: int
    message_id: str
    phone: str
    text: str


@dataclass(frozen=True, slots=True)
class TurnShown:
    """A turn as a page shows it."""

    id: int
    direction: str
    text: str
    asked: str
    code: str
    outcome: str
    at: datetime
    case_number: str = ""
    emptied_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ContactMade:
    """That a customer wrote or called: what was asked, the case it opened or was about (empty: none), the masked number, and the
    conversation where the reader may open it."""

    at: datetime
    medium: str
    asked: str
    case_number: str
    masked: str
    conversation_id: int | None


@dataclass(frozen=True, slots=True)
class OldWords:
    """Turns whose words are to be emptied, in how many conversations, and when the oldest was said."""

    turns: int
    conversations: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class ConversationShown:
    """A conversation with its turns, the oldest first; the number is masked."""

    id: int
    medium: str
    masked: str
    is_verified: bool
    account_number: str
    case_number: str
    unit_code: str
    unit_name: str
    opened_at: datetime
    last_at: datetime
    turns: tuple[TurnShown, ...]


@dataclass(frozen=True, slots=True)
class CallHeld:
    """A call while a turn of it is taken: where in the menu it is, and which account was checked in it (empty: none).
    ``wrong`` account numbers were typed from its number within the last hour."""

    conversation_id: int
    phone: str
    node: str
    tries: int
    account_number: str
    case_number: str
    is_over: bool
    wrong: int


@dataclass(frozen=True, slots=True)
class CallAnswer:
    """What a turn of a call is answered: as text for people, ``spoken`` as the telephone gets it. ``asked`` is what was looked
    up on the way, ``then`` what comes next."""

    text: str
    spoken: str
    asked: str
    then: str
    node: str
    tries: int
    account_number: str
    case_number: str
    is_over: bool
    is_verified: bool = True


@dataclass(frozen=True, slots=True)
class CallWanted:
    """A call that is to be placed: ``about`` a dunning step or the round of a case."""

    purpose: CallPurpose
    about: str
    attempt: int
    phone: str
    account_number: str
    unit_path: str


@dataclass(frozen=True, slots=True)
class CallPlaced:
    """An outbound call as it stands; ``name`` is what the exchange knows it by, ``phone`` in the clear for dialing only."""

    id: int
    name: str
    purpose: CallPurpose
    about: str
    attempt: int
    account_number: str
    phone: str
    state: str
    choice: str
    is_answered: bool


@dataclass(frozen=True, slots=True)
class Tried:
    """How often a matter was called about: ``is_open`` a call is under way, ``last_at`` the last ended, ``chosen`` a key was pressed in
    one of them."""

    attempts: int
    is_open: bool
    last_at: datetime | None
    chosen: bool


@dataclass(frozen=True, slots=True)
class CallEnded:
    """An outbound call that just ended, and what came of it."""

    call: CallPlaced
    result: CallResult
