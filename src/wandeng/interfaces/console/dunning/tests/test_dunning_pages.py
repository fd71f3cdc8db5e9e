"""The dunning board, one case, visits on the phone, promises, the protected: what they show and who may do what."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.test import Client
from tests.kits import chinese_left, in_english

from wandeng.domains.collections import actions
from wandeng.domains.collections.models import DunningCase, DunningStep, PromiseToPay, ProtectedCustomer
from wandeng.domains.collections.tests.make import arrears as kit
from wandeng.domains.organization import actions as organization
from wandeng.domains.organization import queries as organization_queries
from wandeng.domains.organization.types import Role
from wandeng.domains.payments.tests import make as payments
from wandeng.infra.models import Job
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.periods import BILLING_ZONE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _county(settings: object) -> None:
    """The household of 1001 has been in arrears since January; a visit is to be made, and 1005 was noticed."""
    settings.SECURE_SSL_REDIRECT = False  # type: ignore[attr-defined]
    accounts = kit.found()
    organization.add_person(code="head2", name="童经理", unit_code="BS", actor=SYSTEM, at=payments.AT)
    organization.appoint(
        person_code="head2", unit_code="BS", role=Role.COUNTY_MANAGER, from_on=date(2025, 1, 1), actor=SYSTEM,
        at=payments.AT,
    )  # fmt: skip
    for number in (kit.HOME, kit.SHOP):
        payments.bill(accounts[number], "2025-12", 12_345, kit.DUE)
        kit.open_case(accounts[number])
    kit.step(case(), "SMS", reached_at=kit.noon_of(kit.DUE + timedelta(days=3)))
    kit.step(case(), "VISIT", reached_at=None, state="PENDING", taken_at=kit.noon_of(kit.DUE + timedelta(days=18)))


def case(number: str = kit.HOME) -> DunningCase:
    return kit.case_of(payments.ids()[number])


def client(code: str) -> Client:
    found = Client()
    found.force_login(organization_queries.login_user(code))
    return found


def page(code: str, address: str) -> str:
    answer = client(code).get(f"/console/dunning/{address}")
    assert answer.status_code == 200, answer.content.decode()[-600:]
    return answer.content.decode()


def today() -> date:
    return datetime.now(UTC).astimezone(BILLING_ZONE).date()


def minute(ago: int = 1) -> str:
    at = datetime.now(UTC).astimezone(BILLING_ZONE) - timedelta(minutes=ago)
    return at.strftime("%Y-%m-%dT%H:%M")


@pytest.mark.parametrize(
    ("code", "address", "shown"),
    [
        ("money", "", "张三"),
        ("money", "?overdue=91-&least=100&step=SMS", "催费看板"),
        ("money", "?overdue=1-30", "没有符合条件的催费单"),
        ("cell-w", "", "123.45"),
        ("cell-w", "visits/", "上门催费"),
        ("cell-w", "visits/?responsible=cell-w&q=张三", "张三"),
        ("hall", "promises/", "没有缴费承诺"),
        ("head", "protected/", "保护名单是空的"),
        ("head", "protected/new/?account=1001", "1001"),
        ("head", "closed/", "没有已结的催费单"),
        ("head", "ladder/", "停电通知书"),
        ("money", "ladder/", "逾期超过 30 天"),
    ],
)
def test_a_page_shows_what_it_is_for(code: str, address: str, shown: str) -> None:
    assert shown in page(code, address)


def test_a_cell_manager_sees_the_cases_of_the_own_unit_only() -> None:
    mine = page("cell-w", "")
    assert "张三" in mine
    assert "赵六超市" not in mine
    assert client("cell-e").get(f"/console/dunning/cases/{case().pk}/").status_code == 404


def test_a_case_tells_why_nobody_may_be_cut_and_what_was_done() -> None:
    shown = page("cell-w", f"cases/{case().pk}/")
    assert "现在不能停电" in shown
    assert "停电通知书未送达" in shown
    assert "短信催费" in shown
    assert "等上门结果" not in shown.split("催费经过")[0] or case().standing == "TASK"
    assert "已送达" in shown


@pytest.mark.parametrize(
    "address", ["", "visits/", "promises/", "protected/", "cases/{case}/", "visits/{step}/", "ladder/"]
)
def test_no_page_asks_the_database_too_often(address: str, django_assert_max_num_queries: object) -> None:
    where = address.format(case=case().pk, step=DunningStep.objects.get(kind="VISIT").pk)
    asked = client("cell-w")
    with django_assert_max_num_queries(15):  # type: ignore[operator]
        assert asked.get(f"/console/dunning/{where}").status_code == 200


def test_a_visit_is_answered_for_on_the_phone() -> None:
    step = DunningStep.objects.get(kind="VISIT")
    asked, address = client("cell-w"), f"/console/dunning/visits/{step.pk}/"
    refused = asked.post(address, {"whom": "", "happened_at": minute(), "note": ""})
    assert refused.status_code == 422
    assert "请说明未能送达的原因" in refused.content.decode()
    assert asked.post(address, {"whom": "FAMILY", "happened_at": minute(), "note": "明日去交"}).status_code == 302
    step.refresh_from_db()
    assert (step.state, step.reached_whom, step.recorded_by, step.note) == ("REACHED", "FAMILY", "cell-w", "明日去交")
    assert "家属" in page("cell-w", f"visits/{step.pk}/")
    assert client("hall").post(address, {}).status_code == 403


def test_a_call_a_promise_and_another_person_on_the_page_of_the_case() -> None:
    number = case().pk
    asked, address = client("money"), f"/console/dunning/cases/{number}"
    assert asked.post(f"{address}/call/", {"whom": "CUSTOMER", "happened_at": minute()}).status_code == 302
    told = {"promised_on": today() + timedelta(days=5), "amount": "123.45", "channel": "PHONE", "note": ""}
    assert asked.post(f"{address}/promise/", told | {"amount": "lots"}).status_code == 422
    far = asked.post(f"{address}/promise/", told | {"promised_on": today() + timedelta(days=40)})
    assert "最多在 15 天之内" in far.content.decode()
    assert asked.post(f"{address}/promise/", told).status_code == 302
    promise = PromiseToPay.objects.get()
    assert (promise.amount_fen, promise.state, case().state) == (12_345, "HOLDING", "PROMISED")
    assert "承诺期内" in page("money", f"cases/{number}/")
    assert asked.post(f"/console/dunning/promises/{promise.pk}/withdraw/", {"reason": "户号错"}).status_code == 302
    assert case().state == "OPEN"
    wrong = asked.post(f"{address}/assign/", {"responsible": "cell-e"})
    assert "没有岗位" in wrong.content.decode()
    assert asked.post(f"{address}/assign/", {"responsible": "head"}).status_code == 302
    assert case().responsible == "head"


def test_many_are_rung_up_at_once() -> None:
    answer = client("cell-w").post("/console/dunning/", {"bulk": "call", "keys": [case().pk]}, follow=True)
    assert "已处理 1 条" in answer.content.decode()
    assert DunningStep.objects.filter(kind="VOICE", by="MESSAGE").count() == 1
    assert client("cell-w").post("/console/dunning/", {"bulk": "call", "keys": [case(kit.SHOP).pk]}).status_code == 422


def test_a_protection_is_proposed_by_one_and_approved_by_another() -> None:
    told = {
        "account": kit.HOME, "kind": "LIFE_SUPPORT", "evidence": "呼吸机证明 7 号", "valid_from": today(),
        "valid_to": today() + timedelta(days=365), "reason": "",
    }  # fmt: skip
    head = client("head")
    assert head.post("/console/dunning/protected/new/", told | {"account": "9999"}).status_code == 422
    assert head.post("/console/dunning/protected/new/", told).status_code == 302
    made = ProtectedCustomer.objects.get()
    address = f"/console/dunning/protected/{made.pk}/"
    assert "等待另一人审批" in page("head", f"protected/{made.pk}/")
    assert head.post(address, {"verb": "approve"}).status_code == 403
    assert client("hall").post(address, {"verb": "approve"}).status_code == 403
    assert client("head2").post(address, {"verb": "approve"}).status_code == 302
    assert "保护用户" in page("head2", f"cases/{case().pk}/") or "不停电保护用户" in page(
        "head2", f"cases/{case().pk}/"
    )
    assert client("head2").post(address, {"verb": "end", "reason": ""}).status_code == 422
    assert client("head2").post(address, {"verb": "end", "reason": "设备已撤"}).status_code == 302
    made.refresh_from_db()
    assert made.state == "ENDED"


def test_the_office_leaves_a_night_to_a_worker() -> None:
    assert client("cell-w").post("/console/dunning/run/").status_code == 403
    assert client("money").post("/console/dunning/run/").status_code == 302
    assert Job.objects.get(kind="dunning.run").payload.count('"BS"') == 1


def test_a_closed_case_offers_nothing_to_do() -> None:
    payments.pay(payments.ids()[kit.HOME], 20_000, on=payments.TODAY)
    actions.close_if_paid(account=payments.ids()[kit.HOME], on=payments.TODAY, at=payments.AT, actor=SYSTEM)
    shown = page("money", f"cases/{case().pk}/")
    assert "已交清" in shown
    assert "登记承诺" not in shown
    assert "张三" in page("money", "closed/")


@pytest.mark.parametrize("address", ["", "?step=SMS", "visits/", "promises/", "protected/", "cases/{case}/", "closed/"])
def test_the_board_and_its_pages_in_english_hold_no_chinese(address: str, settings: object, tmp_path: Path) -> None:
    settings.LOCALE_PATHS = [in_english.catalogue(tmp_path)]  # type: ignore[attr-defined]
    in_english.latin()
    asked = client("money")
    asked.cookies["wd_language"] = "en"
    answer = asked.get(f"/console/dunning/{address.format(case=case().pk)}")
    assert answer.status_code == 200
    assert chinese_left.left(answer.content.decode()) == []
    if not address:
        assert "Row" in answer.content.decode()
        assert "123.45" in answer.content.decode()
