"""A story: a complaint about a cut is opened twice again before the customer is content, and 12398 watches its own clock."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from wandeng.domains.cases import checks
from wandeng.domains.cases.actions import ending, intake, steering, telling, work
from wandeng.domains.cases.models import Case, CaseEntry
from wandeng.domains.cases.queries import one, rows
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter, FormIncomplete, Request
from wandeng.infra.scope import Scope
from wandeng.kernel.periods import BILLING_ZONE

SCOPE = Scope("c01/")
FOUND = {"RESPONSIBLE": "MARKETING", "CAUSE_FOUND": "YES", "PERSON_DEALT_WITH": "YES", "PUT_RIGHT": "YES"}


@pytest.fixture
def charter(db: None) -> Charter:
    make.county()
    return Charter.current()


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 9, day, hour, minute, tzinfo=BILLING_ZONE)


def complain(charter: Charter) -> str:
    """Wednesday 23 September, two working days before the mid-autumn and national holidays begin."""
    request = Request(
        "complaint", "TRANSFER_12398", {"MATTER": "已交费仍停电", "WISH": "赔礼并说明原因"}, account_number=make.ACCOUNT,
        first_class="OUTAGE", second_class="ARREARS_CUT", grade="IMPORTANT", is_confidential=True, outside_number="12398-0923",
    )  # fmt: skip
    return intake.open_case(request=request, actor=make.actor("CALL_CLERK"), at=local(23, 9), charter=charter).number


def handle(charter: Charter, number: str, since: datetime, *, taught: str = "YES") -> None:
    steps = (
        ("DISPATCH", "CALL_CLERK", {}, ()),
        ("ACCEPT", "AUDITOR", {}, ()),
        ("CONTACT", "AUDITOR", {}, (make.RECORDING,)),
        ("HANDLE", "AUDITOR", FOUND | {"STAFF_TAUGHT": taught}, (make.PAPER,)),
        ("ANSWER", "AUDITOR", {"REPLY": "已说明并致歉"}, (make.RECORDING,)),
    )
    for place, (step, role, answers, proofs) in enumerate(steps):
        work.finish(
            number=number, step=step, actor=make.actor(role), at=since + timedelta(minutes=10 * place), charter=charter,
            answers=answers, proofs=proofs, result="TRUE" if step == "ANSWER" else "",
        )  # fmt: skip


def test_a_complaint_is_opened_twice_again_before_it_ends(charter: Charter) -> None:
    number = complain(charter)
    ask = {"number": number, "actor": make.actor("CALL_CLERK"), "channel": "PHONE", "charter": charter}

    handle(charter, number, local(23, 10))
    ending.call_back(**ask, score=1, remark="没有说清原因", at=local(23, 15))
    handle(charter, number, local(23, 16))
    ending.call_back(**ask, score=2, remark="没有人道歉", at=local(24, 9))
    steering.supervise(
        number=number, reason="两次不满意", actor=make.actor("COUNTY_MANAGER"), at=local(24, 9, 30), charter=charter
    )
    handle(charter, number, local(24, 10))
    ending.call_back(**ask, score=5, remark="", at=local(24, 16))

    row = Case.objects.get()
    assert (row.state, row.rounds, row.owner, row.returned) == ("CLOSED", 3, "call_clerk", 0)
    # An important complaint's evidence is kept for three years.
    assert row.kept_until == local(24, 16).date().replace(year=2029)
    assert [one.what for one in CaseEntry.objects.filter(kind="REOPENED")] == ["DISPATCH", "DISPATCH"]
    shown = one.case(SCOPE, number, charter=charter, now=local(30, 9))
    assert {(clock.code, clock.round) for clock in shown.clocks if clock.code == "TRANSFER_12398"} == {
        ("TRANSFER_12398", 1), ("TRANSFER_12398", 2), ("TRANSFER_12398", 3),
    }  # fmt: skip
    assert {clock.status for clock in shown.clocks} <= {"KEPT", "BROKEN"}
    assert checks.faults(charter) == []


def test_its_deadlines_step_over_the_holidays(charter: Charter) -> None:
    number = complain(charter)

    shown = {clock.code: clock for clock in one.case(SCOPE, number, charter=charter, now=local(23, 9)).clocks}

    # Five working days from Wednesday 23 September 2026, counted from the next day: 24, 28, 29 and 30 September and, after the
    # mid-autumn holiday (25 to 27) and the National Day week, the first working day of October.
    calendar_day = shown["ANSWER"].due_at.astimezone(BILLING_ZONE)
    assert shown["ANSWER"].amount == 5
    assert shown["ANSWER"].measure == "WORKING_DAY"
    assert calendar_day > local(30, 23, 59)


def test_who_complains_in_confidence_is_not_named(charter: Charter) -> None:
    number = complain(charter)

    shown = one.case(SCOPE, number, charter=charter, now=local(23, 9))
    listed = rows.case_rows(SCOPE).get(number=number)

    assert (shown.account_name, shown.address, shown.glance.matter, listed["summary"]) == ("", "", "", "")


def test_without_four_not_let_go_it_is_not_answered(charter: Charter) -> None:
    number = complain(charter)

    with pytest.raises(FormIncomplete, match="有关人员已受教育"):
        handle(charter, number, local(23, 10), taught="")
    assert Case.objects.get().step == "HANDLE"


def test_nobody_answers_in_time_and_the_head_hears_of_it(charter: Charter) -> None:
    number = complain(charter)
    late = local(30, 9) + timedelta(days=12)
    for clock in telling.due_clocks(now=late, most=50):
        telling.tell_clock(clock_id=clock, charter=charter, at=late)

    broken = set(CaseEntry.objects.filter(kind="BREACHED").values_list("what", flat=True))
    assert {"DISPATCH", "CONTACT", "HANDLE", "ANSWER"} <= broken
    shown = one.case(SCOPE, number, charter=charter, now=late)
    assert {clock.code for clock in shown.clocks if clock.status == "LATE"} >= {"DISPATCH", "ANSWER"}
