"""Every page in a county whose texts are attacks: no dialog, no script, no breach of the content security policy (S6)."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import crawl
from tests.browser.conftest import PATIENCE_MS, Seen, look_at
from tests.browser.poison import ATTACKS
from wandeng.domains.organization.types import Role

EXECUTED = "window.wdXss === undefined ? '' : String(window.wdXss)"
pytestmark = pytest.mark.timeout(900)
OTHERS = sorted(role.value for role in Role if role is not Role.ADMINISTRATOR)
"""The administrator may open every page; of the others the first page, which nobody else has."""


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def page(chromium: Browser, poisoned: str, seen: Seen) -> Iterator[Page]:
    context = chromium.new_context(base_url=poisoned, locale="zh-CN", viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    opened = context.new_page()
    seen.watch(opened, poisoned)
    # A part of a page that is opened by itself names no icon, so the browser asks for the usual one.
    opened.route("**/favicon.ico", lambda asked: asked.fulfill(status=204))
    opened.on("dialog", lambda dialog: (seen.complaints.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    yield opened
    context.close()


def test_what_would_run_is_told(page: Page, seen: Seen) -> None:
    page.goto("/console/login/")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<svg onload=wdXss=1><p><img src=x onerror=wdXss=3>')")
    page.wait_for_timeout(300)
    assert any("Content Security Policy" in one for one in seen.complaints)


def test_no_text_that_somebody_wrote_is_run_on_any_page(page: Page, poisoned: str, seen: Seen) -> None:
    visits = [visit for visit in crawl.walk(poisoned, Role.ADMINISTRATOR.value) if visit.kind == "text/html"]
    broken = [f"{visit.path}: {visit.status}" for visit in visits if visit.status >= 500]
    assert broken == []
    shown = {one for one in ATTACKS for visit in visits if _escaped(one) in visit.text}
    log_in(page, Role.ADMINISTRATOR.value)
    faults = [fault for visit in visits if visit.status == 200 for fault in run_on(page, visit.path, seen)]
    for role in OTHERS:
        log_in(page, role)
        faults += run_on(page, "/console/", seen)
    assert "\n".join(faults) == ""
    assert len(visits) > 100
    assert set(ATTACKS) - shown == set(), "not every attack reached a page"


def log_in(page: Page, role: str) -> None:
    page.context.clear_cookies()
    page.goto("/console/login/")
    page.locator(f'button[name="demo"][data-role="{role}"]').first.click()
    page.wait_for_url("**/console/")


def run_on(page: Page, path: str, seen: Seen) -> list[str]:
    """What a page ran or tried to run."""
    seen.complaints.clear()
    look_at(page, path)
    ran = page.evaluate(EXECUTED)
    return [f"{path}: {one}" for one in seen.complaints] + ([f"{path}: attack {ran} ran"] if ran else [])


def _escaped(text: str) -> str:
    """An attack as a page must write it."""
    for plain, named in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("'", "&#x27;")):
        text = text.replace(plain, named)
    return re.sub(r"\s+", " ", text)
