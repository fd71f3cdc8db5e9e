"""Asking the customer, opening again, and closing nothing unseen."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from wandeng.domains.cases.actions import ending, intake, work
from wandeng.domains.cases.models import CallBack, Case, CaseClock, CaseEntry
from wandeng.domains.cases.queries import rows
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter, NothingUnseen, Request
from wandeng.domains.notices.models import NoticeRecipient
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed
from wandeng.kernel.periods import BILLING_ZONE


def repaired(charter: Charter) -> str:
    number = make.open_fault(charter).number
    make.repair(charter, number)
    return number


def asked(charter: Charter, number: str, score: int, remark: str = "", minutes: int = 60) -> str:
    done = ending.call_back(number=number, score=score, remark=remark, channel="PHONE", actor=make.actor("CALL_CLERK"),
                            at=make.after(minutes), charter=charter)  # fmt: skip
    return done.state


def complaint(charter: Charter, *, grade: str = "", anonymous: bool = False) -> str:
    request = Request("complaint", "PHONE_95598", {"MATTER": "态度差", "WISH": "道歉", "NAME": "李四"}, unit_code="c01",
                      grade=grade, is_anonymous=anonymous)  # fmt: skip
    return intake.open_case(request=request, actor=make.actor("CALL_CLERK"), at=make.NOW, charter=charter).number


FOUND = {
    "RESPONSIBLE": "MARKETING",
    "CAUSE_FOUND": "YES",
    "PERSON_DEALT_WITH": "YES",
    "PUT_RIGHT": "YES",
    "STAFF_TAUGHT": "YES",
}


def handled(charter: Charter, number: str, *, result: str = "TRUE") -> None:
    steps = (
        ("DISPATCH", "CALL_CLERK", {}, ()),
        ("ACCEPT", "AUDITOR", {}, ()),
        ("CONTACT", "AUDITOR", {}, (make.RECORDING,)),
        ("HANDLE", "AUDITOR", FOUND, (make.PAPER,)),
        ("ANSWER", "AUDITOR", {"REPLY": "已道歉"}, (make.RECORDING,)),
    )
    for place, (step, role, answers, proofs) in enumerate(steps):
        work.finish(number=number, step=step, actor=make.actor(role), at=make.after(place), charter=charter,
                    answers=answers, proofs=proofs, result=result if step == "ANSWER" else "")  # fmt: skip


def test_a_satisfied_customer_closes_the_case(charter: Charter) -> None:
    number = repaired(charter)

    assert asked(charter, number, 5) == "CLOSED"

    row, answer = Case.objects.get(), CallBack.objects.get()
    assert (row.ended_at, answer.state, answer.score, answer.called_by) == (
        make.after(60),
        "SATISFIED",
        5,
        "call_clerk",
    )
    assert CaseEntry.objects.order_by("place").last().kind == "CLOSED"


def test_a_dissatisfied_customer_opens_the_same_case_again_with_new_clocks(charter: Charter) -> None:
    number = repaired(charter)

    assert asked(charter, number, 1, "灯还是暗") == "OPEN"

    row = Case.objects.get()
    assert (row.number, row.rounds, row.step, row.handler, row.result, row.finished_at) == (
        number,
        2,
        "DISPATCH",
        "",
        "",
        None,
    )
    second = CaseClock.objects.get(clock="ARRIVAL", round=2)
    assert (second.started_at, second.due_at) == (make.after(60), make.after(105))
    assert NoticeRecipient.objects.filter(person__code="call_clerk").count() == 1  # the first taker hears of it


def test_twice_dissatisfied_is_counted_twice(charter: Charter) -> None:
    number = repaired(charter)
    asked(charter, number, 1, "灯还是暗")
    make.repair(charter, number, minutes=61)
    asked(charter, number, 2, "又停了", minutes=80)

    assert Case.objects.get().rounds == 3
    assert list(CallBack.objects.order_by("round").values_list("round", "state")) == [
        (1, "DISSATISFIED"),
        (2, "DISSATISFIED"),
    ]


def test_no_reason_no_reopening(charter: Charter) -> None:
    number = repaired(charter)

    with pytest.raises(InvalidInput, match="not satisfied with"):
        asked(charter, number, 2)
    with pytest.raises(InvalidInput, match="between 1 and 5"):
        asked(charter, number, 6)
    with pytest.raises(NotAllowed):
        ending.call_back(number=number, score=5, remark="", channel="PHONE", actor=make.actor("CELL_MANAGER"),
                         at=make.after(60), charter=charter)  # fmt: skip


def test_a_case_is_asked_about_once(charter: Charter) -> None:
    number = repaired(charter)
    asked(charter, number, 4)

    with pytest.raises(Conflict, match="nobody is to be asked"):
        asked(charter, number, 4)


def test_who_is_never_reached_closes_after_three_attempts(charter: Charter) -> None:
    number = repaired(charter)
    attempts = [
        ending.not_reached(
            number=number,
            remark="无人接听",
            actor=make.actor("CALL_CLERK"),
            at=make.after(60 + 120 * place),
            charter=charter,
        ).state
        for place in range(3)
    ]

    assert attempts == ["FINISHED", "FINISHED", "CLOSED"]
    answer = CallBack.objects.get()
    assert (answer.state, answer.attempts, answer.score) == ("UNREACHED", 3, None)


def test_nobody_is_called_at_night(charter: Charter) -> None:
    rule = charter.processes.version("fault_repair", on=date(2026, 10, 12)).body.call_back
    night = datetime(2026, 10, 12, 22, 30, tzinfo=BILLING_ZONE)
    early = datetime(2026, 10, 12, 6, 0, tzinfo=BILLING_ZONE)
    noon = datetime(2026, 10, 12, 12, 0, tzinfo=BILLING_ZONE)

    assert ending.calling_time(rule, night) == datetime(2026, 10, 13, 8, 0, tzinfo=BILLING_ZONE)
    assert ending.calling_time(rule, early) == datetime(2026, 10, 12, 8, 0, tzinfo=BILLING_ZONE)
    assert ending.calling_time(rule, noon) == noon


def test_calls_that_may_be_made_now(charter: Charter) -> None:
    repaired(charter)
    scope = Scope("c01/")

    assert [one["number"] for one in rows.call_back_rows(scope, now=make.after(60))] == [Case.objects.get().number]
    assert not rows.call_back_rows(scope, now=make.NOW)
    assert not rows.call_back_rows(Scope("c02/"))


def test_who_is_asked_follows_from_number_and_round(charter: Charter) -> None:
    body = charter.processes.version("enquiry", on=date(2026, 10, 12)).body
    drawn = sum(ending.is_drawn(Case(number=f"2610{place:010d}", rounds=1), body) for place in range(2_000))

    # A tenth of 2,000, by chance within 40.
    assert 160 <= drawn <= 240
    assert [ending.is_drawn(Case(number="26100000000001", rounds=one), body) for one in (1, 1)] in (
        [True] * 2,
        [False] * 2,
    )


def test_a_case_that_is_not_drawn_closes_when_it_is_done(charter: Charter) -> None:
    request = Request("enquiry", "PHONE_95598", {"QUESTION": "电价", "NEEDS_EXPERT": "NO"}, unit_code="c01")
    states = set()
    for _ in range(20):
        number = intake.open_case(request=request, actor=make.actor("CALL_CLERK"), at=make.NOW, charter=charter).number
        work.finish(number=number, step="ANSWER", actor=make.actor("CALL_CLERK"), at=make.after(1), charter=charter,
                    answers={"REPLY": "一档0.588元"})  # fmt: skip
        states.add(Case.objects.get(number=number).state)

    assert "CLOSED" in states
    assert CallBack.objects.count() == Case.objects.filter(state="FINISHED").count()


def test_without_a_result_the_last_step_is_not_done(charter: Charter) -> None:
    number = make.open_fault(charter).number
    make.repair(charter, number, until="ARRIVE")

    with pytest.raises(NothingUnseen):
        work.finish(number=number, step="RESTORE", actor=make.actor("CELL_MANAGER"), at=make.after(30), charter=charter,
                    answers=make.REPAIRED, proofs=[make.HERE, make.PHOTO])  # fmt: skip
    assert Case.objects.get().step == "RESTORE"
    with pytest.raises(NothingUnseen):
        work.finish(number=number, step="RESTORE", actor=make.actor("CELL_MANAGER"), at=make.after(30), charter=charter,
                    answers=make.REPAIRED, proofs=[make.HERE, make.PHOTO], result="PERFECT")  # fmt: skip


def test_evidence_of_a_complaint_is_kept_by_its_grade(charter: Charter) -> None:
    for grade, until in (("ORDINARY", date(2029, 10, 12)), ("SPECIAL", date(2031, 10, 12))):
        number = complaint(charter, grade=grade)
        handled(charter, number)
        asked(charter, number, 4)
        assert Case.objects.get(number=number).kept_until == until


def test_an_anonymous_complainant_is_not_called(charter: Charter) -> None:
    number = complaint(charter, anonymous=True)
    handled(charter, number)

    assert Case.objects.get().state == "CLOSED"
    assert not CallBack.objects.exists()


def test_a_closed_case_is_opened_again_by_who_may(charter: Charter) -> None:
    number = repaired(charter)
    asked(charter, number, 4)
    again = {"number": number, "charter": charter, "at": make.NOW + timedelta(days=2)}

    with pytest.raises(NotAllowed):
        ending.reopen(**again, reason="客户再次来电", actor=make.actor("CELL_MANAGER"))
    with pytest.raises(InvalidInput):
        ending.reopen(**again, reason="", actor=make.actor("CALL_CLERK"))
    done = ending.reopen(**again, reason="客户再次来电", actor=make.actor("CALL_CLERK"))

    assert (done.state, done.step, Case.objects.get().kept_until) == ("OPEN", "DISPATCH", None)


def test_praise_is_not_opened_again(charter: Charter) -> None:
    request = Request("praise", "PHONE_95598", {"MATTER": "服务好", "WHO": "王师傅"}, unit_code="c01")
    number = intake.open_case(request=request, actor=make.actor("CALL_CLERK"), at=make.NOW, charter=charter).number
    work.finish(number=number, step="DISPATCH", actor=make.actor("CALL_CLERK"), at=make.after(1), charter=charter)
    work.finish(number=number, step="RECORD", actor=make.actor("COUNTY_MANAGER"), at=make.after(2), charter=charter)

    assert Case.objects.get().state == "CLOSED"
    with pytest.raises(Conflict, match="a new one is taken"):
        ending.reopen(number=number, reason="再夸", actor=make.actor("CALL_CLERK"), at=make.after(3), charter=charter)
