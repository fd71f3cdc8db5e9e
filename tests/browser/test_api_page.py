"""The API's own page, offline and under the policy of the pages, with the field for a token."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect


def test_the_document_opens_and_takes_a_token(page_as: Callable[..., Page]) -> None:
    page = page_as("ADMINISTRATOR")
    page.goto("/api/v1/docs")
    expect(page.locator(".opblock").first).to_be_visible()
    assert page.locator(".opblock").count() > 150
    page.get_by_role("button", name="Authorize").first.click()
    field = page.locator(".auth-container input")
    expect(field).to_be_visible()
    field.fill("wd_sample")
    page.locator(".auth-container button[type=submit]").click()
    expect(page.locator(".auth-container")).to_contain_text("Authorized")
