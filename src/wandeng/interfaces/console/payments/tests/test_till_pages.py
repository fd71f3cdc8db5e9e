"""The cash desk on its pages: 户号, Enter, amount, Enter; once however often it is sent; counted and closed by two."""

from __future__ import annotations

import re

import pytest

from wandeng.domains.payments import actions
from wandeng.domains.payments.models import Payment, PaymentDecision, TillReceipt, TillSession
from wandeng.domains.payments.tests import make
from wandeng.interfaces.console.payments.tests import till_world as world
from wandeng.interfaces.console.payments.tests.till_world import client, page, send, take

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def county():
    return world.county()


@pytest.fixture
def session() -> str:
    return world.open_till()


def test_without_a_session_the_desk_leads_to_opening_a_till() -> None:
    hall = client("hall")
    assert hall.get("/console/payments/desk/").headers["Location"] == "/console/payments/desk/open/"
    assert "一号台" in page(hall, "payments/desk/open/")
    world.open_till()
    assert "户号" in page(hall, "payments/desk/")
    assert "没有日结" in page(hall, "payments/desk/open/")
    assert "没有空闲的收费台" in page(client("hall2"), "payments/desk/open/")


def test_a_number_shows_what_is_owed_with_the_amount_filled_in(session) -> None:
    shown = page(client("hall"), "payments/desk/?q=1003")
    assert "新华面粉厂" in shown
    assert re.search(r'name="amount" value="88.88"[^>]*autofocus', shown)
    assert "没有找到这一户" in page(client("hall"), "payments/desk/?q=9999")
    advance = page(client("hall"), "payments/desk/?q=1001")
    assert "没有欠费账单" in advance
    assert re.search(r'value="ADVANCE"[^>]*checked', advance)


def test_a_name_finds_the_customer_and_several_are_offered(session) -> None:
    hall = client("hall")
    assert hall.get("/console/payments/desk/?q=新华面粉厂").headers["Location"] == "/console/payments/desk/?q=1003"
    offered = page(hall, "payments/desk/?q=白水镇")
    assert "请选一户" in offered
    assert "张三" in offered


def test_the_code_on_a_bill_opens_its_account_and_that_on_a_receipt_verifies_it(session) -> None:
    hall = client("hall")
    assert "新华面粉厂" in page(hall, "payments/desk/?q=wandeng:bill:1003:2026-10:0:8888")
    where = take(hall, "1003", "88.88")
    number = where.split("/")[-2]
    code = re.search(r"<code>([0-9A-F]{12})</code>", page(hall, where.removeprefix("/console/")))[1]
    to = hall.get(f"/console/payments/desk/?q=wandeng:receipt:{number}:8888:{code}").headers["Location"]
    assert "核验通过" in page(hall, to.removeprefix("/console/"))
    assert "核验不符" in page(hall, f"payments/receipts/{number}/?check=000000000000")


def test_money_is_taken_once_however_often_the_form_is_sent(session) -> None:
    hall = client("hall")
    first = take(hall, "1003", "88.88", tendered="100")
    assert take(hall, "1003", "88.88", tendered="100") == first
    assert (Payment.objects.count(), TillReceipt.objects.count()) == (1, 1)
    shown = page(hall, first.removeprefix("/console/"))
    # 100.00 − 88.88 = 11.12
    assert "¥11.12" in shown
    assert "捌拾捌元捌角捌分" in shown
    assert "欠费已清" in shown
    assert "没有重复收费" in shown
    assert make.balance("CASH:BS") == 88_88


def test_less_than_is_owed_asks_first_and_then_takes_a_part(session) -> None:
    hall = client("hall")
    asked = take(hall, "1003", "50", status=422)
    assert "38.88" in asked
    assert re.search(r'value="PART"[^>]*checked', asked)
    assert Payment.objects.count() == 0
    assert "尚欠 ¥38.88" in page(hall, take(hall, "1003", "50", purpose="PART").removeprefix("/console/"))


