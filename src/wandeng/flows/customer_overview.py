"""Everything about one account on one page (客户 360), gathered from the domains that know it.

Each function answers one part of the page and is asked only when that part is looked at. The timeline stands in
``customer_timeline``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from wandeng.domains.billing.queries import accounts as billing
from wandeng.domains.billing.queries.accounts import BillOfAccount, OpenHold
from wandeng.domains.customers import queries as customers
from wandeng.domains.customers.types import AccountFacts, AgreementShown, ContactShown
from wandeng.domains.ledger import queries as ledger
from wandeng.domains.metering.queries import accounts as metering
from wandeng.domains.metering.queries.accounts import DayUsed, HourUsed, MeterHung, ReadingOfAccount
from wandeng.domains.network.queries import supply
from wandeng.domains.network.queries.supply import Supplied
from wandeng.domains.tariffs.queries import assignments
from wandeng.domains.tariffs.queries.assignments import PointTerms
from wandeng.infra.scope import Scope
from wandeng.kernel.periods import Month

LAST_BILLS = 6
MONTHS_SHOWN = 24
YEAR = 12
DAYS_SHOWN = 31
DUE_WITHIN_DAYS = 60
"""An agreement that ends within so many days is shown as one to renew."""


@dataclass(frozen=True, slots=True)
class Header:
    """What stands above every part: the account, what it owes, and what somebody should look at."""

    account: AccountFacts
    balance_fen: int
    hints: tuple[Hint, ...]


@dataclass(frozen=True, slots=True)
class Hint:
    """Something to act on. ``code``: CLOSED, NO_AGREEMENT, AGREEMENT_ENDS, NO_CONTACT, CONTACT_WRONG, CONTACT_UNCHECKED,
    HELD_READING, PARKED; ``on`` and ``count`` where they mean something."""

    code: str
    on: date | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Overview:
    """The first part: supply, prices, meters, the last bills, and what is held."""

    points: tuple[Supplied, ...]
    terms: tuple[PointTerms, ...]
    meters: tuple[MeterHung, ...]
    bills: tuple[BillOfAccount, ...]
    holds: tuple[OpenHold, ...]
    held_readings: tuple[ReadingOfAccount, ...]


@dataclass(frozen=True, slots=True)
class MonthUsed:
    """What was billed for a month, and for the same month a year before; ``None`` where there is no bill."""

    month: Month
    energy_ckwh: int | None
    amount_fen: int | None
    last_year_ckwh: int | None


@dataclass(frozen=True, slots=True)
class Usage:
    """Energy by month, oldest first, and where there are curves by day, and by hour of the last of the days."""

    months: tuple[MonthUsed, ...]
    days: tuple[DayUsed, ...]
    hours: tuple[HourUsed, ...]


def header(scope: Scope, account_number: str, *, on: date) -> Header:
    """The top of the page. Raises ``NotFound``, also outside the scope."""
    account = customers.account(scope, account_number, with_others=True)
    balance = ledger.receivable_fen(account=account.id)
    agreements = customers.agreements_of(scope, account_number)
    contacts = customers.contacts_of(scope, account_number)
    return Header(account, balance, tuple(_hints(account, agreements, contacts, on)))


def overview(scope: Scope, account_number: str, *, on: date) -> Overview:
    """Supply path, prices, meters, last bills and holds. Raises ``NotFound``, also outside the scope."""
    customers.account(scope, account_number)
    held = metering.readings_of_account(scope, account_number, of_note=True, limit=20)
    return Overview(
        points=supply.supply_of(scope, account_number),
        terms=assignments.account_terms(scope, account_number),
        meters=metering.meters_of(scope, account_number),
        bills=tuple(
            bill
            for bill in billing.bills_of_account(scope, account_number, last=Month.of(on), count=LAST_BILLS + 2)
            if bill.stands
        )[:LAST_BILLS],
        holds=billing.open_holds(scope, account_number),
        held_readings=tuple(one for one in held if one.state == "HELD" and one.is_current),
    )


def usage(scope: Scope, account_number: str, *, on: date) -> Usage:
    """What the account used: by month from its bills beside the year before, by day and lately by hour from its curves.

    Raises ``NotFound``, also outside the scope.
    """
    customers.account(scope, account_number)
    last = Month.of(on)
    bills = billing.bills_of_account(scope, account_number, last=last, count=MONTHS_SHOWN + YEAR)
    by_month: dict[int, tuple[int, int]] = {}
    for bill in bills:
        if bill.stands:
            energy, amount = by_month.get(bill.month.index, (0, 0))
            by_month[bill.month.index] = (energy + bill.energy_ckwh, amount + bill.amount_fen)
    months = [last.plus(-back) for back in range(MONTHS_SHOWN)]
    used = [_month(month, by_month) for month in reversed(months)]
    first = next((place for place, one in enumerate(used) if one.energy_ckwh is not None), len(used))
    until = max((place for place, one in enumerate(used) if one.energy_ckwh is not None), default=-1)
    to_on = on + timedelta(days=1)
    curves = metering.curve_use(scope, account_number, from_on=to_on - timedelta(days=DAYS_SHOWN), to_on=to_on)
    return Usage(tuple(used[first : until + 1]), curves.days, curves.hours)


def _month(month: Month, by_month: dict[int, tuple[int, int]]) -> MonthUsed:
    energy, amount = by_month.get(month.index, (None, None))
    before = by_month.get(month.index - YEAR)
    return MonthUsed(month, energy, amount, before[0] if before else None)


def bills(scope: Scope, account_number: str, *, on: date, months: int = 36) -> tuple[BillOfAccount, ...]:
    """Every bill of the last months, corrections too, newest first."""
    return billing.bills_of_account(scope, account_number, last=Month.of(on), count=months)


def readings(scope: Scope, account_number: str, *, limit: int = 60) -> tuple[ReadingOfAccount, ...]:
    """The last readings of the account's meters, newest first, superseded and refused ones too."""
    return metering.readings_of_account(scope, account_number, limit=limit)


def _hints(
    account: AccountFacts, agreements: tuple[AgreementShown, ...], contacts: tuple[ContactShown, ...], on: date
) -> list[Hint]:
    if account.closed_on is not None and account.closed_on <= on:
        return [Hint("CLOSED", account.closed_on)]
    hints = []
    holding = [one for one in agreements if one.state == "SIGNED" and one.valid_from <= on < one.valid_to]
    if not holding:
        hints.append(Hint("NO_AGREEMENT"))
    elif holding[0].valid_to < on + timedelta(days=DUE_WITHIN_DAYS) and not holding[0].renewed_by:
        hints.append(Hint("AGREEMENT_ENDS", holding[0].valid_to))
    primary = next((one for one in contacts if one.is_primary), None)
    if primary is None:
        hints.append(Hint("NO_CONTACT"))
    elif primary.verification != "RIGHT":
        hints.append(Hint("CONTACT_WRONG" if primary.verification == "WRONG" else "CONTACT_UNCHECKED"))
    return hints
