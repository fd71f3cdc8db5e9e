"""Customers hear when supply is expected back and when it is: once each, nobody who stays unnamed, nothing that is past."""

from __future__ import annotations

import json

import pytest

from wandeng.domains.cases import frames
from wandeng.domains.cases.actions import telling, work
from wandeng.domains.cases.models import Case
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter
from wandeng.domains.notices.models import Notice, NoticeRecipient
from wandeng.infra.models import Event
from wandeng.infra.processes.parts import FormField

EXPECTED = "2026-10-12T13:00:00+08:00"
CONCERNED = "cases.customer_concerned"


def news() -> list[tuple[str, str]]:
    rows = Event.objects.filter(name=CONCERNED).order_by("id").values_list("body", flat=True)
    bodies = [one if isinstance(one, dict) else json.loads(one) for one in rows]
    return [(one["field"], one["value"]) for one in bodies]


def expect(charter: Charter, number: str, value: str = EXPECTED) -> None:
    work.fill(
        number=number, answers={"EXPECTED": value}, actor=make.actor("DISPATCHER"), at=make.after(2), charter=charter
    )


def tell(charter: Charter, number: str, field: str = "EXPECTED", value: str = EXPECTED) -> bool:
    return telling.tell_customer(number=number, field=field, value=value, charter=charter, at=make.after(3))


def test_filling_in_the_expected_time_concerns_the_customer(charter: Charter) -> None:
    number = make.open_fault(charter).number
    expect(charter, number)
    assert news() == [("EXPECTED", EXPECTED)]
    assert tell(charter, number)
    notice = Notice.objects.get(version__template__code="fault_expected")
    assert NoticeRecipient.objects.get(notice=notice).account.account_number == make.ACCOUNT
    assert notice.is_urgent


def test_the_same_time_is_told_once_and_another_one_anew(charter: Charter) -> None:
    number = make.open_fault(charter).number
    expect(charter, number)
    tell(charter, number)
    tell(charter, number)
    assert Notice.objects.filter(version__template__code="fault_expected").count() == 1
    later = "2026-10-12T15:30:00+08:00"
    expect(charter, number, later)
    assert not tell(charter, number)  # the first one was written over
    assert tell(charter, number, value=later)
    assert Notice.objects.filter(version__template__code="fault_expected").count() == 2


def test_a_finished_repair_tells_only_that_supply_is_back(charter: Charter) -> None:
    number = make.open_fault(charter).number
    make.repair(charter, number)
    assert [field for field, _value in news()] == ["EXPECTED", "RESTORED"]
    assert tell(charter, number, "RESTORED", news()[-1][1])
    assert Notice.objects.filter(version__template__code="fault_restored").count() == 1


def test_a_caller_without_an_account_and_one_who_stays_unnamed_hear_nothing(charter: Charter) -> None:
    without = make.open_fault(charter, account_number="", unit_code="c01").number
    assert Case.objects.get(number=without).account_id is None
    unnamed = make.open_fault(
        charter, account_number=make.ACCOUNT, is_anonymous=True, answers=make.FAULT | {"PHONE": ""}
    ).number
    for number in (without, unnamed):
        expect(charter, number)
    assert news() == []


def test_events_in_bulk_concern_the_customer_as_single_actions_do(charter: Charter) -> None:
    one = make.open_fault(charter).number
    make.repair(charter, one, until="ACCEPT")
    row = Case.objects.get(number=one)
    arrive = frames.Happened(
        "FINISHED", make.after(20), make.actor("CELL_MANAGER"), number=one, step=row.step, answers={"EXPECTED": EXPECTED},
        proofs=(make.HERE,),
    )  # fmt: skip
    taken = frames.take([arrive], charter=charter)
    assert taken.refused == []
    assert news() == [("EXPECTED", EXPECTED)]


def test_only_an_instant_is_told() -> None:
    with pytest.raises(ValueError, match="an instant"):
        FormField(code="A", name_zh="甲", name_en="A", by="START", kind="TEXT", required=False, tells="fault_expected")


def test_only_these_are_told_of(charter: Charter) -> None:
    named = {
        field.tells
        for versions in charter.processes.shelf.values()
        for version in versions
        for field in version.body.fields
        if field.tells
    }
    assert named == {"fault_expected", "fault_restored"}
