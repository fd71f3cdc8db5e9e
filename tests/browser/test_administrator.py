"""An administrator's day: a new reader comes, a parameter is proposed and approved by a second person, the name of the
utility goes onto every page."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect


def test_a_new_colleague_is_added_appointed_and_given_a_password(page_as: Callable[..., Page]) -> None:
    page = page_as("ADMINISTRATOR")
    page.goto("/console/administration/people/")
    page.get_by_role("link", name="新增人员").first.click()
    page.get_by_label("工号").fill("new-reader")
    page.get_by_label("姓名").fill("新抄表")
    page.get_by_label("所属单位").select_option("QX-01")
    page.get_by_role("button", name="保存").click()
    page.wait_for_url(re.compile("/people/new-reader/"))
    page.get_by_role("link", name="任命").click()
    page.get_by_label("角色").select_option("METER_READER")
    page.get_by_role("button", name="任命").click()
    page.wait_for_url(re.compile("/people/new-reader/"))
    expect(page.locator("main")).to_contain_text("抄表员")
    page.get_by_role("button", name="重置密码").click()
    page.get_by_role("button", name="重置", exact=True).click()
    expect(page.locator("main code").first).to_have_text(re.compile(r"^[a-z0-9]{4}(-[a-z0-9]{4}){3}$"))


def test_roles_that_are_kept_apart_are_refused_with_the_reason_beside_the_form(page_as: Callable[..., Page]) -> None:
    page = page_as("ADMINISTRATOR")
    page.goto("/console/administration/posts/new/?person=billing1")
    page.get_by_label("角色").select_option("BILLING_REVIEWER")
    page.get_by_role("button", name="任命").click()
    expect(page.get_by_role("alert")).to_contain_text("不得兼任")
    expect(page.locator("main")).to_contain_text("电费核算与复核须由不同的人担任")


def test_a_parameter_is_proposed_and_nobody_approves_their_own(page_as: Callable[..., Page]) -> None:
    page = page_as("ADMINISTRATOR")
    page.goto("/console/administration/parameters/")
    page.get_by_role("link", name="导出行数上限").click()
    page.get_by_role("textbox", name="新取值").fill("20000")
    page.get_by_role("textbox", name="原因").first.fill("收紧导出")
    page.get_by_role("button", name="提交审批").click()
    expect(page.locator("main")).to_contain_text("待审批")
    expect(page.get_by_role("button", name="审批", exact=True)).to_have_count(0)
    page.get_by_role("button", name="撤回").first.click()
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("dialog").get_by_role("textbox", name="原因").fill("改日再议")
    page.get_by_role("dialog").get_by_role("button", name="撤回").click()
    expect(page.locator("main")).to_contain_text("已撤回")


def test_what_was_done_is_in_the_log_with_before_and_after(page_as: Callable[..., Page]) -> None:
    page = page_as("ADMINISTRATOR")
    page.goto("/console/administration/operations/?action=announcement.publish")
    page.locator("tbody a").first.click()
    expect(page.locator("main")).to_contain_text("前后对照")
    expect(page.locator("main")).to_contain_text("已发布")