def test_more_than_is_owed_asks_first_and_then_is_kept_in_advance(session) -> None:
    hall = client("hall")
    asked = take(hall, "1003", "100", status=422)
    assert "11.12" in asked
    assert re.search(r'value="ADVANCE"[^>]*checked', asked)
    shown = page(hall, take(hall, "1003", "100", purpose="ADVANCE").removeprefix("/console/"))
    assert "¥11.12 转为预存电费" in shown


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"amount": "12.345"}, "最多两位小数"),
        ({"amount": "0"}, "大于零"),
        ({"amount": "88.88", "tendered": "80"}, "80.00"),
        ({"amount": "88.88", "tender": "CARD", "tendered": "100"}, "现金"),
        ({"amount": "88.88", "tender": "CHEQUE"}, "选择"),
    ],
    ids=["decimals", "zero", "too little cash", "change of a card", "no such tender"],
)
def test_what_cannot_be_taken_is_said_on_the_form(session, given, says) -> None:
    assert says in take(client("hall"), "1003", status=422, **given)
    assert Payment.objects.count() == 0


def test_the_receipt_is_a_document(session) -> None:
    hall = client("hall")
    where = take(hall, "1003", "88.88")
    answer = hall.get(f"{where}pdf/")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert hall.get(f"{where}pdf/").content == answer.content


def test_a_void_takes_the_money_back_and_leaves_a_trace(session) -> None:
    hall = client("hall")
    where = take(hall, "1003", "88.88")
    address = where.removeprefix("/console/")
    assert hall.post(f"{where}void/", {"reason": " "}).status_code == 422
    assert client("hall2").post(f"{where}void/", {"reason": "收错"}).status_code == 403
    send(hall, f"{address}void/", reason="收错户")
    shown = page(hall, address)
    assert "作废" in shown
    assert "收错户" in shown
    assert "do-void" not in shown
    assert make.balance("CASH:BS") == 0
    assert "¥88.88" in page(hall, "payments/desk/?q=1003")
    assert "作废" in page(hall, "payments/receipts/?state=REVERSED")
    # the key of a void payment takes no money a second time
    assert take(hall, "1003", "88.88") == where
    assert make.balance("CASH:BS") == 0


def test_a_large_void_waits_for_a_second_person_and_so_does_the_count(session) -> None:
    hall = client("hall")
    where = take(hall, "1003", "50000", purpose="ADVANCE")
    send(hall, f"{where}void/".removeprefix("/console/"), reason="收错户")
    assert "等待另一人同意" in page(hall, where.removeprefix("/console/"))
    assert make.balance("CASH:BS") == 50_000_00
    assert "等待另一人同意" in page(hall, f"payments/sessions/{session}/")
    count = {"face_10000": 502, "deposit_number": "JK-9"}
    assert "等待另一人同意" in send(hall, f"payments/sessions/{session}/count/", status=422, **count)
    decision = PaymentDecision.objects.get()
    actions.decide(decision_id=decision.pk, agree=False, actor=make.MANAGER, at=world.now(), reason="金额无误")
    send(hall, f"{where}void/".removeprefix("/console/"), reason="客户改主意")
    again = PaymentDecision.objects.get(state="PROPOSED")
    actions.decide(decision_id=again.pk, agree=True, actor=make.MANAGER, at=world.now())
    assert "作废" in page(hall, where.removeprefix("/console/"))
    assert make.balance("CASH:BS") == 0


def test_a_count_that_agrees_closes_the_session(session) -> None:
    hall = client("hall")
    take(hall, "1003", "88.88")
    assert "¥288.88" in page(hall, f"payments/sessions/{session}/count/")
    # 200.00 + 88.88 = 2×100 + 1×50 + 1×20 + 1×10 + 1×5 + 3×1 + 1×0.5 + 3×0.1 + 8×0.01
    drawer = {"face_10000": 2, "face_5000": 1, "face_2000": 1, "face_1000": 1, "face_500": 1, "face_100": 3, "face_50": 1,
              "face_10": 3, "face_1": 8}  # fmt: skip
    send(hall, f"payments/sessions/{session}/count/", deposit_number="JK-7", **drawer)
    shown = page(hall, f"payments/sessions/{session}/")
    assert "已日结" in shown
    assert "JK-7" in shown
    assert hall.get(f"/console/payments/sessions/{session}/count/").status_code == 409
    assert take(hall, "1003", "1", key="k2") == "/console/payments/desk/open/"


