"""What waits in the outbox leaves once, by the right way, at the right hour, and what nobody knows is asked about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

import pytest

from wandeng.domains.customers.tests import make as customers
from wandeng.domains.notices import actions, queries
from wandeng.domains.notices.models import NoticeAttempt, NoticeGateway, NoticeRecipient
from wandeng.domains.notices.tests import make
from wandeng.domains.notices.types import Answer, Channel, Message, Outcome
from wandeng.domains.organization.models import Unit
from wandeng.domains.organization.tests import make as organization
from wandeng.flows import notice_delivery
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.periods import BILLING_ZONE

pytestmark = pytest.mark.django_db(transaction=True)

ACCEPTED, DELIVERED = Answer(Outcome.ACCEPTED), Answer(Outcome.DELIVERED)
BUSY, UNKNOWN, NOT_KNOWN = Answer(Outcome.BUSY), Answer(Outcome.UNKNOWN), Answer(Outcome.NOT_KNOWN)
REFUSED, UNDELIVERED = Answer(Outcome.REFUSED), Answer(Outcome.UNDELIVERED)


class Scripted:
    """A gateway that answers as told, and remembers what it was handed."""

    reports = False
    settle_seconds = 10
    call_seconds = 5
    at_once = 16

    def __init__(self, channel: Channel = Channel.SMS, says: Answer = DELIVERED, *, can_be_asked: bool = True) -> None:
        self.code, self.channel, self.can_be_asked = f"scripted-{channel}", channel, can_be_asked
        self.says, self.knows = says, {}
        self.handed: list[Message] = []
        self.calls = 0

    def send(self, messages: Sequence[Message]) -> Sequence[Answer]:
        self.calls += len(messages)
        self.handed += messages
        return [self.says] * len(messages)

    def ask(self, message_ids: Sequence[str]) -> Mapping[str, Answer]:
        return {one: self.knows[one] for one in message_ids if one in self.knows}


class Clock:
    """A clock that stands until it is moved."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def on(self, **ahead: int) -> datetime:
        self.at += timedelta(**ahead)
        return self.at


@pytest.fixture
def clock() -> Clock:
    make.people()
    return Clock(make.AT)


def deliver(clock: Clock, *gateways: Scripted) -> int:
    return notice_delivery.deliver_due(clock=clock, gateways=gateways, library=customers.library())


def state(row: NoticeRecipient) -> str:
    row.refresh_from_db()
    return row.state


def test_a_verified_number_is_told_by_name_and_an_unverified_one_learns_nothing_personal(clock: Clock) -> None:
    right, doubtful = make.reminded("1001", key="a"), make.reminded("1002", key="b")
    sms = Scripted()
    assert deliver(clock, sms) == 2
    assert (state(right), state(doubtful)) == ("DELIVERED", "DELIVERED")
    texts = {one.address: one.text for one in sms.handed}
    assert "张三您好，户号1001欠电费256.80元" in texts["13800001001"]
    for personal in ("李四", "1002", "256.80", "白水"):
        assert personal not in texts["13800001002"]
    assert "95598" in texts["13800001002"]
    assert list(NoticeAttempt.objects.order_by("recipient").values_list("is_reduced", flat=True)) == [False, True]
    assert queries.reached("a")[0].masked == "138****1001"


def test_a_wrong_number_is_not_called_and_without_any_way_the_notice_fails_for_a_person_to_see(clock: Clock) -> None:
    row = make.reminded("1003")
    sms, voice = Scripted(), Scripted(Channel.VOICE)
    deliver(clock, sms, voice)
    assert (state(row), row.why, sms.calls, voice.calls) == ("FAILED", "NO_ADDRESS", 0, 0)


def test_a_refused_message_takes_the_next_channel(clock: Clock) -> None:
    row = make.reminded("1001")
    sms, voice = Scripted(says=REFUSED), Scripted(Channel.VOICE)
    deliver(clock, sms, voice)
    deliver(clock, sms, voice)
    assert (state(row), row.channel, sms.calls, voice.calls) == ("DELIVERED", "VOICE", 1, 1)
    assert [one.channel for one in NoticeAttempt.objects.order_by("id")] == ["SMS", "VOICE"]


def test_after_the_last_channel_it_has_failed(clock: Clock) -> None:
    row = make.paid()
    deliver(clock, Scripted(says=REFUSED))
    deliver(clock, Scripted(Channel.WECHAT))
    assert (state(row), row.why) == ("FAILED", "NO_ADDRESS")


