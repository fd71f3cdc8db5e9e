"""What a number is answered: only what it may know, once, not too often, and never more parts than allowed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from wandeng.domains.billing.models import BillRun
from wandeng.domains.conversations.models import Conversation, Turn
from wandeng.domains.customers import actions as customers_actions
from wandeng.domains.customers.models import Contact
from wandeng.domains.customers.tests import make as customers
from wandeng.domains.customers.types import Verdict
from wandeng.domains.notices.models import OptOut
from wandeng.domains.notices.types import Answer, Channel, Message, Outcome
from wandeng.domains.payments.tests import make
from wandeng.flows import text_service
from wandeng.infra.models import Job
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db
AT = make.AT
MINE, TWO, UNCHECKED, NOBODY = "13800000001", "13800000002", "13800000003", "13800000009"


class Carrier:
    """A gateway that remembers what it was given, and says what it is told to say."""

    code, channel = "carrier", Channel.SMS
    can_be_asked, reports, settle_seconds, call_seconds, at_once = False, False, 0, 1, 10

    def __init__(self) -> None:
        self.sent: list[Message] = []
        self.outcome = Outcome.ACCEPTED

    def send(self, messages: Sequence[Message]) -> Sequence[Answer]:
        self.sent += messages
        return [Answer(self.outcome)] * len(messages)

    def ask(self, message_ids: Sequence[str]) -> Mapping[str, Answer]:
        return {}


@pytest.fixture
def carrier() -> Carrier:
    return Carrier()


@pytest.fixture(autouse=True)
def county() -> None:
    ids = make.accounts()
    make.bill(ids[make.HOME], "2026-02", 12_000, date(2026, 3, 31))
    for account, phone, verified in (
        ("1001", MINE, True), ("1002", TWO, True), ("1003", TWO, True), ("1004", UNCHECKED, False),
    ):  # fmt: skip
        contact = customers.contact(account, phone)
        if verified:
            customers_actions.verify_contact(
                contact_id=contact, verdict=Verdict.RIGHT, actor=SYSTEM, at=AT, reason="核实"
            )


def say(carrier: Carrier, phone: str, text: str, *, at: datetime = AT, key: str = "") -> str:
    """Send a message; returns the text that left, empty for none."""
    before = len(carrier.sent)
    text_service.receive(
        outside_id=key or f"{phone}:{text}:{at.timestamp()}", phone=phone, text=text, at=at,
        library=customers.library(), gateway=carrier,
    )  # fmt: skip
    return carrier.sent[-1].text if len(carrier.sent) > before else ""


@pytest.mark.parametrize("text", ["YE", "ye", " ＹＥ ", "余额", "查余额。", "欠费！"])
def test_plain_words_and_what_input_methods_make_of_them_are_understood(carrier: Carrier, text: str) -> None:
    assert say(carrier, MINE, text) == "户号1001：待交120.00元，预收余额0.00元。"
    assert carrier.sent[-1].address == MINE


def test_no_published_bill_is_said_so(carrier: Carrier) -> None:
    assert BillRun.objects.count() == 0
    assert say(carrier, MINE, "CX") == "户号1001近半年没有已发行的电费账单。"


@pytest.mark.parametrize("asked", ["CX", "YE", "停电", "TD", "TDHF"])
@pytest.mark.parametrize("phone", [UNCHECKED, NOBODY])
def test_a_number_that_nobody_verified_is_told_nothing_personal(carrier: Carrier, phone: str, asked: str) -> None:
    told = say(carrier, phone, asked)
    assert told.startswith("本号码尚未核实")
    assert "1004" not in told
    assert OptOut.objects.count() == 0
    assert not Conversation.objects.get().is_verified


def test_whether_a_number_is_known_at_all_cannot_be_told_from_the_answer(carrier: Carrier) -> None:
    assert say(carrier, UNCHECKED, "CX") == say(carrier, NOBODY, "CX")


def test_several_accounts_are_chosen_among_by_number_while_the_choice_stands(carrier: Carrier) -> None:
    assert say(carrier, TWO, "YE") == "本号码有多个户号，请在10分钟内回复序号：1. 尾号1002，2. 尾号1003"
    assert say(carrier, TWO, "2", at=AT + timedelta(minutes=9)).startswith("户号1003：")
    assert say(carrier, TWO, "2", at=AT + timedelta(minutes=9, seconds=1)).startswith("没有这个序号")
    say(carrier, TWO, "YE", at=AT + timedelta(minutes=20))
    assert say(carrier, TWO, "1", at=AT + timedelta(minutes=30)).startswith("没有这个序号")
    say(carrier, TWO, "YE", at=AT + timedelta(minutes=40))
    assert say(carrier, TWO, "3", at=AT + timedelta(minutes=41)).startswith("没有这个序号")


def test_a_choice_of_an_account_that_is_no_longer_theirs_opens_nothing(carrier: Carrier) -> None:
    say(carrier, TWO, "YE")
    Contact.objects.filter(account__account_number="1003").update(verification="WRONG")
    assert say(carrier, TWO, "2", at=AT + timedelta(minutes=1)).startswith("没有这个序号")


def test_the_same_message_again_is_answered_and_acted_on_once(carrier: Carrier) -> None:
    assert say(carrier, MINE, "TD", key="G-1")
    assert not say(carrier, MINE, "TD", key="G-1")
    assert (Turn.objects.filter(direction="IN").count(), len(carrier.sent)) == (1, 1)


def test_opting_out_ends_reminders_and_can_be_taken_back(carrier: Carrier) -> None:
    assert "已退订" in say(carrier, MINE, "TD")
    held = OptOut.objects.filter(until_at__isnull=True, account__account_number="1001")
    assert set(held.values_list("purpose", flat=True)) == {"PAYMENT", "BILL", "ARREARS", "PREPAY", "APPOINTMENT"}
    assert set(held.values_list("source", flat=True)) == {"REPLY"}
    assert "已恢复" in say(carrier, MINE, "TDHF", at=AT + timedelta(minutes=1))
    assert not held.exists()


def test_whoever_writes_too_often_is_kept_and_not_answered(carrier: Carrier) -> None:
    told = [say(carrier, MINE, "HELP", at=AT + timedelta(seconds=step)) for step in range(22)]
    assert [bool(one) for one in told] == [True] * 20 + [False] * 2
    assert Turn.objects.filter(outcome="IGNORED").count() == 2
    assert say(carrier, NOBODY, "HELP", at=AT + timedelta(seconds=30))
    assert say(carrier, MINE, "HELP", at=AT + timedelta(hours=1, seconds=30))


def test_what_a_killed_process_left_is_answered_by_the_job(carrier: Carrier, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(*_given: object, **_named: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patch:
        patch.setattr(text_service, "act", dies)
        assert say(carrier, MINE, "YE") == ""
    job = Job.objects.get(kind=text_service.ANSWER)
    assert job.run_at == AT + text_service.ANSWER_AFTER
    turn = Turn.objects.get().pk
    for _time in range(2):
        text_service.act(turn, at=AT, library=customers.library(), gateway=carrier)
    assert [one.text for one in carrier.sent] == ["户号1001：待交120.00元，预收余额0.00元。"]


def test_a_busy_gateway_is_tried_again_with_the_same_number_and_nothing_is_done_twice(carrier: Carrier) -> None:
    carrier.outcome = Outcome.BUSY
    say(carrier, MINE, "TD")
    carrier.outcome = Outcome.ACCEPTED
    turn = Turn.objects.get(direction="IN").pk
    text_service.act(turn, at=AT + timedelta(minutes=1), library=customers.library(), gateway=carrier)
    assert len(carrier.sent) == 2
    assert len({one.message_id for one in carrier.sent}) == 1
    assert OptOut.objects.count() == 5
    assert Turn.objects.get(direction="OUT").outcome == "SENT"


def test_a_preview_changes_nothing(carrier: Carrier) -> None:
    told = text_service.preview(phone=MINE, text="TD", at=AT, library=customers.library())
    assert told.answers == "OPTED_OUT"
    assert (OptOut.objects.count(), Turn.objects.count(), carrier.sent) == (0, 0, [])


def test_the_database_holds_no_number_in_the_clear(carrier: Carrier) -> None:
    say(carrier, MINE, "CX")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM conversations_conversation")
        assert MINE not in str(cursor.fetchall())


@pytest.mark.parametrize(("length", "parts", "left"), [(70, 1, 70), (71, 1, 70), (201, 3, 201), (202, 3, 201)])
def test_an_answer_takes_no_more_parts_than_allowed(length: int, parts: int, left: int) -> None:
    assert len(text_service.cut("电" * length, parts)) == left


def test_a_sign_of_two_units_is_not_cut_in_half() -> None:
    assert text_service.cut("𠮷" * 40, 1) == "𠮷" * 34 + "…"
