"""The API's own page, offline and under the policy of the pages, with the field for a token."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

STAFF = re.compile(r"\bToken\b")
"""The name of the scheme of staff; that of residents ends in the same word."""


def test_the_document_opens_and_takes_a_token(page_as: Callable[..., Page]) -> None:
    page = page_as("ADMINISTRATOR")
    page.goto("/api/v1/docs")
    expect(page.locator(".opblock").first).to_be_visible()
    assert page.locator(".opblock").count() > 150
    page.get_by_role("button", name="Authorize").first.click()
    form = page.locator(".auth-container form", has_text=STAFF)
    field = form.locator("input")
    expect(field).to_be_visible()
    field.fill("wd_sample")
    form.locator("button[type=submit]").click()
    expect(page.locator(".auth-container form", has_text=STAFF)).to_contain_text("Authorized")
