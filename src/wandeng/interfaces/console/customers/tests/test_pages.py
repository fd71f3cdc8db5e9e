"""The pages of customers: found, listed, shown part by part, acted on, and refused."""

from __future__ import annotations

import pytest
from django.test import Client

from wandeng.domains.customers import queries as customers
from wandeng.domains.organization.types import Role
from wandeng.infra.models import Operation
from wandeng.infra.scope import Scope
from wandeng.interfaces.console.customers.tests import world
from wandeng.interfaces.console.customers.tests.world import client_of, text
from wandeng.interfaces.doorway.middleware import now

pytestmark = pytest.mark.django_db
ACCOUNT = "/console/customers/account/1001/"
EVERYTHING = Scope("BS/")


TIMELINE_QUERIES = 17
"""One of each of the domains that have something to tell of an account's life."""


@pytest.fixture(autouse=True)
def contact() -> int:
    return world.county()


@pytest.fixture
def hall() -> Client:
    return client_of("hall")


@pytest.mark.parametrize(
    ("asked", "shown"),
    [("1001", "张三"), ("zs", "张三"), ("张三", "1001"), ("5678", "电话"), ("面粉", "新华面粉厂"), ("HT-1", "HT-1")],
)
def test_one_box_finds_what_people_have_in_hand(hall: Client, asked: str, shown: str) -> None:
    results = text(hall, f"/console/search/?q={asked}").split('role="search"')[-1]
    assert shown in results
    assert "没有找到" not in results


def test_a_fragment_answers_the_palette(hall: Client) -> None:
    fragment = text(hall, "/console/search/?q=1001", htmx=True)
    assert "wd-hit" in fragment
    assert "<html" not in fragment
    assert 'href="/console/customers/account/1001/"' in fragment


def test_nobody_finds_what_lies_elsewhere() -> None:
    page = text(client_of("hall-e"), "/console/search/?q=张三")
    assert "没有找到" in page


@pytest.mark.parametrize(
    "address",
    ["customers/", "customers/agreements/", "customers/without-agreement/", "customers/contacts/"],
)
def test_a_list_shows_its_rows_and_an_empty_one_says_what_next(hall: Client, address: str) -> None:
    assert "/console/customers/account/100" in text(hall, f"/console/{address}")
    assert "没有符合条件" in text(hall, f"/console/{address}?q=没有这样的人") or address.startswith("customers/without")


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("customers/?q=zs", ["1001"]),
        ("customers/?unit=BS-E", ["1004", "1005", "1006"]),
        ("customers/?customer_class=HIGH_VOLTAGE", ["1004", "1006"]),
        ("customers/?importance=ANY", ["1004"]),
        ("customers/?state=CLOSED", []),
        ("customers/without-agreement/?draft=yes", ["1002"]),
        ("customers/agreements/?state=DRAFT", ["1002"]),
        ("customers/agreements/?due=180", []),
        ("customers/contacts/?verification=TODO", ["1001"]),
        ("customers/contacts/?verification=RIGHT", []),
    ],
)
def test_filters_narrow_a_list(hall: Client, query: str, numbers: list[str]) -> None:
    rows = hall.get(f"/console/{query}").context["rows"]
    assert [row["account_number"] for row in rows] == numbers


def test_the_page_of_an_account_says_what_to_look_at(hall: Client) -> None:
    page = text(hall, ACCOUNT)
    assert "张三" in page
    assert "主要联系电话还没有核实" in page
    assert "没有在有效期内的供用电合同" not in page
    assert "没有在有效期内的供用电合同" in text(hall, "/console/customers/account/1002/")


@pytest.mark.parametrize(
    ("part", "shown"),
    [
        ("overview", "没有计量点"),
        ("usage", "还没有用电记录"),
        ("bills", "还没有账单"),
        ("readings", "还没有抄表示数"),
        ("contacts", "138****5678"),
        ("agreements", "HT-1"),
        ("timeline", "签订合同 HT-1"),
        ("log", "新增联系方式"),
    ],
)
def test_each_part_is_loaded_by_the_page(hall: Client, part: str, shown: str) -> None:
    most = TIMELINE_QUERIES if part == "timeline" else 15
    assert shown in text(hall, f"{ACCOUNT}part/{part}/", htmx=True, most_queries=most)
    page = text(hall, f"{ACCOUNT}?tab={part}")
    assert (shown in page) if part == "usage" else (f'hx-get="{ACCOUNT}part/{part}/?tab={part}"' in page)


