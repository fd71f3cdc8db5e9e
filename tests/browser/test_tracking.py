"""The page that a customer opens by the link of their case, on a telephone, before nobody has logged in."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.test_every_page import WCAG

PHONE_WIDTH = 390


@pytest.fixture(scope="module")
def links() -> dict[str, str]:
    return {}


@pytest.fixture
def link(links: dict[str, str], page_as: Callable[..., Page]) -> str:
    """The link of a case that is being worked on, as the clerk copies it from its page; looked up once."""
    if not links:
        page = page_as("CALL_CLERK")
        page.goto("/console/cases/all/?state=OPEN")
        page.locator('main a[href^="/console/cases/case/"], main tbody a[href*="/console/cases/"]').first.click()
        links["open"] = urlsplit(page.locator('a[href*="/track/"]').first.get_attribute("href") or "").path
    return links["open"]


def without_fault(page: Page) -> None:
    """Accessible, and no wider than the telephone."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}}).response["violations"]
    assert [(one["id"], [node["target"] for node in one["nodes"]]) for one in found] == []
    width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert width <= 0


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_the_link_is_read_on_a_telephone_in_both_languages(
    link: str, dark: bool, open_page: Callable[..., Page]
) -> None:
    page = open_page(width=PHONE_WIDTH, height=844, dark=dark)
    page.goto(link)
    expect(page.get_by_role("heading", name="办理环节")).to_be_visible()
    expect(page.locator('[aria-current="step"]')).to_have_count(1)
    without_fault(page)
    page.get_by_role("button", name="English").click()
    expect(page.get_by_role("heading", name="Steps")).to_be_visible()
    assert urlsplit(page.url).path == link
    assert page.locator("html").get_attribute("lang") == "en"
    without_fault(page)


def test_a_link_that_opens_nothing_is_a_calm_page_too(open_page: Callable[..., Page]) -> None:
    page = open_page(width=PHONE_WIDTH, height=844)
    answer = page.request.get("/track/nothing-here")
    assert answer.status == 404
    page.set_content(answer.text())
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.locator('a[href^="tel:"]')).to_have_count(1)
