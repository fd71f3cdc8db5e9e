"""The final bill (末次电费) of an account that ends: made at once from the last reading, out as soon as a second person approves.

Where its points are read on different days, the last period of one ends with the bill of a month and that of another with the
next month's. These are two final bills, drawn up and brought out one after the other: the tiers of the second rest on the first.

Billing works on columns and commits as it goes, so both halves stand outside any transaction and may be called again after
a crash: what was done is found, a draft that nobody approved is made anew.
"""

from __future__ import annotations

from datetime import date, datetime

from wandeng.domains.billing import frames as billing
from wandeng.domains.billing import queries
from wandeng.domains.billing.actions import finals, runs
from wandeng.domains.billing.actions.finals import FinalPeriod
from wandeng.domains.billing.frames import LastMonth
from wandeng.domains.billing.queries.finals import FinalBill
from wandeng.domains.customers import queries as customers
from wandeng.domains.customers.types import AccountFacts
from wandeng.domains.payments import actions as payments
from wandeng.flows import bill_run
from wandeng.flows.bill_run import Workshop
from wandeng.infra.columns import ColumnStore
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict
from wandeng.kernel.ids import RunId

DRAWN_UP = ("CHECKED", "HALTED", "APPROVED", "POSTED", "PUBLISHED")
OUT = ("PUBLISHED",)


class FinalBillBlocked(Conflict):
    """The final bill cannot be made; ``facts['codes']`` are the findings."""

    code = "FINAL_BILL_BLOCKED"


class FinalBillMissing(Conflict):
    """The step needs a final bill that is not there, or not of that day."""

    code = "FINAL_BILL_MISSING"


class FinalBillGoesOn(Conflict):
    """The final bill of a month is out; of usage points that are read on another day there is one more to draw up."""

    code = "FINAL_BILL_GOES_ON"


class FinalBillNotOut(Conflict):
    """The final bill is not public yet."""

    code = "FINAL_BILL_NOT_OUT"


def draw_up(
    *, account_number: str, ends_on: date, reason: str, actor: Actor, at: datetime, shop: Workshop
) -> FinalBill:
    """Price what an account owes from its last period to ``ends_on``, by the readings, contract, tiers and prices as they are
    now; a draft that a second person has to approve. Of several months the first that is not out yet.

    Raises :class:`FinalBillBlocked` with the findings, ``BilledBeyond``, ``MonthRunUnderWay``, ``NotAllowed``.
    """
    account = customers.account(Scope.of(actor), account_number)
    months = _last_months(account, ends_on)
    if not months:
        raise FinalBillBlocked(f"account {account_number} has no usage point to bill up to {ends_on}", codes=[])
    out = queries.final_months(account.id, ends_on, states=OUT)
    last = next((one for one in months if one.month not in out), months[-1])
    run_id = finals.open_final(
        account=account, period=FinalPeriod(last.month, last.period_from, ends_on),
        book=bill_run.price_book(shop.library, account.territory, last.month), library=shop.library,
        rules_root=shop.rules_root, reason=reason, actor=actor, at=at,
    )  # fmt: skip
    bill_run.advance(run_id, actor=actor, at=at, shop=shop)
    made = required(account, ends_on)
    if made.parked:
        codes = ", ".join(made.parked)
        runs.discard(run=run_id, reason=f"{reason}: {codes}", actor=actor, at=at)
        raise FinalBillBlocked(
            f"the final bill of account {account_number} cannot be made: {codes}", codes=list(made.parked)
        )
    return made


def bring_out(*, account_number: str, ends_on: date, actor: Actor, at: datetime) -> FinalBill:
    """Approve, post and publish the final bill, and lay the account's credit on it: from now on it is owed.

    Raises :class:`FinalBillMissing`, ``SamePerson`` for whoever drew it up, ``NotAllowed``, ``MoveRefused`` while the check
    holds it up: its run is looked at first; :class:`FinalBillGoesOn` when this one is out and another month's is to follow.
    """
    account = customers.account(Scope.of(actor), account_number)
    made = required(account, ends_on)
    run_id = RunId(made.run_id)
    if made.state in ("CHECKED", "HALTED"):
        runs.approve(run=run_id, actor=actor, at=at)
    if required(account, ends_on).state == "APPROVED":
        bill_run.post(run_id, actor=actor, at=at)
    if required(account, ends_on).state == "POSTED":
        bill_run.publish(run_id, actor=actor, at=at)
    payments.settle_account(account=account.id, key=f"final:{made.run_id}", actor=actor, at=at)
    return published(account, ends_on)


def required(account: AccountFacts, ends_on: date) -> FinalBill:
    """The final bill of an account that ends on a day, drawn up at least. Raises :class:`FinalBillMissing`."""
    found = queries.final_bill(account.id)
    if found is None or found.state not in DRAWN_UP:
        raise FinalBillMissing(f"account {account.account_number} has no final bill yet")
    if found.ends_on != ends_on:
        raise FinalBillMissing(
            f"the final bill of account {account.account_number} ends on {found.ends_on}, not {ends_on}"
        )
    return found


def published(account: AccountFacts, ends_on: date) -> FinalBill:
    """The same, of every month there is one of, and the customer may see it. Raises :class:`FinalBillMissing`,
    :class:`FinalBillNotOut`, :class:`FinalBillGoesOn`."""
    found = required(account, ends_on)
    if not found.is_public:
        raise FinalBillNotOut(f"the final bill of account {account.account_number} is not published yet")
    out = queries.final_months(account.id, ends_on, states=OUT)
    for one in _last_months(account, ends_on):
        if one.month not in out:
            raise FinalBillGoesOn(
                f"account {account.account_number} has usage points read on another day: the final bill of {one.month} is to "
                "be drawn up as well",
                month=str(one.month),
            )
    return found


def _last_months(account: AccountFacts, ends_on: date) -> tuple[LastMonth, ...]:
    with ColumnStore() as store:
        return billing.last_months(store, account_id=account.id, unit_path=account.unit_path, ends_on=ends_on)
