"""Pressing, supervising, moving, merging and splitting; and who is told as a limit runs out."""

from __future__ import annotations

import pytest

from wandeng.domains.cases.actions import intake, steering, telling, work
from wandeng.domains.cases.models import Case, CaseClock, CaseEntry
from wandeng.domains.cases.queries import rows
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter, PressedEnough, Request
from wandeng.domains.notices.models import NoticeRecipient
from wandeng.domains.organization.models import Unit
from wandeng.infra import ids
from wandeng.infra.models import Event
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound

SCOPE = Scope("c01/")


def told(template: str) -> list[str]:
    rows = NoticeRecipient.objects.filter(notice__version__template__code=template)
    return sorted(rows.values_list("person__code", flat=True))


def sweep(charter: Charter, minutes: int) -> int:
    at = make.after(minutes)
    return sum(telling.tell_clock(clock_id=one, charter=charter, at=at) for one in telling.due_clocks(now=at, most=100))


def office(code: str = "c01-1") -> Unit:
    return Unit.objects.create(
        id=ids.reserve(Unit, 1), code=code, name="城关所", kind="OFFICE", path=f"c01/{code}/", territory="hunan"
    )


def test_the_customer_presses_twice_and_then_it_is_supervised(charter: Charter) -> None:
    number = make.open_fault(charter).number
    make.repair(charter, number, until="ACCEPT")
    press = {"number": number, "note": "客户催", "actor": make.actor("CALL_CLERK"), "charter": charter}
    steering.press(**press, at=make.after(10))
    steering.press(**press, at=make.after(20))

    assert told("case_pressed") == ["cell_manager", "cell_manager"]
    with pytest.raises(PressedEnough):
        steering.press(**press, at=make.after(30))
    steering.supervise(
        number=number, reason="多次催办", actor=make.actor("COUNTY_MANAGER"), at=make.after(30), charter=charter
    )
    row = Case.objects.get()
    assert (row.pressed, row.supervised_at) == (2, make.after(30))
    assert told("case_supervised") == ["cell_manager", "county_manager"]


def test_only_those_above_supervise(charter: Charter) -> None:
    number = make.open_fault(charter).number

    with pytest.raises(NotAllowed):
        steering.supervise(
            number=number, reason="急", actor=make.actor("CELL_MANAGER"), at=make.after(1), charter=charter
        )
    with pytest.raises(InvalidInput):
        steering.supervise(number=number, reason="", actor=make.actor("DISPATCHER"), at=make.after(1), charter=charter)


def test_another_unit_takes_over_and_the_clocks_run_on(charter: Charter) -> None:
    number = make.open_fault(charter).number
    office()
    before = list(CaseClock.objects.values_list("clock", "due_at"))

    steering.transfer(
        number=number,
        unit_code="c01-1",
        reason="属城关所",
        actor=make.actor("CALL_CLERK"),
        at=make.after(1),
        charter=charter,
    )

    row = Case.objects.get()
    assert (row.unit.code, row.owner) == ("c01-1", "call_clerk")
    assert list(CaseClock.objects.values_list("clock", "due_at")) == before
    with pytest.raises(Conflict, match="already"):
        steering.transfer(
            number=number,
            unit_code="c01-1",
            reason="再转",
            actor=make.actor("CALL_CLERK"),
            at=make.after(1),
            charter=charter,
        )


def test_a_case_stays_within_the_installation_part_of_its_root(charter: Charter) -> None:
    number = make.open_fault(charter).number
    Unit.objects.create(id=ids.reserve(Unit, 1), code="z9", name="别处", kind="COUNTY", path="z9/", territory="hunan")

    with pytest.raises(NotFound):
        steering.transfer(
            number=number,
            unit_code="z9",
            reason="转",
            actor=make.actor("CALL_CLERK"),
            at=make.after(1),
            charter=charter,
        )


def test_what_was_said_wrongly_is_corrected(charter: Charter) -> None:
    number = make.open_fault(charter).number

    steering.reclassify(number=number, first_class="LOW_VOLTAGE", second_class="LINE", grade="", urgency="URGENT",
                        reason="有人触电危险", actor=make.actor("CALL_CLERK"), at=make.after(1), charter=charter)  # fmt: skip

    row = Case.objects.get()
    assert (row.first_class, row.second_class, row.urgency, row.urgency_rank) == ("LOW_VOLTAGE", "LINE", "URGENT", 2)
    with pytest.raises(InvalidInput):
        steering.reclassify(number=number, first_class="HIGH_VOLTAGE", second_class="SERVICE_DROP", grade="", urgency="",
                            reason="改", actor=make.actor("CALL_CLERK"), at=make.after(2), charter=charter)  # fmt: skip


