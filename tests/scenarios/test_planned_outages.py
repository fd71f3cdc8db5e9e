"""停电公告 as anybody reads it: by day, of a place, changed and canceled told, nobody named; the same in files, JSON and a calendar."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from typer.testing import CliRunner

from wandeng.domains.customers.models import CustomerAccount
from wandeng.domains.network.models import PowerTransformer
from wandeng.domains.outages.actions import plans, running
from wandeng.domains.outages.tests import make
from wandeng.domains.outages.tests.make import COUNTY, NOW, PLANNER, STARTS, opened, published, request
from wandeng.flows.supply_status import planned as flow
from wandeng.flows.supply_status import publishing
from wandeng.infra import pii
from wandeng.infra.effective import current
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import supply_status as command
from wandeng.interfaces.cli import terminal
from wandeng.interfaces.doorway import middleware
from wandeng.interfaces.doorway.words import planned_outages as planned_words
from wandeng.interfaces.doorway.words import supply_status as words
from wandeng.interfaces.portal import planned, power

pytestmark = pytest.mark.django_db(transaction=True)
SOON = (STARTS - timedelta(days=3)).astimezone(UTC)


class Clock:
    at = SOON


@pytest.fixture(autouse=True)
def clock(settings, tmp_path, monkeypatch) -> type[Clock]:
    settings.HOME = tmp_path
    pii.create_key()
    Clock.at = SOON
    for door in (middleware, power, planned, terminal):
        monkeypatch.setattr(door, "now", lambda: Clock.at)
    make.town()
    PowerTransformer.objects.filter(code__in=("T1", "T2")).update(ownership="PUBLIC")
    PowerTransformer.objects.filter(code="T1").update(area_name="新华村")
    PowerTransformer.objects.filter(code="T2").update(area_name="河西村")
    return Clock


def publish(at: datetime = SOON) -> int:
    at = at.astimezone(UTC)
    Clock.at = at
    publisher = publishing.Publisher(words.everywhere, planned_words.everywhere)
    try:
        done = publisher.publish(at)
        assert done is not None
        return done.written
    finally:
        publisher.close()


def read(language: str = "zh", **query: str) -> str:
    answer = Client().get(reverse("power:planned"), {"l": language, **query})
    assert answer.status_code == 200
    assert not answer.cookies
    assert answer["Cache-Control"] == "public, max-age=30"
    return answer.content.decode()


def changed(number: str, **other: object) -> None:
    asked = {"isolation": opened("K11"), "starts_at": STARTS, **other}
    plans.change(number=number, request=request(**asked), reason="天气", actor=PLANNER, at=NOW)
    make.acknowledged(number, at=NOW)
    make.decided(number, at=NOW)


def test_it_is_listed_by_day_with_places_hours_and_reason() -> None:
    published(request(isolation=opened("K11")))
    assert "停电信息还没有发布" in read()
    publish()
    page = read()
    for told in ("3月12日 星期四", "08:00 至 12:00", "新华村", "河西村", "检修线路和设备"):
        assert told in page, told
    assert "Maintenance of lines and equipment" in read("en")
    assert "明天 3月12日" in (publish(STARTS - timedelta(days=1)), read())[1]
    assert "今天 3月12日" in (publish(STARTS - timedelta(hours=1)), read())[1]
    publish(STARTS + timedelta(hours=5))
    assert "近期没有计划停电" in read()


def test_nobody_is_named() -> None:
    number = published(request(title="为张三装表", isolation=opened("K11")))
    CustomerAccount.objects.filter(account_number="1001").update(name="张三", address="新华村五组")
    publish()
    told = read() + Client().get(reverse("power:planned-data")).content.decode() + calendar()
    told += "".join(path.read_text() for path in publishing.folder().glob("planned*.json"))
    assert number in told
    for account in CustomerAccount.objects.all():
        for secret in (account.account_number, account.name, account.address):
            # Short codes of the small town are looked for as words of their own: they lie in hashes too.
            assert not secret or not re.search(rf"(?<![\w-]){re.escape(secret)}(?![\w-])", told), secret
    for secret in ("为张三装表", "更换跌落式熔断器", "五组"):
        assert secret not in told


def calendar(**query: str) -> str:
    answer = Client().get(reverse("power:calendar"), {"l": "zh", **query})
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    return answer.content.decode()


def test_a_change_and_a_cancellation_are_marked_until_the_window_has_passed() -> None:
    moved = published(request(isolation=opened("K11")))
    changed(moved, starts_at=STARTS + timedelta(days=1))
    publish()
    page = read()
    assert "有变更" in page
    assert "时间有变，原定3月12日 星期四 08:00 至 12:00。" in page
    assert "3月13日 星期五" in page
    plans.cancel(number=moved, reason="不做了", actor=COUNTY, at=NOW)
    publish()
    page = read()
    assert "已取消，照常供电。" in page
    assert "<s>08:00 至 12:00</s>" in page
    assert "STATUS:CANCELLED" in calendar()
    publish(STARTS + timedelta(days=1, hours=5))
    assert moved not in read()


def test_areas_that_are_back_are_no_longer_listed() -> None:
    number = published(request(isolation=opened("K11")))
    running.start(number=number, off_at=STARTS, actor=PLANNER, at=STARTS)
    publish(STARTS + timedelta(minutes=1))
    assert "正在停电" in read()
    half = STARTS + timedelta(hours=1)
    running.restore(number=number, on_at=half, areas=["T1"], actor=PLANNER, at=half)
    publish(half)
    assert "新华村" not in read()
    assert "河西村" in read()
    running.restore(number=number, on_at=half, actor=PLANNER, at=half)
    publish(half)
    assert number not in read()


def test_a_place_is_looked_for_and_a_number_is_not() -> None:
    first = published(request(isolation=opened("K11")))
    publish()
    assert first in read(q="新华")
    assert "没有“不存在”的计划停电" in read(q="不存在")
    assert calendar(q="不存在").count("BEGIN:VEVENT") == 0
    answer = Client().get(reverse("power:planned"), {"q": "13812345678"})
    assert (answer.status_code, answer["Location"]) == (303, reverse("power:ask"))
    assert "&lt;script&gt;" in read(q="<script>")


def test_files_json_calendar_command_and_flow_say_the_same() -> None:
    number = published(request(isolation=opened("K11")))
    publish()
    (one,) = flow.planned(Scope.everywhere(), now=SOON, library=current.library())
    assert (one.number, one.places) == (number, ("新华村", "河西村"))
    version, (kept,) = publishing.published_plans()
    assert kept == one
    (told,) = Client().get(reverse("power:planned-data")).json()["outages"]
    assert flow.read_back(told) == one
    index = json.loads(Client().get("/status/planned.json").content)
    assert index["version"] == version
    (unit,) = index["units"]
    answer = Client().get(f"/status/{unit['file']}")
    assert json.loads(answer.content)["outages"] == [told]
    assert Client().get(f"/status/{unit['file']}", headers={"if-none-match": answer["ETag"]}).status_code == 304
    event = calendar()
    assert f"UID:{number}@wandeng" in event
    assert "DTSTART:20260312T000000Z" in event
    assert all(len(line.encode()) <= 75 for line in event.split("\r\n"))
    done = CliRunner().invoke(command.app, ["planned", "新华", "--json"])
    assert json.loads(done.output)[0]["number"] == number
    assert number in CliRunner().invoke(command.app, ["planned"], env={"COLUMNS": "200"}).output
    assert flow.planned(Scope("BS/BS-E/"), now=SOON, library=current.library()) == ()


def test_a_list_is_written_anew_only_when_it_changed() -> None:
    number = published(request(isolation=opened("K11")))
    publisher = publishing.Publisher(words.everywhere, planned_words.everywhere)
    first = publisher.publish(SOON)
    again = publisher.publish(SOON + timedelta(seconds=3))
    assert first is not None
    assert again is not None
    assert (first.written > 0, again.written) == (True, 0)
    before = publishing.published_plans()[0]
    plans.cancel(number=number, reason="不做了", actor=COUNTY, at=NOW)
    third = publisher.publish(SOON + timedelta(seconds=6))
    assert third is not None
    assert third.written == 3  # the unit's list, the list of lists, the feeder that told of it
    assert publishing.published_plans()[0] != before
    publisher.publish((STARTS + timedelta(days=1)).astimezone(UTC))
    assert list(publishing.folder().glob("planned-*.json")) == []
    publisher.close()


def test_a_long_list_goes_on_a_page_further_and_each_page_is_small() -> None:
    number = published(request(isolation=opened("K11")))
    publish()
    index = json.loads((publishing.folder() / "planned.json").read_text())
    path = publishing.folder() / index["units"][0]["file"]
    body = json.loads(path.read_text())
    (one,) = body["outages"]
    many = [f"很长名字的村民小组第{place}组" for place in range(200)]
    body["outages"] = [one | {"number": f"{number}-{n}", "places": many, "areas": many} for n in range(120)]
    path.write_text(json.dumps(body, ensure_ascii=False))
    pages = [read(n=str(begin)) for begin in (0, 50, 100)]
    assert [page.count('<li class="answer') for page in pages] == [50, 50, 20]
    assert max(len(page.encode()) for page in pages) <= 200_000
    assert "另有 170 处" in pages[0]
    assert "第199组" in read(q="第199组")
    assert ("后面的" in pages[0], "后面的" in pages[2], "前面的" in pages[2]) == (True, False, True)
    assert read(n="9" * 5).count('<li class="answer') == 50
    assert read(n="x").count('<li class="answer') == 50


def test_an_old_list_says_how_old_it_is(clock: type[Clock]) -> None:
    published()
    publish()
    clock.at = SOON + timedelta(minutes=10)
    page = read()
    assert 'class="age old"' in page
    assert 'data-age="600"' in page
