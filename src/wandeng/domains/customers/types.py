"""Values that other domains get from customers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from wandeng.infra import operations
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.ids import AccountId
from wandeng.kernel.money import divide_half_up
from wandeng.kernel.units import E4_PER_ONE

PHONE_COLUMN = "customers_contact.phone"
"""Names that ``infra.pii`` derives keys from: whoever seals, opens or indexes these columns uses the same ones."""
PHONE_TAIL_COLUMN = "customers_contact.phone_tail"
ID_NUMBER_COLUMN = "customers_customer.id_number"


@dataclass(frozen=True, slots=True)
class AccountSet:
    """Whole accounts, chosen by id range, by unit subtree, or both: what a shard of columns is cut by.

    ``from_id <= id < to_id``; ``unit_path`` is a unit's path (a prefix is a subtree). At least one must be given.

    >>> AccountSet.one(7)
    AccountSet(from_id=7, to_id=8, unit_path='')
    """

    from_id: int | None = None
    to_id: int | None = None
    unit_path: str = ""

    def __post_init__(self) -> None:
        if (self.from_id is None) != (self.to_id is None):
            raise InvalidInput("an account range needs both ends")
        if self.from_id is None and not self.unit_path:
            raise InvalidInput("choose accounts by range, by unit, or by both")

    @classmethod
    def one(cls, account_id: int) -> AccountSet:
        return cls(account_id, account_id + 1)

    def where(self, alias: str, *, points: str = "") -> tuple[str, tuple[int | str, ...]]:
        """An SQL condition on the account table named ``alias``, with its parameters.

        ``points`` names a table joined to it by ``account_id``: the range is said of both, because a database does not
        carry a range over a join by itself, and reads the whole of the other table.
        """
        parts: list[str] = []
        params: list[int | str] = []
        if self.from_id is not None and self.to_id is not None:
            parts.append(f"{alias}.id >= ? AND {alias}.id < ?")
            params += [self.from_id, self.to_id]
            if points:
                parts.append(f"{points}.account_id >= ? AND {points}.account_id < ?")
                params += [self.from_id, self.to_id]
        if self.unit_path:
            length = len(self.unit_path)
            parts.append(f"{alias}.unit_id IN (SELECT id FROM organization_unit WHERE substr(path, 1, {length}) = ?)")
            params.append(self.unit_path)
        return " AND ".join(parts), tuple(params)


class Verdict(StrEnum):
    """What a check of a phone number found."""

    RIGHT = "RIGHT"
    WRONG = "WRONG"
    UNVERIFIED = "UNVERIFIED"


@dataclass(frozen=True, slots=True)
class AgreementDue:
    """An agreement that ends soon, or an account that has none (``number`` empty then)."""

    account_number: str
    unit_code: str
    number: str
    valid_to: date | None
    renewed_by: str


@dataclass(frozen=True, slots=True)
class CampaignDay:
    """Agreements of one unit signed on one day."""

    unit_code: str
    unit_name: str
    day: date
    signed: int


@dataclass(frozen=True, slots=True)
class CampaignProgress:
    """A signing campaign: what was signed day by day, and the drafts still waiting."""

    days: tuple[CampaignDay, ...]
    signed: int
    waiting: int


@dataclass(frozen=True, slots=True)
class ContactAccuracy:
    """How many open accounts of a unit can be reached: those with a primary contact found RIGHT.

    ``accuracy_e4`` is that share (3 700 = 37 %), null for a unit without accounts.
    """

    unit_code: str
    unit_name: str
    accounts: int
    right: int
    wrong: int
    unverified: int
    without: int

    @property
    def accuracy_e4(self) -> int | None:
        return divide_half_up(self.right * E4_PER_ONE, self.accounts) if self.accounts else None


@dataclass(frozen=True, slots=True)
class ContactToVerify:
    """One line of the verify list, most valuable first; the number is masked."""

    contact_id: int
    account_number: str
    unit_code: str
    importance: str
    customer_class: str
    verification: str
    phone_masked: str


@dataclass(frozen=True, slots=True)
class ContactCheck:
    """One entry of a contact's history."""

    at: datetime
    actor: str
    was: str
    verdict: str
    reason: str


@dataclass(frozen=True, slots=True)
class AccountFacts:
    """An account as the top of its page shows it; ``other_accounts`` are the numbers of its customer's others, a few."""

    id: AccountId
    account_number: str
    name: str
    address: str
    customer_class: str
    locality: str
    importance: str
    household_size: int
    opened_on: date
    closed_on: date | None
    unit_code: str
    unit_name: str
    unit_path: str
    territory: str
    customer_code: str
    customer_name: str
    customer_kind: str
    other_accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AccountFound:
    """An account in a list of things found."""

    id: AccountId
    account_number: str
    name: str
    address: str
    customer_class: str
    importance: str
    unit_name: str
    is_closed: bool


@dataclass(frozen=True, slots=True)
class AgreementShown:
    """An agreement of an account; ``renews`` and ``renewed_by`` are the numbers of those before and after it,
    ``late_fee_rate_e4`` the late fee a day that it lays down, in 10⁻⁴ (``None``: none, the rule decides)."""

    id: int
    number: str
    state: str
    valid_from: date
    valid_to: date
    signed_on: date | None
    late_fee_rate_e4: int | None
    renews: str
    renewed_by: str


@dataclass(frozen=True, slots=True)
class AgreedRate:
    """The late fee a day (约定违约金) that an agreement lays down, in 10⁻⁴ (2 ‰ = 20), and the agreement's number."""

    agreement_number: str
    rate_e4: int


@dataclass(frozen=True, slots=True)
class AgreementMove:
    """A step in the life of an agreement."""

    number: str
    move: str
    to_state: str
    actor: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class ContactShown:
    """A contact of an account; the number is masked."""

    contact_id: int
    name: str
    phone_masked: str
    is_primary: bool
    verification: str
    verified_at: datetime | None


@dataclass(frozen=True, slots=True)
class AccountOperation:
    """Something that somebody did to an account, its agreements or its contacts. ``about`` is the number of the account
    or the agreement it was done to; a contact has none."""

    at: datetime
    actor: str
    action: str
    about: str
    facts: tuple[operations.Fact, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class ClerkTasks:
    """What waits for the people at the counter and on the telephone, of open accounts, by units.

    Counts stop at ``most``: a count that equals it means that many or more.
    """

    contacts_to_verify: int
    contacts_wrong: int
    important_to_verify: int
    agreements_due: int
    agreements_over: int
    drafts_waiting: int
    most: int
