"""Accounts with posted bills, without the machinery that prices them: a bill's head and its receivable in the ledger."""

from __future__ import annotations

from datetime import UTC, date, datetime

from wandeng.domains.billing.models import Bill
from wandeng.domains.customers.tests import make as customers
from wandeng.domains.ledger import actions as ledger
from wandeng.domains.ledger.models import EntryLine
from wandeng.domains.ledger.types import RECEIVABLE, Posting
from wandeng.domains.organization import queries as organization
from wandeng.domains.payments import actions
from wandeng.domains.payments.types import Receipt
from wandeng.infra import ids as numbers
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.ids import AccountId, PersonId
from wandeng.kernel.periods import Month

AT = datetime(2026, 3, 20, 3, 0, tzinfo=UTC)
TODAY = date(2026, 3, 20)
CLERK = Actor("hall", PersonId(11), "BS/", frozenset({"HALL_CLERK"}))
ACCOUNTANT = Actor("account2", PersonId(12), "BS/", frozenset({"ACCOUNTANT"}))
SECOND = Actor("account3", PersonId(13), "BS/", frozenset({"ACCOUNTANT"}))
MANAGER = Actor("manager", PersonId(14), "BS/", frozenset({"COUNTY_MANAGER"}))
HOME, MILL = "1001", "1003"
"""A household and a flour mill of the county."""


def accounts() -> dict[str, AccountId]:
    """The county's accounts: number to id."""
    customers.accounts()
    return ids()


def ids() -> dict[str, AccountId]:
    from wandeng.domains.customers.models import CustomerAccount

    return {number: AccountId(pk) for number, pk in CustomerAccount.objects.values_list("account_number", "id")}


def bill(
    account: AccountId,
    month: str,
    amount_fen: int,
    due_on: date,
    *,
    kind: str = "ORDINARY",
    corrects: int | None = None,
) -> int:
    """A bill, or one that corrects it, in the ledger; returns its id."""
    index = Month.parse(month).index
    known = Bill.objects.filter(account_id=account, month_index=index).count()
    head = Bill.objects.create(
        id=numbers.reserve(Bill, 1), shard_id=1, account_id=account, month_index=index, revision=known, kind=kind, corrects_id=corrects,
        period_from=Month.parse(month).first, period_to=Month.parse(month).next().first, energy_ckwh=100_00,
        amount_fen=amount_fen, due_on=due_on,
    )  # fmt: skip
    ledger.post(
        biz_key=f"bill:{head.pk}", kind="BILLS", unit=organization.unit_id("BS"), month=month, at=AT, actor=SYSTEM,
        lines=[Posting(RECEIVABLE, amount_fen, account, head.pk), Posting("REVENUE:ENERGY", -amount_fen)],
    )  # fmt: skip
    return head.pk


def pay(account: AccountId, amount_fen: int, *, key: str = "till:1:1", on: date = TODAY, **other: object) -> Receipt:
    """Cash over the counter."""
    told = {"tender": "CASH", "channel": "TILL", "actor": CLERK, "at": AT} | other
    return actions.receive(key=key, account=account, amount_fen=amount_fen, received_on=on, **told)


def balance(name: str, account: AccountId | None = None, source: int | None = None) -> int:
    """The balance of a ledger account in fen, debit positive."""
    rows = EntryLine.objects.filter(ledger_account=name)
    rows = rows.filter(account_id=account) if account is not None else rows
    rows = rows.filter(source=source) if source is not None else rows
    return sum(rows.values_list("amount_fen", flat=True))
