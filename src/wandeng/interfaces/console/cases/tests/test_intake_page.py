"""The intake page: who calls, what they want, and what is open already, beside each other."""

from __future__ import annotations

import pytest

from wandeng.domains.cases.models import Case, CaseEntry, CasePaper
from wandeng.interfaces.console.cases.tests import desk_world as world
from wandeng.interfaces.doorway import middleware

pytestmark = pytest.mark.django_db
COMMON = {"account": "1001", "channel": "HALL"}
MATTER = {"answer-MATTER": "窗口态度差", "answer-WISH": "道歉"}
NEW_CONNECTION = {
    "account": "1003", "channel": "HALL", "answer-NAME": "新店", "answer-PHONE": "13900000001", "answer-ADDRESS": "街1号",
    "answer-CAPACITY": "8",
}  # fmt: skip
KINDS = {
    "complaint": COMMON | MATTER | {"first_and_second": "SERVICE/ATTITUDE", "grade": "ORDINARY"},
    "enquiry": COMMON | {"answer-QUESTION": "峰谷时段", "answer-NEEDS_EXPERT": "NO"},
    "fault_repair": COMMON | {"answer-SITUATION": "没电", "answer-PLACE": "白水镇", "answer-DANGER": "NO"},
    "opinion": COMMON | {"answer-SORT": "OPINION", "answer-MATTER": "窗口少"},
    "praise": COMMON | {"answer-MATTER": "来得快", "answer-WHO": "抢修班"},
    "report": COMMON | {"answer-MATTER": "有人窃电"},
    "transfer_of_ownership": COMMON
    | {"answer-OLD_ACCOUNT": "1001", "answer-NEW_NAME": "王五", "answer-NEW_PHONE": "13900000002", "answer-REASON": "SALE",
       "documents": ["NEW_IDENTITY"]},
    "low_voltage_connection": NEW_CONNECTION | {"answer-CLASS": "SMALL_BUSINESS"},
    "high_voltage_connection": NEW_CONNECTION | {"answer-CLASS": "HV_SINGLE"},
}  # fmt: skip


@pytest.fixture(autouse=True)
def _county(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "now", lambda: world.NOW)
    world.county()


def shown(code: str = "call", **given: str) -> str:
    return str(world.post(code, "intake/", status=200, **given).content.decode())


@pytest.mark.parametrize("process", sorted(KINDS))
def test_each_kind_of_case_is_taken_by_the_page(process: str) -> None:
    answers = dict(KINDS[process])
    page = world.get("hall", f"intake/?process={process}&account={answers['account']}")
    for name in (name for name in answers if name.startswith("answer-")):
        assert f'name="{name}"' in page, name
    number = world.opened("hall", process=process, **answers)
    case = Case.objects.get(number=number)
    assert (case.process, case.owner, case.state) == (process, "hall", "OPEN")
    assert number in world.get("hall", f"case/{number}/")


def test_a_number_shows_the_caller_the_money_and_what_is_open() -> None:
    number = world.fault()
    page = shown(do="find", q=world.PHONE, process="fault_repair")
    for told in ("张三", "1001", "应收余额", "可能是同一件事", number, "并入，不立新单", "最严"):
        assert told in page, told
    assert world.PHONE not in page.replace(f'value="{world.PHONE}"', "")


def test_several_that_fit_are_offered_and_one_is_picked() -> None:
    page = shown(do="find", q="白水镇")
    assert "是哪一户？" in page
    assert 'name="pick" value="1002"' in page
    picked = shown(pick="1002", process="fault_repair", shown="fault_repair/", **{"answer-SITUATION": "火花"})
    assert "李四" in picked
    assert "火花" in picked, "what was typed before the caller was known stays"


def test_an_unknown_caller_goes_on_with_few_fields_and_without_an_account() -> None:
    page = shown(do="find", q="13999999999", process="fault_repair")
    assert "没有找到这个客户" in page
    assert 'value="13999999999"' in page
    number = world.opened(
        "call", process="fault_repair", channel="PHONE_95598", unit="BS-W", locality="RURAL",
        **{"answer-SITUATION": "电杆倒了", "answer-PLACE": "村口", "answer-PHONE": "13999999999", "answer-DANGER": "YES"},
    )  # fmt: skip
    case = Case.objects.get(number=number)
    assert (case.account_id, case.unit.code, case.locality) == (None, "BS-W", "RURAL")


