"""A till from the float to the day-end: one session a till and a person, control that must balance, a second person for
what is over or short, and nothing that changes afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from wandeng.domains.ledger import queries as ledger
from wandeng.domains.payments.actions import till_receipts, tills
from wandeng.domains.payments.actions.tills import Pieces, Slips
from wandeng.domains.payments.models import ReceiptSeries, TillReceipt, TillSession
from wandeng.domains.payments.queries import tills as queries
from wandeng.domains.payments.tests import make
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound
from wandeng.kernel.ids import PersonId

pytestmark = pytest.mark.django_db
AT = make.AT
OTHER = Actor("hall-2", PersonId(15), "BS/", frozenset({"HALL_CLERK"}))
FLOAT = 200_00


@pytest.fixture
def mill():
    return make.accounts()[make.MILL]


@pytest.fixture
def session(mill) -> str:
    tills.add_till(code="BS-1", name="一号台", unit_code="BS", kind="COUNTER", actor=make.ACCOUNTANT, at=AT)
    return tills.open_session(till_code="BS-1", float_fen=FLOAT, actor=make.CLERK, at=AT)


def take(session: str, mill, fen: int, *, key: str, tender: str = "CASH") -> str:
    """Money over the counter, with its receipt."""
    desk = tills.desk(session_number=session, actor=make.CLERK, at=AT)
    paid = make.pay(mill, fen, key=f"till:{session}:{key}", tender=tender, till_session=desk.session_id, taken_at="BS")
    return till_receipts.issue(
        session_number=session, payment_id=paid.payment_id, owed_after_fen=paid.owed_fen_after, tendered_fen=fen,
        change_fen=0, actor=make.CLERK, at=AT,
    )  # fmt: skip


def count(session: str, drawer: dict[int, int], deposit: int, **other: object) -> str:
    pieces = [Pieces(face, number) for face, number in drawer.items()]
    told = {"actor": make.CLERK, "at": AT, "deposit_number": "JK-1"} | other
    return tills.count_session(session_number=session, drawer=pieces, deposit_fen=deposit, **told)


def test_a_till_and_a_person_have_one_session_each(session):
    assert session == "BS-1-20260320-1"
    with pytest.raises(tills.OneSessionOnly):
        tills.open_session(till_code="BS-1", float_fen=0, actor=OTHER, at=AT)
    tills.add_till(code="BS-2", name="二号台", unit_code="BS", kind="COUNTER", actor=make.ACCOUNTANT, at=AT)
    with pytest.raises(tills.OneSessionOnly):
        tills.open_session(till_code="BS-2", float_fen=0, actor=make.CLERK, at=AT)
    assert tills.open_session(till_code="BS-2", float_fen=0, actor=OTHER, at=AT) == "BS-2-20260320-1"


@pytest.mark.parametrize("same", ["till", "cashier"])
def test_the_database_itself_refuses_a_second_open_session(session, same):
    first = TillSession.objects.get(number=session)
    tills.add_till(code="BS-2", name="二号台", unit_code="BS", kind="COUNTER", actor=make.ACCOUNTANT, at=AT)
    other = queries.Till.objects.get(code="BS-2")
    values = {"till": first.till, "cashier": "x"} if same == "till" else {"till": other, "cashier": "hall"}
    with pytest.raises(IntegrityError), transaction.atomic():
        TillSession.objects.create(id=99, number="n", business_on=first.business_on, opened_at=AT, **values)


def test_a_count_that_agrees_closes_and_deposits_all_but_the_float(session, mill):
    make.bill(mill, "2026-02", 300_00, make.TODAY + timedelta(5))
    take(session, mill, 120_00, key="1")
    take(session, mill, 80_00, key="2", tender="CARD")
    # 200.00 float + 120.00 cash = 3 × 100 + 1 × 20; 120.00 goes to the bank
    assert count(session, {10_000: 3, 2_000: 1}, 120_00, slips=[Slips("CARD", 80_00)]) == "CLOSED"
    row = TillSession.objects.get(number=session)
    assert make.balance("CASH:BS", source=row.pk) == 0
    assert make.balance("CLEARING:CASH_DEPOSIT") == 120_00
    assert make.balance("CLEARING:CARD") == 80_00
    assert make.balance("OVER_SHORT") == 0
    assert ledger.faults() == []


def test_a_wrong_drawer_count_is_booked_when_a_second_person_confirms_it(session, mill):
    take(session, mill, 120_00, key="1")
    with pytest.raises(InvalidInput, match="say why"):
        count(session, {10_000: 3}, 100_00)
    # 320.00 should be there, 300.00 are: 20.00 short
    assert count(session, {10_000: 3}, 100_00, reason="少收一张二十元") == "COUNTED"
    assert make.balance("OVER_SHORT") == 0
    for nobody in (make.CLERK, OTHER):
        with pytest.raises(NotAllowed):
            tills.confirm_session(session_number=session, reason="看过", actor=nobody, at=AT)
    tills.confirm_session(session_number=session, reason="复点属实", actor=make.ACCOUNTANT, at=AT)
    row = TillSession.objects.get(number=session)
    assert (row.state, row.confirmed_by, row.counted_fen - row.expected_fen) == ("CLOSED", "account2", -20_00)
    assert make.balance("OVER_SHORT") == 20_00
    assert make.balance("CASH:BS", source=row.pk) == 0
    assert make.balance("CLEARING:CASH_DEPOSIT") == 100_00


def test_cash_over_is_booked_the_other_way(session, mill):
    take(session, mill, 120_00, key="1")
    assert count(session, {10_000: 3, 5_000: 1}, 150_00, reason="多出三十元") == "COUNTED"
    tills.confirm_session(session_number=session, reason="复点属实", actor=make.ACCOUNTANT, at=AT)
    assert make.balance("OVER_SHORT") == -30_00
    assert make.balance("CLEARING:CASH_DEPOSIT") == 150_00


def test_whoever_counted_does_not_confirm_even_with_the_role(mill):
    both = Actor("both", PersonId(16), "BS/", frozenset({"HALL_CLERK", "ACCOUNTANT"}))
    tills.add_till(code="BS-1", name="一号台", unit_code="BS", kind="COUNTER", actor=make.ACCOUNTANT, at=AT)
    session = tills.open_session(till_code="BS-1", float_fen=100, actor=both, at=AT)
    count(session, {}, -100, reason="空了", actor=both)
    with pytest.raises(NotAllowed, match="somebody else"):
        tills.confirm_session(session_number=session, reason="我看过", actor=both, at=AT)


def test_the_deposit_is_all_cash_but_the_float(session, mill):
    take(session, mill, 120_00, key="1")
    with pytest.raises(tills.ControlDiffers, match=r"100\.00"):
        count(session, {10_000: 3, 2_000: 1}, 100_00)
    with pytest.raises(InvalidInput, match="paying-in slip"):
        count(session, {10_000: 3, 2_000: 1}, 120_00, deposit_number=" ")


def test_slips_that_do_not_add_up_wait_for_a_second_person_and_are_booked_nowhere(session, mill):
    take(session, mill, 80_00, key="1", tender="QR")
    assert count(session, {10_000: 2}, 0, slips=[Slips("QR", 70_00)], reason="终端少一笔") == "COUNTED"
    tills.confirm_session(session_number=session, reason="待渠道对账", actor=make.MANAGER, at=AT)
    # what the acquirer owes stays until the channel is reconciled
    assert make.balance("CLEARING:QR") == 80_00
    assert make.balance("OVER_SHORT") == 0


def test_a_count_that_is_sent_back_is_made_again(session, mill):
    take(session, mill, 120_00, key="1")
    count(session, {10_000: 3}, 100_00, reason="少二十")
    tills.send_back(session_number=session, reason="再点一遍", actor=make.ACCOUNTANT, at=AT)
    assert count(session, {10_000: 3, 2_000: 1}, 120_00) == "CLOSED"
    moves = [one.move for one in queries.session(Scope.of(make.MANAGER), session).moves]
    assert moves == ["close", "count", "recount", "count"]


@pytest.mark.parametrize(
    ("drawer", "what"),
    [({7: 1}, "cannot be counted"), ({10_000: -1}, "cannot be counted")],
    ids=["no face", "negative"],
)
def test_only_notes_and_coins_are_counted(session, drawer, what):
    with pytest.raises(InvalidInput, match=what):
        count(session, drawer, 0)


def test_money_comes_in_only_by_the_cashier_on_the_day_while_the_session_is_open(session):
    with pytest.raises(NotAllowed):
        tills.desk(session_number=session, actor=OTHER, at=AT)
    with pytest.raises(tills.SessionNotOpen, match="count it"):
        tills.desk(session_number=session, actor=make.CLERK, at=AT + timedelta(days=1))
    count(session, {10_000: 2}, 0)
    with pytest.raises(tills.SessionNotOpen):
        tills.desk(session_number=session, actor=make.CLERK, at=AT)
    with pytest.raises(tills.SessionNotOpen):
        count(session, {10_000: 2}, 0)


def test_a_closed_session_never_changes(session, mill):
    number = take(session, mill, 120_00, key="1")
    count(session, {10_000: 3, 2_000: 1}, 120_00)
    row = TillSession.objects.get(number=session)
    receipt = TillReceipt.objects.get(number=number)
    paid = make.pay(mill, 1_00, key="elsewhere").payment_id
    tries = [
        lambda: TillSession.objects.filter(pk=row.pk).update(counted_fen=1),
        lambda: row.delete(),
        lambda: row.tenders.update(counted_fen=1),
        lambda: row.tenders.all()._raw_delete(using="default"),
        lambda: row.denominations.create(face_fen=100, pieces=1),
        lambda: TillReceipt.objects.filter(pk=receipt.pk).update(owed_after_fen=1),
        lambda: TillReceipt.objects.filter(pk=receipt.pk)._raw_delete(using="default"),
        lambda: TillReceipt.objects.create(id=77, number="x", unit=receipt.unit, year=2026, sequence=9, session=row,
                                           payment_id=paid, issued_at=AT),
    ]  # fmt: skip
    for change in tries:
        with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
            change()
    assert TillSession.objects.get(number=session).counted_fen == 320_00


def test_receipts_are_numbered_without_a_gap(session, mill):
    first = take(session, mill, 10_00, key="1")
    with transaction.atomic():
        take(session, mill, 11_00, key="2")
        transaction.set_rollback(True)
    second = take(session, mill, 12_00, key="3")
    assert (first, second) == ("BS-2026-0000001", "BS-2026-0000002")
    assert ReceiptSeries.objects.get().last == 2


def test_a_payment_has_one_receipt(session, mill):
    assert take(session, mill, 10_00, key="1") == take(session, mill, 10_00, key="1")
    assert TillReceipt.objects.count() == 1


def test_a_till_of_another_unit_is_not_there(session):
    stranger = Actor("x", PersonId(17), "BS/E/", frozenset({"HALL_CLERK", "ACCOUNTANT"}))
    with pytest.raises(NotFound):
        tills.open_session(till_code="BS-1", float_fen=0, actor=stranger, at=AT)
    with pytest.raises(NotFound):
        queries.session(Scope.of(stranger), session)
    assert list(queries.session_rows(Scope.of(stranger))) == []


def test_a_till_out_of_use_is_not_opened(session):
    with pytest.raises(Conflict):
        tills.set_active(code="BS-1", is_active=False, reason="撤台", actor=make.ACCOUNTANT, at=AT)
    count(session, {10_000: 2}, 0)
    tills.set_active(code="BS-1", is_active=False, reason="撤台", actor=make.ACCOUNTANT, at=AT)
    with pytest.raises(Conflict, match="out of use"):
        tills.open_session(till_code="BS-1", float_fen=0, actor=make.CLERK, at=AT)
    with pytest.raises(NotAllowed):
        tills.set_active(code="BS-1", is_active=True, reason="复用", actor=make.CLERK, at=AT)


def test_the_balance_is_shown_by_tender_before_and_after_the_count(session, mill):
    take(session, mill, 120_00, key="1")
    take(session, mill, 80_00, key="2", tender="CARD")
    seen = queries.session(Scope.of(make.CLERK), session)
    assert [(one.tender, one.receipts, one.expected_fen, one.counted_fen) for one in seen.tenders] == [
        ("CASH", 1, 320_00, None),
        ("CARD", 1, 80_00, None),
    ]
    assert (seen.receipts, seen.taken_fen) == (2, 200_00)
    count(session, {10_000: 3, 2_000: 1}, 120_00, slips=[Slips("CARD", 80_00)])
    seen = queries.session(Scope.of(make.CLERK), session)
    assert [one.counted_fen for one in seen.tenders] == [320_00, 80_00]
    assert seen.denominations == ((10_000, 3), (2_000, 1))
    assert queries.open_session_of("hall") is None
