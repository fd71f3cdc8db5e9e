"""Opening cases: what must be known, what is filled in by itself, who stays responsible."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from wandeng.domains.cases import form
from wandeng.domains.cases.actions import contact, intake
from wandeng.domains.cases.models import Case, CaseClock, CaseEntry, CasePaper
from wandeng.domains.cases.queries import known
from wandeng.domains.cases.tests import make
from wandeng.domains.cases.types import Charter, FormIncomplete, Request
from wandeng.domains.customers.actions import add_contact
from wandeng.domains.network.models import PowerTransformer
from wandeng.infra.models import Operation
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import InvalidInput, NoRuleInForce, NotAllowed, NotFound

SCOPE = Scope("c01/")


def test_a_fault_gets_a_number_an_owner_and_clocks_at_once(charter: Charter) -> None:
    opened = make.open_fault(charter)

    row = Case.objects.get(number=opened.number)
    assert opened.number.startswith("261012")
    assert (row.owner, row.handler, row.step, row.role) == ("call_clerk", "", "DISPATCH", "DISPATCHER")
    assert (row.locality, row.transformer.code, row.urgency) == ("URBAN", "T-c01", "ORDINARY")
    clocks = {one.clock: (one.amount, one.measure, one.due_at) for one in CaseClock.objects.filter(case=row)}
    # 95598 practice: dispatched within 2 minutes; in towns a crew is there within 45.
    assert clocks == {
        "DISPATCH": (2, "MINUTE", make.after(2)),
        "ARRIVAL": (45, "MINUTE", make.after(45)),
    }
    assert (row.due_at, row.due_clock) == (make.after(2), "DISPATCH")
    assert Operation.objects.get(action="case.open").subject_code == opened.number


def test_what_was_asked_earlier_counts_from_then(charter: Charter) -> None:
    request = Request("fault_repair", "PHONE_95598", make.FAULT, account_number=make.ACCOUNT)
    intake.open_case(
        request=request, actor=make.actor("CALL_CLERK"), at=make.after(10), asked_at=make.NOW, charter=charter
    )

    entry = CaseEntry.objects.get()
    assert (entry.at, entry.noted_at) == (make.NOW, make.after(10))
    assert Case.objects.get().due_at == make.after(2)
    with pytest.raises(InvalidInput, match="future"):
        intake.open_case(
            request=request, actor=make.actor("CALL_CLERK"), at=make.NOW, asked_at=make.after(10), charter=charter
        )


def test_fields_that_are_known_are_filled_in(charter: Charter) -> None:
    add_contact(account_number=make.ACCOUNT, name="张三", phone="13900001111", actor=SYSTEM, at=make.NOW)
    answers = {"MATTER": "服务态度差", "WISH": "道歉"}
    request = Request(
        "complaint", "HALL", answers, account_number=make.ACCOUNT, first_class="SERVICE", second_class="ATTITUDE"
    )

    shown = known.prefilled(SCOPE, request=request, charter=charter, on=make.NOW)
    intake.open_case(request=request, actor=make.actor("HALL_CLERK"), at=make.NOW, charter=charter)

    assert shown == {"NAME": f"户{make.ACCOUNT}", "PHONE": "139****1111"}
    row = Case.objects.get()
    assert form.answers_of(row)["PHONE"] == "13900001111"
    assert row.phone_index == form.phone_index("139 0000 1111")
    assert "13900001111" not in row.form + row.form_sealed + row.matter


def test_a_number_in_the_text_is_masked_where_it_is_shown(charter: Charter) -> None:
    make.open_fault(charter, answers=make.FAULT | {"SITUATION": "请打13812345678"})

    assert Case.objects.get().matter == "请打138****5678"


def test_an_unknown_caller_is_no_dead_end(charter: Charter) -> None:
    request = Request("fault_repair", "PHONE_95598", make.FAULT, unit_code="c01", locality="REMOTE")

    opened = intake.open_case(request=request, actor=make.actor("CALL_CLERK"), at=make.NOW, charter=charter)

    assert Case.objects.get(number=opened.number).account is None
    # Remote places: 120 minutes.
    assert CaseClock.objects.get(clock="ARRIVAL").due_at == make.after(120)


def test_a_transformer_says_who_is_responsible(charter: Charter) -> None:
    request = Request("fault_repair", "CELL", make.FAULT, transformer_code="T-c01", locality="RURAL")

    intake.open_case(request=request, actor=make.actor("CELL_MANAGER"), at=make.NOW, charter=charter)

    row = Case.objects.get()
    assert (row.unit.code, row.transformer.code) == ("c01", "T-c01")
    assert CaseClock.objects.get(clock="ARRIVAL").due_at == make.after(90)


def test_nobody_responsible_no_case(charter: Charter) -> None:
    request = Request("fault_repair", "PHONE_95598", make.FAULT, locality="URBAN")

    with pytest.raises(InvalidInput, match="somebody must be responsible"):
        intake.open_case(request=request, actor=make.actor("CALL_CLERK"), at=make.NOW, charter=charter)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"channel": "FAX"}, "do not come in by FAX"),
        ({"is_confidential": True}, "cannot be confidential"),
        ({"first_class": "NOTHING"}, "no class NOTHING"),
        ({"first_class": "LOW_VOLTAGE", "second_class": "TRANSFORMER"}, "no class LOW_VOLTAGE/TRANSFORMER"),
        ({"urgency": "EXTREME"}, "there is no EXTREME"),
        ({"documents": ("PASSPORT",)}, "no document PASSPORT"),
        ({"answers": make.FAULT | {"COLOR": "red"}}, "no field COLOR"),
        ({"answers": make.FAULT | {"DANGER": "perhaps"}}, "DANGER"),
        ({"answers": make.FAULT | {"PHONE": "call me"}}, "PHONE"),
    ],
)
def test_what_the_process_does_not_know_is_refused(charter: Charter, change: dict, sentence: str) -> None:
    request = replace(Request("fault_repair", "PHONE_95598", make.FAULT, account_number=make.ACCOUNT), **change)

    with pytest.raises(InvalidInput, match=sentence):
        intake.open_case(request=request, actor=make.actor("CALL_CLERK"), at=make.NOW, charter=charter)
    assert not Case.objects.exists()


def test_a_wrong_value_is_not_repeated_in_the_sentence(charter: Charter) -> None:
    with pytest.raises(InvalidInput) as refused:
        make.open_fault(charter, answers=make.FAULT | {"PHONE": "13812345678 张三"})
    assert "13812345678" not in refused.value.message


def test_empty_fields_are_named(charter: Charter) -> None:
    with pytest.raises(FormIncomplete, match="故障现象") as refused:
        make.open_fault(charter, answers={"DANGER": "NO"})
    assert refused.value.facts["fields"] == ["SITUATION"]


def test_a_complaint_needs_somebody_or_nobody(charter: Charter) -> None:
    answers = {"MATTER": "停电没有通知", "WISH": "提前通知"}
    request = Request("complaint", "PHONE_95598", answers, unit_code="c01")

    with pytest.raises(FormIncomplete, match="the customer"):
        intake.open_case(request=request, actor=make.actor("CALL_CLERK"), at=make.NOW, charter=charter)
    anonymous = replace(request, is_anonymous=True)
    assert intake.open_case(request=anonymous, actor=make.actor("CALL_CLERK"), at=make.NOW, charter=charter).is_new


def test_a_transfer_from_12398_has_its_own_clock(charter: Charter) -> None:
    answers = {"MATTER": "停电没有通知", "WISH": "提前通知", "NAME": "李四"}
    request = Request("complaint", "TRANSFER_12398", answers, unit_code="c01", outside_number="12398-77")

    intake.open_case(request=request, actor=make.actor("CALL_CLERK"), at=make.NOW, charter=charter)

    running = set(CaseClock.objects.values_list("clock", flat=True))
    assert "TRANSFER_12398" in running
    assert "TRANSFER_12345" not in running
    assert Case.objects.get().outside_number == "12398-77"


def test_the_answer_of_a_question_leaves_steps_out(charter: Charter) -> None:
    request = Request("enquiry", "PHONE_95598", {"QUESTION": "电价多少", "NEEDS_EXPERT": "NO"}, unit_code="c01")

    opened = intake.open_case(request=request, actor=make.actor("CALL_CLERK"), at=make.NOW, charter=charter)

    assert opened.step == "ANSWER"


def test_documents_handed_in_are_noted(charter: Charter) -> None:
    answers = {"NAME": "王五", "PHONE": "13700000000", "ADDRESS": "新村3号", "CLASS": "RESIDENTIAL", "CAPACITY": "8"}
    request = Request("low_voltage_connection", "HALL", answers, unit_code="c01", documents=("IDENTITY",))

    intake.open_case(request=request, actor=make.actor("HALL_CLERK"), at=make.NOW, charter=charter)

    paper = CasePaper.objects.get()
    assert (paper.kind, paper.document) == ("DOCUMENT", "IDENTITY")


def test_an_account_elsewhere_does_not_exist_here(charter: Charter) -> None:
    elsewhere = Actor("stranger", None, "c02/", frozenset({"CALL_CLERK"}))
    request = Request("fault_repair", "PHONE_95598", make.FAULT, account_number=make.ACCOUNT)

    with pytest.raises(NotFound):
        intake.open_case(request=request, actor=elsewhere, at=make.NOW, charter=charter)


def test_only_those_who_meet_customers_take_cases(charter: Charter) -> None:
    request = Request("fault_repair", "PHONE_95598", make.FAULT, account_number=make.ACCOUNT)
    biller = Actor("clerk", None, "c01/", frozenset({"BILLING_CLERK"}))

    with pytest.raises(NotAllowed):
        intake.open_case(request=request, actor=biller, at=make.NOW, charter=charter)


def test_a_day_without_a_definition_is_an_error(charter: Charter) -> None:
    request = Request("fault_repair", "PHONE_95598", make.FAULT, account_number=make.ACCOUNT)
    long_ago = make.NOW.replace(year=2019)

    with pytest.raises(NoRuleInForce):
        intake.open_case(request=request, actor=make.actor("CALL_CLERK"), at=long_ago, charter=charter)


def test_the_same_place_and_account_are_recognised(charter: Charter) -> None:
    opened = make.open_fault(charter)
    unknown = Request("fault_repair", "PHONE_95598", make.FAULT | {"PLACE": "幸福路 1号"}, unit_code="c01")
    same = Request("fault_repair", "PHONE_95598", {}, account_number=make.ACCOUNT)
    other = Request("fault_repair", "PHONE_95598", make.FAULT | {"PLACE": "人民路9号"}, unit_code="c01")
    near = replace(other, transformer_code="T-c01")

    def found(request: Request, minutes: int = 30) -> list[str]:
        shown = known.duplicates(SCOPE, request=request, charter=charter, now=make.after(minutes))
        return [one.number for one in shown]

    assert found(unknown) == found(same) == found(near) == [opened.number]
    assert found(other) == []
    assert found(same, 25 * 60) == []
    assert PowerTransformer.objects.count() == 1


def test_a_further_caller_joins_and_opens_nothing(charter: Charter) -> None:
    opened = make.open_fault(charter)

    contact.join(number=opened.number, words="二楼也没电", phone_index=form.phone_index("13511112222"),
                  actor=make.actor("CALL_CLERK"), at=make.after(3), charter=charter)  # fmt: skip

    assert Case.objects.count() == 1
    assert CaseEntry.objects.get(kind="JOINED").note == "二楼也没电"


def test_the_cases_of_an_account_and_of_a_number(charter: Charter) -> None:
    opened = make.open_fault(charter)

    by_account = known.cases_of(SCOPE, make.ACCOUNT, charter=charter)
    by_phone = known.cases_by_phone(SCOPE, "138 1234 5678", charter=charter)

    assert [one.number for one in by_account] == [one.number for one in by_phone] == [opened.number]
    assert by_account[0].stage_zh == "已派单"
    assert known.cases_of(Scope("c02/"), make.ACCOUNT, charter=charter) == ()


def test_values_are_kept_in_one_form(charter: Charter) -> None:
    body = charter.processes.version("high_voltage_connection", on=date(2026, 1, 1)).body

    kept = form.checked(body, {"CAPACITY": " 0630 ", "WANTED_ON": "2026-12-01", "NAME": "  ", "CLASS": "HV_DUAL"})

    assert kept == {"CAPACITY": "630", "WANTED_ON": "2026-12-01", "CLASS": "HV_DUAL"}


def test_who_stays_anonymous_is_kept_by_nothing_that_names_them(charter: Charter) -> None:
    answers = make.FAULT | {"PHONE": "13812345678"}
    request = Request("fault_repair", "PHONE_95598", answers, account_number=make.ACCOUNT, is_anonymous=True)

    intake.open_case(request=request, actor=make.actor("CALL_CLERK"), at=make.NOW, charter=charter)

    row = Case.objects.get()
    assert (row.account, row.phone_index, row.unit.code, row.locality) == (None, "", "c01", "URBAN")
    assert set(form.answers_of(row)) == {"SITUATION", "PLACE", "DANGER"}
