"""How the components behave under mouse, keyboard and thumb: on the page that shows them, and on a list."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


@pytest.fixture
def components(page_as: Callable[..., Page]) -> Callable[..., Page]:
    def opened(**options: object) -> Page:
        page = page_as("CALL_CLERK", **options)
        page.goto("/console/components/")
        page.wait_for_load_state("networkidle")
        return page

    return opened


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(
    "opener", ["[data-open=example-confirm]", "[data-open=example-drawer]", "[data-reveal]", "[aria-label=我的]"]
)
def test_what_opens_over_the_page_is_accessible(components: Callable[..., Page], opener: str, dark: bool) -> None:
    page = components(dark=dark)
    page.locator(opener).first.click()
    page.wait_for_timeout(400)
    found = Axe().run(page, options=WCAG).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []


def test_a_dialog_asks_first_for_the_reason_and_gives_the_focus_back(components: Callable[..., Page]) -> None:
    page = components()
    opener = page.locator("[data-open=example-confirm]")
    opener.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#example-confirm-reason")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#example-confirm")).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_chosen_theme_is_there_before_the_page_is_drawn(components: Callable[..., Page]) -> None:
    page = components()
    assert page.locator("html").get_attribute("data-bs-theme") == "light"
    page.locator("[aria-label=我的]").click()
    page.locator("[data-theme-choice=dark]").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.reload(wait_until="commit")
    page.wait_for_selector("body", state="attached")
    assert page.locator("html").get_attribute("data-bs-theme") == "dark"


def test_readings_are_entered_without_the_mouse(components: Callable[..., Page]) -> None:
    page = components()
    first, second = page.locator("[data-entry] input").nth(0), page.locator("[data-entry] input").nth(1)
    first.focus()
    page.keyboard.type("18500")
    page.keyboard.press("Enter")
    expect(second).to_be_focused()
    page.keyboard.type("1")
    page.keyboard.press("Escape")
    expect(second).to_have_value("9310")
    page.keyboard.press("ArrowUp")
    expect(first).to_be_focused()
    expect(first).to_have_value("18500")


def test_a_chart_shows_the_same_figures_as_a_table(components: Callable[..., Page]) -> None:
    page = components()
    chart = page.locator(".wd-chart").first
    expect(chart.locator("svg")).to_be_visible()
    chart.locator("summary").click()
    january = chart.locator("tbody tr").first
    # 31250 hundredths of a kWh and 18480 fen, as the example gives them.
    expect(january).to_have_text(re.compile(r"1\s*312\.50 kWh\s*¥184\.80"))


def test_a_map_is_drawn_without_tiles_and_told_in_names(components: Callable[..., Page]) -> None:
    page = components()
    expect(page.locator("#example-map path.leaflet-interactive").first).to_be_attached()
    expect(page.locator("#example-map .wd-map-name", has_text="S1")).to_be_visible()
    assert page.locator("#example-map img").count() == 0


def test_a_deadline_says_in_words_that_it_is_near_or_past(components: Callable[..., Page]) -> None:
    page = components()
    clocks = page.locator("[data-due]")
    expect(clocks.nth(1)).to_have_text(re.compile(r"剩 4[12] 分"))
    expect(clocks.nth(1)).to_have_class(re.compile("wd-warn"))
    expect(clocks.nth(2)).to_have_text(re.compile(r"超时 12 分"))


def test_the_search_is_one_key_away_and_walked_by_arrows(page_as: Callable[..., Page]) -> None:
    page = page_as("BILLING_CLERK")
    page.wait_for_load_state("networkidle")
    page.keyboard.press("Control+k")
    page.keyboard.type("430400000001")
    hits = page.locator("#wd-hits a.wd-hit")
    expect(hits.nth(1)).to_be_visible()
    expect(hits.nth(0)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowDown")
    expect(hits.nth(1)).to_have_attribute("aria-selected", "true")
    wanted = hits.nth(1).get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{wanted}")
    page.keyboard.press("Control+k")
    expect(page.locator("#wd-hits a.wd-hit").first).to_have_attribute("href", wanted)


def test_rows_are_chosen_one_by_one_by_page_and_all_that_match(page_as: Callable[..., Page]) -> None:
    page = page_as("CALL_CLERK")
    page.goto("/console/customers/contacts/")
    bar = page.locator(".wd-bulk")
    expect(bar).to_be_hidden()
    page.locator("tbody input[name=keys]").first.check()
    expect(bar).to_contain_text("已选 1 条")
    page.locator("[data-select-page]").check()
    expect(bar).to_contain_text("已选 50 条")
    bar.get_by_role("button", name="选择符合条件的全部").click()
    expect(page.locator("input[name=all]")).to_have_value("1")
    page.locator("tbody input[name=keys]").nth(3).uncheck()
    expect(page.locator("input[name=all]")).to_have_value("")
    expect(bar).to_contain_text("已选 49 条")


def test_one_column_always_stays(page_as: Callable[..., Page]) -> None:
    page = page_as("CALL_CLERK")
    page.goto("/console/customers/")
    page.locator(".wd-toolbar button", has_text="列").click()
    boxes = page.locator(".wd-columns input[type=checkbox]:checked")
    for _ in range(boxes.count() - 1):
        boxes.first.uncheck()
    last = boxes.first
    last.click()
    expect(last).to_be_checked()
    page.locator(".wd-columns button", has_text="应用").click()
    page.wait_for_url("**columns=*")
    assert page.locator("thead th[scope=col]").count() == 1


def test_the_menu_of_a_phone_opens_and_rows_become_cards(page_as: Callable[..., Page]) -> None:
    page = page_as("CALL_CLERK", width=390, height=844)
    page.goto("/console/customers/")
    expect(page.locator("#wd-side")).not_to_be_in_viewport()
    page.locator("[aria-controls=wd-side]").click()
    expect(page.locator("#wd-side a").first).to_be_in_viewport()
    expect(page.locator("#wd-side")).to_have_class(re.compile(r"\bshow$"))  # it has come to rest
    page.keyboard.press("Escape")
    expect(page.locator("#wd-side")).not_to_be_in_viewport()
    cell = page.locator("tbody td[data-label]").first
    assert cell.evaluate("(cell) => getComputedStyle(cell).display") == "grid"
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_group_of_the_menu_stays_as_the_person_left_it(page_as: Callable[..., Page]) -> None:
    page = page_as("COUNTY_MANAGER")
    page.goto("/console/")
    network = page.locator(".wd-menu details", has=page.locator("a[href='/console/network/map/']"))
    expect(network.locator("a").first).to_be_hidden()
    network.locator("summary").click()
    expect(network.locator("a").first).to_be_visible()
    page.wait_for_function("document.cookie.includes('wd_menu=')")
    page.goto("/console/customers/")
    expect(network.locator("a").first).to_be_visible()
