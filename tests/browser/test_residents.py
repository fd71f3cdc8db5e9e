"""Residents on a telephone of 390 px: log in, bind, understand a bill, pay, see usage, report a fault and follow it, say what they
think, take their data away, read in large letters, look an outage and an outlet up; every page accessible; the front page at once."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE_MS, Seen
from tests.browser.test_tracking import PHONE_WIDTH, without_fault
from wandeng.interfaces.doorway.demo_residents import BEHIND, ELDER, FAMILY

STRANGER = "13800009999"
NEIGHBOR = "4304000000005"
"""An account with a phone on file that is not the stranger's."""
TALL, WIDE = 60, 60
LETTERS = 18
SLOWER, MOST_MS = 4, 2_000
LARGEST = """() => new Promise((tell) => new PerformanceObserver((list) => tell(list.getEntries().at(-1).startTime))
    .observe({type: "largest-contentful-paint", buffered: true}))"""
SMALL = """([tall, wide, letters]) => [...document.querySelectorAll("main a, main button, main input:not([type=hidden]), main select,"
    + " main textarea, header a, footer button, .call, main p, main dd, main li")].filter((one) => {
        const box = one.getBoundingClientRect()
        if (!box.width || one.closest(".skip")) return false
        const isKey = one.matches("a, button, input:not([type=radio]):not([type=checkbox]), select")
        const isRead = !one.matches("input[type=radio], input[type=checkbox]")
        return (isRead && parseFloat(getComputedStyle(one).fontSize) < letters) || (isKey && (box.height < tall - 0.5 || box.width < wide - 0.5))
    }).map((one) => one.outerHTML.slice(0, 120))"""
"""What is drawn in letters too small, or is a key too small for a finger."""


@pytest.fixture(scope="module")
def telephones(chromium: Browser, installation: str) -> Iterator[Callable[[], Page]]:
    """A telephone of its own each time; whatever a page complains of fails at the end."""
    seen, contexts = Seen(), []

    def new() -> Page:
        context = chromium.new_context(
            base_url=installation, locale="zh-CN", timezone_id="Asia/Shanghai", has_touch=True, is_mobile=True,
            viewport={"width": PHONE_WIDTH, "height": 844}, accept_downloads=True,
        )  # fmt: skip
        context.set_default_timeout(PATIENCE_MS)
        contexts.append(context)
        page = context.new_page()
        seen.watch(page, installation)
        return page

    yield new
    for context in contexts:
        context.close()
    assert seen.complaints == []


def log_in(page: Page, phone: str) -> Page:
    """By the button of a demonstration's resident, or by a number typed; the code stands on the page."""
    page.goto("/my/")
    offered = page.locator(f'form:has(input[name="phone"][value="{phone}"]) button')
    if offered.count():
        offered.click()
    else:
        page.get_by_label("手机号").fill(phone)
        page.get_by_role("button", name="发送验证码").click()
    type_code(page, "登录")
    return page


def type_code(page: Page, button: str) -> None:
    code = re.search(r"验证码：(\d{6})", page.locator(".note").inner_text())[1]
    page.get_by_label("短信验证码").fill(code)
    page.get_by_role("button", name=button, exact=True).click()


@pytest.fixture(scope="module")
def family(telephones: Callable[[], Page]) -> Page:
    return log_in(telephones(), FAMILY.phone)


@pytest.fixture(scope="module")
def behind(telephones: Callable[[], Page]) -> Page:
    return log_in(telephones(), BEHIND.phone)


def test_a_bill_is_understood_and_usage_seen_in_two_taps(family: Page) -> None:
    page = family
    page.goto("/my/")
    expect(page.get_by_role("heading", name="最近一次电费")).to_be_visible()
    home = page.url
    without_fault(page)
    page.get_by_role("link", name="看懂这张电费单").click()
    expect(page.get_by_text("第 1 档").first).to_be_visible()
    without_fault(page)
    page.goto(home)
    page.get_by_role("link", name="用电量").click()
    expect(page.locator("svg.bars").first).to_be_visible()
    without_fault(page)
    for link in ("历史电费", "缴费记录", "办理进度"):
        page.goto(home)
        page.get_by_role("link", name=link).click()
        without_fault(page)


