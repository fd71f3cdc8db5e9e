"""Values of orders to cut and to reconnect, and the refusals of their actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wandeng.domains.collections.types_prepay import ARREARS, PrepayBalanceEvidence
from wandeng.kernel.errors import Conflict, NotAllowed


class OrderLive(Conflict):
    """The account has an order already."""

    code = "DISCONNECTION_ORDER_LIVE"


class CutRefused(Conflict):
    """A cut that must not be: ``code`` says which guard refused it."""

    code = "DISCONNECTION_REFUSED"


class ChainIncomplete(CutRefused):
    """Debt, evidence, clocks, protection, day or hour stand against it; ``reasons`` are their codes (``calc.cut_clock``)."""

    code = "DISCONNECTION_NOT_DUE"

    def __init__(self, message: str, reasons: tuple[str, ...]) -> None:
        super().__init__(message, reasons=list(reasons))
        self.reasons = reasons


class Halted(CutRefused):
    """The halt of the unit, or of one above, is pulled."""

    code = "DISCONNECTION_HALTED"


class QuotaReached(CutRefused):
    """As many orders as the unit may send within sixty minutes have left."""

    code = "DISCONNECTION_QUOTA"


class ApprovalOld(CutRefused):
    """The approval was not used in time."""

    code = "DISCONNECTION_APPROVAL_OLD"


class ApproverSame(NotAllowed):
    """Proposed, approved or approved first by the same person."""

    code = "DISCONNECTION_SAME_PERSON"


class LevelTooLow(NotAllowed):
    """The account's kind needs an approver of a higher unit."""

    code = "DISCONNECTION_LEVEL"


@dataclass(frozen=True, slots=True)
class Approved:
    """What an approval came to: ``state`` APPROVED, or SECOND_WANTED beyond the bulk limit."""

    number: str
    state: str


@dataclass(frozen=True, slots=True)
class Dispatched:
    """What became of an order that was to be sent: its instruction's number, or the guard's code and sentence."""

    number: str
    is_sent: bool
    instruction_id: int | None = None
    code: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What a payment did to orders: the order withdrawn or recalled, the reconnection order made; empty where none."""

    withdrawn: str = ""
    recalled: str = ""
    reconnection: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptTaken:
    """What became of a message that came in: TAKEN or the code of the refusal."""

    verdict: str
    sentence: str
    number: str = ""
    supply: str = ""


@dataclass(frozen=True, slots=True)
class OrderMove:
    """A step of an order's time line."""

    move: str
    to_state: str
    actor: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class InstructionShown:
    """A signed instruction of an order."""

    id: int
    channel: str
    sequence: int
    kind: str
    key_id: str
    issued_at: datetime
    expires_at: datetime
    handed_over_at: datetime | None


@dataclass(frozen=True, slots=True)
class RefusalShown:
    """A refused dispatch."""

    code: str
    sentence: str
    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ReconnectionShown:
    """A reconnection order: ``minutes`` from payment to power once it is back."""

    id: int
    number: str
    account_number: str
    account_name: str
    address: str
    unit_name: str
    unit_path: str
    disconnection_number: str
    state: str
    cause: str
    due_from: datetime
    due_at: datetime
    rule_path: str
    ordered_by: str
    ordered_at: datetime
    restored_at: datetime | None
    confirmed_by: str
    minutes: int | None
    is_late: bool


@dataclass(frozen=True, slots=True)
class EvidenceStep:
    """A step of the chain of evidence as it stood when the order was proposed."""

    kind: str
    taken_at: datetime
    reached_at: datetime | None
    reached_whom: str
    channel: str
    evidence: str
    authority_reference: str


@dataclass(frozen=True, slots=True)
class OrderGlance:
    """An order that waits for approval, with what an approver must see at a glance."""

    number: str
    state: str
    level: str
    account_number: str
    account_name: str
    unit_name: str
    importance: str
    demanded_fen: int
    overdue_days: int
    reason: str
    proposed_by: str
    proposed_at: datetime
    approved_by: str
    evidence: tuple[EvidenceStep, ...]
    basis: str = ARREARS
    balance: PrepayBalanceEvidence | None = None


@dataclass(frozen=True, slots=True)
class OrderShown:
    """A disconnection order with everything on its page."""

    id: int
    number: str
    account_id: int
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
    level: str
    demanded_fen: int
    reason: str
    evidence: tuple[EvidenceStep, ...]
    evidence_hash: str
    overdue_days: int
    oldest_due_on: str
    proposed_by: str
    proposed_at: datetime
    approved_by: str
    approved_at: datetime | None
    needs_second: bool
    second_by: str
    dispatched_by: str
    dispatched_at: datetime | None
    cut_at: datetime | None
    moves: tuple[OrderMove, ...]
    instructions: tuple[InstructionShown, ...]
    refusals: tuple[RefusalShown, ...]
    reconnections: tuple[ReconnectionShown, ...]
    basis: str = ARREARS
    balance: PrepayBalanceEvidence | None = None

    @property
    def expires_at(self) -> datetime | None:
        """Until when the newest instruction to cut may be carried out."""
        ends = [one.expires_at for one in self.instructions if one.kind == "DISCONNECT"]
        return ends[-1] if ends else None


@dataclass(frozen=True, slots=True)
class HaltShown:
    """A halt in the log; ``refused``: dispatches that it stopped."""

    id: int
    unit_code: str
    unit_name: str
    unit_path: str
    state: str
    is_drill: bool
    reason: str
    pulled_by: str
    pulled_at: datetime
    lifted_by: str
    lifted_at: datetime | None
    refused: int


@dataclass(frozen=True, slots=True)
class QuotaShown:
    """How many orders a unit may send within sixty minutes, by its own decision or by the rule, and how many it did."""

    unit_code: str
    unit_name: str
    per_hour: int
    is_own: bool
    used: int


@dataclass(frozen=True, slots=True)
class QuarterFigures:
    """A unit's quarter: cuts, returns of supply, how many within their time, and the minutes from payment to power."""

    unit_code: str
    unit_name: str
    cut: int
    restored: int
    in_time: int
    late: int
    still_off: int
    mean_minutes: int | None
    longest_minutes: int | None
