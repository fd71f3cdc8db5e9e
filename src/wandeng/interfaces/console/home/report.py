"""The monthly report as a workbook."""

from __future__ import annotations

import io
from typing import Any

import xlsxwriter

from wandeng.flows import indicators
from wandeng.flows.indicators import Board
from wandeng.interfaces.console.home import figures

_SCALES = {"fen": 100, "ckwh": 100, "share_e4": 10_000, "price_e4": 10_000, "count": 1}
_FORMATS = {"fen": "#,##0.00", "ckwh": "#,##0", "share_e4": "0.00%", "price_e4": "0.0000", "count": "#,##0"}


def workbook(shown: Board) -> bytes:
    """All indicators of all units, with the month before; numbers as numbers."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False}) as book:
        bold = book.add_format({"bold": True})
        formats = {unit: book.add_format({"num_format": text}) for unit, text in _FORMATS.items()}
        sheet = book.add_worksheet(str(shown.month))
        sheet.freeze_panes(1, 1)
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 2 * len(indicators.INDICATORS), 15)
        heads = [head for one in indicators.INDICATORS for head in _heads(one, shown)]
        sheet.write_row(0, 0, ["", *heads], bold)
        for line, row in enumerate((shown.whole, *shown.units), start=1):
            sheet.write_string(line, 0, row.unit_name)
            for place, one in enumerate(indicators.INDICATORS):
                for offset, values in enumerate((row.now, row.before)):
                    number: Any = values.get(one.code)
                    if number is not None:
                        at = 1 + 2 * place + offset
                        sheet.write_number(line, at, number / _SCALES[one.unit], formats[one.unit])
    return target.getvalue()


def _heads(one: indicators.Indicator, shown: Board) -> tuple[str, str]:
    return f"{figures.name(one)} {shown.month}", f"{figures.name(one)} {shown.month.previous()}"
