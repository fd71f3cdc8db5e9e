"""Values of dunning: what queries return, the words of steps and results, the facts of a decision."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from wandeng.domains.collections.types_orders import Approved as Approved
from wandeng.domains.collections.types_orders import Dispatched as Dispatched
from wandeng.domains.collections.types_orders import OrderGlance as OrderGlance
from wandeng.domains.collections.types_orders import ReconnectionShown as ReconnectionShown
from wandeng.domains.collections.types_prepay import BalanceNow as BalanceNow
from wandeng.domains.collections.types_prepay import EpisodeShown as EpisodeShown
from wandeng.domains.collections.types_prepay import EstimateShown as EstimateShown
from wandeng.domains.collections.types_prepay import PrepayBalanceEvidence as PrepayBalanceEvidence
from wandeng.domains.collections.types_prepay import PrepayDayShown as PrepayDayShown
from wandeng.domains.collections.types_prepay import PrepayFigures as PrepayFigures
from wandeng.domains.collections.types_prepay import PrepayProposal as PrepayProposal
from wandeng.domains.collections.types_prepay import PrepayShare as PrepayShare
from wandeng.domains.collections.types_prepay import PrepayShown as PrepayShown
from wandeng.domains.collections.types_prepay import PrepayTerms as PrepayTerms
from wandeng.domains.collections.types_prepay import Standing as Standing
from wandeng.domains.collections.types_prepay import TrueUpReason as TrueUpReason
from wandeng.domains.collections.types_prepay import TrueUpShown as TrueUpShown
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed
from wandeng.kernel.ids import AccountId

OUR_KEY, GATEWAY = "orders", "supply-gateway"
"""Names of keys: ours that signs instructions, and the remote-control gateway's that signs receipts."""


class StepKind(StrEnum):
    """A rung of the ladder."""

    SMS = "SMS"
    VOICE = "VOICE"
    VISIT = "VISIT"
    NOTICE = "NOTICE"
    SECOND_NOTICE = "SECOND_NOTICE"
    CUT = "CUT"


class Whom(StrEnum):
    """Whom a visit, a call or a paper notice reached: the customer, somebody of the household or the works, or nobody but
    a witness who signed that it was left there (留置送达)."""

    CUSTOMER = "CUSTOMER"
    FAMILY = "FAMILY"
    EMPLOYEE = "EMPLOYEE"
    WITNESS = "WITNESS"


class ClosedAs(StrEnum):
    """Why a case ended. SMALL: what is left is too little to dun."""

    PAID = "PAID"
    PROMISE_KEPT = "PROMISE_KEPT"
    PLAN = "PLAN"
    WRITTEN_OFF = "WRITTEN_OFF"
    SMALL = "SMALL"


AVOIDING = (ClosedAs.PAID, ClosedAs.PROMISE_KEPT, ClosedAs.PLAN)
"""Endings that count as an avoided cut (避免停电), when the notice had reached somebody and nothing had been cut."""


class ProtectionKind(StrEnum):
    """Why a customer is never cut: life support at home, a hospital, welfare housing, or an approved list."""

    LIFE_SUPPORT = "LIFE_SUPPORT"
    HOSPITAL = "HOSPITAL"
    WELFARE = "WELFARE"
    APPROVED = "APPROVED"


class SamePerson(NotAllowed):
    """Who proposed a protection does not decide it."""

    code = "PROTECTION_SAME_PERSON"


class NoCase(Conflict):
    """The account has no open dunning case."""

    code = "DUNNING_NO_CASE"


class PromiseRefused(InvalidInput):
    """A promise that the rule does not allow: too far ahead, too little, or one too many."""

    code = "PROMISE_REFUSED"


@dataclass(frozen=True, slots=True)
class Proof:
    """A step in the chain of evidence: what was done when, whom it reached, how that is known."""

    step_id: int
    kind: str
    taken_at: datetime
    reached_at: datetime | None
    reached_whom: str
    channel: str
    evidence: str
    notice_key: str
    authority_reference: str


@dataclass(frozen=True, slots=True)
class Eligibility:
    """Whether an account may be cut for arrears at an instant. ``reasons``: why not, codes of ``calc.cut_clock``; empty when
    ``ok``. ``evidence``: the steps that count, oldest first. ``earliest_on``: the first day on which the clocks would let
    it, as things stand; ``None`` while no notice has reached anybody. ``rule_path``: the dated rule all of it rests on."""

    ok: bool
    reasons: tuple[str, ...]
    evidence: tuple[Proof, ...]
    account_id: AccountId
    case_id: int | None
    open_fen: int
    oldest_due_on: date | None
    overdue_days: int
    earliest_on: date | None
    rule_path: str


@dataclass(frozen=True, slots=True)
class StepShown:
    """A step on a case's page."""

    id: int
    kind: str
    attempt: int
    by: str
    state: str
    taken_at: datetime
    actor: str
    responsible: str
    open_fen: int
    notice_key: str
    reached_at: datetime | None
    reached_whom: str
    channel: str
    evidence: str
    authority_reference: str
    note: str
    recorded_by: str


@dataclass(frozen=True, slots=True)
class PromiseShown:
    """A promise on a case's page."""

    id: int
    promised_on: date
    amount_fen: int
    open_fen: int
    channel: str
    state: str
    made_at: datetime
    made_by: str
    paid_fen: int | None
    decided_on: date | None
    note: str


@dataclass(frozen=True, slots=True)
class ProtectionShown:
    """A protection as its page and an account's page show it."""

    id: int
    account_number: str
    account_name: str
    unit_name: str
    kind: str
    evidence: str
    valid_from: date
    valid_to: date
    state: str
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True)
class CaseMove:
    """A step in the life of a case."""

    move: str
    to_state: str
    actor: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class CaseShown:
    """A dunning case with everything on its page; ``open_fen`` is as of ``as_of``."""

    id: int
    account_id: AccountId
    account_number: str
    account_name: str
    address: str
    customer_class: str
    importance: str
    unit_code: str
    unit_name: str
    unit_path: str
    territory: str
    state: str
    opened_on: date
    as_of: date
    open_fen: int
    bills: int
    oldest_due_on: date
    responsible: str
    step: str
    step_on: date | None
    standing: str
    next_step: str
    next_on: date | None
    noticed_on: date | None
    cut_at: datetime | None
    closed_on: date | None
    closed_as: str
    rule_path: str
    steps: tuple[StepShown, ...] = ()
    promises: tuple[PromiseShown, ...] = ()
    protections: tuple[ProtectionShown, ...] = ()
    moves: tuple[CaseMove, ...] = ()


@dataclass(frozen=True, slots=True)
class DunningFigures:
    """Dunning over the scope: what is open now, and what was closed since a day. ``avoided``: cases whose notice had reached
    somebody and that were paid, kept or planned before a cut; ``cut``: cases that were cut since that day."""

    cases: int
    open_fen: int
    promised: int
    noticed: int
    tasks: int
    ready: int
    closed: int
    paid: int
    avoided: int
    avoided_fen: int
    cut: int
    by_step: tuple[tuple[str, int, int], ...] = field(default=())
