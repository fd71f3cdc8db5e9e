"""What an office in the west has of money: files of banks, payments online, decisions, arrears, cuts, purchases.

For worlds whose county is ``BS`` and whose office is ``BS-W``; whatever it makes is made by the product's own actions
where these can be had in one step, and by rows where a night's work would have made them.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from tests.kits import bill_world
from wandeng.domains.collections import actions as collections
from wandeng.domains.collections.models import (
    DunningCase,
    DunningStep,
    InstructionReceipt,
    PromiseToPay,
    ProtectedCustomer,
    SignedInstruction,
)
from wandeng.domains.collections.tests.make import orders as cuts
from wandeng.domains.customers.models import CustomerAccount
from wandeng.domains.ledger.models import Entry
from wandeng.domains.notices import actions as notices
from wandeng.domains.notices.types import ChannelText
from wandeng.domains.payments.actions import bank_agreements, online
from wandeng.domains.payments.actions.plans import make_plan
from wandeng.domains.payments.models import BankFile, Payment, ReconciliationItem, SuspenseItem
from wandeng.domains.payments.tests import make as payments
from wandeng.domains.purchases import actions as purchases
from wandeng.domains.purchases.types import Source
from wandeng.flows import account_money, bank_files
from wandeng.flows.online_payments import refunds
from wandeng.flows.tests import bank_world, online_world
from wandeng.infra import ids
from wandeng.infra.bank_layouts import writing
from wandeng.infra.bank_layouts.reading import Heading
from wandeng.infra.bank_layouts.tests import make as layouts
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.ids import AccountId, PersonId
from wandeng.kernel.periods import Month

WEST = "BS/BS-W/"
MONEY = Actor("money-w", PersonId(901), WEST, frozenset({"ACCOUNTANT"}))
HALL = Actor("hall-w", PersonId(902), WEST, frozenset({"HALL_CLERK"}))
BANK = bank_world.BANK
CUT, WAITING, OWING = "W2", "W3", "W4"
"""Accounts of the west: one is cut off and gets its supply back, one waits for approval, one has money decided."""


def build() -> dict[str, Any]:
    """Everything, committed; the names that addresses use for it, each with what it stands for."""
    for number in (CUT, WAITING, OWING):
        bill_world.add_account(number, total={}, unit_code="BS-W")
    return _banked() | _decided() | _online() | _cut() | _dunned() | _bought() | _said()


def _banked() -> dict[str, Any]:
    """An agreement, a file that was booked with an item nobody knows, and its day with a difference."""
    bank_agreements.sign_bank_agreement(
        number="XYW", bank=BANK, account_number="W1", kind="DEBIT", bank_account="6222000000001", holder="户主",
        signed_on=date(2026, 1, 5), actor=MONEY, at=payments.AT,
    )  # fmt: skip
    _file([bank_world.row(1, OWING, 80_00), bank_world.row(2, "9999", 30_00)], kind=bank_world.COUNTER, batch="B1")
    _file([bank_world.row(1, OWING, 81_00, reference="B1:00000001")], kind="03", batch="D1")
    held = ReconciliationItem.objects.latest("pk")
    file = BankFile.objects.earliest("pk").pk
    return {
        "bank": BANK,
        "file_id": file,
        "item_id": SuspenseItem.objects.get().pk,
        "day_id": held.day_id,
        "held_id": held.pk,
    }


def _file(rows: list[dict[str, Any]], *, kind: str, batch: str) -> None:
    code = layouts.rules().bank(BANK)
    total = sum(one["amount"] for one in rows)
    heading = Heading(kind, BANK, batch, "BS-W", payments.TODAY, len(rows), total)
    content = writing.write(layouts.layout(code.layout), heading, rows)
    file = bank_files.receive(
        bank=BANK, file_name=f"{batch}.txt", chunks=[content], unit_code="BS-W", actor=MONEY, at=payments.AT
    )
    bank_files.check_now(file, at=payments.AT)
    bank_files.post(file_id=file, reason="", actor=MONEY, at=payments.AT)
    bank_files.post_now(file, actor=MONEY, clock=lambda: payments.AT)


def _decided() -> dict[str, Any]:
    """A payment, what waits for a second person, and a plan."""
    account = AccountId(CustomerAccount.objects.get(account_number=OWING).pk)
    taken = Payment.objects.get(account_id=account)
    bill = payments.bill(account, "2026-02", 300_00, date(2026, 3, 31))
    asked = account_money.write_off(
        key="give-up",
        account_number=OWING,
        bill_id=bill,
        amount_fen=1_00,
        reason="无法收回",
        actor=MONEY,
        at=payments.AT,
    )
    parts = [(date(2026, 4, 1), 100_00), (date(2026, 5, 1), 200_00)]
    plan = make_plan(account=account, parts=parts, reason="困难", actor=MONEY, at=payments.AT)
    return {"payment_id": taken.pk, "decision_id": asked.decision_id, "plan_id": plan, "bill_id": bill}


def _online() -> dict[str, Any]:
    """An order that was paid, its refund that waits, and an alarm."""
    online_world.channel()
    account = CustomerAccount.objects.get(account_number="W1")
    order = online_world.opened(account="W1", fen=50_00)
    online_world.paid(order)
    refund = refunds.refund(key="back", number=order, reason="重复交费", actor=MONEY, at=payments.AT)
    online.raise_alarm(
        kind="UNKNOWN_ORDER", key="west", channel=online_world.CHANNEL, order=None, unit_id=account.unit_id,
        order_number=order, at=payments.AT,
    )  # fmt: skip
    return {"payment_order": order, "online_refund": refund, "channel": online_world.CHANNEL}


def _cut() -> dict[str, Any]:
    """An account that was cut by an instruction and gets its supply back, and another whose order waits."""
    for number in (CUT, WAITING):
        cuts.arrears(number)
    done = cuts.cut(CUT)
    later = cuts.NOW + timedelta(hours=1)
    back = collections.reconnection.order_by_person(
        order=done, reason="已交清", actor=cuts.COMPANY, at=later, library=cuts.library()
    )
    waiting = cuts.proposed(WAITING)
    sent = SignedInstruction.objects.first()
    InstructionReceipt.objects.create(
        channel_code="w",
        sequence=1,
        verdict="TAKEN",
        supply="OFF",
        instruction=sent,
        digest="0" * 64,
        received_at=later,
    )
    return {"cut": done, "waiting": waiting, "reconnection": back, "orders": [done]}


def _dunned() -> dict[str, Any]:
    """A case with a visit to make and a promise, one that is closed, and a protection that waits."""
    at, on = datetime.now(UTC), datetime.now(UTC).date()
    account = CustomerAccount.objects.get(account_number="W1")
    owing = {
        "account": account, "unit_id": account.unit_id, "customer_class": account.customer_class, "opened_on": on,
        "as_of": on, "open_fen": 100, "bills": 1, "oldest_due_on": on, "rule_path": "", "rule_hash": "",
    }  # fmt: skip
    DunningCase.objects.create(id=ids.reserve(DunningCase, 1), state="CLOSED", closed_on=on, **owing)
    case = DunningCase.objects.create(id=ids.reserve(DunningCase, 1), state="PROMISED", **owing)
    step = DunningStep.objects.create(
        id=ids.reserve(DunningStep, 1), case=case, unit_id=account.unit_id, kind="VISIT", rung=2, attempt=1, by="PERSON",
        taken_on=on, taken_at=at, actor="system", open_fen=100, oldest_due_on=on,
    )  # fmt: skip
    promise = PromiseToPay.objects.create(
        id=ids.reserve(PromiseToPay, 1), case=case, promised_on=on, amount_fen=100, open_fen=100, covers_due_to=on,
        channel="PHONE", made_at=at, made_by="adm-w",
    )  # fmt: skip
    protection = ProtectedCustomer.objects.create(
        id=ids.reserve(ProtectedCustomer, 1), account=account, kind="WELFARE", evidence="证明 1 号", valid_from=on,
        valid_to=on + timedelta(days=9), proposed_by="hall-w", proposed_at=at,
    )  # fmt: skip
    named = {"case": case.pk, "step": step.pk, "promise": promise.pk, "protection": protection.pk}
    return named | {f"{name}_id": key for name, key in named.items()} | {"case_ids": [case.pk]}


def _bought() -> dict[str, Any]:
    """Energy that was bought in a month of the office, and the entry of it."""
    bought = purchases.record(
        unit_code="BS-W", month=Month(2026, 9), source=Source.GRID, supplier="省公司", energy_ckwh=1_000_00,
        amount_fen=400_00, document_number="D-1", actor=MONEY, at=bill_world.NOW,
    )  # fmt: skip
    return {"purchase_id": bought, "entry_id": Entry.objects.filter(unit__code="BS-W").latest("pk").pk}


def _said() -> dict[str, Any]:
    """A customer of the office who wants no bills by message, and texts that wait for approval."""
    notices.opt_out(account_number="W1", purpose="BILL", source="HALL", actor=HALL, at=payments.AT)
    notices.install_defaults(actor=SYSTEM, at=payments.AT)
    texts = {"SMS": ChannelText("户号{account_number}已交{amount}元。{utility}", "请通过{hotline}查询。")}
    version = notices.draft_version(
        code="payment_received", texts=texts, channels=["SMS"], valid_from=date(2026, 9, 16), reason="改短",
        actor=Actor("chief", unit_path="BS/", roles=frozenset({"COUNTY_MANAGER"})), at=payments.AT,
    )  # fmt: skip
    return {"version_id": int(version), "version": int(version)}
