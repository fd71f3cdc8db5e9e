"""What a cell manager of the demonstration finds: an office where most have paid, some have not, and five weeks of dunning.

Customers, gateways and visits are played here; every step goes through the product's own doors.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import polars as pl

from wandeng.domains.collections import actions, queries
from wandeng.domains.customers import queries as customers
from wandeng.domains.customers.actions import contacts as verifying
from wandeng.domains.customers.types import Verdict
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import UnitNode
from wandeng.domains.payments import frames as payments
from wandeng.domains.payments import queries as paid_queries
from wandeng.domains.payments import types as paid
from wandeng.flows import dunning
from wandeng.flows import payments as taking
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective import current
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import demo_conversations
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import NotAllowed, NotFound, Refused
from wandeng.kernel.ids import AccountId
from wandeng.kernel.periods import BILLING_ZONE

EVERYWHERE = Scope.everywhere()
NIGHTS = (40, 37, 33, 30, 27, 23, 19, 15, 12, 9, 6, 3, 1)
"""How many days ago a night was run."""
SAVED_AGO = 6
"""How many days ago one whose notice had been delivered paid: a disconnection avoided."""
DEBTORS, MOST_DEBTORS = 12, 60
"""One account in so many does not pay, and no more than so many in all: each is visited and answered for one by one."""
ANSWERED = 3
"""Two visits in so many were answered for; the others are still to be made."""
NOT_MET = 7


def leave_dunning(now: datetime) -> int:
    """An office whose customers paid but for some, nights of dunning, visits answered for, promises, and protected
    customers. Twice is once; returns the open cases."""
    if not queries.case_rows(EVERYWHERE).exists():
        unit = next((one for one in organization.unit_tree(EVERYWHERE) if one.kind == "OFFICE"), None)
        cell = _cell_manager(unit, now) if unit else None
        if unit is None or cell is None:
            return 0
        behind = _pay(unit, now - timedelta(days=NIGHTS[0] + 1))
        _check_numbers(behind, now - timedelta(days=NIGHTS[0]))
        for ago in NIGHTS:
            _night(unit, cell, _at(now, ago, time(2)))
            if ago == SAVED_AGO:
                _save(unit, _at(now, ago, time(15)))
        _promise_and_protect(unit, cell, now)
    return queries.case_rows(EVERYWHERE).exclude(state="CLOSED").count()


def _cell_manager(unit: UnitNode, now: datetime) -> Actor | None:
    try:
        return organization.actor_for(f"cell-{unit.code.rpartition('-')[2]}", now.astimezone(BILLING_ZONE).date())
    except (NotFound, NotAllowed):
        return None


def _at(now: datetime, ago: int, hour: time) -> datetime:
    return datetime.combine(now.astimezone(BILLING_ZONE).date() - timedelta(days=ago), hour, BILLING_ZONE)


def _check_numbers(accounts: list[int], at: datetime) -> None:
    """The numbers of two in three of those who do not pay were found right, so that a machine may call them."""
    for account in customers.accounts_by_id(
        EVERYWHERE, [AccountId(one) for place, one in enumerate(accounts) if place % 3]
    ):
        for contact in customers.contacts_of(EVERYWHERE, account.account_number)[:1]:
            verifying.verify_contact(
                contact_id=contact.contact_id, verdict=Verdict.RIGHT, actor=SYSTEM, at=at, reason="演示数据"
            )


def _pay(unit: UnitNode, at: datetime) -> list[int]:
    """All accounts of the office pay what is open, but one in :data:`DEBTORS`, up to :data:`MOST_DEBTORS`: they have paid until
    three months ago. Returns these."""
    on = at.astimezone(BILLING_ZONE).date()
    ids = [row["id"] for row in customers.account_rows(Scope(unit.path)).values("id")]
    with ColumnStore() as store:
        items = payments.open_items(store, on=on, account_ids=ids).filter(pl.col("open_fen") > 0)
        behind = items.filter(pl.col("account_id") % DEBTORS == 0)["account_id"].unique().sort().head(MOST_DEBTORS)
        honest = ~pl.col("account_id").is_in(behind.implode())
        old = pl.col("due_on") < pl.lit(on - timedelta(days=45))
        owed = items.filter(honest | old).group_by("account_id", maintain_order=True).agg(
            amount_fen=pl.col("open_fen").sum() + pl.col("fee_fen").sum()
        )  # fmt: skip
        rows = owed.select(
            key=pl.format("demo:dunning:{}", "account_id"), account_id="account_id", amount_fen="amount_fen",
            tender=pl.lit("TRANSFER"), channel=pl.lit("TRANSFER"), received_on=pl.lit(on),
        ).cast(paid.TAKE)  # fmt: skip
        payments.take_many(store, rows, batch=f"demo:dunning:{unit.code}", unit_path=unit.path, at=at, actor=SYSTEM)
    found: list[int] = behind.to_list()
    return found


def _night(unit: UnitNode, cell: Actor, at: datetime) -> None:
    """A night, and the day after it: the cell manager goes to most of those who are to be visited."""
    dunning.run(unit_code=unit.code, on=at.date(), at=at, actor=SYSTEM)
    demo_conversations.call(at + timedelta(hours=7), current.library())
    for row in list(queries.task_rows(Scope(unit.path), responsible=cell.code).order_by("id")):
        if row["taken_on"] != at.date() or row["id"] % ANSWERED == 0:
            continue
        met = row["id"] % NOT_MET != 0
        evidence = f"签收 {row['id']} 号" if row["kind"] == "NOTICE" and met else ""
        reference = f"函 {row['id']} 号" if row["importance"] and evidence else ""
        result = actions.Result(
            happened_at=at + timedelta(hours=8), whom="CUSTOMER" if met else "", evidence=evidence,
            note="" if met else "家中无人，邻居说在外务工", authority_reference=reference,
        )  # fmt: skip
        actions.record_result(step_id=row["id"], result=result, actor=cell, at=at + timedelta(hours=15))


def _save(unit: UnitNode, at: datetime) -> None:
    """One who was noticed pays all that is open."""
    case = queries.case_rows(Scope(unit.path)).filter(noticed_on__isnull=False, state="OPEN").order_by("id").first()
    if case is None:
        return
    owed = paid_queries.standing(EVERYWHERE, case["account_number"], on=at.date())
    taking.take(
        key=f"demo:dunning:saved:{case['account_number']}", account_number=case["account_number"],
        amount_fen=owed.to_pay_fen, tender="TRANSFER", channel="TRANSFER", received_on=at.date(), at=at, actor=SYSTEM,
    )  # fmt: skip


def _promise_and_protect(unit: UnitNode, cell: Actor, now: datetime) -> None:
    """Some promise, one home has life support, one waits for approval."""
    today = now.astimezone(BILLING_ZONE).date()
    cases = list(queries.case_rows(Scope(unit.path)).filter(state="OPEN").order_by("-id")[:8])
    for place, row in enumerate(cases[:4]):
        _try_promise(row["id"], row["open_fen"], today + timedelta(days=2 + 2 * place), cell, now)
    manager = _manager(today)
    for place, row in enumerate(cases[4:6]):
        made = actions.protect(
            account_number=row["account_number"], kind="LIFE_SUPPORT", evidence=f"县医院制氧机处方 {place + 1} 号",
            valid_from=today, valid_to=today + timedelta(days=365), actor=cell, at=now,
        )  # fmt: skip
        if manager is not None and place == 0:
            actions.approve_protection(protection_id=made, actor=manager, at=now)


def _try_promise(case: int, amount_fen: int, by: date, cell: Actor, now: datetime) -> None:
    try:
        actions.promise(
            case_id=case, promised_on=by, amount_fen=amount_fen, channel="VISIT", actor=cell, at=now, note="月底发工资"
        )
    except Refused:
        return


def _manager(today: date) -> Actor | None:
    try:
        return organization.actor_for("manager1", today)
    except (NotFound, NotAllowed):
        return None
