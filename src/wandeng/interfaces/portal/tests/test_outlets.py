"""Where to pay, as anybody meets it: nearest first, open now or when again, the vehicle, nothing personal, small."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.test import Client
from tests.kits import chinese_left, in_english

from wandeng.domains.network.tests import make as drawing
from wandeng.domains.outlets import actions
from wandeng.domains.outlets.models import Outlet, Settlement
from wandeng.domains.outlets.tests import make
from wandeng.interfaces.portal import outlets
from wandeng.kernel.actors import SYSTEM

pytestmark = pytest.mark.django_db
MONDAY_NOON = datetime(2026, 3, 2, 4, 30, tzinfo=UTC)
"""12:30 in Shanghai: the hall is at lunch, the agent is there."""


@pytest.fixture
def browser(settings, monkeypatch) -> Client:
    drawing.offices()
    make.county()
    settings.SECURE_SSL_REDIRECT = False
    monkeypatch.setattr(outlets, "now", lambda: MONDAY_NOON)
    return Client(headers={"accept-language": "zh-hans"})


def test_all_outlets_those_that_are_open_first(browser: Client, django_assert_max_num_queries) -> None:
    with django_assert_max_num_queries(15):
        answer = browser.get("/outlets/")
    told = answer.content.decode()
    assert told.index("网点P1") < told.index("网点P0")
    assert "营业中，21:00 结束" in told
    assert "14:00 开门" in told
    assert len(answer.content) < 30_000
    assert answer.headers["Cache-Control"] == "public, max-age=60"


def test_the_nearest_first_where_a_village_is_named(browser: Client) -> None:
    told = browser.get("/outlets/", {"q": "高岭"}).content.decode()
    assert told.index("网点P1") < told.index("网点P0")
    assert "6.0 公里" in told
    assert "9.0 公里" in told
    near = json.loads(browser.get("/outlets/data", {"q": "县城"}).content)
    assert [(one["code"], one["meters"], one["is_open"]) for one in near["outlets"]] == [
        ("P0", 0, False),
        ("P1", 2985, True),
    ]
    assert near["here"] == {"code": "C0", "name": "县城社区"}
    assert "没有找到叫“无名”的地方" in browser.get("/outlets/", {"q": "无名"}).content.decode()


def test_of_two_of_a_name_one_can_be_chosen(browser: Client) -> None:
    Settlement.objects.filter(code="C3").update(name="新华村")
    assert "还有同名的地方" in browser.get("/outlets/", {"q": "新华"}).content.decode()
    chosen = json.loads(browser.get("/outlets/data", {"q": "新华", "at": "C3"}).content)
    assert chosen["here"]["code"] == "C3"


def test_what_is_closed_says_when_it_opens(browser: Client) -> None:
    actions.set_exception(
        code="P0", from_on=MONDAY_NOON.date(), to_on=datetime(2026, 3, 4, tzinfo=UTC).date(), hours_text="", reason="盘点",
        actor=SYSTEM, at=MONDAY_NOON,
    )  # fmt: skip
    assert "08:30 开门" in browser.get("/outlets/").content.decode()
    Outlet.objects.filter(code="P1").update(valid_to=MONDAY_NOON.date())
    assert "网点P1" not in browser.get("/outlets/").content.decode()


def test_nobody_learns_how_many_live_where(browser: Client) -> None:
    for answer in (browser.get("/outlets/", {"q": "新华"}), browser.get("/outlets/data", {"q": "新华"})):
        assert "400" not in answer.content.decode()


def test_without_any_outlet_there_is_a_page(browser: Client) -> None:
    Outlet.objects.all().delete()
    assert "还没有公布网点" in browser.get("/outlets/").content.decode()


def test_in_english(browser: Client, settings, tmp_path) -> None:
    in_english.latin()
    Settlement.objects.update(name="Village")
    Outlet.objects.update(name="Outlet", address="At the road")
    settings.LOCALE_PATHS = [in_english.catalogue(tmp_path)]
    told = browser.get("/outlets/", {"q": "Village", "l": "en"}).content.decode()
    assert [one for one in chinese_left.left(told) if one not in ("国家电网", "南方电网")] == []


def test_more_than_a_page_goes_on(browser: Client) -> None:
    unit = Outlet.objects.get(code="P1").unit
    for number in range(20, 32):
        make.outlet(f"P{number}", unit, 2, "PAY")
    first = browser.get("/outlets/", {"q": "河西"}).content.decode()
    assert "网点P20" in first
    assert "网点P0" not in first
    last = browser.get("/outlets/", {"q": "河西", "n": "10"}).content.decode()
    assert "14. 网点P0" in last
    for odd in ("-1", "x", "99999"):
        assert "1. 网点P20" in browser.get("/outlets/", {"q": "河西", "n": odd}).content.decode()
