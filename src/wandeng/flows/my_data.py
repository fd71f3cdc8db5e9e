"""What a resident takes away of an account that they hold (我的数据): bills and their lines, payments, usage, cases, supply.

Who may ask is the door's matter: every function here answers about any account.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from wandeng.domains.billing.queries.accounts import BillOfAccount
from wandeng.domains.billing.queries.explain import explain_all
from wandeng.domains.billing.types import LineShown
from wandeng.domains.cases.queries import known
from wandeng.domains.cases.types import Charter
from wandeng.domains.metering.queries import accounts as metering
from wandeng.domains.payments.queries import receipts
from wandeng.flows import plain_bills, self_service
from wandeng.flows.plain_bills import HoursUsed, TierUsed
from wandeng.flows.supply_status import answers as supply_status
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope
from wandeng.kernel.periods import BILLING_ZONE, Month

MONTHS_BACK = 36
DAYS_BACK = 366
MOST_PAYMENTS = 500
MOST_CASES = 200
EVERYWHERE = Scope.everywhere()


@dataclass(frozen=True, slots=True)
class OwnStanding:
    """What an account owes, fee for lateness included, or has to its credit; its last published bill."""

    account_number: str
    to_pay_fen: int
    late_fee_fen: int
    credit_fen: int
    bill: OwnBill | None


@dataclass(frozen=True, slots=True)
class OwnBill:
    """A published bill that stands. ``period_to`` is the day after the last."""

    account_number: str
    number: int
    month: Month
    period_from: date
    period_to: date
    energy_ckwh: int
    amount_fen: int
    due_on: date


@dataclass(frozen=True, slots=True)
class OwnBillLine:
    """A line of a bill: ``quantity`` in 0.01 of ``unit``, ``price_e8`` 10⁻⁸ yuan; ``tier`` 0 for none; ``seg_to`` is the day after
    the last."""

    account_number: str
    bill: int
    month: Month
    line_no: int
    item_zh: str
    item_en: str
    measure_zh: str
    tier: int
    seg_from: date
    seg_to: date
    quantity: int
    unit: str
    price_e8: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class OwnBillTold:
    """A bill in plain words. ``average_e4``: 10⁻⁴ yuan/kWh; ``change``: energy against the same month a year before, 0.01 %."""

    bill: OwnBill
    average_e4: int | None
    change: int | None
    tiers: tuple[TierUsed, ...]
    hours: tuple[HoursUsed, ...]
    lines: tuple[OwnBillLine, ...]


@dataclass(frozen=True, slots=True)
class OwnPayment:
    """What was paid. ``state``: RECEIVED, or REVERSED when it was taken back."""

    account_number: str
    received_on: date
    channel: str
    amount_fen: int
    state: str


@dataclass(frozen=True, slots=True)
class OwnMonth:
    """Energy and amount that were billed for a month."""

    account_number: str
    month: Month
    energy_ckwh: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class OwnDay:
    """Energy of a day by the meter's curve; ``points`` of its quarter hours are known."""

    account_number: str
    on: date
    energy_ckwh: int
    points: int


@dataclass(frozen=True, slots=True)
class OwnCase:
    """Something that was asked about the account, and where it stands."""

    account_number: str
    number: str
    process_zh: str
    process_en: str
    stage_zh: str
    stage_en: str
    state: str
    opened_at: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnSupply:
    """Supply at a place that feeds the account, as ``supply_status.Answer``."""

    account_number: str
    place: str
    standing: str
    since: datetime | None
    until: datetime | None
    reason: str
    next_from: datetime | None
    next_until: datetime | None
    next_reason: str


def standing(account_number: str, *, at: datetime, library: RuleLibrary) -> OwnStanding:
    """What the account owes or has. Raises ``NoRuleInForce``."""
    found = self_service.front(account_number, at=at, library=library)
    bill = None if found.bill is None else _bill(account_number, found.bill)
    money = found.money
    return OwnStanding(account_number, money.to_pay_fen, money.late_fee_fen, money.credit_fen, bill)


def bills(account_number: str, *, at: datetime) -> tuple[OwnBill, ...]:
    """Bills of the last :data:`MONTHS_BACK` months, the newest first."""
    return tuple(_bill(account_number, one) for one in _published(account_number, at))


