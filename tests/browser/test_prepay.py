"""Prepay: from who runs out of money to how the balance comes about, money by telephone that is there at once, signing up
and ending, the day's run, and what stands behind a cut."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

LEFT = re.compile(r"此刻可用余额\s*([-−]?)¥([\d,]+)\.(\d\d)")


def left_fen(page: Page, number: str) -> int:
    """What an account has left, as its page says."""
    page.goto(f"/console/prepay/accounts/{number}/")
    found = LEFT.search(page.locator(".wd-kpis").inner_text())
    assert found, page.locator(".wd-kpis").inner_text()
    sign, yuan, fen = found.groups()
    return (-1 if sign else 1) * (int(yuan.replace(",", "")) * 100 + int(fen))


def test_who_runs_out_of_money_pays_by_telephone_and_has_it_at_once(page_as: Callable[..., Page]) -> None:
    page = page_as("ACCOUNTANT")
    page.goto("/console/prepay/")
    expect(page.locator("h1")).to_contain_text("费控总览")
    number = page.get_by_role("region", name="余额最低").locator("tbody tr td:first-child a").last.inner_text()
    before = left_fen(page, number)
    expect(page.locator("#main")).to_contain_text("未出账电费怎么算的")
    expect(page.locator("#main")).not_to_contain_text("正在测算")
    expect(page.locator("#prepay-balance svg").first).to_be_visible()

    page.get_by_role("link", name="充值码").click()
    expect(page.get_by_label("户号")).to_have_value(number)
    page.get_by_label("收款金额（元）").fill("200")
    page.get_by_role("button", name="出收款码").click()
    expect(page.get_by_alt_text("收款码")).to_be_visible()
    order = page.url
    page.goto(f"/channels/cashier/{order.rstrip('/').rpartition('/')[2]}/")
    page.locator('button[value="pay"]').click()
    expect(page.locator("main")).to_contain_text("系统的应答")
    page.goto(order)
    page.get_by_role("button", name="向平台查询").click()
    # The provider told of it before anybody asked; asking books nothing again.
    expect(page.locator("#main")).to_contain_text("已入账")
    expect(page.locator("#main")).to_contain_text("重复，未再入账")
    assert left_fen(page, number) == before + 200_00


def test_an_account_is_signed_up_warned_at_another_threshold_and_let_go(page_as: Callable[..., Page]) -> None:
    page = page_as("ACCOUNTANT")
    page.goto("/console/payments/receivables/")
    # Whoever pays before has no bill that is open.
    number = next(one for one in page.locator("tbody a").all_inner_texts() if one.isdigit())
    page.goto("/console/prepay/")
    page.get_by_role("link", name="签订费控协议").click()
    page.get_by_label("户号").fill(number)
    page.get_by_label("协议编号").fill("FK-T-1")
    page.get_by_role("button", name="签订", exact=True).click()
    page.wait_for_url(re.compile(rf"/prepay/accounts/{number}/$"))
    expect(page.locator("#main")).to_contain_text("FK-T-1")

    page.get_by_text("改预警阈值").click()
    page.get_by_label("约定预警阈值（元）").fill("80.50")
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#main")).to_contain_text("双方约定")
    expect(page.locator("#main")).to_contain_text("¥80.50")

    page.get_by_role("button", name="解除协议").click()
    dialog = page.get_by_role("dialog")
    dialog.locator("textarea").fill("改为后付费")
    dialog.get_by_role("button", name="解除费控协议").click()
    expect(page.locator("#main")).to_contain_text("改为后付费")
    expect(page.get_by_role("link", name="重新签订")).to_be_visible()


def test_a_manager_has_the_day_computed_and_sees_who_was_cut_and_why(page_as: Callable[..., Page]) -> None:
    page = page_as("COUNTY_MANAGER")
    page.goto("/console/prepay/")
    page.get_by_role("button", name="立即测算").click()
    page.get_by_role("dialog").get_by_role("button", name="排队").click()
    expect(page.locator("body")).to_contain_text("费控测算已排队")
    page.get_by_role("link", name="已停电").click()
    page.wait_for_url(re.compile("standing=CUT"))
    expect(page.locator("tbody tr").first).to_be_visible()
    page.goto("/console/prepay/")
    lowest = page.get_by_role("region", name="余额最低")
    lowest.get_by_role("link", name=re.compile(r"^TD\d+$")).first.click()
    expect(page.locator("#main")).to_contain_text("提出时费控余额")
    page.goto("/console/prepay/approve/")
    expect(page.locator("h1")).to_contain_text("费控停电审批")
