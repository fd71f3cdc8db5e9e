"""The cash desk by keyboard: 户号, Enter, amount, Enter; change while the money is counted; the drawer counted at the end."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

OWED = re.compile(r"应交\s*¥([\d,]+\.\d\d)")


def owing(page: Page) -> str:
    """The number of an account that owes more than twenty yuan, from the list of receivables."""
    page.goto("/console/payments/receivables/")
    numbers = page.locator("tbody a").all_inner_texts()
    for number in dict.fromkeys(one for one in numbers if one.isdigit()):
        page.goto(f"/console/payments/desk/?q={number}")
        amount = page.locator("#id_amount")
        if amount.count() and float(amount.input_value() or 0) > 20:
            return number
    raise AssertionError("nobody owes anything")


def test_money_is_taken_by_keyboard_and_the_day_is_closed(page_as: Callable[..., Page]) -> None:
    page = page_as("HALL_CLERK")
    number = owing(page)
    page.goto("/console/payments/desk/")
    expect(page.locator("#desk-q")).to_be_focused()
    page.keyboard.type(number)
    page.keyboard.press("Enter")
    amount = page.locator("#id_amount")
    expect(amount).to_be_focused()
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    # ten yuan do not clear the debt: a part payment is chosen, Enter agrees
    expect(page.get_by_label("部分缴费")).to_be_checked()
    expect(amount).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/payments/receipts/[^/]+/$"))
    expect(page.locator("#main")).to_contain_text("壹拾元整")
    expect(page.locator("#main")).to_contain_text("部分缴费，尚欠")
    page.get_by_role("button", name="作废").first.click()
    page.locator("#do-void-reason").fill("客户改刷卡")
    page.get_by_role("dialog").get_by_role("button", name="作废").click()
    expect(page.locator("#main")).to_contain_text("客户改刷卡")
    expect(page.locator("#desk-q")).to_be_focused()

    page.keyboard.type(number)
    page.keyboard.press("Enter")
    expect(amount).to_be_focused()
    page.get_by_label("收到现金").fill("99999")
    expect(page.locator("[data-till-change]")).to_contain_text("找零 ¥")
    page.get_by_label("收到现金").fill("")
    page.get_by_label("收费金额").press("Enter")
    page.wait_for_url(re.compile(r"/payments/receipts/[^/]+/$"))
    expect(page.locator("#main")).to_contain_text("欠费已清")

    page.goto("/console/payments/sessions/mine/")
    page.get_by_role("link", name="日结").click()
    page.locator("#id_face_10000").focus()
    page.keyboard.type("1")
    page.keyboard.press("Enter")
    expect(page.locator("#id_face_5000")).to_be_focused()
    page.keyboard.type("1")
    expect(page.locator("[data-till-total]")).to_have_text("¥150.00")
    page.get_by_label("缴款单号").fill("JK-1")
    page.get_by_label("差异原因").fill("抽屉里的钱已先行缴存")
    page.get_by_role("button", name="提交日结").click()
    expect(page.locator("#main")).to_contain_text("待复核")
    expect(page.locator("#main")).to_contain_text("短款")
