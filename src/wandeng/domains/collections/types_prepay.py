"""Values of prepay: agreements, days, balances, episodes, true-ups, shares; and the refusals of its actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from wandeng.kernel.errors import Conflict, InvalidInput
from wandeng.kernel.ids import AccountId
from wandeng.kernel.periods import Month

ARREARS, PREPAY = "ARREARS", "PREPAY"
"""What a disconnection order rests on."""


class Standing(StrEnum):
    """Where a prepay account stands. CUT_ORDERED: an order is out, from proposed to dispatched; CUT: without power."""

    NORMAL = "NORMAL"
    WARNED = "WARNED"
    OVERDRAWN = "OVERDRAWN"
    CUT_ORDERED = "CUT_ORDERED"
    CUT = "CUT"
    ENDED = "ENDED"


class TrueUpReason(StrEnum):
    """Why a bill differs from the estimate that stood last: not at all, the bill covers days that were not estimated
    any more, the reading was another one, price or terms were, or the bill was corrected."""

    SAME = "SAME"
    LATER_USE = "LATER_USE"
    READING = "READING"
    PRICE = "PRICE"
    CORRECTED = "CORRECTED"


class PrepayEnrolled(Conflict):
    """The account has a prepay agreement already."""

    code = "PREPAY_ENROLLED"


class PrepayNotEnrolled(Conflict):
    """The account has no prepay agreement."""

    code = "PREPAY_NOT_ENROLLED"


class NoPrepayTerms(InvalidInput):
    """The rule has no terms for the account's class."""

    code = "PREPAY_NO_TERMS"


class PrepaySupplyOff(Conflict):
    """Supply is off by the agreement, or may be: it is given back before the agreement ends."""

    code = "PREPAY_SUPPLY_OFF"


@dataclass(frozen=True, slots=True)
class PrepayTerms:
    """Thresholds of a class in fen, from the rule in force on a day; ``path`` is its file."""

    warn_least_fen: int
    warn_days: int
    mean_days: int
    cut_below_fen: int
    restore_from_fen: int
    grace_hours: int
    fresh_days: int
    path: str
    content_hash: str


@dataclass(frozen=True, slots=True)
class BalanceNow:
    """A balance at this moment: the estimate of the newest computed ``day``, without months billed since, and the ledger
    as it is. ``balance_fen`` is ``None`` while no day was computed; ``gap``: why newer days were not."""

    account_id: AccountId
    day: date | None
    estimate_fen: int
    ledger_fen: int
    balance_fen: int | None
    doubt: str = ""
    gap: str = ""


@dataclass(frozen=True, slots=True)
class EstimateShown:
    """What of a day's estimate belongs to one bill month."""

    month: Month
    period_from: date
    period_to: date
    energy_ckwh: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class PrepayDayShown:
    """A computed day, or one with its ``gap``. Energy and money since the last bill, and of the day alone."""

    day: date
    since_on: date | None
    energy_ckwh: int | None
    estimate_fen: int | None
    day_ckwh: int | None
    day_fen: int | None
    ledger_fen: int | None
    balance_fen: int | None
    warn_fen: int | None
    mean_fen: int | None
    standing: str
    gap: str
    gap_on: date | None
    doubt: str
    rule_path: str
    computed_at: datetime
    estimates: tuple[EstimateShown, ...] = ()


@dataclass(frozen=True, slots=True)
class EpisodeShown:
    """An episode of low balance with what became of its notices and orders. ``grace_until`` is ``None`` until the notice
    of the overdraft has reached somebody; ``reasons``: why no cut may be ordered now."""

    id: int
    state: str
    standing: str
    opened_on: date
    opened_at: datetime
    warned_reached_at: datetime | None
    overdrawn_on: date | None
    overdrawn_at: datetime | None
    overdrawn_reached_at: datetime | None
    overdrafts: int
    grace_until: datetime | None
    as_of: date
    balance_fen: int
    lowest_fen: int
    orders: tuple[str, ...]
    closed_at: datetime | None
    closed_as: str
    rule_path: str


@dataclass(frozen=True, slots=True)
class TrueUpShown:
    """The last estimate of a month against its bill."""

    month: Month
    estimated_on: date
    estimated_to: date
    estimate_ckwh: int
    estimate_fen: int
    billed_to: date
    bill_ckwh: int
    bill_fen: int
    difference_fen: int
    reason: str
    settled_on: date


@dataclass(frozen=True, slots=True)
class PrepayShown:
    """A prepay agreement with everything on its page. ``terms`` are those in force; ``None`` where the rule has none."""

    agreement_id: int
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
    standing: str
    valid_from: date
    valid_to: date | None
    document: str
    agreed_warn_fen: int | None
    rule_path: str
    enrolled_by: str
    enrolled_at: datetime
    reason: str
    ended_by: str
    ended_at: datetime | None
    end_reason: str
    balance: BalanceNow
    terms: PrepayTerms | None
    is_protected: bool
    days: tuple[PrepayDayShown, ...]
    episodes: tuple[EpisodeShown, ...]
    true_ups: tuple[TrueUpShown, ...]


@dataclass(frozen=True, slots=True)
class PrepayShare:
    """A unit with all below it: open accounts, those with a prepay agreement, and the share in hundredths of a percent
    (``None`` without accounts); those in an episode, and those without power by it."""

    unit_code: str
    unit_name: str
    unit_path: str
    has_below: bool
    accounts: int
    prepay: int
    share_e4: int | None
    low: int
    cut: int


@dataclass(frozen=True, slots=True)
class PrepayFigures:
    """Prepay over a scope: agreements, how many stand where, days of ``day`` computed and not, orders that wait for
    approval, and what was topped up in episodes closed since."""

    day: date | None
    agreements: int
    warned: int
    overdrawn: int
    cut_ordered: int
    cut: int
    computed: int
    gaps: int
    doubts: int
    waiting: int


@dataclass(frozen=True, slots=True)
class PrepayBalanceEvidence:
    """The balance an order was proposed on: as of the day and with the ledger of that moment."""

    day: date
    estimate_fen: int
    ledger_fen: int
    balance_fen: int
    cut_below_fen: int
    restore_from_fen: int
    agreement_id: int
    document: str


@dataclass(frozen=True, slots=True)
class PrepayProposal:
    """An order to cut by balance that waits for approval: the balance it was proposed on, and the one of now."""

    number: str
    state: str
    level: str
    account_number: str
    account_name: str
    address: str
    unit_name: str
    demanded_fen: int
    balance_fen: int
    balance_day: date
    balance_now_fen: int | None
    overdrawn_on: date | None
    reached_at: datetime | None
    proposed_by: str
    proposed_at: datetime
    approved_by: str
    objections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PrepayFault:
    """Something that must hold and does not: the check's code and the row it is about."""

    code: str
    subject: int
