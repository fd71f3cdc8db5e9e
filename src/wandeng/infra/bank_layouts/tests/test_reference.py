"""The reference page of the layouts is made of the rule; whoever changes one changes both.

``python -m wandeng.infra.bank_layouts.tests.test_reference`` writes the page anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from wandeng.infra.bank_layouts.tests import make
from wandeng.infra.effective.topics.bank_files import OUTGOING, BankField, BankFiles, BankLayout
from wandeng.infra.effective.topics.bank_statements import Statement

PAGE = Path(__file__).parents[5] / "docs" / "reference" / "bank-layouts.md"
HEAD = """# Layouts of bank files 银行文件格式

Made from `rules/national/bank_files`, the dated rule that is read when a file is written or read; a territory or a later
date may have a file of its own. Every record begins with its mark. The count of rows and their total stand in the header,
and in the trailer where there is one: unless both hold, the whole file is refused. Widths are bytes, not characters; text
stands left with blanks after it, numbers right with zeros before them. A file may be GB18030 or UTF-8, with or without a
byte-order mark, whatever its layout writes.

Payment providers and acquirers tell their day in a form of their own, a *statement* 对账单, which needs no layout: it is known
by not beginning with a header's mark. What its closing lines say must hold. A UnionPay statement has none, and the day is in
its name.
"""
MEANINGS = {
    "kind": "文件类别", "bank": "银行代码", "batch": "批次号", "unit": "单位编码", "day": "日期", "count": "笔数", "total": "总金额",
    "serial": "流水号", "account_number": "户号", "name": "户名", "bank_account": "银行账号", "agreement": "协议号",
    "amount": "金额", "pay_mode": "缴费方式", "result": "返回码", "reason": "原因",
    "reference": "银行流水；对账明细中为批次号:流水号或订单号",
}  # fmt: skip


def page(body: BankFiles) -> str:
    return (
        HEAD
        + "\n"
        + "\n".join(
            [
                *_kinds(body),
                *_banks(body),
                *(part for one in body.layouts for part in _layout(one)),
                *(part for one in body.statements for part in _statement(one)),
            ]
        )
    )


def _kinds(body: BankFiles) -> Iterator[str]:
    yield "## Kinds 文件类别\n\n| kind | 中文 | English | direction | pay mode |\n| --- | --- | --- | --- | --- |"
    for one in body.kinds:
        way = "out 我方发出" if one.task in OUTGOING else "in 银行来文"
        yield f"| `{one.code}` | {one.name_zh} | {one.name_en} | {way} | {one.pay_mode} |"
    yield "\n| result | 中文 | English | paid |\n| --- | --- | --- | --- |"
    for result in body.results:
        yield f"| `{result.code}` | {result.name_zh} | {result.name_en} | {'yes' if result.is_paid else 'no'} |"
    yield "\n| pay mode | 中文 | English |\n| --- | --- | --- |"
    for mode in body.pay_modes:
        yield f"| `{mode.code}` | {mode.name_zh} | {mode.name_en} |"


def _banks(body: BankFiles) -> Iterator[str]:
    yield "\n## Banks and providers 银行与支付机构\n\n| code | 中文 | English | layout | statement |\n| --- | --- | --- | --- | --- |"
    for one in body.banks:
        yield f"| `{one.code}` | {one.name_zh} | {one.name_en} | `{one.layout}` | {f'`{one.statement}`' if one.statement else ''} |"


def _layout(one: BankLayout) -> Iterator[str]:
    how = "fixed width" if one.form == "FIXED" else f"delimited by `{one.delimiter}`"
    money = "whole fen" if one.amount == "FEN" else "yuan with two decimals"
    yield f"\n## `{one.code}` {one.name_zh}\n"
    yield f"{how}, {one.encoding}, {one.line_end}; amounts in {money}; days as `{one.day}`; marks {', '.join(f'`{m}`' for m in one.marks)}.\n"
    yield "| record | fields |\n| --- | --- |"
    yield f"| header | {_fields(one.header)} |"
    for record in one.records:
        yield f"| {', '.join(f'`{kind}`' for kind in record.kinds)} | {_fields(record.fields)} |"
    yield f"| trailer | {_fields(one.trailer) or 'none'} |"


def _statement(one: Statement) -> Iterator[str]:
    how = (
        "fixed width"
        if one.form == "FIXED"
        else f"titled columns between `{one.delimiter}`, remarks begin with `{one.remark}`"
    )
    money = "whole fen" if one.amount == "FEN" else "yuan"
    where = "its name" if one.day_in == "NAME" else "its remarks"
    yield f"\n## Statement `{one.code}` {one.name_zh}\n"
    yield f"{how}; amounts in {money}; the day stands in {where}: `{one.day_pattern}`. Source: {one.citation} ({one.status}).\n"
    yield "| cell | where |\n| --- | --- |"
    for column in one.columns:
        place = column.title or f"byte {column.start}, {column.width} long"
        yield f"| `{column.name}` | {place} |"
    yield f"| payments, refunds | {'、'.join(one.paid)}; {'、'.join(one.refunded)} |"
    for closing in one.closing:
        yield f"| closes with | `{closing.pattern}` |"


def _fields(fields: tuple[BankField, ...]) -> str:
    return ", ".join(f"`{one.name}` {MEANINGS[one.name]}{f' {one.width}' if one.width else ''}" for one in fields)


def test_the_page_says_what_the_rule_says() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(make.rules()) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(make.rules()) + "\n", encoding="utf-8")
