"""Accounts that may be cut off, with the whole chain of evidence behind them, and the people who decide about it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from wandeng.domains.collections.actions import disconnection
from wandeng.domains.collections.models import DisconnectionOrder, DunningCase, DunningStep
from wandeng.domains.customers.models import CustomerAccount
from wandeng.domains.customers.tests import make as customers
from wandeng.domains.organization.tests import make as organization
from wandeng.domains.payments.tests import make as payments
from wandeng.infra import ids
from wandeng.kernel.actors import Actor
from wandeng.kernel.ids import AccountId, PersonId

library = customers.library

DUE_ON = date(2026, 1, 25)
NOTICED = datetime(2026, 2, 27, 2, 0, tzinfo=UTC)
TOLD_AGAIN = datetime(2026, 3, 10, 1, 30, tzinfo=UTC)
NOW = datetime(2026, 3, 10, 2, 5, tzinfo=UTC)
"""Tuesday 10:05 in Shanghai: 44 days overdue, noticed 11 days ago, told again 35 minutes ago."""
DEBT = 300_00

CELL = Actor("cell-w", PersonId(21), "BS/BS-W/", frozenset({"CELL_MANAGER"}))
STATION = Actor("station-w", PersonId(22), "BS/BS-W/", frozenset({"COUNTY_MANAGER"}))
"""The head of the station: manager of its own unit only."""
COMPANY = Actor("head", PersonId(23), "BS/", frozenset({"COUNTY_MANAGER"}))
DEPUTY = Actor("deputy", PersonId(24), "BS/", frozenset({"COUNTY_MANAGER"}))
DISPATCHER = Actor("dispatch", PersonId(25), "BS/", frozenset({"DISPATCHER"}))
CLERK = payments.CLERK
ELSEWHERE = Actor("cell-e", PersonId(26), "BS/BS-E/", frozenset({"CELL_MANAGER"}))


def county() -> None:
    """The county with its six accounts and its people."""
    customers.accounts()
    organization.staff()


def account(number: str) -> AccountId:
    return AccountId(CustomerAccount.objects.get(account_number=number).pk)


def arrears(number: str = "1001", amount_fen: int = DEBT, *, authority: str = "") -> AccountId:
    """An overdue bill of an account, and a case whose steps all reached the customer."""
    owner = CustomerAccount.objects.get(account_number=number)
    payments.bill(AccountId(owner.pk), "2025-12", amount_fen, DUE_ON)
    case = DunningCase.objects.create(
        id=ids.reserve(DunningCase, 1), account=owner, unit_id=owner.unit_id, customer_class=owner.customer_class,
        opened_on=date(2026, 1, 28), as_of=date(2026, 3, 9), open_fen=amount_fen, bills=1, oldest_due_on=DUE_ON,
        noticed_on=NOTICED.date(), rule_path="national/dunning/2024-06-01.toml", rule_hash="0" * 64,
    )  # fmt: skip
    step(case, "SMS", datetime(2026, 1, 29, 2, 0, tzinfo=UTC))
    step(case, "NOTICE", NOTICED, authority=authority)
    step(case, "SECOND_NOTICE", TOLD_AGAIN)
    return AccountId(owner.pk)


def step(case: DunningCase, kind: str, reached_at: datetime, *, authority: str = "") -> DunningStep:
    """A step that reached the customer."""
    return DunningStep.objects.create(
        id=ids.reserve(DunningStep, 1), case=case, unit_id=case.unit_id, kind=kind, rung=0, attempt=1, by="PERSON",
        state="REACHED", taken_on=reached_at.date(), taken_at=reached_at, actor="cell-w", open_fen=case.open_fen,
        oldest_due_on=DUE_ON, reached_at=reached_at, reached_whom="CUSTOMER", channel="PAPER", evidence="IMG-1",
        authority_reference=authority,
    )  # fmt: skip


def proposed(number: str = "1001", *, at: datetime = NOW) -> str:
    """An order of an account in arrears, proposed by its cell manager."""
    proposer = CELL if CustomerAccount.objects.get(account_number=number).unit.code == "BS-W" else ELSEWHERE
    return disconnection.propose(
        account_number=number, reason="经多次催费仍未交", actor=proposer, at=at, library=library()
    )


def approved(number: str = "1001", *, at: datetime = NOW) -> str:
    order = proposed(number, at=at)
    disconnection.approve(order=order, actor=COMPANY, at=at, library=library())
    return order


def sent(number: str = "1001", *, at: datetime = NOW, remote: bool = False) -> str:
    order = approved(number, at=at)
    answer = disconnection.dispatch(order=order, remote=remote, actor=DISPATCHER, at=at, library=library())
    assert answer.is_sent, answer
    return order


def cut(number: str = "1001", *, at: datetime = NOW) -> str:
    order = sent(number, at=at)
    disconnection.confirm_cut(order=order, cut_at=at + timedelta(minutes=20), actor=CELL, at=at + timedelta(minutes=21))
    return order


def state(order: str) -> str:
    return DisconnectionOrder.objects.get(number=order).state


def bare(count: int, *, unit: str = "BS-W") -> list[str]:
    """Households beside the county's own; their numbers."""
    from wandeng.domains.customers import actions

    numbers = [f"2{number:03d}" for number in range(count)]
    for number in numbers:
        actions.open_account(
            account_number=number, unit_code=unit, name="某户", address="白水镇", customer_class="RESIDENTIAL",
            locality="RURAL", importance="", opened_on=customers.OPENED_ON, actor=customers.SYSTEM, at=customers.AT,
        )  # fmt: skip
    return numbers


def many(count: int, *, unit: str = "BS-W") -> list[str]:
    """The same, all in arrears."""
    numbers = bare(count, unit=unit)
    for number in numbers:
        arrears(number)
    return numbers
