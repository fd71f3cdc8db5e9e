"""R1: a crash before any write, or after any commit, of pricing, approving, posting, publishing and correcting; then the
same command again. Nothing is lost, nothing is there twice.

``WANDENG_CHAOS=long`` tries every point by raising and by ending the process; the short tier every fourth by raising.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from datetime import date

import pytest
from django.db import connections
from tests.kits import bill_chaos as chaos
from tests.kits import bill_world as world
from tests.kits.bill_offices import Office
from tests.kits.crash_points import Crash, Points, end_of_process, watching

from wandeng.domains.billing.frames import pricing
from wandeng.domains.billing.models import Bill, BillCharge, BillException, BillLine, BillRun
from wandeng.domains.ledger import checks as ledger_checks
from wandeng.domains.ledger.models import Entry
from wandeng.infra.columns import ColumnStore
from wandeng.infra.models import Event
from wandeng.kernel.periods import Month

pytestmark = [pytest.mark.chaos, pytest.mark.django_db(transaction=True), pytest.mark.timeout(3600)]

SEPTEMBER = Month(2026, 9)
SEP1, OCT1 = date(2026, 9, 1), date(2026, 10, 1)
LONG = os.environ.get("WANDENG_CHAOS") == "long"
EVERY = 1 if LONG else 4


@pytest.fixture(autouse=True)
def home(settings, tmp_path):
    settings.HOME = tmp_path


def bills_of_one_office() -> list[tuple[str, int]]:
    """What an undisturbed office comes to."""
    office = Office(0)
    office.bill()
    found = Bill.objects.filter(account__unit__code=office.code).order_by("account_id", "revision")
    return list(found.values_list("kind", "amount_fen"))


def crash(command: Callable[[], None], at: int) -> None:
    """Run the command until its ``at``-th point, and die there of an exception."""
    with watching(Points(at=at)), contextlib.suppress(Crash):
        command()
    connections.close_all()  # with the process its connections are gone, and what they had not committed


def die_at(number: int, name: str, at: int) -> None:
    """In a process of its own: the same, and the process ends there without a word."""
    office = Office(number, is_new=False)
    with watching(Points(at=at, dies=end_of_process)):
        getattr(office, name)()


Prepare = Callable[[Office], None]


def sweep(prepare: Prepare, name: str, expected: list[tuple[str, int]], *, first_is_enough: bool = False) -> list[str]:
    """Crash at each point of an office's command, each time in another office; run it again; what is wrong then."""
    first = Office(1)
    prepare(first)
    with watching(Points()) as points:
        getattr(first, name)()
    assert first.wrongs(expected) == []
    wrong: list[str] = []
    with chaos.forking() if LONG else contextlib.nullcontext() as order:
        for at in range(1, len(points.passed) + 1, EVERY):
            for kill in (False, True) if LONG else (False,):
                office = Office(at + 1 + 5000 * kill)
                prepare(office)
                if kill:
                    connections.close_all()
                    order(die_at, (office.number, name, at), 1, 60.0)
                else:
                    crash(getattr(office, name), at)
                wrong += [f"{at} {points.passed[at - 1]}: {what}" for what in again(office, name, expected)]
            if wrong and first_is_enough:
                break
    print(f"{len(points.passed)} points, every {EVERY}")
    return wrong


def again(office: Office, name: str, expected: list[tuple[str, int]]) -> list[str]:
    """The same command once more, undisturbed."""
    try:
        getattr(office, name)()
    except Exception as error:
        return [f"{type(error).__name__}: {error}"]
    return office.wrongs(expected)


def as_it_is(_office: Office) -> None:
    """Nothing to prepare."""
    return


def test_a_bill_run_survives_a_crash_at_any_write() -> None:
    expected = bills_of_one_office()
    assert expected[0] == ("ORDINARY", 149_50)
    assert sweep(as_it_is, "bill", expected) == []
    with ColumnStore() as store:
        assert ledger_checks.all_faults(store) == []
    published = Event.objects.filter(name="billing.bill_run_published").count()
    assert published == BillRun.objects.filter(state="PUBLISHED").count()


def test_a_correction_survives_a_crash_at_any_write() -> None:
    second = bills_of_one_office()[1]
    expected = [("ORDINARY", 149_50), ("CANCELLATION", -149_50), ("REBILL", 143_12), second]

    def billed_and_read_again(office: Office) -> None:
        office.bill()
        world.correct_reading(office.first.installation_id, OCT1, 240)

    assert sweep(billed_and_read_again, "rebill", expected) == []
    with ColumnStore() as store:
        assert ledger_checks.all_faults(store) == []
    assert Entry.objects.filter(kind="BILL_REBILL").count() == Bill.objects.filter(kind="REBILL").count()


def test_the_sweep_sees_bills_and_their_mark_committed_apart(monkeypatch) -> None:
    expected = bills_of_one_office()
    monkeypatch.setattr(pricing, "store_bills", in_two_transactions)
    assert sweep(as_it_is, "bill", expected, first_is_enough=True)


def in_two_transactions(store, job, priced, terms) -> bool:
    """The planted fault: the bills stand before the shard says that they do."""
    bills = pricing.bills_of(job, priced.heads, terms)
    with store.transaction():
        if priced.findings.num_rows:
            store.append(BillException, pricing._exceptions_of(job, priced.findings))
        if bills.num_rows:
            store.append(Bill, bills)
            charges, lines = pricing.lines_of(job, bills.column("id"), priced.heads, priced.lines)
            pricing.append_all(store, {BillCharge: charges, BillLine: lines})
    with store.transaction():
        return pricing.claim(store, job, pricing._outcome(priced))
