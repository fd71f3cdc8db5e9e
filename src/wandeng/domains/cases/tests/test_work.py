"""From step to step: roles, proofs, documents, hands, returns, pauses, and telling twice."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from wandeng.domains.cases.actions import intake, steering, work
from wandeng.domains.cases.models import Case, CaseClock, CaseEntry, CasePaper
from wandeng.domains.cases.queries import one
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import (
    Charter,
    EffectElsewhere,
    EvidenceMissing,
    FormIncomplete,
    LastStepDone,
    NotYours,
    Proof,
    Request,
)
from wandeng.domains.notices.models import NoticeRecipient
from wandeng.domains.organization.models import Unit
from wandeng.infra.processes.course import CourseImpossible
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound


def opened_connection(charter: Charter) -> str:
    answers = {"NAME": "王五", "PHONE": "13700000000", "ADDRESS": "新村3号", "CLASS": "RESIDENTIAL", "CAPACITY": "8"}
    request = Request("low_voltage_connection", "HALL", answers, unit_code="c01", documents=("IDENTITY",))
    return intake.open_case(request=request, actor=make.actor("HALL_CLERK"), at=make.NOW, charter=charter).number


def scheme(charter: Charter, number: str, **also: object) -> None:
    answers = {"HAS_CUSTOMER_WORKS": "NO", "SUPPLY_POINT": "T-c01", "BOUNDARY": "接户线"}
    work.finish(number=number, step="SCHEME", actor=make.actor("CELL_MANAGER"), at=make.after(60), charter=charter,
                answers=answers, proofs=[make.PHOTO, make.HERE], **also)  # fmt: skip


def test_a_fault_goes_from_call_to_light(charter: Charter) -> None:
    number = make.open_fault(charter).number

    done = make.repair(charter, number)

    row = Case.objects.get()
    assert (done.state, done.step, row.result) == ("FINISHED", "", "REPAIRED")
    kinds = [(one.kind, one.what) for one in CaseEntry.objects.order_by("place")]
    assert kinds == [
        ("OPENED", ""), ("FINISHED", "DISPATCH"), ("FINISHED", "ACCEPT"), ("FINISHED", "ARRIVE"), ("FINISHED", "RESTORE"),
    ]  # fmt: skip
    shown = one.case(Scope("c01/"), number, charter=charter, now=make.after(60))
    assert {clock.code: clock.status for clock in shown.clocks} == {
        "DISPATCH": "KEPT",
        "ACCEPT": "KEPT",
        "ARRIVAL": "KEPT",
    }
    assert [step.status for step in shown.steps] == ["DONE"] * 4


def test_a_step_belongs_to_its_role(charter: Charter) -> None:
    number = make.open_fault(charter).number

    with pytest.raises(NotAllowed):
        work.finish(number=number, step="DISPATCH", actor=make.actor("CELL_MANAGER"), at=make.after(1), charter=charter)
    with pytest.raises(Conflict, match="stands at step DISPATCH"):
        work.finish(number=number, step="ARRIVE", actor=make.actor("DISPATCHER"), at=make.after(1), charter=charter)


def test_what_lies_in_other_hands_is_not_taken(charter: Charter) -> None:
    number = make.open_fault(charter).number
    second = make.person("second", "CELL_MANAGER", Unit.objects.get())
    work.finish(number=number, step="DISPATCH", actor=make.actor("DISPATCHER"), at=make.after(1), charter=charter,
                handler="cell_manager")  # fmt: skip

    with pytest.raises(NotYours, match="cell_manager"):
        work.finish(number=number, step="ACCEPT", actor=second, at=make.after(2), charter=charter)
    work.assign(number=number, handler="second", actor=make.actor("DISPATCHER"), at=make.after(2), charter=charter)
    assert (
        work.finish(number=number, step="ACCEPT", actor=second, at=make.after(3), charter=charter).handler == "second"
    )


def test_whoever_is_to_do_it_is_told(charter: Charter) -> None:
    number = make.open_fault(charter).number
    work.finish(number=number, step="DISPATCH", actor=make.actor("DISPATCHER"), at=make.after(1), charter=charter,
                handler="cell_manager")  # fmt: skip

    recipient = NoticeRecipient.objects.select_related("notice__version__template", "person").get()
    assert (recipient.notice.version.template.code, recipient.person.code) == ("case_task", "cell_manager")
    assert number in recipient.slots


def test_a_person_nobody_knows_is_given_nothing(charter: Charter) -> None:
    number = make.open_fault(charter).number

    with pytest.raises(NotFound):
        work.finish(
            number=number,
            step="DISPATCH",
            actor=make.actor("DISPATCHER"),
            at=make.after(1),
            charter=charter,
            handler="ghost",
        )
    assert CaseEntry.objects.count() == 1


def test_a_step_without_its_proof_is_not_done(charter: Charter) -> None:
    number = make.open_fault(charter).number
    make.repair(charter, number, until="ACCEPT")
    arrive = {
        "number": number,
        "step": "ARRIVE",
        "actor": make.actor("CELL_MANAGER"),
        "at": make.after(5),
        "charter": charter,
    }

    with pytest.raises(FormIncomplete, match="预计恢复时间"):
        work.finish(**arrive, proofs=[make.HERE])
    with pytest.raises(EvidenceMissing) as refused:
        work.finish(**arrive, answers={"EXPECTED": "2026-10-12T13:00:00+08:00"})
    assert refused.value.facts["evidence"] == ["PLACE"]
    assert not CasePaper.objects.exists()


@pytest.mark.parametrize(
    "proof",
    [
        Proof("PHOTO"),
        Proof("PHOTO", file_name="run.exe", content=b"MZ"),
        Proof("PHOTO", file_name="fake.png", content=b"<html>"),
        Proof("PLACE"),
        Proof("SECRET"),
    ],
)
def test_files_that_are_none_are_refused(charter: Charter, proof: Proof) -> None:
    number = make.open_fault(charter).number

    with pytest.raises(InvalidInput):
        work.hand_in(number=number, proofs=[proof], actor=make.actor("CALL_CLERK"), at=make.after(1), charter=charter)


def test_a_file_is_read_back_within_the_scope_only(charter: Charter) -> None:
    number = make.open_fault(charter).number
    work.hand_in(number=number, proofs=[make.PHOTO], actor=make.actor("CALL_CLERK"), at=make.after(1), charter=charter)
    paper = CasePaper.objects.get()

    assert one.paper(Scope("c01/"), paper.pk) == ("pole.jpg", make.PHOTO.content)
    with pytest.raises(NotFound):
        one.paper(Scope("c02/"), paper.pk)


def test_told_twice_is_told_once(charter: Charter) -> None:
    number = make.open_fault(charter).number
    for minutes in (2, 30):
        done = work.finish(number=number, step="DISPATCH", actor=make.actor("DISPATCHER"), at=make.after(minutes),
                           charter=charter, key="a1")  # fmt: skip
    assert not done.is_new
    assert CaseEntry.objects.filter(kind="FINISHED").count() == 1


def test_what_was_done_without_signal_counts_when_it_was_done(charter: Charter) -> None:
    number = make.open_fault(charter).number
    make.repair(charter, number, until="ACCEPT")

    work.finish(number=number, step="ARRIVE", actor=make.actor("CELL_MANAGER"), at=make.after(120), charter=charter,
                happened_at=make.after(40), proofs=[make.HERE], answers={"EXPECTED": "2026-10-12T13:00:00+08:00"})  # fmt: skip

    clock = CaseClock.objects.get(clock="ARRIVAL")
    assert (clock.stopped_at, clock.due_at) == (make.after(40), make.after(45))
    assert CaseEntry.objects.get(what="ARRIVE").noted_at == make.after(120)


def test_nothing_happens_before_what_happened(charter: Charter) -> None:
    number = make.open_fault(charter).number
    make.repair(charter, number, until="ACCEPT")
    told = {"number": number, "step": "ARRIVE", "actor": make.actor("CELL_MANAGER"), "charter": charter,
            "proofs": [make.HERE], "answers": {"EXPECTED": "2026-10-12T13:00:00+08:00"}}  # fmt: skip

    with pytest.raises(Conflict, match="after that time"):
        work.finish(**told, at=make.after(9), happened_at=make.after(1))
    with pytest.raises(InvalidInput, match="future"):
        work.finish(**told, at=make.after(9), happened_at=make.after(30))


def test_a_case_goes_back_with_a_reason_and_is_counted(charter: Charter) -> None:
    number = make.open_fault(charter).number
    make.repair(charter, number, until="DISPATCH")
    back = {
        "number": number,
        "to_step": "DISPATCH",
        "actor": make.actor("CELL_MANAGER"),
        "at": make.after(3),
        "charter": charter,
    }

    with pytest.raises(InvalidInput):
        work.send_back(**back, reason=" ")
    done = work.send_back(**back, reason="不属本所")

    row = Case.objects.get()
    assert (done.step, row.returned, row.handler) == ("DISPATCH", 1, "")
    with pytest.raises(CourseImpossible):
        work.send_back(
            number=number,
            to_step="ACCEPT",
            reason="再退",
            actor=make.actor("DISPATCHER"),
            at=make.after(4),
            charter=charter,
        )


def test_a_pause_moves_the_deadline_by_what_it_covers(charter: Charter) -> None:
    number = opened_connection(charter)
    work.finish(number=number, step="ACCEPT", actor=make.actor("HALL_CLERK"), at=make.after(10), charter=charter)
    before = CaseClock.objects.get(clock="SCHEME").due_at
    pause = {"number": number, "pause": "CUSTOMER_ABSENT", "actor": make.actor("CELL_MANAGER"), "charter": charter}

    with pytest.raises(EvidenceMissing):
        work.pause(**pause, reason="客户改期", proofs=[], at=make.after(20))
    work.pause(**pause, reason="客户改期", proofs=[make.RECORDING], at=make.after(20))
    row = Case.objects.get()
    assert (row.is_paused, CaseClock.objects.get(clock="SCHEME").due_at) == (True, None)
    assert row.due_at is not None  # the clock of the whole is not paused by the customer
    # Three working days end with Thursday. Of the pause from Monday 11:20 to Wednesday 11:20 Monday is not counted, so it
    # covers 1 day 11 h 20 min: Friday is gone whole, and on the next working day it is 11:20.
    work.resume(
        number=number,
        pause="CUSTOMER_ABSENT",
        actor=make.actor("CELL_MANAGER"),
        at=make.after(20 + 48 * 60),
        charter=charter,
    )
    moved = CaseClock.objects.get(clock="SCHEME").due_at
    assert before == datetime(2026, 10, 15, 16, 0, tzinfo=UTC)
    assert moved == datetime(2026, 10, 19, 3, 20, tzinfo=UTC)


def test_a_long_pause_is_ended_by_who_may(charter: Charter) -> None:
    number = opened_connection(charter)
    work.finish(number=number, step="ACCEPT", actor=make.actor("HALL_CLERK"), at=make.after(10), charter=charter)
    work.pause(number=number, pause="CUSTOMER_ABSENT", reason="出国", proofs=[make.RECORDING],
               actor=make.actor("CELL_MANAGER"), at=make.after(20), charter=charter)  # fmt: skip
    late = make.NOW + timedelta(days=20)

    with pytest.raises(Conflict, match="COUNTY_MANAGER"):
        work.resume(number=number, pause="CUSTOMER_ABSENT", actor=make.actor("CELL_MANAGER"), at=late, charter=charter)
    work.resume(number=number, pause="CUSTOMER_ABSENT", actor=make.actor("COUNTY_MANAGER"), at=late, charter=charter)
    assert not Case.objects.get().is_paused


def test_one_document_begins_and_the_others_come_later(charter: Charter) -> None:
    number = opened_connection(charter)
    work.finish(number=number, step="ACCEPT", actor=make.actor("HALL_CLERK"), at=make.after(10), charter=charter)
    scheme(charter, number)
    connect = {"number": number, "step": "CONNECT", "actor": make.actor("CELL_MANAGER"), "at": make.after(90), "charter": charter,
               "answers": {"METER": "M77", "START_READING": "0", "ENERGISED": "2026-10-12T12:00:00+08:00"},
               "proofs": [make.PHOTO, make.HERE, make.SIGNATURE]}  # fmt: skip

    with pytest.raises(FormIncomplete, match="权属"):
        work.finish(**connect)
    work.hand_in(
        number=number,
        proofs=[Proof("DOCUMENT", document="PROPERTY")],
        actor=make.actor("HALL_CLERK"),
        at=make.after(80),
        charter=charter,
    )
    with pytest.raises(EffectElsewhere):
        work.finish(**connect)
    seen: list[LastStepDone] = []
    assert work.finish(**connect, carry=seen.append).state == "FINISHED"
    assert (seen[0].effect, seen[0].number, seen[0].unit_code) == ("CONNECTION", number, "c01")
    # The effect is told the whole form, the sealed part opened.
    assert (seen[0].answers["PHONE"], seen[0].answers["METER"]) == ("13700000000", "M77")


def test_steps_of_the_customer_stop_the_clock_by_themselves(charter: Charter) -> None:
    answers = {"NAME": "厂", "PHONE": "13700000000", "ADDRESS": "工业路1号", "CLASS": "LOW_VOLTAGE", "CAPACITY": "80"}
    request = Request("low_voltage_connection", "HALL", answers, unit_code="c01", documents=("IDENTITY", "PROPERTY"))
    number = intake.open_case(request=request, actor=make.actor("HALL_CLERK"), at=make.NOW, charter=charter).number
    work.finish(number=number, step="ACCEPT", actor=make.actor("HALL_CLERK"), at=make.after(10), charter=charter)
    found = {"HAS_CUSTOMER_WORKS": "YES", "SUPPLY_POINT": "T-c01", "BOUNDARY": "配电箱"}
    work.finish(number=number, step="SCHEME", actor=make.actor("CELL_MANAGER"), at=make.after(60), charter=charter,
                answers=found, proofs=[make.PHOTO, make.HERE])  # fmt: skip

    row = Case.objects.get()
    assert (row.step, row.role, row.is_paused) == ("CUSTOMER_WORKS", "", True)
    assert CaseClock.objects.get(clock="UTILITY").due_at is None
    work.finish(
        number=number,
        step="CUSTOMER_WORKS",
        actor=make.actor("CELL_MANAGER"),
        at=make.NOW + timedelta(days=9),
        charter=charter,
    )
    assert CaseClock.objects.get(clock="UTILITY").due_at is not None


def test_a_case_that_ended_stands_still(charter: Charter) -> None:
    number = make.open_fault(charter).number
    steering.withdraw(number=number, reason="来电了", actor=make.actor("CALL_CLERK"), at=make.after(1),
                      charter=charter)  # fmt: skip

    for action in (
        lambda: work.finish(
            number=number, step="DISPATCH", actor=make.actor("DISPATCHER"), at=make.after(2), charter=charter
        ),
        lambda: work.assign(
            number=number, handler="dispatcher", actor=make.actor("DISPATCHER"), at=make.after(2), charter=charter
        ),
        lambda: steering.press(
            number=number, note="", actor=make.actor("CALL_CLERK"), at=make.after(2), charter=charter
        ),
    ):
        with pytest.raises(Conflict, match="WITHDRAWN"):
            action()
    assert not CaseClock.objects.filter(stopped_at__isnull=True).exists()
