"""Orders, call-backs, questions, closing and refunds, each with what stands in the books afterwards."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import DatabaseError, transaction

from wandeng.domains.payments.actions import online
from wandeng.domains.payments.models import Payment
from wandeng.domains.payments.models.bank import SuspenseItem
from wandeng.domains.payments.models.online import (
    ChannelReceipt,
    PaymentAlarm,
    PaymentOrder,
    ProviderMessage,
)
from wandeng.domains.payments.queries import online as queries
from wandeng.domains.payments.tests import make
from wandeng.flows.online_payments import callbacks, daily, orders
from wandeng.flows.tests import online_world as world
from wandeng.flows.tests.online_world import (
    AT,
    CHANNEL,
    CLEARING,
    LATER,
    alarms,
    balance,
    lose_replies,
    state,
    work_until,
)
from wandeng.infra.models import Job
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _county() -> None:
    world.county()


def test_a_paid_order_settles_the_bill_through_the_channels_clearing_account() -> None:
    number = world.opened()
    told = world.paid(number)
    assert (told.status, told.outcome, state(number)) == (200, "POSTED", "PAID")
    payment = Payment.objects.get()
    assert (payment.key, payment.amount_fen, payment.channel) == (f"online:{number}", 120_00, CHANNEL)
    # 120.00 owed less 120.00 paid; the channel owes us 120.00 until its money is in the bank.
    assert (balance("RECEIVABLE"), balance(CLEARING)) == (0, 120_00)


def test_the_same_call_back_ten_times_posts_once() -> None:
    number = world.opened()
    assert world.paid(number).outcome == "POSTED"
    again = [world.tell(world.house().call_back(number, at=AT)).outcome for _time in range(9)]
    assert (set(again), balance(CLEARING), ProviderMessage.objects.count()) == ({"REPEAT"}, 120_00, 10)


def test_another_amount_goes_to_suspense_with_an_alarm_and_the_bill_stays_open() -> None:
    number = world.opened()
    assert world.paid(number, fen=100_00).outcome == "WRONG_AMOUNT"
    assert (state(number), alarms(), balance("RECEIVABLE")) == ("SUSPENDED", ["WRONG_AMOUNT"], 120_00)
    item = SuspenseItem.objects.get()
    assert (item.amount_fen, item.account_number, item.reason) == (100_00, make.HOME, "WRONG_AMOUNT")
    assert (balance("SUSPENSE"), balance(CLEARING)) == (-100_00, 100_00)


def test_the_right_amount_after_a_wrong_one_pays_the_order() -> None:
    number = world.opened()
    world.paid(number, fen=100_00)
    assert (world.paid(number).outcome, state(number)) == ("POSTED_LATE", "PAID")
    assert (balance("RECEIVABLE"), balance("SUSPENSE"), balance(CLEARING)) == (0, -100_00, 220_00)


def test_money_for_an_order_that_we_do_not_know_goes_to_suspense_of_the_root() -> None:
    number = world.opened()
    world.house().pay(number, at=AT)
    told = world.tell(world.house().call_back(number, at=AT, other_number="NOBODYS1"))
    assert (told.status, told.outcome, alarms()) == (200, "UNKNOWN_ORDER", ["UNKNOWN_ORDER"])
    assert (balance("SUSPENSE"), state(number)) == (-120_00, "CREATED")
    assert SuspenseItem.objects.get().unit_id == online.root_unit()


def test_a_second_payment_of_an_order_goes_to_suspense() -> None:
    number = world.opened()
    world.paid(number)
    assert world.paid(number, at=AT + timedelta(minutes=1)).outcome == "SECOND_PAYMENT"
    assert (alarms(), balance("SUSPENSE"), balance(CLEARING)) == (["SECOND_PAYMENT"], -120_00, 240_00)


def test_one_number_of_the_provider_with_two_amounts_books_the_first_and_calls_a_person() -> None:
    number = world.opened()
    world.paid(number)
    trade = world.house().trade(number)
    trade["payments"][0]["total"] = 1_00
    world.house()._write(trade)
    assert world.tell(world.house().call_back(number, at=AT)).outcome == "CONTRADICTION"
    assert (alarms(), balance(CLEARING)) == (["CONTRADICTION"], 120_00)


def test_a_message_that_nobody_signed_is_kept_not_believed_and_answered_so() -> None:
    number = world.opened()
    world.house().pay(number, at=AT)
    headers, body = world.house().call_back(number, at=AT)
    told = world.tell((headers, body.replace(b"TRANSACTION", b"TRANSACTlON")))
    assert (told.status, told.outcome, state(number), balance(CLEARING)) == (401, "NOT_GENUINE", "CREATED", 0)
    kept = ProviderMessage.objects.get()
    assert (kept.is_genuine, kept.fault) == (False, "BAD_SIGNATURE")


def test_an_old_call_back_sent_again_by_somebody_else_is_stale() -> None:
    number = world.opened()
    world.house().pay(number, at=AT)
    call_back = world.house().call_back(number, at=AT)
    assert world.tell(call_back, at=AT + timedelta(minutes=6)).outcome == "NOT_GENUINE"
    assert ProviderMessage.objects.get().fault == "STALE"


def test_what_nobody_signed_is_kept_up_to_a_number_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(callbacks, "MOST_NOT_GENUINE", 3)
    results = [
        callbacks.receive_call(channel=CHANNEL, headers={}, body=b"{}", came_from="", at=AT).message_id
        for _time in range(5)
    ]
    assert (results[3:], ProviderMessage.objects.count()) == ([0, 0], 3)


def test_a_message_is_kept_word_for_word_and_never_changes() -> None:
    number = world.opened()
    world.house().pay(number, at=AT)
    headers, body = world.house().call_back(number, at=AT)
    world.tell((headers, body))
    row = ProviderMessage.objects.get()
    kept = queries.kept_message(row.pk)
    assert (kept.body, kept.headers["Wechatpay-Signature"]) == (body, headers["Wechatpay-Signature"])
    assert body.decode() not in row.body_sealed
    for change in (lambda: ProviderMessage.objects.update(fault="X"), lambda: ChannelReceipt.objects.all().delete()):
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            change()


def test_the_day_of_payment_is_the_providers_and_not_that_of_a_late_call_back() -> None:
    number = world.opened()
    world.house().pay(number, at=AT)
    late = AT + timedelta(days=3)
    assert world.tell(world.house().call_back(number, at=late), at=late).outcome == "POSTED"
    assert Payment.objects.get().received_on == date(2026, 3, 20)


def test_a_call_back_that_failed_is_acted_on_by_a_job(monkeypatch: pytest.MonkeyPatch) -> None:
    number = world.opened()
    with monkeypatch.context() as broken:
        broken.setattr(callbacks.payments, "take", lambda **_given: 1 / 0)
        told = world.paid(number)
    assert (told.status, told.outcome, balance(CLEARING), alarms()) == (200, "FAILED", 0, ["NOT_BOOKED"])
    work_until(LATER)
    assert (state(number), balance(CLEARING)) == ("PAID", 120_00)


def test_the_link_comes_from_the_provider_and_the_same_key_is_the_same_order() -> None:
    first = orders.open_order(
        key="k", account_number=make.HOME, amount_fen=5_00, channel=CHANNEL, actor=make.CLERK, at=AT
    )
    again = orders.open_order(
        key="k", account_number=make.HOME, amount_fen=5_00, channel=CHANNEL, actor=make.CLERK, at=LATER
    )
    assert first == again
    assert first.pay_url == f"{world.SITE}/channels/cashier/{first.number}/"
    with pytest.raises(online.OrderKeyUsed):
        orders.open_order(key="k", account_number=make.HOME, amount_fen=6_00, channel=CHANNEL, actor=make.CLERK, at=AT)


@pytest.mark.parametrize("fen", [0, -1, 5_000_000_01])
def test_an_order_asks_for_a_sensible_amount(fen: int) -> None:
    with pytest.raises(InvalidInput):
        world.opened(fen=fen)


def test_an_order_is_for_an_account_that_the_asker_sees_and_on_a_channel_that_is_on() -> None:
    with pytest.raises(NotFound):
        world.opened(account="9999")
    stranger = Actor("x", make.CLERK.person_id, "BS/", frozenset({"METER_READER"}))
    with pytest.raises(NotAllowed):
        orders.open_order(key="k", account_number=make.HOME, amount_fen=1, channel=CHANNEL, actor=stranger, at=AT)
    facts, secrets = world.keys()
    online.set_up_channel(
        code=CHANNEL, kind="DEMO", name="演示", merchant="1", facts=facts, secrets=secrets, is_active=False,
        actor=SYSTEM, at=AT,
    )  # fmt: skip
    with pytest.raises(Conflict):
        world.opened()


def test_a_reply_lost_when_the_order_was_made_leaves_one_order_with_a_link_at_the_second_asking(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with monkeypatch.context() as cut:
        lose_replies(cut)
        number = world.opened()
    assert PaymentOrder.objects.get().pay_url == ""
    assert world.house().trade(number)["total"] == 120_00
    assert world.opened() == number
    assert PaymentOrder.objects.get().pay_url != ""


def test_a_lost_call_back_is_found_by_asking_and_posted_once() -> None:
    number = world.opened()
    world.house().pay(number, at=AT)
    assert orders.query(number=number, actor=make.CLERK, at=AT) == "PAID"
    assert orders.query(number=number, actor=make.CLERK, at=AT) == "PAID"
    assert world.tell(world.house().call_back(number, at=AT)).outcome == "REPEAT"
    assert (state(number), balance(CLEARING), Payment.objects.count()) == ("PAID", 120_00, 1)


def test_a_job_asks_about_an_order_nobody_told_of_and_a_lost_reply_is_asked_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number = world.opened()
    world.house().pay(number, at=AT)
    with monkeypatch.context() as cut:
        lose_replies(cut)
        work_until(AT + timedelta(minutes=2))
    assert (state(number), balance(CLEARING)) == ("CREATED", 0)
    work_until(AT + timedelta(minutes=8))
    assert (state(number), balance(CLEARING), Payment.objects.count()) == ("PAID", 120_00, 1)


def test_a_provider_that_never_answers_calls_a_person_and_is_not_given_up_before_a_day(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number = world.opened()
    lose_replies(monkeypatch)
    for minutes in range(2, 62, 6):
        work_until(AT + timedelta(minutes=minutes))
    assert (alarms(), state(number)) == (["NO_ANSWER"], "CREATED")
    assert Job.objects.filter(kind="online.ask", state="QUEUED").count() == 1


def test_an_order_whose_time_is_over_is_closed_at_the_provider_too_and_money_that_comes_late_is_taken() -> None:
    number = world.opened()
    for minutes in (2, 6, 16, 31):
        work_until(AT + timedelta(minutes=minutes))
    assert (state(number), world.house().trade(number)["trade_state"]) == ("CLOSED", "CLOSED")
    assert world.paid(number, at=LATER).outcome == "POSTED_LATE"
    assert (state(number), balance("RECEIVABLE")) == ("PAID", 0)


def test_closing_by_hand_asks_first_whether_it_was_paid() -> None:
    number, other = world.opened(), world.opened(key="k2")
    world.house().pay(number, at=AT)
    with pytest.raises(Conflict):
        orders.close(number=number, reason="客户改用现金", actor=make.CLERK, at=AT)
    orders.close(number=other, reason="客户改用现金", actor=make.CLERK, at=AT)
    assert (state(number), state(other)) == ("PAID", "CLOSED")


def test_a_days_detail_settles_what_both_sides_name_and_calls_people_for_the_rest() -> None:
    even, here, there = (world.opened(key=key, fen=10_00) for key in ("a", "b", "c"))
    world.paid(even)
    world.paid(here)
    world.house().pay(there, at=AT)
    lost = world.house().trade(here)
    lost["payments"] = []
    world.house()._write(lost)
    found = daily.settle_day(channel=CHANNEL, day=make.TODAY, actor=SYSTEM, at=LATER)
    # Theirs 10.00 + 10.00 (one that we do not know), ours 10.00 + 10.00 (one that they do not name).
    assert (found.theirs_fen, found.ours_fen, found.settled, found.missing, found.unknown) == (20_00, 20_00, 1, 1, 1)
    assert not found.is_even
    assert (state(even), alarms()) == ("SETTLED", ["MISSING_HERE", "MISSING_THERE"])
    assert daily.settle_day(channel=CHANNEL, day=make.TODAY, actor=SYSTEM, at=LATER).settled == 0
    with pytest.raises(NotAllowed):
        daily.settle_day(channel=CHANNEL, day=make.TODAY, actor=make.CLERK, at=LATER)


def test_an_alarm_is_handled_once_with_a_note() -> None:
    number = world.opened()
    world.paid(number, fen=1_00)
    alarm = PaymentAlarm.objects.get()
    with pytest.raises(NotAllowed):
        online.handle_alarm(alarm_id=alarm.pk, note="x", actor=make.CLERK, at=AT)
    with pytest.raises(InvalidInput):
        online.handle_alarm(alarm_id=alarm.pk, note=" ", actor=make.ACCOUNTANT, at=AT)
    online.handle_alarm(alarm_id=alarm.pk, note="已退回", actor=make.ACCOUNTANT, at=AT)
    with pytest.raises(Conflict):
        online.handle_alarm(alarm_id=alarm.pk, note="又一次", actor=make.ACCOUNTANT, at=AT)
    shown = queries.order(Scope("BS/"), number)
    assert [(one.kind, one.state, one.note) for one in shown.alarms] == [("WRONG_AMOUNT", "HANDLED", "已退回")]


def test_the_page_of_an_order_masks_who_paid() -> None:
    number = world.opened()
    world.house().pay(number, at=AT)
    orders.query(number=number, actor=make.CLERK, at=AT)
    (message,) = queries.order(Scope("BS/"), number).messages
    assert '"openid": "****"' in message.text
    assert f"demo-{number[-6:]}" not in message.text
    assert message.outcome == "POSTED"
    with pytest.raises(NotFound):
        queries.order(Scope("BS/BS-E/"), number)


def test_only_who_runs_the_installation_sets_up_a_channel_and_its_keys_stay_secret() -> None:
    facts, secrets = world.keys()
    with pytest.raises(NotAllowed):
        online.set_up_channel(
            code="WXPAY", kind="WECHAT", name="微信", merchant="1", facts=facts, secrets=secrets, is_active=True,
            actor=make.ACCOUNTANT, at=AT,
        )  # fmt: skip
    (shown,) = queries.channels_shown()
    assert shown.keys == ("api_key", "platform_private_key", "private_key")
    assert secrets["api_key"] not in repr(queries.channel_facts(CHANNEL))