def lines(account_number: str, *, at: datetime) -> tuple[OwnBillLine, ...]:
    """Lines of the same bills."""
    wanted = [(one.month, one.revision) for one in _published(account_number, at)]
    if not wanted:
        return ()
    found = explain_all(EVERYWHERE, account_number=account_number, wanted=wanted)
    return tuple(_line(account_number, bill.bill_id, bill.month, one) for bill in found for one in bill.lines)


def bill(account_number: str, number: int, *, at: datetime) -> OwnBillTold:
    """One bill in plain words. Raises :class:`NotFound`."""
    found = plain_bills.plain_bill(account_number, number, at=at)
    shown = tuple(_line(account_number, number, found.bill.month, one) for one in found.explained.lines)
    return OwnBillTold(
        _bill(account_number, found.bill), found.average_e4, found.change, found.tiers, found.hours, shown
    )


def payments(account_number: str) -> tuple[OwnPayment, ...]:
    """The last :data:`MOST_PAYMENTS` payments, the newest first."""
    rows = receipts.payment_rows(EVERYWHERE).filter(account__account_number=account_number)[:MOST_PAYMENTS]
    return tuple(
        OwnPayment(account_number, one["received_on"], one["channel"], one["amount_fen"], one["state"]) for one in rows
    )


def months(account_number: str, *, at: datetime) -> tuple[OwnMonth, ...]:
    """What was billed, month by month, the newest first."""
    found: dict[Month, tuple[int, int]] = {}
    for one in _published(account_number, at):
        energy, amount = found.get(one.month, (0, 0))
        found[one.month] = (energy + one.energy_ckwh, amount + one.amount_fen)
    return tuple(OwnMonth(account_number, month, *used) for month, used in found.items())


def days(account_number: str, *, at: datetime) -> tuple[OwnDay, ...]:
    """Days of the last :data:`DAYS_BACK` for which the meter has curves, the newest first."""
    to_on = at.astimezone(BILLING_ZONE).date() + timedelta(days=1)
    found = metering.curve_use(EVERYWHERE, account_number, from_on=to_on - timedelta(days=DAYS_BACK), to_on=to_on).days
    return tuple(OwnDay(account_number, one.on, one.energy_ckwh, one.points) for one in reversed(found))


def cases(account_number: str, *, charter: Charter) -> tuple[OwnCase, ...]:
    """What was asked about the account, open ones first; confidential ones are left out, as everywhere beside an account."""
    found = known.cases_of(EVERYWHERE, account_number, charter=charter, most=MOST_CASES)
    return tuple(
        OwnCase(
            account_number, one.number, one.process_zh, one.process_en, one.stage_zh, one.stage_en, one.state,
            one.opened_at, one.due_at,
        )
        for one in found
    )  # fmt: skip


def supply(account_number: str, *, at: datetime, library: RuleLibrary) -> tuple[OwnSupply, ...]:
    """Supply now and planned. Raises ``NoRuleInForce``."""
    found = supply_status.supply_status(EVERYWHERE, account_number, now=at, library=library)
    return tuple(
        OwnSupply(
            account_number, one.place or one.area_name, one.answer.standing, one.answer.since, one.answer.until,
            one.answer.reason, one.answer.next_from, one.answer.next_until, one.answer.next_reason,
        )
        for one in found
    )  # fmt: skip


def _published(account_number: str, at: datetime) -> tuple[BillOfAccount, ...]:
    return self_service.published_bills(account_number, at=at, count=MONTHS_BACK)


def _bill(account_number: str, one: BillOfAccount) -> OwnBill:
    return OwnBill(
        account_number, one.number, one.month, one.period_from, one.period_to, one.energy_ckwh, one.amount_fen,
        one.due_on,
    )  # fmt: skip


def _line(account_number: str, number: int, month: Month, one: LineShown) -> OwnBillLine:
    return OwnBillLine(
        account_number, number, month, one.line_no, one.item_zh, one.item_en, one.measure_zh, one.tier, one.seg_from,
        one.seg_to, one.quantity, one.unit, one.price_e8, one.amount_fen,
    )  # fmt: skip