def test_what_a_crash_left_is_asked_about_and_never_called_for_again(clock: Clock) -> None:
    row, sms = make.paid(), Scripted()

    def dies(_messages: Sequence[Message]) -> Sequence[Answer]:
        sms.calls += 1
        raise SystemExit

    sms.send = dies
    with pytest.raises(SystemExit):
        deliver(clock, sms)
    assert state(row) == "SENDING"
    sms.knows = {f"{row.pk}-SMS-1": DELIVERED}
    assert deliver(clock, sms) == 0
    clock.on(seconds=46)  # the lease: 5 s a call, 10 s to settle, 30 s of margin
    assert deliver(clock, sms) == 1
    assert (state(row), sms.calls) == ("DELIVERED", 1)


def test_what_the_gateway_has_never_seen_is_handed_over_again_under_the_same_number(clock: Clock) -> None:
    row, sms = make.paid(), Scripted(says=UNKNOWN)
    deliver(clock, sms)
    assert state(row) == "UNKNOWN"
    sms.says, sms.knows = DELIVERED, {f"{row.pk}-SMS-1": NOT_KNOWN}
    clock.on(seconds=10)
    deliver(clock, sms)
    assert state(row) == "DELIVERED"
    assert [one.message_id for one in sms.handed] == [f"{row.pk}-SMS-1"] * 2
    assert NoticeAttempt.objects.get().calls == 2


def test_of_a_gateway_that_cannot_be_asked_a_person_decides(clock: Clock) -> None:
    row, sms = make.paid(), Scripted(says=UNKNOWN, can_be_asked=False)
    deliver(clock, sms)
    clock.on(days=3)
    assert deliver(clock, sms) == 0
    assert (state(row), row.due_at, sms.calls) == ("UNKNOWN", None, 1)
    actions.settle_unknown(recipient_id=row.pk, was_reached=True, reason="客户确认收到", actor=SYSTEM, at=clock())
    assert state(row) == "DELIVERED"


def test_sending_again_is_a_new_message_with_a_number_of_its_own(clock: Clock) -> None:
    row, sms = make.paid(), Scripted(says=UNKNOWN, can_be_asked=False)
    deliver(clock, sms)
    actions.send_again(recipient_id=row.pk, reason="客户说没有收到", actor=SYSTEM, at=clock())
    sms.says = DELIVERED
    deliver(clock, sms)
    assert state(row) == "DELIVERED"
    assert [one.message_id for one in sms.handed] == [f"{row.pk}-SMS-1", f"{row.pk}-SMS-2"]


def test_a_busy_gateway_is_tried_again_after_a_pause_that_doubles(clock: Clock) -> None:
    row, sms = make.paid(), Scripted(says=BUSY)
    deliver(clock, sms)
    assert (state(row), row.due_at - clock()) == ("WAITING", timedelta(seconds=10))
    assert deliver(clock, sms) == 0
    clock.on(seconds=10)
    deliver(clock, sms)
    assert (state(row), row.due_at - clock()) == ("WAITING", timedelta(seconds=20))


def test_at_night_reminders_wait_for_the_morning_and_a_power_back_does_not(clock: Clock) -> None:
    clock.at = datetime(2026, 9, 15, 22, 0, tzinfo=BILLING_ZONE)
    night, back = make.reminded("1001", at=clock()), None
    notice = actions.send(
        key="on", template="power_restored", account=make.account_id("1001"), slots={"at": "22:00"}, at=clock(),
        actor=SYSTEM,
    )  # fmt: skip
    back = NoticeRecipient.objects.get(notice=notice)
    sms = Scripted()
    deliver(clock, sms)
    assert (state(back), state(night), night.why) == ("DELIVERED", "WAITING", "HOURS")
    assert night.due_at == datetime(2026, 9, 16, 8, 0, tzinfo=BILLING_ZONE)


def test_on_a_holiday_the_hours_are_shorter(clock: Clock) -> None:
    clock.at = datetime(2026, 10, 1, 8, 30, tzinfo=BILLING_ZONE)  # National Day
    row = make.reminded("1001", at=clock())
    deliver(clock, Scripted())
    assert (state(row), row.due_at) == ("WAITING", datetime(2026, 10, 1, 9, 0, tzinfo=BILLING_ZONE))


def test_who_opted_out_is_left_in_peace_but_for_what_the_law_requires(clock: Clock) -> None:
    for purpose in ("PAYMENT", "ARREARS"):
        actions.opt_out(account_number="1001", purpose=purpose, source="HALL", actor=SYSTEM, at=clock())
    paid, reminded = make.paid(), make.reminded("1001")
    sms = Scripted()
    deliver(clock, sms)
    assert (state(paid), state(reminded), sms.calls) == ("OPTED_OUT", "DELIVERED", 1)
    actions.opt_in(account_number="1001", purpose="PAYMENT", actor=SYSTEM, at=clock())
    again = make.paid(key="payment:2")
    deliver(clock, sms)
    assert state(again) == "DELIVERED"


