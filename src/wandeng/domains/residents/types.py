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
    code was sent to its contact's phone."""

    CONTACT = "CONTACT"
    CODE = "CODE"


class TooManyCodes(Conflict):
    """A phone, an address or the whole house has asked for as many codes as the rule allows."""

    code = "TOO_MANY_CODES"


class TooManyLooks(Conflict):
    """A resident has looked up as much within a minute as the rule allows."""

    code = "TOO_MANY_LOOKS"


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
    """Who holds a session: the resident and their accounts, the first that was bound first. The phone is masked."""

    session_id: int
    resident_id: int
    masked: str
    ends_at: datetime
    accounts: tuple[HeldAccount, ...]


@dataclass(frozen=True, slots=True)
class BindingShown:
    """A binding as staff see it."""

    id: int
    resident_id: int
    masked: str
    account_number: str
    unit_code: str
    unit_name: str
    proof: str
    bound_at: datetime
    ended_at: datetime | None
    ended_by: str


def actor_of(resident_id: int) -> Actor:
    """Under which name a resident stands in the operation log."""
    return Actor(f"resident-{resident_id}")
