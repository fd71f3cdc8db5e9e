"""A manager's look at the month: from a figure to the list behind it, to its definition, to the report; an auditor's
look at what is odd."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect


def test_a_figure_opens_the_list_behind_it_and_its_definition(page_as: Callable[..., Page]) -> None:
    page = page_as("COUNTY_MANAGER")
    page.goto("/console/")
    expect(page.locator("#home-board svg").first).to_be_visible()
    page.get_by_role("link", name="应收电费").first.click()
    page.wait_for_url(re.compile(r"/bills/\?month=\d{4}-\d{2}&unit=QX"))
    expect(page.locator("tbody tr").first).to_be_visible()
    page.goto("/console/indicators/")
    page.get_by_label("按指标排名").select_option("bills")
    page.get_by_role("button", name="查看").click()
    expect(page.locator("table").last).to_contain_text("合计")
    page.get_by_role("link", name="定义与公式").first.click()
    expect(page.locator(".wd-formula")).to_contain_text("正常账单的张数")


def test_the_monthly_report_is_printed_and_taken_along_as_a_workbook(page_as: Callable[..., Page]) -> None:
    page = page_as("PROVINCIAL_MANAGER")
    page.goto("/console/report/")
    expect(page.locator("h1")).to_contain_text("营销月报")
    with page.expect_download() as taken:
        page.get_by_role("link", name="XLSX").click()
    assert re.fullmatch(r"report-QX-\d{4}-\d{2}\.xlsx", taken.value.suggested_filename)


def test_an_auditor_goes_from_zero_use_to_the_bills(page_as: Callable[..., Page]) -> None:
    page = page_as("AUDITOR")
    page.goto("/console/")
    page.locator("a.wd-kpi").first.click()
    page.wait_for_url(re.compile("energy=zero"))
    page.goto("/console/administration/reveals/")
    expect(page.locator("main")).to_contain_text("个人信息")


def test_the_figures_fit_a_phone(page_as: Callable[..., Page]) -> None:
    page = page_as("COUNTY_MANAGER")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto("/console/indicators/")
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0