def test_data_is_taken_away_and_a_token_reads_it(family: Page) -> None:
    page = family
    page.goto("/my/data/")
    with page.expect_download() as taken:
        page.get_by_role("link", name="全部下载（ZIP）").click()
    with zipfile.ZipFile(io.BytesIO(taken.value.path().read_bytes())) as packed:
        assert len(packed.read("电费单.csv").decode("utf-8-sig").splitlines()) > 10
        assert len(packed.namelist()) == 6
    page.get_by_label("用途").fill("家里的电脑")
    page.get_by_role("button", name="新建令牌").click()
    secret = page.locator("code.secret").first.inner_text()
    without_fault(page)
    answer = page.request.get("/api/v1/my/accounts", headers={"Authorization": f"Bearer {secret}"})
    assert len(answer.json()) == 2
    page.get_by_role("button", name="作废令牌 家里的电脑").click()
    expect(page.get_by_role("button", name="作废令牌 家里的电脑")).to_have_count(0)


def test_what_is_owed_is_paid_in_three_taps(behind: Page) -> None:
    page = behind
    page.goto("/my/")
    owed = page.locator(".sum").first.inner_text()
    page.get_by_role("link", name="缴费", exact=True).click()
    without_fault(page)
    page.get_by_role("button", name=re.compile("^用.*支付$")).first.click()
    expect(page.locator(".sum")).to_have_text(owed)
    without_fault(page)
    order = page.url
    page.get_by_role("link", name="去付款").click()
    page.locator('button[name="what"][value="pay"]').click()
    page.goto(order)
    expect(page.get_by_role("heading", name="这笔钱交了什么")).to_be_visible()
    page.get_by_role("link", name="回到首页").click()
    expect(page.get_by_text("没有欠费。")).to_be_visible()


def test_a_stranger_binds_by_the_phone_on_file_reports_a_fault_and_follows_it(telephones: Callable[[], Page]) -> None:
    page = log_in(telephones(), STRANGER)
    expect(page.get_by_text("还没有绑定户号")).to_be_visible()
    without_fault(page)
    page.get_by_label("户号").fill(NEIGHBOR)
    page.get_by_role("button", name="下一步").click()
    without_fault(page)
    type_code(page, "绑定")
    expect(page.get_by_role("heading", name=NEIGHBOR)).to_be_visible()
    home = page.url

    page.get_by_role("link", name="故障报修").click()
    without_fault(page)
    page.get_by_text("家里一部分没电").click()
    page.get_by_role("button", name="提交报修").click()
    expect(page.locator('[aria-current="step"]')).to_have_count(1)
    without_fault(page)
    page.goto(home)
    page.get_by_role("link", name="办理进度").click()
    expect(page.locator("main ul.rows li").first).to_be_visible()

    page.goto(f"{home}ask/")
    page.get_by_role("link", name="表扬").click()
    without_fault(page)
    page.locator("#matter").fill("师傅来得很快，谢谢。")
    if page.locator("#second").count():
        page.locator("#second").fill("抢修队")
    page.get_by_role("button", name="提交", exact=True).click()
    without_fault(page)
    page.goto(f"{home}messages/")
    without_fault(page)

    page.goto("/my/accounts/")
    page.get_by_role("link", name=f"解绑 {NEIGHBOR}").click()
    page.get_by_role("button", name="确认解绑").click()
    expect(page.get_by_text("还没有绑定户号")).to_be_visible()


def test_the_large_version_has_large_letters_and_keys_and_a_person_on_top(telephones: Callable[[], Page]) -> None:
    page = log_in(telephones(), ELDER.phone)
    home = page.url
    small = {}
    for path in (home, f"{home}bills/", f"{home}pay/", f"{home}usage/", f"{home}report/", "/my/accounts/", "/my/data/"):
        page.goto(path)
        expect(page.locator("a.person")).to_be_in_viewport()
        assert page.locator("a.person").get_attribute("href") == "tel:95598"
        small[path] = page.evaluate(SMALL, [TALL, WIDE, LETTERS])
    without_fault(page)
    assert {path: found for path, found in small.items() if found} == {}


def test_outages_and_outlets_are_looked_up_from_the_front_page(family: Page) -> None:
    page = family
    page.goto("/my/")
    home = page.url
    page.get_by_role("link", name="计划停电").click()
    without_fault(page)
    page.goto(home)
    page.get_by_role("link", name="附近网点").click()
    without_fault(page)


def test_the_front_page_stands_within_two_seconds_on_a_slow_telephone(family: Page) -> None:
    """The best of three: another process may have the machine just then."""
    family.goto("/my/")
    session = family.context.new_cdp_session(family)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    took = []
    while len(took) < 3 and (not took or min(took) >= MOST_MS):
        family.reload()
        took.append(family.evaluate(LARGEST))
    session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
    assert min(took) < MOST_MS