def test_two_cases_about_one_thing_become_one(charter: Charter) -> None:
    first, second = make.open_fault(charter).number, make.open_fault(charter, at=make.after(5)).number

    steering.merge(number=second, into=first, reason="同一故障", actor=make.actor("DISPATCHER"), at=make.after(6))

    gone = Case.objects.get(number=second)
    assert (gone.state, gone.into.number, gone.ended_at, gone.due_at) == ("MERGED", first, make.after(6), None)
    assert not CaseClock.objects.filter(case=gone, next_at__isnull=False).exists()
    assert CaseEntry.objects.get(case__number=first, kind="JOINED").facts == f'{{"case":"{second}"}}'
    with pytest.raises(Conflict):
        steering.merge(number=first, into=second, reason="反", actor=make.actor("DISPATCHER"), at=make.after(7))


def test_a_fault_is_not_merged_into_a_question(charter: Charter) -> None:
    fault = make.open_fault(charter).number
    asked = Request("enquiry", "PHONE_95598", {"QUESTION": "电价", "NEEDS_EXPERT": "YES"}, unit_code="c01")
    question = intake.open_case(request=asked, actor=make.actor("CALL_CLERK"), at=make.NOW, charter=charter).number

    with pytest.raises(Conflict, match="is a fault_repair"):
        steering.merge(number=fault, into=question, reason="合", actor=make.actor("DISPATCHER"), at=make.after(1))
    with pytest.raises(InvalidInput):
        steering.merge(number=fault, into=fault, reason="合", actor=make.actor("DISPATCHER"), at=make.after(1))


def test_a_second_matter_becomes_a_case_of_its_own(charter: Charter) -> None:
    number = make.open_fault(charter).number
    asked = Request("enquiry", "PHONE_95598", {"QUESTION": "阶梯电价", "NEEDS_EXPERT": "NO"})

    made = steering.split(
        number=number, request=asked, actor=make.actor("CALL_CLERK"), at=make.after(1), charter=charter
    )

    part = Case.objects.get(number=made.number)
    assert (part.parent.number, part.account.account_number, part.process) == (number, make.ACCOUNT, "enquiry")


def test_a_limit_is_warned_of_once_and_its_breach_goes_up(charter: Charter) -> None:
    number = make.open_fault(charter).number
    make.repair(charter, number, until="ACCEPT")

    # Of 45 minutes half is used at 22:30, four fifths at 36.
    assert [sweep(charter, minutes) for minutes in (22, 23, 23, 35, 36, 44, 45, 60)] == [0, 1, 0, 0, 1, 0, 1, 0]
    kinds = CaseEntry.objects.filter(kind__in=["WARNED", "BREACHED"]).order_by("place")
    assert [(one.kind, one.what) for one in kinds] == [("WARNED", "ARRIVAL")] * 2 + [("BREACHED", "ARRIVAL")]
    assert told("case_warning") == ["cell_manager", "dispatcher"]
    assert told("case_breach") == ["cell_manager", "county_manager", "dispatcher"]
    assert Event.objects.filter(name="cases.clock_broken").count() == 1


def test_a_worker_that_was_away_tells_the_worst_only(charter: Charter) -> None:
    number = make.open_fault(charter).number
    make.repair(charter, number, until="ACCEPT")

    assert sweep(charter, 200) == 1
    assert CaseEntry.objects.filter(kind="WARNED").count() == 0
    assert CaseEntry.objects.get(kind="BREACHED").at == make.after(45)


def test_what_is_done_in_time_is_not_spoken_of(charter: Charter) -> None:
    number = make.open_fault(charter).number
    make.repair(charter, number)

    assert sweep(charter, 500) == 0


def test_the_queue_shows_what_is_mine_by_role_or_by_name(charter: Charter) -> None:
    first = make.open_fault(charter).number
    second = make.open_fault(charter, at=make.after(3)).number
    work.finish(
        number=second,
        step="DISPATCH",
        actor=make.actor("DISPATCHER"),
        at=make.after(4),
        charter=charter,
        handler="cell_manager",
    )

    def queue(role: str, person: str, **also: bool) -> list[str]:
        found = rows.queue_rows(SCOPE, roles=frozenset({role}), person=person, **also)
        return [one["number"] for one in found.order_by(*rows.BURNING)]

    assert queue("DISPATCHER", "dispatcher") == [first]
    assert queue("CELL_MANAGER", "cell_manager") == [second]
    assert queue("CELL_MANAGER", "somebody") == []
    assert queue("DISPATCHER", "dispatcher", mine=True) == []
    counted = rows.counts(SCOPE, now=make.after(2), soon=make.after(8))
    assert (counted.open, counted.late, counted.soon, counted.unassigned) == (2, 0, 2, 1)
    assert rows.counts(Scope("c02/"), now=make.after(2), soon=make.after(6)).open == 0


def test_kept_and_broken_are_told_apart(charter: Charter) -> None:
    make.open_fault(charter)

    broken = {one["clock"]: one["is_broken"] for one in rows.clock_rows(SCOPE, now=make.after(10))}
    assert broken == {"DISPATCH": True, "ARRIVAL": False}
