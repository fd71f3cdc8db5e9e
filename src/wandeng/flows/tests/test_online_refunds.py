"""Refunds: booked before they are sent, agreed to by two persons above the limit, never sent twice unasked."""

from __future__ import annotations

import pytest

from wandeng.domains.payments import actions as payments
from wandeng.domains.payments.actions import online_refunds
from wandeng.domains.payments.models import OnlineRefund, Payment
from wandeng.domains.payments.tests import make
from wandeng.flows.online_payments import refunds
from wandeng.flows.tests import online_world as world
from wandeng.flows.tests.online_world import AT, CLEARING, LATER, alarms, balance, lose_replies, state, work_until
from wandeng.kernel.errors import InvalidInput, NotAllowed

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _county() -> None:
    world.county()


def refunded(key: str = "r1", fen: int = 120_00) -> tuple[str, str]:
    """An order that is paid and whose refund is asked for: order, refund."""
    number = world.opened(key=f"order-{key}", fen=fen)
    world.paid(number)
    return number, refunds.refund(key=key, number=number, reason="重复缴费", actor=make.ACCOUNTANT, at=AT)


def test_a_refund_below_the_limit_is_booked_sent_and_confirmed() -> None:
    number, refund = refunded()
    # Booked before it is sent: the bill is open again and the channel owes us nothing.
    assert (state(number), balance("RECEIVABLE"), balance(CLEARING)) == ("REFUNDING", 120_00, 0)
    assert world.house().trade(number)["refunds"] == []
    work_until(AT)
    assert (state(number), OnlineRefund.objects.get().state) == ("REFUNDED", "DONE")
    assert [one["refund"] for one in world.house().trade(number)["refunds"]] == [120_00]
    told = world.tell(world.house().refund_call_back(refund, at=AT))
    assert (told.status, told.outcome, balance(CLEARING)) == (200, "REPEAT", 0)


def test_a_refund_above_the_limit_waits_for_a_second_person() -> None:
    number, refund = refunded(fen=1_000_01)
    work_until(LATER)
    assert (state(number), OnlineRefund.objects.get().state) == ("REFUNDING", "PROPOSED")
    assert world.house().trade(number)["refunds"] == []
    with pytest.raises(NotAllowed):
        refunds.approve(number=refund, actor=make.ACCOUNTANT, at=AT)
    refunds.approve(number=refund, actor=make.SECOND, at=AT)
    work_until(LATER)
    assert (state(number), OnlineRefund.objects.get().checker) == ("REFUNDED", make.SECOND.code)


def test_a_refund_that_the_second_person_rejects_leaves_the_order_paid() -> None:
    number, refund = refunded(fen=1_000_01)
    refunds.reject(number=refund, reason="无重复缴费", actor=make.SECOND, at=AT)
    work_until(LATER)
    assert (state(number), balance(CLEARING)) == ("PAID", 1_000_01)
    assert refunds.refund(key="r2", number=number, reason="再次申请", actor=make.ACCOUNTANT, at=AT) != refund


def test_a_reversal_agreed_to_elsewhere_sends_the_refund_that_waited() -> None:
    number, _refund = refunded(fen=1_000_01)
    decision = OnlineRefund.objects.get().decision_id
    payments.decide(decision_id=decision, agree=True, actor=make.SECOND, at=AT)
    refunds.send_refund_that_waited({"payment_id": Payment.objects.get().pk}, AT)
    work_until(AT)
    assert state(number) == "REFUNDED"


def test_a_refund_whose_reply_is_lost_is_asked_about_and_not_sent_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    number, _refund = refunded()
    with monkeypatch.context() as cut:
        lose_replies(cut)
        work_until(AT)
    assert state(number) == "REFUNDING"
    calls: list[str] = []
    house_class = type(world.house())
    real = house_class._refund
    monkeypatch.setattr(house_class, "_refund", lambda house, given: calls.append("sent") or real(house, given))
    work_until(LATER)
    assert (state(number), calls) == ("REFUNDED", [])
    assert len(world.house().trade(number)["refunds"]) == 1


def test_money_that_comes_after_a_refund_goes_to_suspense() -> None:
    number, _refund = refunded()
    work_until(AT)
    assert world.paid(number, at=LATER).outcome == "AFTER_REFUND"
    assert (balance("SUSPENSE"), state(number), alarms()) == (-120_00, "REFUNDED", ["AFTER_REFUND"])


def test_a_refund_is_asked_for_once_by_the_right_people_with_a_reason() -> None:
    number = world.opened()
    world.paid(number)
    with pytest.raises(NotAllowed):
        refunds.refund(key="r", number=number, reason="x", actor=make.CLERK, at=AT)
    with pytest.raises(InvalidInput):
        refunds.refund(key="r", number=number, reason=" ", actor=make.ACCOUNTANT, at=AT)
    first = refunds.refund(key="r", number=number, reason="x", actor=make.ACCOUNTANT, at=AT)
    assert refunds.refund(key="r", number=number, reason="x", actor=make.ACCOUNTANT, at=AT) == first
    other = world.opened(key="k2")
    with pytest.raises(online_refunds.RefundKeyUsed):
        refunds.refund(key="r", number=other, reason="x", actor=make.ACCOUNTANT, at=AT)
