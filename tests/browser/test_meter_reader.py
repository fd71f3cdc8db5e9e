"""The main path of a meter reader: from the list of routes to a sheet, by keyboard; a doubtful value and its decision."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

Open = Callable[..., Page]


def first_sheet(page: Page) -> Locator:
    """The sheet of the first route, read at the newest reading day."""
    page.goto("/console/metering/routes/")
    page.locator("tbody tr").first.locator("a").first.click()
    expect(page.locator("table[data-entry]")).to_be_visible()
    return page.locator("table[data-entry] tbody tr")


def plain(row: Locator) -> bool:
    """A meter with one register and a rate to hold a value against."""
    return row.locator("input").count() == 1 and "≤" in row.inner_text()


def test_a_sheet_is_typed_by_keyboard_and_judged_at_once(page_as: Open) -> None:
    page = page_as("METER_READER")
    rows = first_sheet(page)
    places = [place for place in range(min(rows.count(), 30)) if plain(rows.nth(place))][:2]
    first, second = (rows.nth(place) for place in places)
    value = first.locator("input").input_value()
    first.locator("input").focus()
    # A slip: three figures too many. It is stored and waits, or is refused where one is accepted already.
    page.keyboard.type(f"{value.split('.')[0]}999")
    page.keyboard.press("Enter")
    assert not first.locator("input").evaluate("e => e === document.activeElement")
    told = first.locator(".wd-sheet-told")
    expect(told.locator('[role="alert"], .wd-warn')).to_be_visible()
    # Typing the true value again mends it.
    first.locator("input").fill(value)
    first.locator("input").press("Enter")
    expect(told).to_contain_text("已存")
    second.locator("input").focus()
    page.keyboard.press("Shift+Enter")
    page.keyboard.press("Escape")
    expect(first.locator("input")).to_have_value(value)


def test_a_held_reading_is_ordered_to_be_read_again_and_completed(page_as: Open) -> None:
    # Somebody who sees the whole county: among 300 customers most offices hold no reading back.
    page = page_as("ADMINISTRATOR")
    page.goto("/console/metering/held/?reread=no")
    rows = page.locator("tbody tr td a[href*='/held/']")
    rows.first.click()
    page.get_by_text("派复抄", exact=True).first.click()
    form = page.locator("form[action$='/reread/']")
    form.locator("textarea").fill("示数与往月相差太多")
    form.locator("button[type=submit]").click()
    page.locator("aside a[href*='/rereads/']").click()
    page.get_by_role("button", name="领取").click()
    expect(page.get_by_role("button", name="退还")).to_be_visible()
    page.locator("input[name=total_ckwh]").fill("1234.5")
    page.locator("#id_reason").fill("到现场核对")
    page.get_by_role("button", name="完成").click()
    page.wait_for_url("**/metering/rereads/")
    expect(page.locator("body")).to_contain_text("复抄已完成")


@pytest.mark.parametrize("width", [1440, 390])
def test_a_sheet_fits_the_screen(page_as: Open, width: int) -> None:
    page = page_as("METER_READER", width=width)
    first_sheet(page)
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
