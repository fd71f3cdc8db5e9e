"""What the clock asks of the house itself: agreements expire, old records go, the books are added up again each night, voltage
is looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from wandeng.domains.billing.actions import months
from wandeng.domains.billing.queries import faults as bills
from wandeng.domains.collections.queries import faults as prepay
from wandeng.domains.customers import actions as customers
from wandeng.domains.ledger import queries as ledger
from wandeng.domains.organization import queries as organization
from wandeng.domains.outages import queries as outage_plans
from wandeng.domains.outages.actions import overruns as outages
from wandeng.domains.payments import queries as payments
from wandeng.domains.reliability import queries as reliability
from wandeng.domains.residents import actions as residents
from wandeng.domains.voltage import actions as voltage
from wandeng.flows import contacts
from wandeng.infra import jobs, once, quotas, timed
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.periods import BILLING_ZONE

EXPIRE_AGREEMENTS = "customers.expire_agreements"
CLEAR = "house.clear"
CHECK_BOOKS = "house.check_books"
VOLTAGE = "voltage.sweep"
OVERRUNS = "outages.overruns"

Clock = Callable[[], datetime]


def expire_agreements(*, on: date, at: datetime) -> jobs.Payload:
    """Expire the agreements whose last day is over."""
    return {"expired": customers.expire_due(on=on, actor=SYSTEM, at=at)}


def clear(*, now: datetime) -> jobs.Payload:
    """Remove what nobody asks for any more: kept answers, sessions and counters that are over, finished jobs of the timetable; and
    put the day's moves of each month's bills together. Then the words of conversations whose time is over are emptied. Raises
    ``NoRuleInForce`` where no rule says when that is; the rest is done by then."""
    kept = organization.parameter_int(organization.KEPT_DAYS, now.astimezone(BILLING_ZONE).date())
    return {
        "answers": once.forget_old(now=now),
        "sessions": once.forget_sessions(now=now) + residents.forget_old(now=now),
        "counters": quotas.forget_old(now=now),
        "jobs": timed.forget_done(before=now - timedelta(days=kept)),
        "moves": months.fold(),
        "words": contacts.empty_old(now=now),
    }


def check_books() -> jobs.Payload:
    """Recompute what must hold of bills, payments, the ledger, prepay, interruptions and outage plans; ``faults`` must be 0.
    ``wandeng ledger check``, ``wandeng reliability check`` and ``wandeng outage faults`` name them."""
    return {
        "bill_faults": len(bills.faults()),
        "payment_faults": len(payments.faults()),
        "ledger_faults": len(ledger.faults()),
        "prepay_faults": len(prepay.faults()),
        "interruption_faults": len(reliability.faults()),
        "outage_faults": len(outage_plans.faults()),
    }


def sweep_voltage(*, at: datetime) -> jobs.Payload:
    """Open, verify and open again the work on bad voltage, by the readings."""
    done = voltage.sweep(actor=SYSTEM, at=at)
    return {"remedies_opened": done.opened, "remedies_verified": done.verified, "remedies_reopened": done.reopened}


def overruns(*, at: datetime) -> jobs.Payload:
    """Raise the alarms of outages that run near or past their planned end."""
    return {"overruns": outages.raise_due(at=at)}


def kinds(clock: Clock) -> Mapping[str, jobs.Handler]:
    """Job kind → function."""
    return {
        EXPIRE_AGREEMENTS: lambda payload, _held: expire_agreements(on=date.fromisoformat(payload["on"]), at=clock()),
        CLEAR: lambda _payload, _held: clear(now=clock()),
        CHECK_BOOKS: lambda _payload, _held: check_books(),
        VOLTAGE: lambda _payload, _held: sweep_voltage(at=clock()),
        OVERRUNS: lambda _payload, _held: overruns(at=clock()),
    }
