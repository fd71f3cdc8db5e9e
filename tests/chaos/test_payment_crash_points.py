"""R1: a crash before any write, or after the commit, of taking, reversing and taking a batch; then the same once more.
Nothing is lost, nothing is there twice. ``WANDENG_CHAOS=long`` tries every point, the short tier every third."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from datetime import date

import polars as pl
import pytest
from django.db import connections
from tests.kits.crash_points import Crash, Points, watching

from wandeng.domains.ledger import queries as ledger
from wandeng.domains.payments import actions, frames, queries
from wandeng.domains.payments.actions import receiving
from wandeng.domains.payments.models import Allocation, Payment
from wandeng.domains.payments.tests import make
from wandeng.domains.payments.types import TAKE
from wandeng.infra.columns import ColumnStore
from wandeng.infra.models import Event

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True), pytest.mark.timeout(600)]
EVERY = 1 if os.environ.get("WANDENG_CHAOS") == "long" else 3
WORDS = {"reason": "试", "actor": make.ACCOUNTANT, "at": make.AT}


@pytest.fixture
def mill() -> int:
    mill = make.accounts()[make.MILL]
    make.bill(mill, "2026-01", 100_00, date(2026, 2, 25))
    make.pay(mill, 500_00, key="advance")
    make.bill(mill, "2026-02", 60_00, date(2026, 3, 25))
    return mill


def sweep(command: Callable[[int], object]) -> int:
    """Crash at each point of the command, each time under another number, and give it again; how many points."""
    with watching(Points()) as points:
        command(0)
    for at in range(1, len(points.passed) + 1, EVERY):
        with watching(Points(at=at)), contextlib.suppress(Crash):
            command(at)
        connections.close_all()
        command(at)
    assert queries.faults() == []
    assert ledger.faults() == []
    return len(range(1, len(points.passed) + 1, EVERY))


def test_a_payment_survives_a_crash_at_any_write(mill) -> None:
    done = sweep(lambda number: make.pay(mill, 10_00, key=f"k{number}"))
    assert Payment.objects.filter(key__startswith="k").count() == done + 1
    assert Event.objects.filter(name="payments.payment_received").count() == done + 2


def test_a_reversal_survives_a_crash_at_any_write(mill) -> None:
    def reverse(number: int) -> None:
        made = make.pay(mill, 10_00, key=f"k{number}")
        actions.reverse(key=f"r{number}", payment_id=made.payment_id, **WORDS)

    done = sweep(reverse)
    assert Payment.objects.filter(state="REVERSED").count() == done + 1


def test_a_batch_survives_a_crash_at_any_write(mill) -> None:
    def take(number: int) -> None:
        rows = [(f"k{number}", mill, 10_00, "DEBIT", "BANK_DEBIT", make.TODAY)]
        with ColumnStore() as store:
            frames.take_many(
                store, pl.DataFrame(rows, schema=TAKE, orient="row"), batch=f"b{number}", unit_path="BS/", at=make.AT,
                actor=make.ACCOUNTANT,
            )  # fmt: skip

    done = sweep(take)
    assert Payment.objects.filter(key__startswith="k").count() == done + 1


def test_the_sweep_sees_parts_committed_apart_from_their_entry(mill, monkeypatch) -> None:
    """The planted fault: what a payment settled is written after its transaction."""
    waiting: list[tuple] = []
    monkeypatch.setattr(receiving, "keep_parts", lambda *some, **named: waiting.append((some, named)))
    keep = Allocation.objects.bulk_create

    def pay(number: int) -> None:
        waiting.clear()  # what a crash left waiting is gone with its process
        make.pay(mill, 10_00, key=f"k{number}")
        while waiting:
            (parts, account), named = waiting.pop()
            keep(
                Allocation(payment_id=named["payment_id"], account_id=account, kind=kind, bill_id=bill,
                           amount_fen=fen, settled_on=named["on"])
                for _, kind, bill, fen in parts.iter_rows()
            )  # fmt: skip

    with pytest.raises(AssertionError):
        sweep(pay)
