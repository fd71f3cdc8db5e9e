"""The statement of purchases and sales as a workbook."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

import xlsxwriter
from django.utils.translation import gettext as _

from wandeng.flows.purchase_and_sale import Amount, Statement
from wandeng.interfaces.doorway.account_names import account_name
from wandeng.interfaces.doorway.words import customers as customer_words
from wandeng.interfaces.doorway.words import ledger as words

Row = tuple[Any, Amount, Amount, Amount]


def workbook(shown: Statement, prices: Mapping[str, str]) -> bytes:
    """Sheets: bought by source, sold by price code and by class of customer; what was earned. Numbers are numbers (kWh, yuan)."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold, number = book.add_format({"bold": True}), book.add_format({"num_format": "#,##0.00"})
        price = book.add_format({"num_format": "0.0000"})
        sheet = book.add_worksheet(str(shown.now.month))
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 9, 16)
        months = (shown.now, shown.before, shown.last_year)
        kinds = (_("电量（千瓦时）"), _("金额（元）"), _("均价（元/千瓦时）"))
        sheet.write_row(0, 0, [shown.unit.name, *(f"{one.month} {kind}" for one in months for kind in kinds)], bold)
        for line, (name, *amounts) in enumerate(_rows(shown, prices), start=1):
            sheet.write_string(line, 0, str(name))
            for place, one in enumerate(amounts):
                sheet.write_number(line, 1 + 3 * place, one.energy_ckwh / 100, number)
                sheet.write_number(line, 2 + 3 * place, one.amount_fen / 100, number)
                if one.price_e4 is not None:
                    sheet.write_number(line, 3 + 3 * place, one.price_e4 / 10_000, price)
        _earned(book.add_worksheet(_("电费构成")), shown, bold, number)
    return target.getvalue()


def _rows(shown: Statement, prices: Mapping[str, str]) -> Iterator[Row]:
    months = (shown.now, shown.before, shown.last_year)
    for part, total, names, whole in (
        ("bought", "all_bought", words.SOURCES, _("购电合计")),
        ("at_price", "all_sold", prices, _("售电合计（按电价类别）")),
        ("sold", "all_sold", customer_words.CLASSES, _("售电合计（按用户分类）")),
    ):
        for code in sorted({code for one in months for code in getattr(one, part)}):
            found = [getattr(one, part).get(code, Amount()) for one in months]
            yield names.get(code, code), found[0], found[1], found[2]
        sums = [getattr(one, total) for one in months]
        yield whole, sums[0], sums[1], sums[2]


def _earned(sheet: xlsxwriter.worksheet.Worksheet, shown: Statement, bold: object, number: object) -> None:
    sheet.set_column(0, 0, 40)
    sheet.set_column(1, 1, 18)
    sheet.write_row(0, 0, (_("明细科目"), _("金额（元）")), bold)
    for line, (name, amount) in enumerate(sorted(shown.earned.items()), start=1):
        sheet.write_string(line, 0, account_name(name))
        sheet.write_number(line, 1, amount / 100, number)
