"""Who stands out in a year, as a workbook: a sheet each for customers off for long and areas off often."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence

import xlsxwriter
from django.utils.translation import gettext as _

from wandeng.domains.reliability.types import AreaYear, Standouts

SECONDS_PER_HOUR = 3600
MOST = 100_000
"""Rows of a sheet."""

Cells = Sequence[str | float]


def workbook(found: Standouts) -> bytes:
    """Codes are text, hours and times are numbers; names of the year before stand in the last columns."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold, number = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.0"})
        _sheet(
            book.add_worksheet(_("停电时间最长的用户")),
            (_("户号"), _("台区"), _("单位"), _("小时"), _("次数"), _("上年同期小时")),
            (
                (one.account_number, one.transformer_code, one.unit_name, _hours(one.seconds), one.times,
                 _hours(one.seconds_before))
                for one in found.lasting
            ), bold, number,
        )  # fmt: skip
        for title, rows in ((_("频繁停电的台区"), found.frequent), (_("重复停电的台区"), found.repeated)):
            _sheet(book.add_worksheet(title), _area_titles(), map(_area, rows), bold, number)
    return target.getvalue()


def _area_titles() -> tuple[str, ...]:
    return (
        _("台区编码"), _("台区"), _("馈线"), _("单位"), _("最多次数"), _("计划停电次数"), _("全年次数"), _("小时"),
        _("上年同期次数"), _("上年同期小时"),
    )  # fmt: skip


def _area(one: AreaYear) -> Cells:
    return (
        one.transformer_code, one.transformer_name, one.feeder_name, one.unit_name, one.frequent, one.planned, one.times,
        _hours(one.seconds), one.times_before, _hours(one.seconds_before),
    )  # fmt: skip


def _hours(seconds: int) -> float:
    return seconds / SECONDS_PER_HOUR


def _sheet(
    sheet: xlsxwriter.worksheet.Worksheet, titles: Sequence[str], rows: Iterable[Cells], bold: object, number: object
) -> None:
    sheet.set_column(0, len(titles) - 1, 18)
    sheet.freeze_panes(1, 0)
    sheet.write_row(0, 0, titles, bold)
    for line, cells in enumerate(rows, start=1):
        for place, cell in enumerate(cells):
            if isinstance(cell, str):
                sheet.write_string(line, place, cell)
            else:
                sheet.write_number(line, place, cell, number if isinstance(cell, float) else None)
