"""Refunds: booked before they are sent, agreed to by two persons above the limit, never sent twice unasked."""

from __future__ import annotations

import pytest

from wandeng.domains.payments import actions as payments
from wandeng.domains.payments import checks
from wandeng.domains.payments.actions import online, online_refunds
from wandeng.domains.payments.models import OnlineRefund, Payment
from wandeng.domains.payments.tests import make
from wandeng.flows.online_payments import daily, refunds
from wandeng.flows.online_payments.providers import Told
from wandeng.flows.tests import online_world as world
from wandeng.flows.tests.online_world import AT, CLEARING, LATER, alarms, balance, lose_replies, state, work_until
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.actors import SYSTEM
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


def pay_part(number: str, key: str, fen: int, **named: object) -> str:
    return refunds.refund(
        key=key, number=number, amount_fen=fen, reason="多缴", actor=make.ACCOUNTANT, at=AT, **named
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_parts_go_back_each_under_its_own_key_until_nothing_is_left() -> None:
    number = world.opened(fen=150_00)
    world.paid(number)
    # 150.00 paid: 120.00 for the bill and 30.00 of credit.
    first = pay_part(number, "p1", 20_00)
    assert pay_part(number, "p1", 20_00) == first
    work_until(AT)
    # 20.00 of the credit went back; the bill stays paid.
    assert (state(number), balance("RECEIVABLE"), balance("CREDIT"), balance(CLEARING)) == (
        "PART_REFUNDED", 0, -10_00, 130_00,
    )  # fmt: skip
    pay_part(number, "p2", 60_00)
    work_until(AT)
    # 10.00 of credit are left and go first, then 50.00 of the bill, which are open again.
    assert (balance("RECEIVABLE"), balance("CREDIT"), balance(CLEARING)) == (50_00, 0, 70_00)
    assert Payment.objects.get().state == "RECEIVED"
    with pytest.raises(online_refunds.RefundTooLarge):
        pay_part(number, "p3", 70_01)
    refunds.refund(key="p4", number=number, reason="余款", actor=make.ACCOUNTANT, at=AT)
    work_until(AT)
    assert (state(number), balance("RECEIVABLE"), balance(CLEARING)) == ("REFUNDED", 120_00, 0)
    assert Payment.objects.get().state == "REVERSED"
    assert [one["refund"] for one in world.house().trade(number)["refunds"]] == [20_00, 60_00, 70_00]
    with ColumnStore() as store:
        assert checks.all_faults(store) == []


def test_small_parts_are_no_way_around_the_second_person() -> None:
    number = world.opened(fen=1_200_00)
    world.paid(number)
    pay_part(number, "p1", 600_00)
    waiting = pay_part(number, "p2", 400_01)
    # 600.00 + 400.01 = 1000.01 of one payment: above the limit of 1000.00.
    work_until(AT)
    found = dict(OnlineRefund.objects.values_list("key", "state"))
    assert (found, state(number)) == ({"p1": "DONE", "p2": "PROPOSED"}, "REFUNDING")
    refunds.reject(number=waiting, reason="不退", actor=make.SECOND, at=AT)
    assert state(number) == "PART_REFUNDED"
    again = pay_part(number, "p3", 500_00)
    refunds.approve(number=again, actor=make.SECOND, at=AT)
    work_until(LATER)
    # 1200.00 - 600.00 - 500.00
    assert (state(number), balance(CLEARING)) == ("PART_REFUNDED", 100_00)


def test_a_part_agreed_to_elsewhere_sends_just_the_refund_that_waited_for_it() -> None:
    number = world.opened(fen=2_500_00)
    world.paid(number)
    pay_part(number, "p1", 1_000_01)
    pay_part(number, "p2", 1_200_00)
    decision = OnlineRefund.objects.get(key="p2").decision_id
    payments.decide(decision_id=decision, agree=True, actor=make.SECOND, at=AT)
    payment = Payment.objects.get().pk
    refunds.send_refund_that_waited({"payment_id": payment, "decision_id": decision}, AT)
    work_until(AT)
    assert dict(OnlineRefund.objects.values_list("key", "state")) == {"p1": "PROPOSED", "p2": "DONE"}


def test_a_repeat_with_another_amount_and_nothing_at_all_are_refused() -> None:
    number = world.opened()
    world.paid(number)
    pay_part(number, "p1", 20_00)
    with pytest.raises(online_refunds.RefundKeyUsed):
        pay_part(number, "p1", 21_00)
    with pytest.raises(InvalidInput):
        pay_part(number, "p2", 0)
    with pytest.raises(payments.AlreadyReversed):
        payments.reverse(
            key="whole", payment_id=Payment.objects.get().pk, reason="x", actor=make.ACCOUNTANT, at=AT
        )  # fmt: skip


def test_the_channels_day_names_the_parts_that_went_back() -> None:
    number = world.opened()
    world.paid(number)
    pay_part(number, "p1", 20_00)
    second = pay_part(number, "p2", 30_00)
    work_until(AT)
    day = daily.settle_day(channel=world.CHANNEL, day=make.TODAY, actor=SYSTEM, at=LATER)
    assert (day.refunds, day.refunded_fen, day.ours_refunded_fen, day.refunds_apart) == (2, 50_00, 50_00, 0)
    assert day.is_even
    house = world.house()
    trade = house.trade(number)
    trade["refunds"][1] |= {"refund": 31_00}
    trade["refunds"].append(trade["refunds"][0] | {"out_refund_no": "RX000001"})
    house._write(trade)
    day = daily.settle_day(channel=world.CHANNEL, day=make.TODAY, actor=SYSTEM, at=LATER)
    assert (day.refunds_apart, day.is_even, alarms()) == (2, False, ["UNKNOWN_REFUND", "WRONG_REFUND"])
    trade["refunds"] = [one for one in trade["refunds"] if one["out_refund_no"] != second]
    house._write(trade)
    daily.settle_day(channel=world.CHANNEL, day=make.TODAY, actor=SYSTEM, at=LATER)
    assert "REFUND_NOT_THERE" in alarms()


def test_a_running_total_of_refunds_is_asked_about_and_not_taken_for_the_part() -> None:
    number = world.opened()
    world.paid(number)
    first, second = pay_part(number, "p1", 20_00), pay_part(number, "p2", 30_00)
    order = online.hold(number)
    word = Told(
        "REFUNDED", number, amount_fen=50_00, refund_number=second, at=AT, is_running_total=True
    )  # fmt: skip
    told = refunds.told(world.CHANNEL, order, word, at=AT, actor=SYSTEM)
    assert (told, alarms()) == ("ASKED_ABOUT", [])
    work_until(AT)
    assert dict(OnlineRefund.objects.values_list("number", "state")) == {first: "DONE", second: "DONE"}
