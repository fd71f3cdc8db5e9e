"""A vehicle comes back with two days of payments (M12): each slip once, a wrong total and an unknown account are parked, and
the drawer is counted against the device."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from wandeng.domains.ledger import queries as ledger
from wandeng.domains.organization import actions as organization
from wandeng.domains.payments.actions import tills
from wandeng.domains.payments.actions.tills import Pieces
from wandeng.domains.payments.models import Payment, TillReceipt, TillSession
from wandeng.domains.payments.queries import tills as queries
from wandeng.domains.payments.tests import make
from wandeng.flows.imports import intake
from wandeng.infra.imports.outcome import Outcome
from wandeng.infra.models import ParkedRow
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 3, 20, 9, 0, tzinfo=UTC)
HEAD = "收费台编码,收费日期,票号,户号,收费金额,结算方式,收费员工号,当日合计\n"
FIRST = (
    "CAR,2026-03-18,C-1,1003,100.00,现金,hall,150.00\n"
    "CAR,2026-03-18,C-2,1001,30.00,扫码,hall,150.00\n"
    "CAR,2026-03-18,C-3,1003,20.00,现金,hall,150.00\n"
)
SECOND = "CAR,2026-03-19,C-4,1005,40.00,现金,hall,40.00\n"
SLIPS = ("C-1", "C-2", "C-3", "C-4")


@pytest.fixture(autouse=True)
def car():
    accounts = make.accounts()
    make.bill(accounts[make.MILL], "2026-02", 300_00, make.TODAY)
    organization.add_person(code="hall", name="车上的人", unit_code="BS-W", actor=SYSTEM, at=make.AT)
    tills.add_till(code="CAR", name="流动收费车", unit_code="BS", kind="VEHICLE", actor=SYSTEM, at=make.AT)


def bring(folder: Path, text: str, name: str = "车.csv", **other: bool) -> Outcome:
    path = folder / name
    path.write_text(HEAD + text, encoding="utf-8")
    return intake.take_in("offline-receipts", path, actor=SYSTEM, clock=lambda: NOW, **other)


def counts(outcome: Outcome) -> tuple[int, int, int]:
    return outcome.counts.created, outcome.counts.unchanged, outcome.counts.parked


def session(day: str) -> TillSession:
    return TillSession.objects.get(number=f"CAR-{day}-OFF")


def count(day: str, drawer: dict[int, int], **other: object) -> str:
    told = {"deposit_number": "JK", "actor": make.ACCOUNTANT, "at": NOW} | other
    pieces = [Pieces(face, number) for face, number in drawer.items()]
    fen = sum(face * number for face, number in drawer.items())
    return tills.count_session(session_number=f"CAR-{day}-OFF", drawer=pieces, deposit_fen=fen, **told)


def test_two_days_of_one_file_are_two_sessions_and_the_cash_lies_in_the_car(tmp_path: Path) -> None:
    assert counts(bring(tmp_path, FIRST + SECOND, dry_run=True)) == (4, 0, 0)
    assert (Payment.objects.count(), TillSession.objects.count()) == (0, 0)
    assert counts(bring(tmp_path, FIRST + SECOND)) == (4, 0, 0)
    one, two = session("20260318"), session("20260319")
    assert (one.control_fen, two.control_fen) == (150_00, 40_00)
    # the accounts belong to two offices, the car to the county: 120.00 and 40.00 in cash
    assert make.balance("CASH:BS", source=one.pk) == 120_00
    assert make.balance("CASH:BS", source=two.pk) == 40_00
    assert (make.balance("CASH:BS-W"), make.balance("CASH:BS-E")) == (0, 0)
    assert make.balance("CLEARING:QR") == 30_00
    numbers = list(TillReceipt.objects.order_by("sequence").values_list("number", "slip"))
    assert numbers == [(f"BS-2026-000000{place}", slip) for place, slip in enumerate(SLIPS, start=1)]
    first = Payment.objects.get(key="offline:CAR:C-1")
    assert (str(first.received_on), first.channel, first.debited) == ("2026-03-18", "MOBILE", "CASH:BS")
    assert make.balance("RECEIVABLE", make.ids()[make.MILL]) == 180_00
    assert ledger.faults() == []
    # an offline day holds neither the till nor the person
    number = tills.open_session(till_code="CAR", float_fen=0, actor=make.CLERK, at=NOW)
    assert queries.session_facts(Scope.everywhere(), number).state == "OPEN"


def test_the_same_file_twice_is_once(tmp_path: Path) -> None:
    bring(tmp_path, FIRST + SECOND)
    assert bring(tmp_path, FIRST + SECOND).already
    assert counts(bring(tmp_path, FIRST + SECOND, again=True)) == (0, 4, 0)
    assert counts(bring(tmp_path, FIRST, "只有第一天.csv")) == (0, 3, 0)
    assert Payment.objects.count() == 4
    assert make.balance("CASH:BS") == 160_00


def test_a_day_goes_on_with_a_larger_total_and_an_older_file_does_not_undo_it(tmp_path: Path) -> None:
    morning = FIRST.replace("150.00", "130.00", 2).splitlines(keepends=True)
    early = "".join(morning[:2])
    assert counts(bring(tmp_path, early, "早.csv")) == (2, 0, 0)
    assert counts(bring(tmp_path, FIRST, "晚.csv")) == (1, 2, 0)
    assert counts(bring(tmp_path, early, "早.csv", again=True)) == (0, 2, 0)
    assert session("20260318").control_fen == 150_00


def test_a_day_whose_slips_do_not_add_up_is_parked_whole(tmp_path: Path) -> None:
    outcome = bring(tmp_path, FIRST.replace("150.00", "149.00") + SECOND)
    assert counts(outcome) == (1, 0, 3)
    assert outcome.codes["WRONG_TOTAL"] == 3
    assert not TillSession.objects.filter(number="CAR-20260318-OFF").exists()
    assert outcome.batch is not None
    for line in ParkedRow.objects.values_list("line", flat=True):
        intake.mend(outcome.batch, line, {"当日合计": "150.00"}, actor=SYSTEM, clock=lambda: NOW)
    assert counts(intake.retry(outcome.batch, actor=SYSTEM, clock=lambda: NOW)) == (3, 0, 0)
    assert session("20260318").control_fen == 150_00


def test_an_unknown_account_is_parked_and_holds_the_count_until_it_is_settled(tmp_path: Path) -> None:
    outcome = bring(tmp_path, FIRST.replace("C-3,1003", "C-3,9999"))
    assert counts(outcome) == (2, 0, 1)
    assert outcome.codes["UNKNOWN_REFERENCE"] == 1
    with pytest.raises(tills.ControlDiffers, match="parked rows"):
        count("20260318", {10_000: 1, 2_000: 1})
    assert outcome.batch is not None
    line = ParkedRow.objects.get().line
    intake.mend(outcome.batch, line, {"户号": "1003"}, actor=SYSTEM, clock=lambda: NOW)
    assert counts(intake.retry(outcome.batch, actor=SYSTEM, clock=lambda: NOW)) == (1, 0, 0)
    assert count("20260318", {10_000: 1, 2_000: 1}, slips=[tills.Slips("QR", 30_00)]) == "CLOSED"


def test_a_wrong_drawer_count_of_the_car_is_booked_by_two_persons(tmp_path: Path) -> None:
    bring(tmp_path, FIRST)
    qr = [tills.Slips("QR", 30_00)]
    # 120.00 in cash should be there, 110.00 are
    assert count("20260318", {10_000: 1, 1_000: 1}, slips=qr, reason="少十元") == "COUNTED"
    tills.confirm_session(session_number="CAR-20260318-OFF", reason="复点属实", actor=make.MANAGER, at=NOW)
    assert make.balance("OVER_SHORT") == 10_00
    assert make.balance("CASH:BS") == 0
    assert make.balance("CLEARING:CASH_DEPOSIT") == 110_00


def test_a_slip_for_a_day_that_is_closed_is_parked(tmp_path: Path) -> None:
    bring(tmp_path, SECOND)
    assert count("20260319", {2_000: 2}) == "CLOSED"
    late = SECOND.replace("40.00\n", "45.00\n") + "CAR,2026-03-19,C-5,1005,5.00,现金,hall,45.00\n"
    outcome = bring(tmp_path, late, "迟到.csv")
    assert counts(outcome) == (0, 1, 1)
    assert outcome.codes["DAY_CLOSED"] == 1


def test_a_slip_with_other_facts_is_parked(tmp_path: Path) -> None:
    bring(tmp_path, SECOND)
    outcome = bring(tmp_path, SECOND.replace("1005,40.00", "1005,41.00"), "改.csv")
    assert counts(outcome) == (0, 0, 1)
    assert outcome.codes["CONFLICT"] == 1


def test_what_cannot_be_is_parked(tmp_path: Path) -> None:
    rows = (
        "BUS,2026-03-19,B-1,1005,40.00,现金,hall,40.00\n"  # no such till
        "CAR,2026-03-21,B-2,1005,40.00,现金,hall,40.00\n"  # tomorrow
        "CAR,2026-03-17,B-3,1005,40.00,现金,nobody,40.00\n"  # no such person
        "CAR,2026-03-16,B-4,1005,0.00,现金,hall,0.00\n"
        "CAR,2026-03-15,B-5,1005,40.00,支票,hall,40.00\n"
    )
    outcome = bring(tmp_path, rows)
    assert counts(outcome) == (0, 0, 5)
    assert outcome.codes == {"UNKNOWN_REFERENCE": 2, "OUT_OF_RANGE": 2, "UNKNOWN_VALUE": 1}
    assert (Payment.objects.count(), TillSession.objects.count()) == (0, 0)
