"""A channel's day closes to zero, or every fen of the difference is an item that somebody decides."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from wandeng.domains.ledger import queries as ledger
from wandeng.domains.payments.actions import reconciliation
from wandeng.domains.payments.frames import clearing
from wandeng.domains.payments.models import Payment, ReconciliationDay, ReconciliationItem, SuspenseItem
from wandeng.domains.payments.queries import reconciliation as queries
from wandeng.domains.payments.tests import make
from wandeng.flows import suspense
from wandeng.flows.tests import bank_world as world
from wandeng.infra.columns import ColumnStore
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import Conflict

pytestmark = pytest.mark.django_db(transaction=True)
CLEARING = "CLEARING:BANK_402"
EVERYWHERE = Scope.everywhere()
DECIDE = {"reason": "已与银行核实", "actor": world.ACCOUNTANT, "at": world.AT}


@pytest.fixture
def day():
    """1001 pays 80, 1002 pays 90, a stranger 30: 200.00 owed by the bank."""
    make.accounts()
    rows = [world.row(1, "1001", 80_00), world.row(2, "1002", 90_00), world.row(3, "9999", 30_00)]
    world.book(world.bring(world.written(rows)))


@pytest.fixture(autouse=True)
def nothing_is_unexplained():
    """After every test, whatever it did: the bank's clearing holds what days and differences explain, to the fen."""
    yield
    with ColumnStore() as store:
        assert clearing.unexplained(store) == []


def detail(*told: tuple[str, int], on: date = world.TODAY, batch: str = "D1") -> bytes:
    rows = [world.row(i, "1001", fen, reference=reference, day=on) for i, (reference, fen) in enumerate(told, start=1)]
    return world.written(rows, kind="03", batch=batch, day=on)


WHOLE = (("B1:00000001", 80_00), ("B1:00000002", 90_00), ("B1:00000003", 30_00))


def reconciled(*told: tuple[str, int]):
    world.book(world.bring(detail(*told)))
    return queries.reconciled_day(EVERYWHERE, ReconciliationDay.objects.order_by("-id").values_list("id", flat=True)[0])


def test_a_day_that_agrees_closes_to_zero_by_itself(day):
    waiting = queries.waiting_days(EVERYWHERE, since=world.TODAY, before=world.TODAY + timedelta(days=1))
    assert [(one.channel, one.ours.rows, one.ours.amount_fen) for one in waiting] == [("BANK_402", 2, 170_00)]
    found = reconciled(*WHOLE)
    assert (found.state, found.items, found.matched_e4) == ("CLOSED", (), 10_000)
    assert (make.balance(CLEARING), make.balance("BANK")) == (0, 200_00)
    assert ledger.faults() == []
    assert queries.waiting_days(EVERYWHERE, since=world.TODAY, before=world.TODAY + timedelta(days=1)) == ()


def test_every_difference_is_an_item_and_the_clearing_is_their_sum(day):
    found = reconciled(("B1:00000001", 80_00), ("B1:00000002", 91_00), ("B9:00000001", 5_00))
    # 90 against 91 is one yuan too much, 5 are not ours, 30 are missing: 1 + 5 - 30 = -24
    assert [(one.kind, one.key, one.difference_fen) for one in found.items] == [
        ("LONG", "bank:402:B1:00000002", 1_00), ("SHORT", "bank:402:B1:00000003", -30_00),
        ("LONG", "bank:402:B9:00000001", 5_00),
    ]  # fmt: skip
    assert (make.balance(CLEARING), found.open_fen) == (24_00, 24_00)
    assert (found.state, found.matched.rows, found.matched_e4) == ("OPEN", 1, 2_500)
    short, long = found.items[1], found.items[2]
    reconciliation.book(item_id=found.items[0].item_id, **DECIDE)
    made = reconciliation.to_suspense(item_id=long.item_id, **DECIDE)
    reconciliation.book(item_id=short.item_id, **DECIDE)
    assert make.balance(CLEARING) == 0
    # One yuan gained, thirty lost.
    assert make.balance("OVER_SHORT") == 29_00
    assert ReconciliationDay.objects.get().state == "CLOSED"
    suspense.match(item_id=made, account_number="1003", **DECIDE)
    assert make.balance(CLEARING) == 0
    # What was found by the channel belongs to no other day's receipts.
    assert queries.waiting_days(EVERYWHERE, since=world.TODAY, before=world.TODAY + timedelta(days=1)) == ()
    assert ledger.faults() == []


def test_money_that_comes_a_day_later_settles_the_earlier_day(day, monkeypatch):
    reconciled(*WHOLE[:2])
    (item,) = ReconciliationItem.objects.all()
    assert (item.kind, make.balance(CLEARING)) == ("SHORT", 30_00)
    tomorrow = datetime(2026, 3, 21, 3, tzinfo=UTC)
    monkeypatch.setattr(world, "AT", tomorrow)
    world.book(world.bring(detail(WHOLE[2], on=date(2026, 3, 21), batch="D2")))
    item.refresh_from_db()
    assert item.state == "ARRIVED"
    assert set(ReconciliationDay.objects.values_list("state", flat=True)) == {"CLOSED"}
    assert (make.balance(CLEARING), make.balance("BANK")) == (0, 200_00)


def test_a_payment_that_the_bank_took_twice_is_money_too_much(day):
    found = reconciled(*WHOLE, ("B1:00000001", 80_00))
    assert [(one.kind, one.ours_fen, one.theirs_fen) for one in found.items] == [("LONG", 80_00, 160_00)]


def test_a_day_is_reconciled_once(day):
    reconciled(*WHOLE)
    assert world.bring(detail(*WHOLE, batch="D2")).refusal["reason"] == "RECONCILED"


def test_missing_money_cannot_wait_in_suspense_nor_be_called_reversed(day):
    found = reconciled(*WHOLE[1:])
    (short,) = found.items
    with pytest.raises(Conflict, match="only money too much"):
        reconciliation.to_suspense(item_id=short.item_id, **DECIDE)
    with pytest.raises(Conflict, match="has no reversed payment"):
        reconciliation.settle_reversed(item_id=short.item_id, **DECIDE)
    assert not SuspenseItem.objects.filter(key__startswith="recon:").exists()


def test_rows_of_another_day_are_not_counted(day):
    rows = [world.row(i, "1001", fen, reference=reference) for i, (reference, fen) in enumerate(WHOLE, start=1)]
    rows.append(world.row(9, "1001", 7_00, reference="B0:1", day=date(2026, 3, 19)))
    posted = world.book(world.bring(world.written(rows, kind="03", batch="D1")))
    assert world.verdicts(posted.file_id)[-1] == ("REJECTED", "OTHER_DAY")
    assert make.balance(CLEARING) == 0


def test_a_fen_that_nothing_explains_is_seen(day):
    """The negative control: a payment whose row is gone while its money still stands on the clearing account."""
    Payment.objects.filter(key="bank:402:B1:00000001").update(state="REVERSED")
    with ColumnStore() as store:
        (found,) = clearing.unexplained(store)
    assert (found.channel, found.ledger_fen - found.explained_fen) == ("BANK_402", 80_00)
    Payment.objects.filter(key="bank:402:B1:00000001").update(state="RECEIVED")
