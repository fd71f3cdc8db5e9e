"""何时来电 as anybody meets it: one field, an address that names nobody, an answer whose age is told, the files behind it."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.test import Client
from django.urls import reverse
from tests.kits import storm_world as storm

from wandeng.domains.cases.types import Charter
from wandeng.flows.supply_status import finding, publishing
from wandeng.infra import pii, quotas
from wandeng.interfaces.doorway import middleware
from wandeng.interfaces.doorway.words import planned_outages as planned_words
from wandeng.interfaces.doorway.words import supply_status as words
from wandeng.interfaces.portal import limits, power

pytestmark = pytest.mark.django_db(transaction=True)
NOW = storm.after(5)


@pytest.fixture
def county(settings, tmp_path, monkeypatch) -> Charter:
    settings.HOME = tmp_path
    pii.create_key()
    power.GATE.forget()
    monkeypatch.setattr(middleware, "now", lambda: NOW)
    monkeypatch.setattr(power, "now", lambda: NOW)
    charter = storm.build()
    for area in (1, 2, 3):
        for house in (1, 2):
            storm.call(charter, f"A{area}-{house:02d}")
    return charter


@pytest.fixture
def published(county: Charter) -> datetime:
    publisher = publishing.Publisher(words.everywhere, planned_words.everywhere)
    publisher.publish(NOW)
    publisher.close()
    return NOW


@pytest.fixture
def browser() -> Client:
    return Client(headers={"accept-language": "zh-hans"})


def found(browser: Client, asked: str) -> str:
    answer = browser.post(reverse("power:find"), {"q": asked})
    assert answer.status_code == 303
    return answer["Location"]


def test_an_account_is_looked_up_once_and_its_answer_names_nobody(browser: Client, published: datetime) -> None:
    address = found(browser, "A1-01")
    assert "A1-01" not in address
    answer = browser.get(address)
    page = answer.content.decode()
    assert "故障停电，正在抢修" in page
    assert "今天 21:00停电。" in page
    assert "A1-01" not in page
    assert "户A1" not in page
    assert "城关镇" not in page
    assert answer["Cache-Control"] == "public, max-age=5"
    assert not answer.cookies
    told = browser.get(address.partition("?")[0] + "/data").json()["answers"]
    assert [one["standing"] for one in told] == ["FAULT"]


def test_it_is_read_in_english_and_keeps_its_language(browser: Client, published: datetime) -> None:
    answer = browser.post(reverse("power:find") + "?l=en", {"q": "A1-01"})
    page = browser.get(answer["Location"]).content.decode()
    assert "Off by a fault, being repaired" in page
    assert '<html lang="en"' in page
    assert "今天" not in page


def test_an_unknown_number_is_answered_like_one_without_an_outage(browser: Client, published: datetime) -> None:
    pages = []
    for asked in ("B1-01", "4304999999999", "13900139000"):
        address = found(browser, asked)
        pages.append((browser.get(address), address))
    bodies = {
        page.content.decode().replace(spot, "").replace(spot.split(".")[0], "").replace(spot.split(".")[1], "")
        for page, address in pages
        for spot in [address.split("/at/")[1].partition("?")[0]]
    }
    assert len(bodies) == 1
    assert "没有查到停电" in bodies.pop()
    assert {page.status_code for page, _ in pages} == {200}


def test_a_place_is_chosen_from_those_that_are_called_so(browser: Client, published: datetime) -> None:
    address = found(browser, "A线")
    assert address.startswith(reverse("power:places"))
    page = browser.get(address).content.decode()
    assert page.count('class="choice"') == 6
    assert "故障停电，正在抢修" in page
    assert "没有找到" in browser.get(reverse("power:places"), {"q": "不存在"}).content.decode()
    unit = finding.units()[0]
    listed = browser.get(reverse("power:places"), {"u": unit["file"]}).content.decode()
    assert listed.count('class="choice"') >= 18


def test_an_old_answer_says_how_old_it_is(browser: Client, published: datetime, monkeypatch) -> None:
    address = found(browser, "A1-01")
    assert 'class="age"' in browser.get(address).content.decode()
    monkeypatch.setattr(power, "now", lambda: storm.after(15))
    page = browser.get(address).content.decode()
    assert 'class="age old"' in page
    assert 'data-age="600"' in page


def test_what_is_no_address_of_ours_is_not_found(browser: Client, published: datetime) -> None:
    for spots in ("x", "0.0", f"{'0' * 16}.{'0' * 16}", "../../secret.key", f"{'0' * 16}"):
        assert browser.get(reverse("power:answer", args=["SPOT"]).replace("SPOT", spots)).status_code == 404


def test_before_anything_is_published_it_says_so(browser: Client, county: Charter) -> None:
    answer = browser.post(reverse("power:find"), {"q": "4304999999999"})
    assert answer.status_code == 503
    assert "停电信息还没有发布" in answer.content.decode()
    assert browser.get(reverse("power:ask")).status_code == 200


def test_nothing_typed_is_asked_again(browser: Client, published: datetime) -> None:
    assert found(browser, "  ") == reverse("power:ask")


def test_whoever_asks_all_the_time_waits(browser: Client, published: datetime, monkeypatch) -> None:
    monkeypatch.setattr(limits, "LOOKS", 2)
    assert [browser.post(reverse("power:find"), {"q": "B1-01"}).status_code for _ in range(3)] == [303, 303, 429]


def test_processes_count_together_who_asks_all_the_time(county: Charter, monkeypatch) -> None:
    monkeypatch.setattr(limits, "LOOKS", 40)
    gates = [limits.Gate("portal.power_look") for _ in range(2)]
    let = [gates[turn % 2].lets("10.0.0.1", at=storm.NIGHT) for turn in range(80)]
    # Each process counts its ten at once: the first forty, and nine of each at most that were not counted yet.
    assert 40 <= sum(let) <= 40 + 2 * (limits.AT_ONCE - 1)
    assert not any(let[-20:])
    assert gates[0].lets("10.0.0.2", at=storm.NIGHT)
    assert gates[0].lets("10.0.0.1", at=storm.NIGHT + limits.WINDOW)


def test_without_the_database_a_process_goes_by_its_own_memory(monkeypatch) -> None:
    def down(*_: object) -> bool:
        raise OperationalError("connection refused")

    monkeypatch.setattr(limits, "LOOKS", 20)
    monkeypatch.setattr(quotas, "spend", down)
    gate = limits.Gate("portal.power_look")
    assert [gate.lets("10.0.0.1", at=storm.NIGHT) for _ in range(22)] == [True] * 20 + [False] * 2


def test_places_are_found_without_the_database_and_numbers_are_not(
    browser: Client, published: datetime, monkeypatch
) -> None:
    whole = browser.get(reverse("power:places"), {"q": "A线"}).content.decode()
    assert browser.get(reverse("power:ask")).status_code == 200

    def down(*_: object, **__: object) -> None:
        raise OperationalError("connection refused")

    monkeypatch.setattr(BaseDatabaseWrapper, "cursor", down)
    page = browser.get(reverse("power:places"), {"q": "A线"})
    assert page.status_code == 200
    assert page.content.decode().count('class="choice"') == whole.count('class="choice"') == 6
    assert "故障停电，正在抢修" in page.content.decode()
    refused = browser.post(reverse("power:find"), {"q": "A1-01"})
    assert refused.status_code == 503
    assert "请按地方找" in refused.content.decode()
    assert found(browser, "A线").startswith(reverse("power:places"))


def test_a_file_is_sent_once_and_then_not_again_until_it_changes(browser: Client, published: datetime) -> None:
    (spot,) = finding.by_number("A1-01")
    address = reverse("status:file", args=[f"{spot.feeder}.json"])
    first = browser.get(address)
    assert json.loads(first.content)["answers"][0]["said"]["en"][0] == "Off by a fault, being repaired"
    assert browser.get(address, headers={"if-none-match": first["ETag"]}).status_code == 304
    for name in (".publisher", "secret.key", "../pii.key", "nothing.json", f"{'0' * 16}.json"):
        assert browser.get(f"/status/{name}").status_code == 404


def test_a_question_needs_a_form(browser: Client, published: datetime) -> None:
    assert browser.get(reverse("power:find")).status_code == 405
