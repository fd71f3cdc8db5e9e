"""Calls from end to end: what is said to whom, what a call leaves behind, and that a turn is taken once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import LazySettings
from tests.kits import bill_steps as steps
from tests.kits import bill_world as world

from wandeng.domains.cases.models import Case
from wandeng.domains.cases.types import Charter
from wandeng.domains.conversations.models import Conversation, Turn
from wandeng.domains.customers import actions as customers
from wandeng.domains.customers.models import Contact
from wandeng.domains.customers.types import Verdict
from wandeng.domains.emergency.models import StormMode
from wandeng.domains.emergency.queries import announcing
from wandeng.domains.emergency.types import Announcement
from wandeng.flows import fault_reports, text_service, voice, voice_rehearsal
from wandeng.flows.voice import VoiceAnswer
from wandeng.infra import pii
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import Month

pytestmark = pytest.mark.django_db(transaction=True)
AT = datetime(2026, 9, 5, 2, 0, tzinfo=UTC)
MINE, OTHER = "13812345678", "13900000009"


@pytest.fixture(autouse=True)
def county(settings: LazySettings, tmp_path: Path) -> None:
    settings.HOME = tmp_path
    pii.create_key()
    world.found()
    world.add_account("1", total={date(2026, 7, 1): 1000, date(2026, 8, 1): 1150, date(2026, 9, 1): 1400})
    contact = customers.add_contact(account_number="1", phone=MINE, actor=SYSTEM, at=world.NOW)
    customers.verify_contact(contact_id=contact, verdict=Verdict.RIGHT, actor=SYSTEM, at=world.NOW, reason="核实")


def turn(call: str, number: int, digits: str = "", *, phone: str = MINE, at: datetime = AT) -> VoiceAnswer:
    library = RuleLibrary.load(default_root())
    return voice.take(call=call, number=number, phone=phone, digits=digits, at=at, library=library)


def called(keys: str, *, phone: str = MINE, at: datetime = AT, call: str = "") -> list[VoiceAnswer]:
    """A call in which these keys are pressed, blank between turns; '-' is nothing."""
    named = call or f"C-{phone[-1]}-{keys}-{at.timestamp()}"
    pressed = ["", *keys.split()]
    return [turn(named, at_, one.replace("-", ""), phone=phone, at=at) for at_, one in enumerate(pressed)]


def said(answer: VoiceAnswer) -> str:
    return " ".join(one.text for one in answer.say)


def test_a_bill_is_told_to_the_verified_number_that_knows_its_account() -> None:
    steps.bill_month(Month(2026, 7))
    steps.bill_month(Month(2026, 8))
    *_before, told = called("1 1#")
    assert [one.code for one in told.say] == ["bill", "more"]
    assert said(told).startswith("2026年8月电费")
    assert (told.then, told.node) == ("GATHER", "more")
    row = Conversation.objects.get()
    assert (row.medium, row.is_verified, row.account.account_number) == ("PHONE", True, "1")  # type: ignore[union-attr]


def test_who_was_checked_is_not_asked_again_in_this_call_and_is_in_the_next() -> None:
    nodes = [one.node for one in called("1 1# 9 2")]
    assert nodes == ["main", "bill_account", "no_bill", "main", "no_outage"]
    assert called("2")[-1].node == "outage_account"


def test_a_number_that_is_no_longer_a_contact_is_asked_again_within_the_call() -> None:
    called("1 1# 9", call="C")
    Contact.objects.update(verification="WRONG")
    assert turn("C", 4, "1").node == "bill_account"


@pytest.mark.parametrize(("phone", "account"), [(OTHER, "1"), (OTHER, "777"), (MINE, "777")])
def test_a_wrong_number_and_a_strange_caller_hear_the_same(phone: str, account: str) -> None:
    told = called(f"1 {account}#", phone=phone)[-1]
    assert [one.code for one in told.say] == ["wrong"]
    assert not Conversation.objects.get().is_verified


def test_after_too_many_trials_even_the_right_number_is_wrong_for_an_hour() -> None:
    for trial in range(6):
        assert called(f"1 {700 + trial}")[-1].node == "wrong"
    assert called("1 1")[-1].node == "wrong"
    assert called("1 1", at=AT + timedelta(hours=1, seconds=1))[-1].node == "no_bill"


def test_a_fault_is_a_case_of_the_account_once_however_often_it_is_told() -> None:
    *_before, told = called("4 1# 2")
    case = Case.objects.get()
    assert told.say[0].text == f"报修已受理，工单号{case.number}，抢修人员将与您联系。"
    assert case.account
    assert (case.process, case.channel, case.account.account_number) == ("fault_repair", "PHONE_95598", "1")
    assert Conversation.objects.get().case_number == case.number
    assert [one.code for one in called("4 1# 2", at=AT + timedelta(minutes=5))[-1].say] == ["reported_before", "more"]
    assert Case.objects.count() == 1


def test_a_rehearsal_says_the_same_and_leaves_nothing() -> None:
    turns = voice_rehearsal.rehearse(
        phone=MINE, keys=["4", "1#", "2", "*", "1"], actor=SYSTEM, at=AT, library=RuleLibrary.load(default_root())
    )
    assert "报修已受理" in said(turns[3].answer)
    assert [one.pressed for one in turns] == ["", "4", "1#", "2", "*"]
    assert (turns[-1].answer.then, turns[1].answer.say[0].fragments) == ("HANGUP", ("account-0",))
    assert not Case.objects.exists()
    assert not Conversation.objects.exists()
    assert not Turn.objects.exists()


def test_danger_leads_to_a_person_and_opens_nothing() -> None:
    told = called("4 1# 1")[-1]
    assert (told.node, told.then) == ("agent", "TRANSFER")
    assert Case.objects.count() == 0


def test_a_turn_that_comes_again_is_answered_the_same_and_does_nothing() -> None:
    first = called("4 1# 2", call="C")[-1]
    before = Turn.objects.count()
    assert turn("C", 3, "2") == first
    assert (Turn.objects.count(), Case.objects.count()) == (before, 1)


def test_who_presses_nothing_comes_to_a_person_and_the_call_is_over() -> None:
    told = called("- - -", call="C")
    assert [one.then for one in told] == ["GATHER", "GATHER", "GATHER", "TRANSFER"]
    assert Conversation.objects.get().ended_at == AT
    with pytest.raises(InvalidInput, match="over"):
        turn("C", 4, "1")


def test_a_call_begins_with_turn_0_and_belongs_to_one_number() -> None:
    with pytest.raises(InvalidInput, match="begun"):
        turn("C", 1, "1")
    turn("C", 0)
    with pytest.raises(InvalidInput, match="another number"):
        turn("C", 1, "1", phone=OTHER)
    with pytest.raises(InvalidInput):
        turn("C", 1, "1" * 33)


def test_a_storm_is_announced_before_the_menu(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [one.code for one in called("", call="A")[0].say] == ["welcome", "main"]
    assert not StormMode.objects.exists()
    told = Announcement(world.UNIT, "县", "受台风影响，正在全力抢修。", AT)
    monkeypatch.setattr(announcing, "announcement", lambda _path: told)
    first = called("", call="B")[0]
    assert [one.code for one in first.say] == ["welcome", "storm", "main"]
    assert "受台风影响" in said(first)


def test_nobody_keeps_the_number_in_the_clear() -> None:
    called("4 1# 2")
    assert MINE not in str(list(Conversation.objects.values())) + str(list(Turn.objects.values()))


def test_reports_use_the_processes_of_the_house() -> None:
    found = {one.process: one for one in Charter.current().processes.in_force(AT.date())}[fault_reports.PROCESS]
    assert {voice.CHANNEL, text_service.CHANNEL} <= set(found.body.intake.channels)
