"""Permits to work: a step that needs one is not done without, and whoever works does not issue."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from wandeng.domains.cases.actions import permits, work
from wandeng.domains.cases.models import Case, PermitCheck, WorkPermit
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter, PermitMissing
from wandeng.infra.processes.parts import Step
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound

CHECKS = ("CUSTOMER_PERMIT", "SWITCHED_OFF", "TESTED", "BRIEFED")


def at_the_house(charter: Charter, first_class: str = "CUSTOMER_INSIDE") -> str:
    number = make.open_fault(charter, first_class=first_class).number
    make.repair(charter, number, until="ARRIVE")
    return number


def written(charter: Charter, number: str, **also: object) -> str:
    told = {
        "case": number, "job": "CUSTOMER_FAULT", "work": "更换客户侧断路器", "worker": "cell_manager",
        "valid_from": make.after(5), "valid_to": make.after(65), "actor": make.actor("CELL_MANAGER"),
        "at": make.after(5), "charter": charter, "dangers": ("院内有狗",),
    }  # fmt: skip
    return permits.write(**(told | also)).number  # type: ignore[arg-type]


def issued(charter: Charter, number: str) -> str:
    permit = written(charter, number)
    for check in CHECKS:
        permits.see(number=permit, check=check, actor=make.actor("CELL_MANAGER"), at=make.after(6))
    permits.issue(number=permit, actor=make.actor("DISPATCHER"), at=make.after(7))
    return permit


def restore(charter: Charter, number: str, minutes: int) -> None:
    work.finish(
        number=number, step="RESTORE", actor=make.actor("CELL_MANAGER"), at=make.after(minutes), charter=charter,
        answers=make.REPAIRED, proofs=(make.HERE, make.PHOTO), result="REPAIRED",
    )  # fmt: skip


def test_work_inside_a_customers_installation_waits_for_its_permit(charter: Charter) -> None:
    number = at_the_house(charter)

    with pytest.raises(PermitMissing):
        restore(charter, number, 5)
    permit = issued(charter, number)
    with pytest.raises(PermitMissing):
        restore(charter, number, 65)  # the permit ended at that minute
    restore(charter, number, 64)

    assert Case.objects.get().state == "FINISHED"
    permits.close(number=permit, note="人员撤离", actor=make.actor("CELL_MANAGER"), at=make.after(66))
    assert WorkPermit.objects.get().state == "CLOSED"


def test_work_on_the_utilitys_own_line_needs_none(charter: Charter) -> None:
    restore(charter, at_the_house(charter, "LOW_VOLTAGE"), 5)

    assert Case.objects.get().state == "FINISHED"


def test_a_permit_says_its_dangers_by_the_dated_list_and_those_of_the_place(charter: Charter) -> None:
    written(charter, at_the_house(charter))

    row = WorkPermit.objects.get()
    assert row.checklist_path == "national/work_permits/2012-06-01.toml"
    assert "反送电" in row.dangers
    assert "院内有狗" in row.dangers
    assert list(PermitCheck.objects.order_by("place").values_list("code", flat=True)) == list(CHECKS)


def test_it_is_issued_when_everything_was_seen_and_by_somebody_else(charter: Charter) -> None:
    permit = written(charter, at_the_house(charter), worker="dispatcher")

    with pytest.raises(NotAllowed, match="does not issue"):
        permits.issue(number=permit, actor=make.actor("DISPATCHER"), at=make.after(6))
    with pytest.raises(NotAllowed):
        permits.issue(number=permit, actor=make.actor("CELL_MANAGER"), at=make.after(6))
    with pytest.raises(Conflict, match="4 preconditions were not seen"):
        permits.issue(number=permit, actor=make.actor("COUNTY_MANAGER"), at=make.after(6))
    with pytest.raises(IntegrityError), transaction.atomic():
        WorkPermit.objects.update(issuer="dispatcher")


def test_seeing_a_precondition_twice_keeps_who_saw_it_first(charter: Charter) -> None:
    permit = written(charter, at_the_house(charter))

    permits.see(number=permit, check="TESTED", actor=make.actor("CELL_MANAGER"), at=make.after(6))
    answer = permits.see(number=permit, check="TESTED", actor=make.actor("DISPATCHER"), at=make.after(9))

    row = PermitCheck.objects.get(code="TESTED")
    assert (row.seen_by, row.seen_at, answer.open_checks) == ("cell_manager", make.after(6), 3)
    with pytest.raises(NotFound):
        permits.see(number=permit, check="FLYING", actor=make.actor("CELL_MANAGER"), at=make.after(6))


def test_a_withdrawn_permit_holds_no_more_and_another_can_be_written(charter: Charter) -> None:
    number = at_the_house(charter)
    permit = issued(charter, number)

    with pytest.raises(Conflict, match="has a permit"):
        written(charter, number)
    permits.withdraw(number=permit, reason="天气", actor=make.actor("DISPATCHER"), at=make.after(8))

    with pytest.raises(PermitMissing):
        restore(charter, number, 9)
    assert written(charter, number) != permit


@pytest.mark.parametrize("hours", [0, 13])
def test_a_permit_holds_as_long_as_its_list_allows(charter: Charter, hours: int) -> None:
    number = at_the_house(charter)
    with pytest.raises(InvalidInput, match="12 hours"):
        written(charter, number, valid_to=make.after(5) + timedelta(hours=hours))


def test_a_step_that_needs_none_gets_none(charter: Charter) -> None:
    with pytest.raises(Conflict, match="no step that needs"):
        written(charter, at_the_house(charter, "LOW_VOLTAGE"))


@pytest.mark.parametrize("wrong", [
    {"role": "CELL_MANAGER", "permit_for": ("ANY",)},
    {"by_customer": True, "needs_permit": True},
])  # fmt: skip
def test_a_definition_asks_for_permits_where_they_make_sense(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="permit"):
        Step(code="A", name_zh="甲", name_en="A", stage="A", **wrong)  # type: ignore[arg-type]
