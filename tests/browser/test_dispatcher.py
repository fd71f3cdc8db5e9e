"""The main path of a dispatcher: overview, single-line view, who is behind a switch, what if, switching, map."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

Open = Callable[..., Page]


def feeder(page: Page) -> str:
    """Open the single-line view of the first feeder; its code."""
    page.goto("/console/network/")
    page.locator("tbody th a[href*='/feeders/']").first.click()
    expect(page.locator(".wd-diagram-lines")).to_be_visible()
    return page.url.rstrip("/").rpartition("/")[2]


def test_a_switch_is_tried_operated_and_put_back(page_as: Open) -> None:
    page = page_as("DISPATCHER")
    code = feeder(page)
    panel = page.locator("#diagram-panel")
    breaker = page.locator(f".wd-diagram-rows a[href$='{code}-K0/']")
    breaker.focus()
    page.keyboard.press("Enter")
    expect(panel).to_contain_text("现在合位")
    panel.get_by_role("button", name="如果断开会怎样").click()
    expect(panel).to_contain_text("只是试算")
    expect(panel.locator(".wd-late").first).to_contain_text("户")
    for word, state in (("分", "现在分位"), ("合", "现在合位")):
        panel.get_by_text(f"记录操作：转为{word}位").click()
        panel.locator("textarea").fill("演练")
        panel.get_by_role("button", name=f"确认转为{word}位").click()
        expect(panel).to_contain_text(state)
        # The diagram follows by itself.
        dead = page.locator(".wd-diagram-lines .wd-wire-dead")
        expect(dead).not_to_have_count(0) if word == "分" else expect(dead).to_have_count(0)
    page.goto(f"/console/network/operations/?feeder={code}")
    expect(page.locator("tbody")).to_contain_text("演练")


def test_a_click_on_the_map_shows_who_is_behind(page_as: Open) -> None:
    page = page_as("DISPATCHER")
    code = feeder(page)
    page.goto(f"/console/network/map/?feeder={code}")
    switch = page.locator("path.leaflet-interactive[role=button][aria-label*='出线断路器']").first
    switch.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#map-panel")).to_contain_text("配变")


def test_the_customers_behind_a_switch_are_a_list(page_as: Open) -> None:
    page = page_as("DISPATCHER")
    code = feeder(page)
    page.goto(f"/console/network/switches/{code}-K0/")
    page.get_by_role("link", name="用户清单与导出").first.click()
    expect(page.locator("tbody tr").first).to_be_visible()


@pytest.mark.parametrize("width", [1440, 390])
def test_the_diagram_fits_the_screen(page_as: Open, width: int) -> None:
    page = page_as("DISPATCHER", width=width)
    feeder(page)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
