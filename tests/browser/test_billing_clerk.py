"""A month at the bill desk by two persons, a bill explained, compared and corrected after a look, and the price book."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

MONTH = "2026-10"
WORK_MS = 90_000
"""The worker beside the server freezes, prices and checks a month; the page asks every two seconds."""


def confirm(page: Page, button: str, go: str) -> None:
    """Press a button, read what it will do, and do it."""
    page.get_by_role("button", name=button, exact=True).first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    dialog.get_by_role("button", name=go, exact=True).click()


def test_a_month_is_looked_at_run_approved_by_a_second_person_and_published(page_as: Callable[..., Page]) -> None:
    clerk = page_as("BILLING_CLERK")
    clerk.goto("/console/bills/runs/")
    clerk.get_by_role("link", name="新建核算").first.click()
    clerk.get_by_label("电费年月").fill(MONTH)
    clerk.get_by_role("button", name="先试算看一眼").click()
    expect(clerk.locator("main")).to_contain_text("什么也没有写入", timeout=WORK_MS)
    clerk.get_by_role("button", name="开始核算").click()
    clerk.wait_for_url(re.compile(r"/bills/runs/\d+/$"))
    expect(clerk.get_by_role("heading", level=1)).to_contain_text("已审核", timeout=WORK_MS)
    expect(clerk.locator("main")).to_contain_text("异常户，按原因")
    expect(clerk.get_by_role("button", name="批准", exact=True)).to_have_count(0)

    reviewer = page_as("BILLING_REVIEWER")
    reviewer.goto(clerk.url)
    confirm(reviewer, "批准", "批准")
    expect(reviewer.get_by_role("heading", level=1)).to_contain_text("已批准")

    clerk.reload()
    confirm(clerk, "记账", "记账")
    expect(clerk.get_by_role("heading", level=1)).to_contain_text("已记账", timeout=WORK_MS)
    confirm(clerk, "发行", "发行")
    expect(clerk.get_by_role("heading", level=1)).to_contain_text("已发行")


def test_a_published_run_is_priced_again_to_the_same_bytes(page_as: Callable[..., Page]) -> None:
    page = page_as("BILLING_CLERK")
    page.goto("/console/bills/runs/1/")
    expect(page.locator("#figures svg").first).to_be_visible()
    confirm(page, "复算核对", "开始复算")
    expect(page.locator("main")).to_contain_text("逐字节一致", timeout=WORK_MS)


def test_a_bill_is_explained_compared_and_corrected_after_a_look(page_as: Callable[..., Page]) -> None:
    page = page_as("BILLING_CLERK")
    page.goto("/console/bills/?month=2026-09")
    page.locator("tbody td a").first.click()
    expect(page.locator("main")).to_contain_text("从示数到电量")
    expect(page.locator("main")).to_contain_text("从电量到电费")
    bill = page.url
    page.get_by_role("link", name="与其他月份对照").click()
    expect(page.locator("#causes svg")).to_be_visible()
    expect(page.locator("main")).to_contain_text("各原因")
    page.goto(bill)
    page.get_by_role("button", name="更正").click()
    page.get_by_role("link", name="冲销", exact=True).click()
    page.locator("#id_reason").fill("错户，看一眼")
    page.get_by_role("button", name="先看结果").click()
    expect(page.locator("main")).to_contain_text("退给用户")
    expect(page.get_by_role("button", name="生成更正，交第二人批准")).to_be_visible()
    page.get_by_role("link", name="不更正").click()
    expect(page.locator("main")).not_to_contain_text("更正经过")


def test_a_price_leads_to_its_document_and_a_calculation_has_an_address(page_as: Callable[..., Page]) -> None:
    page = page_as("BILLING_CLERK", width=390, height=844)
    page.goto("/console/prices/codes/demo.two_part.10kv/")
    expect(page.locator("#hours svg")).to_be_visible()
    page.get_by_role("link", name="功率因数调整电费办法").first.click()
    expect(page.locator("pre")).to_contain_text("citation")
    page.goto("/console/prices/trial/bill/")
    page.get_by_label("总电量").fill("250")
    page.get_by_role("button", name="计算").click()
    expect(page.locator("main")).to_contain_text("电费合计")
    assert "total=250" in page.url