def test_what_does_not_exist_and_what_lies_elsewhere_answer_alike() -> None:
    east = client_of("hall-e")
    nowhere = [
        east.get(f"/console/customers/account/{number}/", headers={"HX-Request": "true"}).content
        for number in ("1001", "9999")
    ]
    assert east.get(ACCOUNT).status_code == 404
    assert nowhere[0] == nowhere[1]
    assert east.get(f"{ACCOUNT}part/contacts/").status_code == 404
    assert east.get(f"{ACCOUNT}?tab=nothing").status_code == 404
    assert east.get("/console/customers/agreements/HT-1/sign/").status_code == 404


def test_a_number_is_masked_until_somebody_says_why(hall: Client, contact: int) -> None:
    for part in ("contacts", "log", "timeline", "overview"):
        assert world.PHONE not in text(hall, f"{ACCOUNT}part/{part}/", most_queries=TIMELINE_QUERIES)
    reveal = f"/console/customers/contacts/{contact}/reveal/"
    assert hall.post(reveal, {"reason": " "}).status_code == 422
    assert hall.post(reveal, {"reason": "通知停电"}).content.decode() == world.PHONE
    assert Operation.objects.get(action="contact.reveal").reason == "通知停电"
    assert client_of("auditor").post(reveal, {"reason": "好奇"}).status_code == 403
    assert client_of("hall-e").post(reveal, {"reason": "好奇"}).status_code == 404


def test_who_has_seen_too_many_numbers_is_told_so(hall: Client, contact: int) -> None:
    reveal = f"/console/customers/contacts/{contact}/reveal/"
    for _ in range(30):
        assert hall.post(reveal, {"reason": "核对"}).status_code == 200
    refused = hall.post(reveal, {"reason": "核对"}, headers={"HX-Request": "true"})
    assert refused.status_code == 403
    assert "一小时内已查看 30 个电话号码明文" in refused.content.decode()
    assert client_of("call").post(reveal, {"reason": "核对"}).status_code == 200  # the limit is a person's


def test_a_wrong_number_is_corrected_and_waits_to_be_confirmed(hall: Client, contact: int) -> None:
    page = f"{ACCOUNT}contacts/{contact}/correct/"
    assert "138****5678" in text(hall, page)
    told = hall.post(page, {"name": "张三", "phone": "12", "reason": "来电更正"})
    assert "电话号码应为 7 至 20 位数字" in told.content.decode()
    assert hall.post(page, {"name": "张三", "phone": "13900001111", "reason": "来电更正"}).status_code == 302
    shown = [(one.phone_masked, one.is_primary, one.verification) for one in customers.contacts_of(EVERYTHING, "1001")]
    assert shown == [("139****1111", True, "UNVERIFIED"), ("138****5678", False, "WRONG")]


def test_a_check_is_recorded_and_a_number_is_added(hall: Client, contact: int) -> None:
    assert hall.post(f"/console/customers/contacts/{contact}/check/", {"verdict": "RIGHT"}).status_code == 302
    assert hall.post(f"/console/customers/contacts/{contact}/check/", {"verdict": "MAYBE"}).status_code == 422
    assert hall.post(f"{ACCOUNT}contacts/add/", {"phone": "0734-8222333", "name": "家"}).status_code == 302
    shown = [(one.name, one.verification) for one in customers.contacts_of(EVERYTHING, "1001")]
    assert shown == [("", "RIGHT"), ("家", "UNVERIFIED")]
    assert "未核实 → 正确" in text(hall, f"{ACCOUNT}part/timeline/?kind=contact")


def test_a_late_fee_is_agreed_shown_and_handed_on(hall: Client) -> None:
    draft = "/console/customers/account/1003/agreements/draft/"
    form = {"number": "HT-9", "valid_from": "2020-01-01", "valid_to": "2022-01-01"}
    refused = hall.post(draft, form | {"late_fee_permille": "3.5"})
    assert "当日规则允许 1 ‰ 至 3 ‰" in refused.content.decode()
    assert hall.post(draft, form | {"late_fee_permille": "1.5"}).status_code == 302
    assert "1.5 ‰" in text(hall, "/console/customers/account/1003/part/agreements/")
    assert hall.post("/console/customers/agreements/HT-9/sign/", {"signed_on": "2020-01-02"}).status_code == 302
    assert 'value="1.5"' in text(hall, "/console/customers/agreements/HT-9/renew/")
    renewal = {"number": "HT-10", "valid_to": "2024-01-01", "late_fee_permille": "2"}
    assert hall.post("/console/customers/agreements/HT-9/renew/", renewal).status_code == 302
    rates = {one.number: one.late_fee_rate_e4 for one in customers.agreements_of(EVERYTHING, "1003")}
    assert rates == {"HT-9": 15, "HT-10": 20}


