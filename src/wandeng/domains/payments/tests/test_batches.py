"""A batch of payments does to the fen what single ones would, once, and says of each row what became of it."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from wandeng.domains.ledger.models import Entry, EntryLine
from wandeng.domains.payments import frames
from wandeng.domains.payments.models import Allocation, Payment
from wandeng.domains.payments.tests import make
from wandeng.domains.payments.types import TAKE
from wandeng.infra.columns import ColumnStore
from wandeng.infra.models import Event

pytestmark = pytest.mark.django_db(transaction=True)
JAN, FEB = date(2026, 2, 25), date(2026, 3, 25)


def row(key: str, account: int, fen: int, *, on: date = make.TODAY, tender: str = "DEBIT", channel: str = "BANK_DEBIT"):
    return (key, account, fen, tender, channel, on)


def take(*rows, **other):
    with ColumnStore() as store:
        return frames.take_many(
            store, pl.DataFrame(rows, schema=TAKE, orient="row"), batch="b1", unit_path="BS/", at=make.AT,
            actor=make.ACCOUNTANT, **other,
        )  # fmt: skip


def verdicts(ran: frames.Ran) -> list[tuple[str, str, str]]:
    return ran.verdicts.select("key", "verdict", "reason").rows()


def settled(payment: int) -> list[tuple[str, int | None, int]]:
    rows = Allocation.objects.filter(payment_id=payment).order_by("id")
    return list(rows.values_list("kind", "bill_id", "amount_fen"))


def test_a_batch_settles_what_single_payments_would():
    ids = make.accounts()
    old, new = make.bill(ids["1003"], "2026-01", 1_000_00, JAN), make.bill(ids["1003"], "2026-02", 500_00, FEB)
    home = make.bill(ids["1001"], "2026-02", 80_00, FEB)
    ran = take(row("k1", ids["1003"], 1_100_00), row("k2", ids["1001"], 100_00))
    assert (ran.posted, ran.amount_fen) == (2, 1_200_00)
    first, second = ran.verdicts["payment_id"].to_list()
    # 23 days × 2 ‰ × 1,000.00 = 46.00, as test_receiving has it for one payment
    assert settled(first) == [("LATE_FEE", old, 46_00), ("BILL", old, 1_000_00), ("BILL", new, 54_00)]
    assert settled(second) == [("BILL", home, 80_00), ("CREDIT", None, 20_00)]
    assert make.balance("CLEARING:BANK_DEBIT") == 1_200_00
    assert make.balance("CREDIT", ids["1001"], source=second) == -20_00
    assert Entry.objects.filter(kind="PAYMENTS").count() == 1
    assert Event.objects.filter(name="payments.payments_received").count() == 1


def test_the_same_batch_twice_posts_once():
    ids = make.accounts()
    make.bill(ids["1001"], "2026-02", 80_00, FEB)
    rows = row("k1", ids["1001"], 50_00), row("k2", ids["1002"], 60_00)
    assert verdicts(take(*rows)) == [("k1", "posted", ""), ("k2", "posted", "")]
    lines = EntryLine.objects.count()
    again = take(*rows)
    assert verdicts(again) == [("k1", "repeat", ""), ("k2", "repeat", "")]
    assert again.verdicts["payment_id"].null_count() == 0
    assert (EntryLine.objects.count(), Payment.objects.count()) == (lines, 2)


def test_an_account_that_pays_twice_in_a_batch_meets_what_the_first_has_left():
    ids = make.accounts()
    bill = make.bill(ids["1001"], "2026-02", 80_00, FEB)
    ran = take(row("k1", ids["1001"], 50_00), row("k2", ids["1001"], 50_00), row("k1", ids["1001"], 50_00))
    assert [verdict for _, verdict, _ in verdicts(ran)] == ["posted", "posted", "repeat"]
    second = ran.verdicts["payment_id"][1]
    assert settled(second) == [("BILL", bill, 30_00), ("CREDIT", None, 20_00)]


def test_rows_that_cannot_be_payments_are_refused_and_the_others_stand():
    ids = make.accounts()
    make.pay(ids["1001"], 5_00, key="used")
    ran = take(
        row("a", 999_999, 1_00),
        row("b", ids["1001"], 0),
        row("c", ids["1001"], 1_00, tender="SHELLS"),
        row("d", ids["1001"], 1_00, channel="a b"),
        row("e", ids["1001"], 1_00, on=date(2026, 3, 21)),
        row("used", ids["1001"], 5_00),
        row("good", ids["1001"], 5_00),
    )
    assert [reason for _, _, reason in verdicts(ran)] == [
        "NO_ACCOUNT", "BAD_AMOUNT", "BAD_TENDER", "BAD_CHANNEL", "BAD_DAY", "KEY_USED", "",
    ]  # fmt: skip
    assert ran.posted == 1


def test_what_must_happen_with_a_chunk_happens_in_its_transaction():
    ids = make.accounts()

    def fail(store: ColumnStore, accounts: list[int]) -> None:
        assert accounts == [ids["1001"]]
        raise RuntimeError

    with pytest.raises(RuntimeError):
        take(row("k1", ids["1001"], 5_00), then=fail)
    assert (Payment.objects.count(), EntryLine.objects.count()) == (0, 0)


def test_credit_is_laid_on_bills_that_came_later_and_only_once():
    ids = make.accounts()
    make.pay(ids["1001"], 100_00)
    bill = make.bill(ids["1001"], "2026-02", 80_00, FEB)
    with ColumnStore() as store:
        told = {"key": "run:1", "on": make.TODAY, "at": make.AT, "actor": make.ACCOUNTANT, "unit_path": "BS/"}
        assert frames.apply_credit(store, **told) == frames.CreditUsed(1, 80_00)
        assert frames.apply_credit(store, **told) == frames.CreditUsed(0, 0)
        items = frames.open_items(store, on=make.TODAY, account_ids=[ids["1001"]])
    assert items.is_empty()
    assert make.balance("CREDIT", ids["1001"]) == -20_00
    assert Allocation.objects.get(payment=None).bill_id == bill


def test_open_items_carry_late_fees_and_corrections():
    ids = make.accounts()
    old = make.bill(ids["1003"], "2026-01", 1_000_00, JAN)
    paid = make.bill(ids["1001"], "2026-02", 80_00, FEB)
    make.pay(ids["1001"], 80_00)
    back = make.bill(ids["1001"], "2026-02", -80_00, FEB, kind="CANCELLATION", corrects=paid)
    with ColumnStore() as store:
        items = frames.open_items(store, on=make.TODAY, account_range=(0, 10**9))
        assert items.select("bill_id", "open_fen", "fee_fen").rows() == [(back, -80_00, 0), (old, 1_000_00, 46_00)]
        frames.apply_credit(store, key="c", on=make.TODAY, at=make.AT, actor=make.ACCOUNTANT, account_ids=[ids["1001"]])
    assert make.balance("CREDIT", ids["1001"]) == -80_00
    assert make.balance("RECEIVABLE", ids["1001"]) == 0
