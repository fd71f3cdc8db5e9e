"""A county in arrears: bills that are overdue, staff who are responsible, nights that are run."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache

from wandeng.domains.collections import states
from wandeng.domains.collections.models import DunningCase, DunningStep
from wandeng.domains.customers.models import CustomerAccount
from wandeng.domains.notices.models import NoticeRecipient
from wandeng.domains.organization import actions as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.payments.tests import make as payments
from wandeng.infra import ids
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.infra.transitions import move
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.ids import AccountId, PersonId
from wandeng.kernel.periods import BILLING_ZONE

HOME, MILL, HOSPITAL, SHOP = "1001", "1003", "1004", "1005"
STAFF = (
    ("cell-w", "侯网格", "BS-W", Role.CELL_MANAGER),
    ("cell-e", "史网格", "BS-E", Role.CELL_MANAGER),
    ("cell-e2", "左网格", "BS-E", Role.CELL_MANAGER),
    ("account1", "欧客户", "BS", Role.ACCOUNT_MANAGER),
    ("head", "周经理", "BS", Role.COUNTY_MANAGER),
    ("hall", "营业员", "BS", Role.HALL_CLERK),
    ("money", "覃账务", "BS", Role.ACCOUNTANT),
)
CELL = Actor("cell-w", PersonId(21), "BS/BS-W/", frozenset({"CELL_MANAGER"}))
ELSEWHERE = Actor("cell-e", PersonId(22), "BS/BS-E/", frozenset({"CELL_MANAGER"}))
HEAD = Actor("head", PersonId(23), "BS/", frozenset({"COUNTY_MANAGER"}))
HALL = Actor("hall", PersonId(24), "BS/", frozenset({"HALL_CLERK"}))
OTHER_HEAD = Actor("head2", PersonId(26), "BS/", frozenset({"COUNTY_MANAGER"}))
MONEY = Actor("money", PersonId(25), "BS/", frozenset({"ACCOUNTANT"}))
_RUNGS = ("SMS", "VOICE", "VISIT", "NOTICE", "SECOND_NOTICE")
DUE = date(2026, 1, 26)
"""A Monday; day 31 of what was due then is Thursday 26 February 2026, after the Spring Festival."""


def found() -> dict[str, AccountId]:
    """The county with its staff; number to id."""
    accounts = payments.accounts()
    for code, name, unit, role in STAFF:
        organization.add_person(code=code, name=name, unit_code=unit, actor=SYSTEM, at=payments.AT)
        organization.appoint(
            person_code=code, unit_code=unit, role=role, from_on=date(2025, 1, 1), actor=SYSTEM, at=payments.AT
        )
    return accounts


def night_of(day: date) -> datetime:
    """Two in the morning of a day, local."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=6)


def noon_of(day: date) -> datetime:
    """Noon of a day, local."""
    return datetime(day.year, day.month, day.day, 4, tzinfo=UTC)


@cache
def library() -> RuleLibrary:
    """The rules that ship."""
    return RuleLibrary.load(default_root())


def open_case(account: AccountId, *, on: date = DUE + timedelta(days=1)) -> DunningCase:
    """A case as a night would have opened it, nothing taken yet."""
    owing = CustomerAccount.objects.get(pk=account)
    return DunningCase.objects.create(
        id=ids.reserve(DunningCase, 1), account=owing, unit_id=owing.unit_id, customer_class=owing.customer_class,
        opened_on=on, as_of=on, open_fen=12_345, bills=1, oldest_due_on=DUE, responsible="cell-w",
        rule_path="national/dunning/2024-06-01.toml", rule_hash="",
    )  # fmt: skip


def step(
    case: DunningCase, kind: str, *, reached_at: datetime | None, state: str = "", taken_at: datetime | None = None,
    authority: str = "",
) -> DunningStep:  # fmt: skip
    """A step that was taken: it reached somebody, or it missed unless ``state`` says otherwise."""
    at = taken_at or reached_at or noon_of(DUE + timedelta(days=31))
    return DunningStep.objects.create(
        id=ids.reserve(DunningStep, 1), case=case, unit_id=case.unit_id, kind=kind, rung=_RUNGS.index(kind), attempt=1,
        by="PERSON" if kind in ("VISIT", "NOTICE") else "MESSAGE", state=state or ("REACHED" if reached_at else "MISSED"),
        taken_on=at.astimezone(BILLING_ZONE).date(), taken_at=at, actor="system", responsible=case.responsible,
        open_fen=case.open_fen, oldest_due_on=case.oldest_due_on, reached_at=reached_at,
        reached_whom="CUSTOMER" if reached_at else "", evidence="签收 1 号" if kind == "NOTICE" and reached_at else "",
        authority_reference=authority,
    )  # fmt: skip


def release(account: AccountId) -> None:
    """The case goes on, as after a broken promise."""
    move(case_of(account), states.CASE, "release", actor=SYSTEM, at=payments.AT)


def case_of(account: AccountId) -> DunningCase:
    return DunningCase.objects.filter(account_id=account).latest("id")


def deliver(step: DunningStep, at: datetime) -> None:
    """What the worker and a gateway would do: the step's message was delivered."""
    recipient = NoticeRecipient.objects.get(notice__key=step.notice_key, account_id=step.case.account_id)
    NoticeRecipient.objects.filter(pk=recipient.pk).update(state="DELIVERED", reached_at=at, due_at=None)


def lose(step: DunningStep) -> None:
    """The step's message can be delivered by no channel."""
    rows = NoticeRecipient.objects.filter(notice__key=step.notice_key, account_id=step.case.account_id)
    rows.update(state="FAILED", why="NO_ADDRESS", due_at=None)
