"""The pages of disconnection: who sees what, what each decision does, and at what cost."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from wandeng.domains.collections.actions import disconnection, halt, reconnection
from wandeng.domains.collections.models import DisconnectionHalt, ReconnectionOrder
from wandeng.domains.collections.tests.make import orders as make
from wandeng.domains.organization import actions as organization
from wandeng.domains.organization import queries as people
from wandeng.domains.organization.tests.make import SINCE
from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway import middleware
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.periods import BILLING_ZONE

pytestmark = pytest.mark.django_db
NOW = make.NOW
STAFF = (
    ("cell-w", "BS-W", Role.CELL_MANAGER),
    ("cell-e", "BS-E", Role.CELL_MANAGER),
    ("deputy", "BS", Role.COUNTY_MANAGER),
    ("dispatch", "BS", Role.DISPATCHER),
    ("hall", "BS", Role.HALL_CLERK),
    ("audit", "BS", Role.AUDITOR),
)


@pytest.fixture(autouse=True)
def _county(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(middleware, "now", lambda: NOW)
    make.county()
    for code, unit, role in STAFF:
        organization.add_person(code=code, name=code, unit_code=unit, actor=SYSTEM, at=NOW)
        organization.appoint(person_code=code, unit_code=unit, role=role, from_on=SINCE, actor=SYSTEM, at=NOW)
    make.arrears()


def client(code: str) -> Client:
    found = Client()
    found.force_login(people.login_user(code))
    return found


def page(code: str, address: str) -> str:
    answer = client(code).get(f"/console/disconnection/{address}")
    assert answer.status_code == 200, answer.content.decode()[-800:]
    return answer.content.decode()


def post(code: str, address: str, status: int = 302, **given: str) -> str:
    answer = client(code).post(f"/console/disconnection/{address}", given)
    assert answer.status_code == status, answer.content.decode()[-800:]
    return answer.content.decode()


def minute(at: datetime) -> str:
    return f"{at.astimezone(BILLING_ZONE):%Y-%m-%dT%H:%M}"


def test_the_desk_shows_the_chain_of_evidence_at_a_glance_and_decides() -> None:
    order = make.proposed()
    shown = page("deputy", "desk/")
    assert all(word in shown for word in ("张三", "停电通知书", "短信催费", "IMG-1", "300.00", "44 天"))
    post("deputy", f"orders/{order}/approve/")
    assert make.state(order) == "APPROVED"
    assert "没有待审批的停电单" in page("deputy", "desk/")


def test_an_approval_needs_the_role_another_person_and_a_reason_to_refuse() -> None:
    order = make.proposed()
    post("cell-w", f"orders/{order}/approve/", status=403)
    post("cell-e", f"orders/{order}/withdraw/", status=404, reason="误提")
    post("deputy", f"orders/{order}/refuse/", status=422, reason="")
    post("deputy", f"orders/{order}/refuse/", reason="客户在住院")
    assert "客户在住院" in page("deputy", f"orders/{order}/")


def test_a_proposal_is_refused_with_the_reasons_and_made_when_nothing_stands_against_it() -> None:
    assert "1002" in post("cell-w", "propose/", status=422, account_number="1002", reason="欠费")
    post("cell-w", "propose/", account_number="1001", reason="欠费")
    assert "待审批" in page("cell-w", "orders/")


def test_sending_tells_what_stopped_it_and_the_order_keeps_it() -> None:
    order = make.approved()
    halt.pull(unit_code="BS", reason="误单", actor=make.COMPANY, at=NOW)
    post("dispatch", f"orders/{order}/dispatch/", means="field")
    assert make.state(order) == "APPROVED"
    shown = page("dispatch", f"orders/{order}/")
    assert "停电闸" in shown
    assert "the halt of" not in shown
    halt.lift(unit_code="BS", reason="排除", actor=make.DEPUTY, at=NOW)
    post("dispatch", f"orders/{order}/dispatch/", means="field")
    assert make.state(order) == "DISPATCHED"


def test_the_field_confirms_with_the_time_or_says_why_not() -> None:
    order = make.sent()
    assert "IMG" not in page("cell-w", f"tasks/{order}/")
    assert order in page("cell-w", "tasks/")
    post("hall", f"tasks/{order}/", status=403, moment=minute(NOW))
    post("cell-w", f"tasks/{order}/", status=422, moment=minute(NOW - timedelta(hours=1)))
    post("cell-w", f"tasks/{order}/", moment=minute(NOW))
    assert make.state(order) == "CUT"
    make.arrears("1002")
    other = make.sent("1002")
    post("cell-w", f"tasks/{other}/failed/", reason="表箱上锁")
    assert make.state(other) == "FAILED"


def test_a_recalled_order_says_so_in_the_field() -> None:
    order = make.sent()
    number = reconnection.order_by_person(
        order=order, reason="有病人", actor=make.CLERK, at=NOW, library=make.library()
    )
    assert "不得停电" in page("cell-w", f"tasks/{order}/")
    assert number in page("cell-w", "returns/")
    post("cell-w", f"returns/{number}/", moment=minute(NOW))
    assert ReconnectionOrder.objects.get().state == "RESTORED"
    assert make.state(order) == "SPARED"


def test_the_return_shows_its_clock_and_takes_the_time() -> None:
    order = make.cut()
    post("hall", f"orders/{order}/back/", reason="协商分期")
    number = ReconnectionOrder.objects.get().number
    assert "须复电" in page("cell-w", f"returns/{number}/")
    assert "张三" in page("cell-w", "tasks/")
    post("cell-w", f"returns/{number}/", moment=minute(NOW))
    assert "交清到复电" in page("cell-w", f"returns/{number}/")
    assert "平均（分钟）" in page("deputy", "quarter/")
    assert "没有停电和复电" in page("deputy", "quarter/?quarter=2020-1")


def test_anybody_pulls_the_halt_and_another_manager_lifts_it() -> None:
    post("hall", "halt/pull/", unit="BS", reason="错单", is_drill="on")
    shown = page("hall", "halt/")
    assert "演练" in shown
    post("hall", "halt/lift/", status=403, unit="BS", reason="好了")
    post("deputy", "halt/lift/", unit="BS", reason="好了")
    assert DisconnectionHalt.objects.get().state == "LIFTED"
    post("deputy", "halt/quota/", unit="BS", per_hour="3", reason="试点")
    assert "本单位设定" in page("deputy", "halt/")


def test_papers_are_printed_for_what_is_to_be_done() -> None:
    order = make.sent()
    answer = client("cell-w").get(f"/console/disconnection/orders/{order}/paper/")
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")
    number = reconnection.order_by_person(
        order=order, reason="有病人", actor=make.CLERK, at=NOW, library=make.library()
    )
    answer = client("cell-w").get(f"/console/disconnection/returns/{number}/paper/")
    assert (answer.status_code, answer.content[:5]) == (200, b"%PDF-")


def test_what_lies_in_another_office_is_not_there() -> None:
    order = make.cut()
    number = reconnection.order_by_person(
        order=order, reason="有病人", actor=make.CLERK, at=NOW + timedelta(hours=1), library=make.library()
    )
    for address in (f"orders/{order}/", f"tasks/{order}/", f"returns/{number}/", f"orders/{order}/paper/"):
        assert client("cell-e").get(f"/console/disconnection/{address}").status_code == 404
    assert order not in page("cell-e", "orders/")
    assert "张三" not in page("cell-e", "tasks/")


@pytest.mark.parametrize(
    "address",
    ["desk/", "orders/", "tasks/", "returns/", "halt/", "quarter/", "receipts/", "orders/{order}/", "tasks/{order}/"],
)
def test_a_page_costs_at_most_fifteen_queries(address: str) -> None:
    for number in make.many(6):
        make.proposed(number)
    order = make.cut()
    reconnection.order_by_person(order=order, reason="有病人", actor=make.CLERK, at=NOW, library=make.library())
    halt.pull(unit_code="BS-E", reason="演练", is_drill=True, actor=make.COMPANY, at=NOW)
    reader = client("deputy")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        answer = reader.get(f"/console/disconnection/{address.format(order=order)}")
    assert answer.status_code == 200
    assert len(asked) <= 15, [one["sql"][:90] for one in asked]


def test_a_recall_by_payment_reads_as_paid() -> None:
    order = make.sent()
    from wandeng.flows import payments as flow

    flow.take(
        key="till:9:1", account_number="1001", amount_fen=400_00, tender="CASH", channel="TILL", received_on=NOW.date(),
        at=NOW, actor=make.CLERK,
    )  # fmt: skip
    assert "电费已交清" in page("deputy", f"orders/{order}/")
    assert disconnection.locked(make.CELL, order).state == "RECALLED"
