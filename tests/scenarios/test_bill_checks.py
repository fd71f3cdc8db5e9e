"""The nightly checks say nothing of good books, and name each way in which bills, lines and ledger may come apart."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.kits import bill_world as world

from wandeng.domains.billing.actions import runs
from wandeng.domains.billing.models import Bill, BillLine, BillShard
from wandeng.domains.billing.queries.faults import faults
from wandeng.flows import bill_run
from wandeng.kernel.ids import RunId
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _books() -> None:
    world.found()
    for number in ("430000000001", "430000000002"):
        world.add_account(number, total={date(2026, 6, 1): 700, date(2026, 7, 1): 1000, date(2026, 8, 1): 1460})
    shop = bill_run.Workshop.default()
    view = bill_run.run(unit_code=world.UNIT, month=Month(2026, 7), actor=world.MAKER, at=world.NOW, shop=shop)
    runs.approve(run=RunId(view.run_id), actor=world.CHECKER, at=world.NOW + timedelta(hours=1))
    bill_run.post(RunId(view.run_id), actor=world.MAKER, at=world.NOW)


def test_good_books_have_no_faults() -> None:
    assert Bill.objects.count() == 2
    assert faults() == []


def test_a_changed_amount_differs_from_its_lines_and_from_the_ledger() -> None:
    bill = Bill.objects.order_by("id").first()
    assert bill is not None
    Bill.objects.filter(pk=bill.pk).update(amount_fen=bill.amount_fen - 1)
    assert [(one.bill_id, one.fault) for one in faults()] == [
        (bill.pk, "SUM_DIFFERS"),
        (bill.pk, "NOT_IN_LEDGER"),
        (bill.pk, "SHARD_DIFFERS"),
        (bill.pk, "SOLD_DIFFERS"),
    ]


def test_a_bill_that_is_gone_leaves_lines_without_a_bill() -> None:
    bill = Bill.objects.order_by("id").first()
    assert bill is not None
    Bill.objects.filter(pk=bill.pk)._raw_delete("default")
    assert [(one.bill_id, one.fault) for one in faults()] == [
        (bill.pk, "LINES_WITHOUT_BILL"),
        (bill.pk, "SHARD_DIFFERS"),
        (bill.pk, "SOLD_DIFFERS"),
        (Bill.objects.get().pk, "OPEN_DIFFERS"),
    ]


def test_a_bill_that_is_gone_with_its_lines_is_missed_by_its_shard() -> None:
    bill = Bill.objects.order_by("id").first()
    assert bill is not None
    BillLine.objects.filter(bill=bill)._raw_delete("default")
    Bill.objects.filter(pk=bill.pk)._raw_delete("default")
    assert [one.fault for one in faults()] == ["SHARD_DIFFERS", "SOLD_DIFFERS", "OPEN_DIFFERS"]


def test_a_bill_of_nobody_and_one_outside_its_shard_are_told() -> None:
    one, other = Bill.objects.order_by("id")
    Bill.objects.filter(pk=one.pk).update(account_id=10**9)
    BillShard.objects.update(bill_ids=1)
    assert [(found.bill_id, found.fault) for found in faults()] == [
        (one.pk, "WITHOUT_ACCOUNT"),
        (other.pk, "OUTSIDE_ITS_SHARD"),
        (one.pk, "OPEN_DIFFERS"),
    ]


def test_a_line_moved_to_another_bill_is_out_of_place() -> None:
    one, other = Bill.objects.order_by("id")
    line = BillLine.objects.filter(bill_id=one.pk).order_by("id").first()
    assert line is not None
    BillLine.objects.filter(pk=line.pk).update(bill_id=other.pk)
    assert ("LINES_OUT_OF_PLACE", other.pk) in [(fault.fault, fault.bill_id) for fault in faults()]