def test_urgent_ones_leave_first(clock: Clock) -> None:
    for number in range(20):
        make.paid(key=f"ordinary:{number}")
    urgent = make.paid(key="urgent", urgent=True)
    sms = Scripted()
    deliver(clock, sms)
    assert sms.handed[0].message_id == f"{urgent.pk}-SMS-1"
    assert sms.handed[0].is_urgent


def test_the_breaker_opens_within_twenty_calls_and_other_channels_go_on(clock: Clock) -> None:
    for number in range(60):
        make.reminded("1001", key=f"r:{number}")
    NoticeRecipient.objects.filter(pk__gt=NoticeRecipient.objects.first().pk + 39).update(channel="VOICE")
    sms, voice = Scripted(says=BUSY), Scripted(Channel.VOICE)
    for _ in range(6):
        deliver(clock, sms, voice)
        clock.on(seconds=2)
    assert (sms.calls, voice.calls) == (16, 20)
    assert NoticeGateway.objects.get(code=sms.code).open_until is not None
    sms.says = DELIVERED
    clock.on(seconds=60)
    deliver(clock, sms)
    assert sms.calls == 17, "one message tries first"
    for _ in range(4):
        deliver(clock, sms)
        clock.on(seconds=11)
    assert NoticeRecipient.objects.filter(state="DELIVERED").count() == 60
    handed = [one.message_id for one in sms.handed]
    assert len(set(handed)) == 40


def test_delivery_is_reported_later_and_an_undelivered_one_takes_the_next_channel(clock: Clock) -> None:
    first, second = make.reminded("1001", key="a"), make.reminded("1002", key="b")
    sms, voice = Scripted(says=ACCEPTED), Scripted(Channel.VOICE)
    sms.reports = True
    deliver(clock, sms, voice)
    assert (state(first), state(second)) == ("SENT", "SENT")
    sms.knows = {f"{first.pk}-SMS-1": DELIVERED, f"{second.pk}-SMS-1": UNDELIVERED}
    clock.on(seconds=30)
    deliver(clock, sms, voice)
    deliver(clock, sms, voice)
    assert (state(first), state(second), second.channel, voice.calls) == ("DELIVERED", "DELIVERED", "VOICE", 1)


def test_a_report_that_comes_twice_or_late_changes_nothing(clock: Clock) -> None:
    row, sms = make.reminded("1001"), Scripted(says=ACCEPTED)
    sms.reports = True
    deliver(clock, sms)
    number = f"{row.pk}-SMS-1"
    assert actions.report(message_id=number, delivered=True, actor=SYSTEM, at=clock())
    assert not actions.report(message_id=number, delivered=True, actor=SYSTEM, at=clock())
    assert not actions.report(message_id=number, delivered=False, actor=SYSTEM, at=clock())
    assert state(row) == "DELIVERED"


def test_a_territory_without_a_rule_holds_up_no_other(clock: Clock) -> None:
    Unit.objects.filter(code="BS-E").update(territory="nowhere")
    customers.contact("1004", "13800001004")
    stuck, free = make.paid("1004", key="a"), make.paid("1001", key="b")
    deliver(clock, Scripted())
    assert (state(stuck), stuck.why, state(free)) == ("WAITING", "NO_RULE", "DELIVERED")


def test_staff_are_told_at_the_number_the_administrator_gave_them(clock: Clock) -> None:
    organization.staff()
    person = "reader-w"
    actions.set_address(channel="SMS", address="13900000001", person=person, actor=SYSTEM, at=clock())
    slots = {"order_number": "FD1", "account_number": "1001", "address": "白水镇", "at": "10:00", "deadline": "次日"}
    actions.send(key="o", template="reconnection_order", person=person, slots=slots, at=clock(), actor=SYSTEM)
    sms = Scripted()
    deliver(clock, sms)
    assert "复电工单FD1：户号1001" in sms.handed[0].text
    assert sms.handed[0].address == "13900000001"


def test_a_gateway_that_raises_has_said_nothing(clock: Clock) -> None:
    row, sms = make.paid(), Scripted()

    def raises(_messages: Sequence[Message]) -> Sequence[Answer]:
        raise ValueError("a defect of the adapter")

    sms.send = raises
    deliver(clock, sms)
    assert state(row) == "UNKNOWN"
