"""An administrator brings a file: looked through, landed, a parked row mended in place, the same file known again."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

from playwright.sync_api import FilePayload, Page, expect

HEAD = (
    "户号", "户名", "供电单位", "用电地址", "客户类型", "用户分类", "城乡类别", "立户日期", "联系人", "联系电话",
    "计量点编号", "变压器编号", "电压等级", "合同容量",
)  # fmt: skip
LONG = 60_000


def customers() -> FilePayload:
    """Two customers, the second of a kind that does not exist."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEAD)
    for number, kind in ((1, "个人"), (2, "外星人")):
        writer.writerow(
            [f"97000000000{number}", f"新户{number}", "QX-00", "新村一组", kind, "低压居民", "农村", "2020-01-05", "张三",
             "13912345678", f"JLD9700000{number}", "T00-0001", "220V", "8"]
        )  # fmt: skip
    return {"name": "新户.csv", "mimeType": "text/csv", "buffer": text.getvalue().encode("gb18030")}


def bring(page: Page) -> None:
    page.goto("/console/imports/new/?kind=customers")
    page.set_input_files("input[type=file]", customers())
    page.get_by_role("button", name="上传并试导").click()


def test_a_file_is_brought_landed_and_mended(page_as: Callable[..., Page]) -> None:
    page = page_as("ADMINISTRATOR")
    bring(page)
    expect(page.get_by_text("试导结果，尚未写入。")).to_be_visible(timeout=LONG)
    expect(page.locator("#findings")).to_contain_text("外星人")
    page.get_by_role("button", name="导入", exact=True).click()
    page.locator("dialog[open] button[type=submit]").click()
    page.get_by_role("link", name="查看批次").click(timeout=LONG)
    row = page.locator("tbody#row-3")
    row.get_by_role("button", name="修改").click()
    expect(row.locator("input[name=cell-phone]")).to_have_value("139****5678")
    row.locator("select[name=cell-customer_kind]").select_option("个人")
    row.get_by_role("button", name="保存并重试").click()
    expect(row).to_contain_text("已落库", timeout=LONG)
    bring(page)
    expect(page.get_by_text("同一文件已经导入过")).to_be_visible(timeout=LONG)
