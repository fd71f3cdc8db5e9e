"""A call at 95598: the last digits of a telephone, a name, an address; the page on a narrow screen; the year's usage."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect


def test_a_caller_is_found_by_name_and_by_initials_and_seen_whole(page_as: Callable[..., Page]) -> None:
    page = page_as("CALL_CLERK")
    page.goto("/console/customers/?customer_class=RESIDENTIAL")
    row = page.locator("tbody tr").first
    number, name = row.locator("a").first.inner_text(), row.locator("td").nth(1).inner_text()
    page.keyboard.press("Control+k")
    page.locator("#wd-palette input").fill(name)
    page.locator("#wd-palette a.wd-hit", has_text=number).click()
    page.wait_for_url(re.compile(rf"/customers/account/{number}/"))
    page.get_by_role("tab", name="用电量").click()
    expect(page.locator("#usage-months svg")).to_be_visible()
    page.get_by_role("tab", name="时间线").click()
    expect(page.locator("#tab-panel")).to_contain_text("立户")
    page.get_by_role("tab", name="电费", exact=True).click()
    page.get_by_role("link", name=re.compile("逐行说明")).first.click()
    page.wait_for_url(re.compile(r"/bills/\d+/"))


def test_nothing_found_says_what_to_try(page_as: Callable[..., Page]) -> None:
    page = page_as("CALL_CLERK")
    page.goto("/console/")
    page.keyboard.press("Control+k")
    page.locator("#wd-palette input").fill("没有这样的人")
    expect(page.locator("#wd-palette")).to_contain_text("没有找到")
