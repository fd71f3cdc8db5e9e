"""The pages of prepay: what stands where, how a balance comes about, signing up and ending, the day's list of cuts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from tests.kits import bill_world as world
from tests.kits import prepay_world as kit

from wandeng.domains.collections.models import DisconnectionOrder, PrepayAgreement
from wandeng.domains.organization import actions as organization
from wandeng.domains.organization import queries as people
from wandeng.domains.organization.types import Role
from wandeng.infra.models import Job
from wandeng.interfaces.doorway import middleware
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db(transaction=True)
MOST_QUERIES = 15
SINCE = date(2020, 1, 1)
STAFF = (
    ("head", Role.COUNTY_MANAGER),
    ("hall", Role.HALL_CLERK),
    ("books", Role.ACCOUNTANT),
    ("audit", Role.AUDITOR),
    ("reader", Role.BILLING_CLERK),
)


def nov(day: int) -> date:
    return date(2026, 11, day)


def steady(kwh_a_day: int, days: int = 30) -> dict[date, int]:
    return {kit.NOV1 + timedelta(days=passed): 1_000 + kwh_a_day * passed for passed in range(days + 1)}


@pytest.fixture(autouse=True)
def _county(monkeypatch: pytest.MonkeyPatch, settings: object) -> Iterator[None]:
    settings.SECURE_SSL_REDIRECT = False  # type: ignore[attr-defined]
    world.found()
    for code, role in STAFF:
        organization.add_person(code=code, name=code, unit_code=world.UNIT, actor=SYSTEM, at=kit.noon(nov(1)))
        organization.appoint(
            person_code=code, unit_code=world.UNIT, role=role, from_on=SINCE, actor=SYSTEM, at=kit.noon(nov(1))
        )
    at(nov(10), monkeypatch)
    return iter(())


def at(day: date, monkeypatch: pytest.MonkeyPatch) -> None:
    """The pages are asked at ten in the morning of a day."""
    monkeypatch.setattr(middleware, "now", lambda: kit.noon(day))


def client(code: str) -> Client:
    found = Client()
    found.force_login(people.login_user(code))
    return found


def page(code: str, address: str) -> str:
    answer = client(code).get(f"/console/prepay/{address}")
    assert answer.status_code == 200, answer.content.decode()[-800:]
    return answer.content.decode()


def post(code: str, address: str, status: int = 302, **given: object) -> str:
    known = client(code)
    answer = known.post(f"/console/prepay/{address}", given)
    assert answer.status_code == status, answer.content.decode()[-800:]
    if status == 302:
        return known.get(answer["Location"]).content.decode()
    return answer.content.decode()


def proposed() -> str:
    """An account whose cut was proposed on Saturday 7 November; its order."""
    kit.customer("1", steady(30), paid_fen=3_000)
    kit.runs(nov(2), nov(10))
    order = kit.order("1")
    assert order is not None
    return str(order.number)


def test_every_page_is_shown_with_what_there_is_and_with_nothing_and_asks_little() -> None:
    addresses = ("", "agreements/", "days/", "low/", "true-ups/", "approve/", "enroll/")
    for address in addresses:
        page("head", address)
    number = proposed()
    known = client("head")
    for address in (*addresses, "accounts/1/"):
        with CaptureQueriesContext(connection) as seen:
            answer = known.get(f"/console/prepay/{address}")
        assert answer.status_code == 200
        assert len(seen) <= MOST_QUERIES, (address, len(seen))
    for address in ("low/", "approve/", "accounts/1/"):
        assert number in page("head", address)


def test_the_overview_counts_where_the_accounts_stand() -> None:
    proposed()
    kit.customer("2", steady(1), paid_fen=50_000)
    shown = page("head", "")
    assert "有费控停电待审批" in shown
    assert "100.00" in shown
    assert "去审批" in shown


def test_the_page_of_an_account_shows_its_days_and_how_the_estimate_comes_about() -> None:
    kit.customer("1", steady(30), paid_fen=20_000)
    kit.runs(nov(2), nov(9))
    shown = page("hall", "accounts/1/")
    # 240 kWh since the bill: 200 × 0.588 + 40 × 0.638 = 143.12; 200.00 − 143.12 = 56.88.
    assert "56.88" in shown
    assert "143.12" in shown
    lines = page("hall", "accounts/1/explained/?day=2026-11-09")
    assert "117.60" in lines
    assert "25.52" in lines


def test_signing_up_and_ending_are_for_those_who_may_and_for_a_reason() -> None:
    world.add_account("1", code=world.RESIDENTIAL, total=steady(30))
    given = {"account_number": "1", "valid_from": "2026-11-10", "document": "FK-1", "warn": "50"}
    post("audit", "enroll/", 403, **given)
    assert "FK-1" in post("hall", "enroll/", **given)
    assert "已有费控协议" in post("hall", "enroll/", 422, **given) or PrepayAgreement.objects.count() == 1
    assert PrepayAgreement.objects.get().agreed_warn_fen == 50_00
    post("hall", "accounts/1/warning/", warn="80.5", reason="客户要求")
    assert PrepayAgreement.objects.get().agreed_warn_fen == 80_50
    post("hall", "accounts/1/end/", 422, reason="")
    post("hall", "accounts/1/end/", reason="改为后付费")
    assert PrepayAgreement.objects.get().state == "ENDED"
    assert "改为后付费" in page("hall", "accounts/1/")


def test_the_day_s_list_is_approved_by_a_manager_and_sent_with_all_its_guards() -> None:
    number = proposed()
    shown = page("head", "approve/")
    assert "停电限额" in shown
    assert "余额预警" in shown
    post("books", "approve/", 403, bulk="approve", keys=[number])
    assert "已批准" in post("head", "approve/", bulk="approve", keys=[number])
    assert DisconnectionOrder.objects.get().state == "DISPATCHED"


def test_what_a_guard_stops_is_told_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    number = proposed()
    # Saturday: nobody is cut on a day off.
    at(nov(14), monkeypatch)
    told = post("head", "approve/", bulk="approve", keys=[number])
    assert f"{number} 未办" in told
    assert DisconnectionOrder.objects.get().state != "DISPATCHED"


def test_a_run_is_left_to_the_worker() -> None:
    post("reader", "run/", 403)
    post("books", "run/")
    assert Job.objects.get().kind == "prepay.day"


def test_the_page_of_a_customer_and_of_an_order_say_the_balance() -> None:
    number = proposed()
    known = client("head")
    assert "待停电" in known.get("/console/customers/account/1/").content.decode()
    order = known.get(f"/console/disconnection/orders/{number}/").content.decode()
    assert "提出时费控余额" in order
    assert "提出时欠费" not in order
    assert "费控余额" in known.get("/console/disconnection/desk/").content.decode()
