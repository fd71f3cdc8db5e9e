"""A morning at the counter: number in, customer out; the telephone corrected, the contract renewed."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect


def test_a_number_leads_to_the_customer_and_what_is_wrong_is_put_right(page_as: Callable[..., Page]) -> None:
    page = page_as("HALL_CLERK")
    page.goto("/console/customers/contacts/?verification=TODO&primary=yes")
    number = page.locator("tbody a").first.inner_text()
    page.keyboard.press("Control+k")
    page.locator("#wd-palette input").fill(number)
    expect(page.locator("#wd-palette a.wd-hit").first).to_contain_text(number)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"/customers/account/{number}/"))
    expect(page.locator("#tab-panel")).to_contain_text("供电")

    page.get_by_role("tab", name="联系人").click()
    masked = page.locator("[data-masked]").first
    expect(masked).to_contain_text("****")
    page.locator("[data-reveal]").first.click()
    page.locator("#wd-reveal-reason").fill("客户到厅核对")
    page.get_by_role("button", name="显示号码").click()
    expect(masked).not_to_contain_text("****")

    page.locator("#tab-panel").get_by_role("link", name=re.compile("更正")).first.click()
    page.get_by_label("正确的电话").fill("13900001111")
    page.get_by_label("原因").first.fill("客户到厅更正")
    page.get_by_role("button", name="更正").click()
    expect(page.locator("#tab-panel")).to_contain_text("139****1111")
    expect(page.locator("#tab-panel")).to_contain_text("错误")

    page.get_by_role("tab", name="日志").click()
    expect(page.locator("#tab-panel")).to_contain_text("客户到厅核对")
    expect(page.locator("#tab-panel")).not_to_contain_text("13900001111")


def test_a_contract_is_drafted_and_signed_at_the_counter(page_as: Callable[..., Page]) -> None:
    page = page_as("HALL_CLERK")
    page.goto("/console/customers/without-agreement/?draft=no")
    page.locator("tbody a").first.click()
    page.get_by_role("tab", name="合同").click()
    page.get_by_role("link", name="起草合同").click()
    page.get_by_label("终止日期").fill("2035-01-01")
    page.get_by_role("button", name="起草").click()
    expect(page.locator("#tab-panel")).to_contain_text("草稿")
    page.get_by_role("link", name=re.compile("^签订")).click()
    page.get_by_role("button", name="签订").click()
    expect(page.locator("#tab-panel")).to_contain_text("已签订")
