"""A list as a file: CSV with a byte order mark (Excel in China reads bare UTF-8 as mojibake), or XLSX.

Cells that a spreadsheet would run as a formula are written as text (goal S10b); amounts are numbers, so -5.00 stays one;
account numbers and codes are text.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import xlsxwriter

from wandeng.interfaces.doorway.lists import cursor
from wandeng.interfaces.doorway.lists.asked import Asked
from wandeng.interfaces.doorway.lists.definition import Column, Kind, Row
from wandeng.kernel.periods import BILLING_ZONE

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
"""The media type of a workbook."""
MOST_CSV = 1_000_000
MOST_XLSX = 100_000
"""A workbook is held together in memory and opened by people; what is longer goes out as CSV."""

_FORMULA = re.compile(r"^[\s=+\-@＝＋－＠]|[\t\r\n;,|\"'][=+\-@＝＋－＠]")
_FORMATS = {
    Kind.MONEY: "#,##0.00",
    Kind.ENERGY: "#,##0.00",
    Kind.QUANTITY: "#,##0.00",
    Kind.PERCENT: "0.00%",
    Kind.INTEGER: "#,##0",
}


def value_of(column: Column, row: Row) -> str | int | Decimal | None:
    """A cell's value: numbers as numbers in the unit that the title says (yuan, kWh), the rest as text."""
    value = row[column.key]
    if value is None:
        return None
    match column.kind:
        case Kind.MONEY | Kind.ENERGY | Kind.QUANTITY:
            return Decimal(value) / 100
        case Kind.PERCENT:
            return Decimal(value) / 10_000
        case Kind.INTEGER:
            return int(value)
        case Kind.MOMENT | Kind.DEADLINE if isinstance(value, datetime):
            return value.astimezone(BILLING_ZONE).strftime("%Y-%m-%d %H:%M:%S")
        case Kind.DAY if isinstance(value, date):
            return value.isoformat()
        case _:
            return column.word(value)


def harmless(text: str) -> str:
    """Text that no spreadsheet takes for a formula.

    >>> harmless("=1+1"), harmless("张三")
    ("'=1+1", '张三')
    """
    return f"'{text}" if _FORMULA.search(text) else text


def as_csv(asked: Asked, columns: Sequence[Column], *, most: int = MOST_CSV) -> Iterator[bytes]:
    """The list as CSV, piece by piece, at most ``most`` rows."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([str(column.title) for column in columns])
    for rows in cursor.through(asked, most=min(most, MOST_CSV)):
        writer.writerows([_csv_cell(value_of(column, row)) for column in columns] for row in rows)
        yield _emptied(buffer)
    yield _emptied(buffer)


def as_xlsx(asked: Asked, columns: Sequence[Column], target: Path, *, most: int = MOST_XLSX) -> int:
    """Write the first ``most`` rows, :data:`MOST_XLSX` at most, as a workbook; returns how many were written."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": False}
    written = 0
    with xlsxwriter.Workbook(str(target), options) as book:
        sheet = book.add_worksheet()
        bold = book.add_format({"bold": True})
        formats = [book.add_format({"num_format": _FORMATS.get(column.kind, "@")}) for column in columns]
        sheet.write_row(0, 0, [str(column.title) for column in columns], bold)
        sheet.freeze_panes(1, 0)
        for place, column in enumerate(columns):
            sheet.set_column(place, place, max(12, 2 * len(str(column.title)) + 4))
        for rows in cursor.through(asked, most=min(most, MOST_XLSX)):
            for row in rows:
                written += 1
                for place, column in enumerate(columns):
                    value = value_of(column, row)
                    if isinstance(value, str):
                        sheet.write_string(written, place, value, formats[place])
                    elif value is not None:
                        sheet.write_number(written, place, value, formats[place])
    return written


def _csv_cell(value: str | int | Decimal | None) -> str:
    if value is None:
        return ""
    return harmless(value) if isinstance(value, str) else str(value)


def _emptied(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()