def test_a_count_that_differs_is_confirmed_by_somebody_else(session) -> None:
    hall, second = client("hall"), client("account2")
    take(hall, "1003", "88.88")
    count = f"payments/sessions/{session}/count/"
    assert "原因" in send(hall, count, status=422, face_10000=2, face_5000=1, deposit_number="JK-8")
    send(hall, count, face_10000=2, face_5000=1, deposit_number="JK-8", reason="找零多给")
    assert "等待另一人复核" in page(hall, "payments/desk/")
    assert "do-confirm" not in page(hall, f"payments/sessions/{session}/")
    assert hall.post(f"/console/payments/sessions/{session}/confirm/", {"reason": "看过"}).status_code == 403
    assert "do-confirm" in page(second, f"payments/sessions/{session}/")
    send(second, f"payments/sessions/{session}/confirm/", reason="复点属实")
    # 288.88 expected, 250.00 counted
    assert make.balance("OVER_SHORT") == 38_88
    assert TillSession.objects.get().state == "CLOSED"
    assert session in page(second, "payments/sessions/?differs=true")
    assert session not in page(second, "payments/sessions/?differs=false").split('id="list"')[1]


def test_a_count_is_sent_back(session) -> None:
    send(client("hall"), f"payments/sessions/{session}/count/", face_10000=1, deposit_number="x", reason="少一百")
    send(client("head"), f"payments/sessions/{session}/send-back/", reason="重点")
    assert "退回重点" in page(client("hall"), f"payments/sessions/{session}/")
    assert TillSession.objects.get().state == "OPEN"


def test_my_session_is_a_step_away(session) -> None:
    assert client("hall").get("/console/payments/sessions/mine/").headers["Location"].endswith(f"/{session}/")
    assert client("hall2").get("/console/payments/sessions/mine/").headers["Location"].endswith("/open/")


def test_who_may_what(session) -> None:
    take(client("hall"), "1003", "88.88")
    number = TillReceipt.objects.get().number
    for address in ("payments/desk/", "payments/sessions/", f"payments/receipts/{number}/", "payments/tills/"):
        assert client("call").get(f"/console/{address}").status_code == 403
    for address in ("payments/sessions/", f"payments/receipts/{number}/", f"payments/sessions/{session}/"):
        assert client("head").get(f"/console/{address}").status_code == 200
    assert client("head").get("/console/payments/desk/").status_code == 403
    for address in (f"payments/receipts/{number}/", f"payments/sessions/{session}/", "payments/desk/?q=1003"):
        assert client("east").get(f"/console/{address}").status_code in (302, 404)
    assert client("east").get(f"/console/payments/receipts/{number}/").status_code == 404
    assert client("hall2").get(f"/console/payments/sessions/{session}/count/").status_code == 403


def test_a_till_is_set_up_and_taken_out_of_use(session) -> None:
    second = client("account2")
    assert "单位" in page(second, "payments/tills/new/")
    assert send(second, "payments/tills/new/", unit="BS-E", code="E-1", name="城东台", kind="VILLAGE")
    assert "城东台" in page(second, "payments/tills/")
    assert "已" in send(
        second, "payments/tills/new/", status=422, unit="BS-E", code="E-1", name="又一个", kind="VILLAGE"
    )
    send(second, "payments/tills/", bulk="retire", keys="E-1", reason="撤点")
    assert "没有空闲的收费台" in page(client("east"), "payments/desk/open/")
    assert client("hall").get("/console/payments/tills/new/").status_code == 403
