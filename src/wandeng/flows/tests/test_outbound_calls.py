"""Calls that a machine makes: who is called when, what a key does, and that a result is taken once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import pytest

from wandeng.domains.cases.actions import ending
from wandeng.domains.cases.models import CallBack, Case, CaseEntry
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter
from wandeng.domains.collections.models import DunningStep
from wandeng.domains.collections.tests.make import arrears as kit
from wandeng.domains.conversations import queries
from wandeng.domains.conversations.models import OutboundCall
from wandeng.domains.conversations.types import CallResult, Dialed
from wandeng.domains.customers import actions as customers
from wandeng.domains.customers.models import Contact
from wandeng.domains.customers.types import Verdict
from wandeng.domains.payments.tests import make as payments
from wandeng.flows import contacts, outbound_calls, outbound_trial, voice
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.errors import InvalidInput, NotFound

pytestmark = pytest.mark.django_db
MINE = "13812345678"
NOON = kit.noon_of(date(2026, 2, 11))


@dataclass
class Line:
    """An exchange that remembers what it was asked to dial."""

    says: Dialed = Dialed.TAKEN
    dialed: list[tuple[str, str, str]] = field(default_factory=list)
    code: str = "line"

    def dial(self, call: str, phone: str, purpose: str) -> Dialed:
        self.dialed.append((call, phone, purpose))
        return self.says


def place(line: Line, at: datetime) -> outbound_calls.Placed:
    return outbound_calls.place_due(clock=lambda: at, exchange=line, library=kit.library())


def turn(call: str, number: int, digits: str = "", *, at: datetime) -> voice.VoiceAnswer:
    return outbound_calls.take(call=call, number=number, digits=digits, at=at, library=kit.library())


def ended(call: str, told: CallResult, at: datetime) -> bool:
    return outbound_calls.ended(
        call_id=outbound_calls.call_id_of(call), told=told, at=at, library=kit.library()
    )  # fmt: skip


def said(answer: voice.VoiceAnswer) -> str:
    return "".join(one.text for one in answer.say)


def step_to_call(*, verified: bool = True) -> DunningStep:
    account = kit.found()[kit.HOME]
    payments.bill(account, "2025-12", 12_345, kit.DUE)
    case = kit.open_case(account)
    number = customers.add_contact(account_number=kit.HOME, phone=MINE, actor=SYSTEM, at=NOON - timedelta(days=9))
    if verified:
        customers.verify_contact(
            contact_id=number, verdict=Verdict.RIGHT, actor=SYSTEM, at=NOON - timedelta(days=9), reason="核实"
        )
    step = kit.step(case, "VOICE", reached_at=None, state="PENDING", taken_at=NOON - timedelta(hours=10))
    DunningStep.objects.filter(pk=step.pk).update(by="CALL")
    return step


def test_a_reminder_that_is_taken_up_is_a_step_that_reached_somebody() -> None:
    step, line = step_to_call(), Line()
    assert place(line, NOON + timedelta(hours=9)) == outbound_calls.Placed(0, 0, 0)  # 21:00
    assert place(line, NOON) == outbound_calls.Placed(1, 0, 0)
    ((call, phone, purpose),) = line.dialed
    assert (phone, purpose) == (MINE, "DUNNING")
    assert place(line, NOON + timedelta(minutes=1)).dialed == 0  # is under way

    with pytest.raises(InvalidInput):
        turn(call, 1, "1", at=NOON)
    heard = turn(call, 0, at=NOON + timedelta(seconds=9))
    assert "尾号1001的用电户欠电费123.45元" in said(heard)
    assert heard.say[1].fragments[:6] == ("dunning_owed-0", "num-1", "num-0", "num-0", "num-1", "dunning_owed-1")
    assert turn(call, 0, at=NOON + timedelta(seconds=10)) == heard  # told again
    assert turn(call, 1, "1", at=NOON + timedelta(seconds=20)).then == "HANGUP"
    with pytest.raises(InvalidInput):
        turn(call, 2, "2", at=NOON + timedelta(seconds=30))
    step.refresh_from_db()
    assert (step.state, step.reached_at, step.channel, step.evidence) == (
        "REACHED",
        NOON + timedelta(seconds=9),
        "PHONE",
        call,
    )
    assert step.note == outbound_calls.SAYS["SAYS_PAID"]

    # What was pressed counts for more than what is said of the end, and that is taken once.
    assert ended(call, CallResult.NO_ANSWER, NOON + timedelta(seconds=40))
    assert not ended(call, CallResult.BUSY, NOON + timedelta(seconds=50))
    row = queries.outbound_rows(Scope("BS/BS-W/")).get()
    assert (row["result"], row["choice"], row["state"], row["account_number"]) == (
        "REACHED",
        "SAYS_PAID",
        "ENDED",
        kit.HOME,
    )
    assert not queries.outbound_rows(Scope("BS/BS-E/")).exists()
    (contact,) = contacts.of_account(Scope("BS/"), kit.HOME, DunningStep.objects.get().case.account_id)
    assert (contact.what, contact.about, contact.where) == ("CALLED", "SAYS_PAID", "138****5678")
    assert place(line, NOON + timedelta(hours=3)).dialed == 0
    with pytest.raises(InvalidInput):
        voice.take(call=call, number=0, phone=MINE, at=NOON, library=kit.library())
    for forged in ("OUT-x", "1", "OUT-", "OUT--1", f"OUT-{10**17}"):
        with pytest.raises(NotFound):
            turn(forged, 0, at=NOON)


def test_nobody_there_is_tried_as_often_as_the_rule_says_and_then_missed() -> None:
    step, line, at = step_to_call(), Line(), NOON - timedelta(hours=4)
    for attempt, result in enumerate((CallResult.NO_ANSWER, CallResult.BUSY, None), start=1):
        assert place(line, at).dialed == 1
        assert len(line.dialed) == attempt
        if result is not None:
            ended(line.dialed[-1][0], result, at)
            assert place(line, at + timedelta(minutes=119)).dialed == 0
            at += timedelta(minutes=120)
    assert DunningStep.objects.get().state == "PENDING"
    # Nothing is heard of the last: after a quarter of an hour it is lost, and what comes later changes nothing.
    assert place(line, at + timedelta(minutes=15)).lost == 0
    assert place(line, at + timedelta(minutes=15, seconds=1)).lost == 1
    step.refresh_from_db()
    assert (step.state, step.note) == ("MISSED", outbound_calls.UNREACHED[CallResult.LOST])
    assert not ended(line.dialed[-1][0], CallResult.REACHED, at + timedelta(minutes=20))
    with pytest.raises(InvalidInput):
        turn(line.dialed[-1][0], 0, at=at + timedelta(minutes=20))
    assert list(OutboundCall.objects.order_by("attempt").values_list("result", flat=True)) == [
        "NO_ANSWER",
        "BUSY",
        "LOST",
    ]


def test_who_has_paid_is_not_called_and_a_number_nobody_verified_neither() -> None:
    step, line = step_to_call(verified=False), Line()
    assert place(line, NOON).dialed == 0
    assert DunningStep.objects.get().state == "MISSED"
    DunningStep.objects.filter(pk=step.pk).update(state="PENDING")
    number = Contact.objects.values_list("pk", flat=True).get()
    customers.verify_contact(contact_id=number, verdict=Verdict.RIGHT, actor=SYSTEM, at=NOON, reason="核实")
    payments.pay(DunningStep.objects.get().case.account_id, 20_000, on=NOON.date())
    assert place(line, NOON).dialed == 0
    assert DunningStep.objects.get().state == "PENDING"  # the night closes it with its case


def finished() -> tuple[str, datetime]:
    make.county()
    charter = Charter.current()
    number = make.open_fault(charter).number
    make.repair(charter, number)
    assert CallBack.objects.get().state == "WANTED"
    return number, make.after(60)


def asked(line: Line, at: datetime) -> str:
    assert place(line, at).dialed == 1
    call, phone, purpose = line.dialed[-1]
    assert (phone, purpose) == ("13812345678", "CALL_BACK")  # as it was left with the case
    return call


def test_a_call_back_does_what_a_clerks_does() -> None:
    number, at = finished()
    line = Line(Dialed.REFUSED)
    # What could not be dialed is no attempt at the customer.
    assert place(line, at) == outbound_calls.Placed(0, 1, 0)
    assert CallBack.objects.get().attempts == 0
    line.says, at = Dialed.TAKEN, at + timedelta(minutes=120)
    call = asked(line, at)
    ended(call, CallResult.NO_ANSWER, at)
    held = CallBack.objects.get()
    assert (held.state, held.attempts) == ("WANTED", 1)
    at = held.next_at + timedelta(minutes=1)
    call = asked(line, at)
    assert "故障抢修" in said(turn(call, 0, at=at))
    answer = turn(call, 1, "3", at=at + timedelta(seconds=9))
    assert "重新为您办理" in said(answer)
    assert turn(call, 1, "3", at=at + timedelta(seconds=12)) == answer
    row = Case.objects.get(number=number)
    assert (row.state, row.rounds) == ("OPEN", 2)
    told = CallBack.objects.get()
    assert (told.state, told.score, told.channel, told.called_by) == ("DISSATISFIED", 1, "PHONE", "ivr")
    assert CaseEntry.objects.filter(case=row, kind="REOPENED").count() == 1
    assert ended(call, CallResult.REACHED, at + timedelta(minutes=1))
    assert not ended(call, CallResult.NO_ANSWER, at + timedelta(minutes=2))
    assert CaseEntry.objects.filter(case=row, kind="CALLED_BACK").count() == 2
    assert [one.about for one in contacts.of_case(Scope("c01/"), number)] == ["ABSENT"]


def test_who_wants_a_person_is_left_to_people() -> None:
    _number, at = finished()
    line = Line()
    call = asked(line, at)
    turn(call, 0, at=at)
    assert turn(call, 1, "0", at=at).then == "TRANSFER"
    ended(call, CallResult.REACHED, at)
    assert (CallBack.objects.get().state, CallBack.objects.get().attempts) == ("WANTED", 0)
    assert place(line, at + timedelta(hours=3)).dialed == 0


def test_who_was_asked_by_a_clerk_meanwhile_changes_nothing_by_key() -> None:
    number, at = finished()
    line = Line()
    call = asked(line, at)
    turn(call, 0, at=at)
    clerk = {
        "number": number,
        "score": 5,
        "remark": "",
        "channel": "PHONE",
        "actor": make.actor("CALL_CLERK"),
        "at": at,
    }
    ending.call_back(**clerk, charter=Charter.current())  # type: ignore[arg-type]
    assert turn(call, 1, "9", at=at).say[-1].code == "over"  # to be heard again: it was asked meanwhile
    assert ended(call, CallResult.REACHED, at)
    assert (Case.objects.get().state, CallBack.objects.get().score) == ("CLOSED", 5)
    assert OutboundCall.objects.get().result == "HUNG_UP"


def test_a_trial_plays_every_outcome_and_writes_it_down() -> None:
    finished()
    line = outbound_trial.SimulatedExchange()
    outbound_calls.place_due(clock=lambda: make.after(60), exchange=line, library=kit.library())
    assert len(line.dialed) == 1
    outbound_trial.play(line.dialed, at=make.after(61))
    assert OutboundCall.objects.get().state == "ENDED"
