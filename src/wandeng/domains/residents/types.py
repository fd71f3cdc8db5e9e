"""Values and refusals of residents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput

PHONE_COLUMN = "residents_resident.phone"
CODE_COLUMN = "residents_residentcode.code"
"""Names that ``infra.pii`` derives keys from."""


class CodePurpose(StrEnum):
    """What a code proves: the resident's own phone, or that of an account."""

    LOGIN = "LOGIN"
    BIND = "BIND"


class BindingProof(StrEnum):
    """How a resident showed that an account is theirs: ``CONTACT`` the phone they logged in by is a contact of it, ``CODE`` a
    code was sent to its contact's phone, ``PAPERS`` they showed papers to staff."""

    CONTACT = "CONTACT"
    CODE = "CODE"
    PAPERS = "PAPERS"


class TooManyCodes(Conflict):
    """A phone, an address or the whole house has asked for as many codes as the rule allows."""

    code = "TOO_MANY_CODES"


class TooManyLooks(Conflict):
    """A resident has looked up as much within a minute as the rule allows."""

    code = "TOO_MANY_LOOKS"


class TooManyTokens(Conflict):
    """A resident holds as many personal tokens as the rule allows."""

    code = "TOO_MANY_TOKENS"


class WrongCode(InvalidInput):
    """The code is wrong, too old, used, or tried too often: which of these is not told."""

    code = "WRONG_CODE"


@dataclass(frozen=True, slots=True)
class CodeAsked:
    """A code that was asked for: its page is found by ``handle``. The same for what exists and what does not."""

    id: int
    handle: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class CodeToSend:
    """A code that waits for the gateway."""

    message_id: str
    phone: str
    text: str


@dataclass(frozen=True, slots=True)
class SessionOpened:
    """A session: ``token`` is known to its owner only."""

    token: str
    resident_id: int
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class HeldAccount:
    """An account that a resident holds; the name is masked."""

    account_number: str
    name_masked: str
    address: str
    unit_code: str
    unit_name: str
    territory: str
    customer_class: str
    closed_on: date | None
    proof: str
    bound_at: datetime


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a session, or (``session_id`` 0) a personal token: the resident and their accounts, the first that was bound
    first. The phone is masked."""

    session_id: int
    resident_id: int
    masked: str
    ends_at: datetime
    accounts: tuple[HeldAccount, ...]


@dataclass(frozen=True, slots=True)
class BindingShown:
    """A binding as staff see it; ``bound_by`` is empty where the resident did it."""

    id: int
    resident_id: int
    masked: str
    account_number: str
    unit_code: str
    unit_name: str
    proof: str
    bound_at: datetime
    bound_by: str
    ended_at: datetime | None
    ended_by: str


@dataclass(frozen=True, slots=True)
class PersonalTokenMade:
    """A new personal token: ``secret`` is shown once and kept nowhere."""

    token_id: int
    secret: str
    ends_at: datetime


@dataclass(frozen=True, slots=True)
class PersonalTokenShown:
    """A personal token, never what it is: ``hint`` are its first signs; ``is_good``: neither over nor ended."""

    id: int
    label: str
    hint: str
    made_at: datetime
    ends_at: datetime
    used_at: datetime | None
    ended_at: datetime | None
    ended_by: str
    is_good: bool


@dataclass(frozen=True, slots=True)
class StayShown:
    """A session of a resident as staff see it; ``is_open``: neither over nor ended."""

    id: int
    begun_at: datetime
    seen_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    is_open: bool


@dataclass(frozen=True, slots=True)
class ResidentGlance:
    """A resident in a list of few; the phone is masked."""

    id: int
    masked: str


@dataclass(frozen=True, slots=True)
class ResidentShown:
    """A resident as staff see them: the phone masked, bindings inside the scope, sessions and tokens, the newest first."""

    id: int
    masked: str
    joined_at: datetime
    seen_at: datetime
    bindings: tuple[BindingShown, ...]
    sessions: tuple[StayShown, ...]
    tokens: tuple[PersonalTokenShown, ...]


def actor_of(resident_id: int) -> Actor:
    """Under which name a resident stands in the operation log."""
    return Actor(f"resident-{resident_id}")
