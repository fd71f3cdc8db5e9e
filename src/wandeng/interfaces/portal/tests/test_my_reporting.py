"""Reporting a fault at the portal: one case of the own account, followed by its own page; nobody else's."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from tests.kits import bill_world as world

from wandeng.domains.cases.models import Case
from wandeng.domains.cases.queries import known
from wandeng.domains.cases.types import Charter
from wandeng.domains.customers import actions as customers
from wandeng.domains.residents.tests import make as residents
from wandeng.flows.tests.test_voice import AT
from wandeng.infra import pii
from wandeng.infra.scope import Scope
from wandeng.interfaces.doorway import holding, middleware
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db
PHONE = "13800000001"


@pytest.fixture
def client(settings, tmp_path, monkeypatch) -> Client:
    settings.HOME = tmp_path
    settings.SECURE_SSL_REDIRECT = False
    pii.create_key()
    world.found()
    for number in ("1", "2"):
        world.add_account(number, total={})
    customers.add_contact(account_number="1", phone=PHONE, actor=SYSTEM, at=world.NOW)
    monkeypatch.setattr(middleware, "now", lambda: AT)
    opened = residents.holding(PHONE, "1", at=AT)
    found = Client(headers={"accept-language": "zh-hans"})
    found.cookies[holding.COOKIE] = opened.token
    return found


def report(client: Client, number: str = "1", **given: str) -> tuple[int, str]:
    answer = client.post(reverse("my:report", args=[number]), given)
    return answer.status_code, answer.headers.get("Location", "") or answer.content.decode()


def test_a_report_is_a_case_that_is_followed_by_its_own_page(client: Client) -> None:
    page = client.get(reverse("my:report", args=["1"])).content.decode()
    assert "尾号 0001" in page
    status, url = report(client, what="PART", note="厨房")
    assert (status, url.startswith("/my/account/1/cases/")) == (302, True)
    (case,) = Case.objects.all()
    assert (case.process, case.channel, case.account.account_number) == ("fault_repair", "PORTAL", "1")
    (seen,) = known.cases_of(Scope.everywhere(), "1", charter=Charter.current())
    assert "家里一部分没电：厨房" in seen.matter
    assert client.get(url).status_code == 200
    listed = client.get(reverse("my:cases", args=["1"])).content.decode()
    assert re.search(rf'href="{re.escape(url)}"', listed)
    # Sent again, it is the same case.
    assert report(client, what="ALL") == (302, url)
    assert Case.objects.count() == 1


def test_danger_is_a_case_of_its_own(client: Client) -> None:
    report(client, what="PART")
    report(client, what="DANGER")
    assert Case.objects.count() == 2


@pytest.mark.parametrize("what", ["", "X", "PART'--"])
def test_what_is_not_offered_opens_nothing(client: Client, what: str) -> None:
    status, page = report(client, what=what, note="<b>没电</b>")
    assert status == 422
    assert "请选择是什么情况" in page
    assert "&lt;b&gt;没电&lt;/b&gt;" in page
    assert not Case.objects.exists()


def test_an_account_of_others_is_not_there(client: Client) -> None:
    assert report(client, "2", what="ALL")[0] == 404
    assert client.get(reverse("my:cases", args=["2"])).status_code == 404
    assert Client().get(reverse("my:cases", args=["1"])).status_code == 302
    assert not Case.objects.exists()


def test_an_account_reports_so_often_an_hour(client: Client) -> None:
    answers = [report(client, what="ALL")[0] for _ in range(6)]
    assert answers == [302] * 5 + [422]
    assert Case.objects.count() == 1
