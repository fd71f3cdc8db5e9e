"""何时来电 on a telephone, before nobody has logged in: found by number and by place, in both languages and themes; and what it shows
when nobody answers any more."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_tracking import PHONE_WIDTH, without_fault

ACCOUNT = "4304000000002"
PATIENCE = 60.0


@pytest.fixture(autouse=True)
def published(open_page: Callable[..., Page]) -> None:
    """The server's publisher has been round once."""
    page, deadline = open_page(), time.monotonic() + PATIENCE
    while page.request.get("/status/index.json").status != 200 and time.monotonic() < deadline:
        time.sleep(0.5)


@pytest.fixture
def apart(chromium: Browser, installation: str) -> Iterator[Page]:
    """A page whose clock the test winds, and whose lost connections are no fault of ours."""
    context = chromium.new_context(
        base_url=installation, locale="zh-CN", viewport={"width": PHONE_WIDTH, "height": 844}
    )
    page = context.new_page()
    page.clock.install()
    yield page
    context.close()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_a_number_leads_to_an_answer_that_names_nobody(dark: bool, open_page: Callable[..., Page]) -> None:
    page = open_page(width=PHONE_WIDTH, height=844, dark=dark)
    page.goto("/power/")
    without_fault(page)
    page.get_by_label("户号、手机号或地名").fill(ACCOUNT)
    page.get_by_role("button", name="查询").click()
    expect(page.locator("[data-supply]")).to_have_count(1)
    assert ACCOUNT not in page.content() + page.url
    without_fault(page)
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="When is my power back?")).to_be_visible()
    without_fault(page)


def test_a_place_is_found_in_two_touches(open_page: Callable[..., Page]) -> None:
    page = open_page(width=PHONE_WIDTH, height=844)
    page.goto("/power/")
    page.locator("[data-list]").first.click()
    page.locator("[data-list-here] a").first.click()
    expect(page.locator("[data-supply]")).to_have_count(1)
    without_fault(page)


def test_what_was_known_stays_and_says_its_age_when_nobody_answers(apart: Page) -> None:
    apart.goto("/power/")
    apart.get_by_label("户号、手机号或地名").fill(ACCOUNT)
    apart.get_by_role("button", name="查询").click()
    headline = apart.locator("[data-headline]")
    before = headline.inner_text()
    apart.route("**/status/*", lambda route: route.abort())
    apart.clock.run_for(180_000)
    expect(apart.locator("[data-age-text]")).to_have_text(re.compile("暂时连不上，显示的是 [34] 分钟前的情况"))
    expect(headline).to_have_text(before)

    # It answers again, and something has happened.
    feeder, area = urlsplit(apart.url).path.split("/at/")[1].split(".")
    told = {"zh-hans": ["故障停电，预计今天 18:30来电", "抢修人员已到现场。"], "en": ["…"]}
    file = json.dumps({"answers": [{"standing": "FAULT", "said": told}], "areas": {area: 0}})
    apart.unroute("**/status/*")
    apart.route(f"**/status/{feeder}.json", lambda route: route.fulfill(body=file, content_type="application/json"))
    # An answer comes in real time while the page's clock is wound: it asks again once the last one is in.
    for _turn in range(10):
        apart.clock.run_for(61_000)
        apart.wait_for_timeout(300)
        if headline.inner_text() == "故障停电，预计今天 18:30来电":
            break
    expect(headline).to_have_text("故障停电，预计今天 18:30来电")
    expect(apart.locator("[data-lines] li")).to_have_text(["抢修人员已到现场。"])
    expect(apart.locator(".answer.late")).to_have_count(1)