def test_an_agreement_is_drafted_signed_renewed_and_ended(hall: Client) -> None:
    form = {"number": "HT-9", "valid_from": "2020-01-01", "valid_to": "2022-01-01"}
    assert hall.post("/console/customers/account/1003/agreements/draft/", form).status_code == 302
    assert hall.post("/console/customers/agreements/HT-9/sign/", {"signed_on": "2020-01-02"}).status_code == 302
    assert 'value="2024-01-01"' in text(hall, "/console/customers/agreements/HT-9/renew/")  # two years again
    assert (
        hall.post(
            "/console/customers/agreements/HT-9/renew/", {"number": "HT-10", "valid_to": "2024-01-01"}
        ).status_code
        == 302
    )
    assert hall.post("/console/customers/agreements/HT-10/end/", {"reason": "改签"}).status_code == 302
    ended = hall.post("/console/customers/agreements/HT-9/end/", {"on": "2019-01-01", "reason": "搬迁"})
    assert "有效期" in ended.content.decode()
    states = {one.number: one.state for one in customers.agreements_of(EVERYTHING, "1003")}
    assert states == {"HT-9": "SIGNED", "HT-10": "WITHDRAWN"}


def test_chosen_agreements_are_renewed_and_signed_at_once(hall: Client) -> None:
    page = "/console/customers/agreements/"
    assert hall.post(page, {"bulk": "renew", "keys": ["HT-1"]}).status_code == 302
    (renewed,) = [one for one in customers.agreements_of(EVERYTHING, "1001") if one.renews == "HT-1"]
    assert (renewed.number, renewed.state, str(renewed.valid_to)) == ("1001-20300101", "DRAFT", "2036-01-01")
    assert hall.post(page, {"bulk": "sign", "keys": ["HT-2"], "reason": "签约活动"}).status_code == 302
    assert hall.post(page, {"bulk": "renew", "keys": ["HT-1"]}).status_code == 409  # it has a successor
    assert client_of("call").post(page, {"bulk": "sign", "keys": ["HT-2"], "reason": "x"}).status_code == 403


def test_contacts_go_back_to_the_list_of_those_to_check(hall: Client, contact: int) -> None:
    hall.post(f"/console/customers/contacts/{contact}/check/", {"verdict": "RIGHT"})
    hall.post("/console/customers/contacts/", {"bulk": "recheck", "keys": [str(contact)], "reason": "换季复核"})
    assert [one.verification for one in customers.contacts_of(EVERYTHING, "1001")] == ["UNVERIFIED"]


def test_contacts_are_given_to_somebody_to_check(hall: Client, contact: int) -> None:
    page, mine = "/console/customers/contacts/", "/console/customers/contacts/?assigned=mine"
    assert "call" in text(hall, page)  # offered in the dialog
    chosen = {"bulk": "assign", "keys": [str(contact)]}
    for nobody in ("", "auditor", "hall-e' OR 1=1"):
        assert hall.post(page, chosen | {"choice": nobody}).status_code == 422
    assert hall.post(page, chosen | {"choice": "call"}).status_code == 302
    assert "没有符合条件的联系信息" in text(hall, mine)
    assert f'value="{contact}"' in text(client_of("call"), mine)
    hall.post(f"/console/customers/contacts/{contact}/check/", {"verdict": "RIGHT"})
    assert "没有符合条件的联系信息" in text(client_of("call"), mine)


def test_agreements_are_drafted_for_chosen_accounts_but_not_over_a_draft(hall: Client) -> None:
    page = "/console/customers/without-agreement/"
    rows = list(customers.without_agreement_rows(EVERYTHING, on=now().date()).values_list("account_number", "draft"))
    bare = sorted(number for number, draft in rows if draft is None)
    assert bare
    assert "1002" not in bare
    answer = hall.post(page, {"bulk": "draft", "keys": [*bare, "1002"]}, follow=True)
    assert f"已处理 {len(bare)} 条" in answer.content.decode()
    (drafted,) = customers.agreements_of(EVERYTHING, bare[0])
    # Five years, as the parameter agreement.years is shipped.
    assert (drafted.state, drafted.valid_to.year - drafted.valid_from.year) == ("DRAFT", 5)
    assert client_of("call").post(page, {"bulk": "draft", "keys": bare}).status_code == 403


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.BILLING_CLERK])
def test_who_only_reads_is_offered_nothing_to_write(role: Role) -> None:
    code = "auditor" if role is Role.AUDITOR else "clerk"
    reader = client_of(code)
    assert "新增电话" not in text(reader, f"{ACCOUNT}part/contacts/")
    assert "起草合同" not in text(reader, f"{ACCOUNT}part/agreements/")
    assert reader.get(f"{ACCOUNT}contacts/add/").status_code == 403