def test_a_form_without_a_place_says_what_is_missing_and_keeps_what_was_typed() -> None:
    page = world.refused("call", "intake/", do="open", process="fault_repair", channel="PHONE_95598", unit="BS-W",
                         **{"answer-SITUATION": "没有灯", "answer-DANGER": "NO"})  # fmt: skip
    assert "没有灯" in page
    assert 'id="id_answer-PLACE_error"' in page
    assert not Case.objects.exists()


def test_a_telephone_number_left_empty_is_taken_from_the_record_and_never_shown() -> None:
    page = world.get("call", "intake/?process=complaint&account=1001")
    assert "138****5678" in page
    assert world.PHONE not in page
    number = world.opened("call", process="complaint", account="1001", channel="PHONE_95598",
                          first_and_second="SERVICE/CONDUCT", **MATTER)  # fmt: skip
    assert "138****5678" in world.get("call", f"case/{number}/")


def test_a_duplicate_is_joined_with_one_button_and_no_new_case_is_made() -> None:
    number = world.fault()
    world.post("call", "intake/", join=number, process="fault_repair", account="1001", shown="fault_repair/1001",
               phone="13700000000", **{"answer-SITUATION": "三楼也没电"})  # fmt: skip
    assert Case.objects.count() == 1
    joined = CaseEntry.objects.get(case__number=number, kind="JOINED")
    assert joined.note == "三楼也没电"
    assert "并入重复诉求" in world.get("call", f"case/{number}/")


def test_an_anonymous_case_names_nobody() -> None:
    number = world.opened("call", process="report", account="1001", channel="PHONE_95598", is_anonymous="on",
                          **{"answer-MATTER": "邻居窃电", "answer-NAME": "张三", "answer-PHONE": world.PHONE})  # fmt: skip
    case = Case.objects.get(number=number)
    assert (case.account_id, case.form_sealed, case.phone_index, case.unit.code) == (None, "", "", "BS-W")
    page = world.get("call", f"case/{number}/")
    assert "匿名" in page
    assert "张三" not in page


def test_a_confidential_case_shows_neither_name_nor_account_to_others() -> None:
    number = world.opened("call", process="report", account="1001", channel="PHONE_95598", is_confidential="on",
                          **{"answer-MATTER": "有人窃电"})  # fmt: skip
    page = world.get("audit", f"case/{number}/")
    assert "保密" in page
    for told in ("张", "1001", "138"):
        assert told not in page.partition("诉求与办理内容")[2].partition("</section>")[0], told
    assert "张三" not in page


def test_a_transferred_complaint_needs_the_number_of_the_other_hotline() -> None:
    given = {
        "process": "complaint",
        "account": "1001",
        "channel": "TRANSFER_12345",
        "first_and_second": "SERVICE/CONDUCT",
    }
    assert "转办的工单须填外部单号" in world.refused("call", "intake/", do="open", **given, **MATTER)
    number = world.opened("call", **given, **MATTER, outside_number="TX-1")
    assert Case.objects.get(number=number).outside_number == "TX-1"
    assert "TX-1" in world.get("call", f"case/{number}/")


def test_documents_that_were_handed_in_are_ticked() -> None:
    number = world.opened("hall", process="transfer_of_ownership", **KINDS["transfer_of_ownership"])
    assert list(CasePaper.objects.filter(case__number=number).values_list("document", flat=True)) == ["NEW_IDENTITY"]


def test_a_matter_split_off_a_case_refers_to_it() -> None:
    number = world.fault()
    made = world.opened("call", part_of=number, process="enquiry", **KINDS["enquiry"])
    assert Case.objects.get(number=made).parent.number == number
    assert number in world.get("call", f"case/{made}/")


def test_the_account_of_another_office_is_not_found_at_intake() -> None:
    assert world.client("hall-e").get("/console/cases/intake/?account=1001").status_code == 404
    world.post("hall-e", "intake/", status=404, do="open", **(KINDS["enquiry"] | {"process": "enquiry"}))


def test_who_takes_no_cases_has_no_intake() -> None:
    assert world.client("biller").get("/console/cases/intake/").status_code == 403
