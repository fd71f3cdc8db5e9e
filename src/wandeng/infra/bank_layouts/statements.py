"""A statement of a provider or acquirer from bytes to the columns of a bank file: the whole of it or nothing when what it
closes with does not hold. Refunds are rows below zero whose ``reference`` begins with :data:`REFUND`."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from wandeng.infra.bank_layouts import cells
from wandeng.infra.bank_layouts.reading import MOST_ROWS, ROWS, TEXTS, Contents, Heading, lines_of
from wandeng.infra.effective.topics.bank_statements import Statement
from wandeng.infra.imports import charset
from wandeng.infra.imports.refusals import FileRefused

REFUND = "refund:"
"""Beginning of the reference of money that went back."""
_SHORT_YEAR = 2
_CENTURY = "20"
_STAMP = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})[ T]")


@dataclass(frozen=True, slots=True)
class _Line:
    """A record's cells by name, or why it has none."""

    number: int
    cells: dict[str, str]
    fault: str = ""


def read(path: Path, layout: Statement, *, bank: str, kind: str, file_name: str) -> Contents:
    """Read a statement; ``file_name`` is what the provider called it, ``kind`` the kind of file that it is to us.

    Raises :class:`FileRefused`: not a text file, no titles, no day, closing lines that are missing or that the rows contradict.
    """
    scan = charset.scan(path)
    if scan.encoding == "utf-16":
        raise FileRefused(path.name, "NOT_TEXT", "UTF-16 text: bank files are GB18030 or UTF-8")
    encoding = "utf-8" if scan.encoding == "utf-8-sig" else scan.encoding
    lines = lines_of(path.read_bytes())
    records, remarks = _split(path.name, lines, layout, encoding)
    day = _day(path.name, layout, file_name, remarks)
    if len(records) > MOST_ROWS:
        raise FileRefused(path.name, "WRONG_COUNT", f"more than {MOST_ROWS} rows in one statement")
    rows, checked = _rows(records, layout)
    for closing in layout.closing:
        _hold(path.name, remarks, closing.pattern, checked[closing.of])
    unread = rows["amount_fen"].null_count()
    total = int(rows["amount_fen"].sum())
    batch = f"{day:%Y%m%d}-{scan.content_hash[:8]}"
    return Contents(scan.content_hash, Heading(kind, bank, batch, "", day, rows.height, total), rows, unread, 0)


def _split(file: str, lines: list[bytes], layout: Statement, encoding: str) -> tuple[list[_Line], str]:
    """The records with their cells, and all remarks as one text."""
    if layout.form == "FIXED":
        return [_cut(number, line, layout, encoding) for number, line in enumerate(lines, start=1) if line.strip()], ""
    remarks: list[str] = []
    records: list[_Line] = []
    titles: list[str] = []
    for number, line in enumerate(lines, start=1):
        text = line.decode(encoding, errors="replace")
        if text.lstrip().startswith(layout.remark):
            remarks.append(text)
        elif text.strip() and not titles:
            titles = _values(text, layout) or []
            _require_titles(file, titles, layout, number)
        elif text.strip():
            records.append(_named(number, text, titles, layout))
    if not titles:
        raise FileRefused(file, "NO_HEADER", "the statement has no line of titles")
    return records, "\n".join(remarks)


def _values(text: str, layout: Statement) -> list[str] | None:
    try:
        found = next(csv.reader([text], delimiter=layout.delimiter, strict=True), [])
    except csv.Error:
        return None
    return [cells.tidy(cell).removeprefix("`") for cell in found]


def _require_titles(file: str, titles: list[str], layout: Statement, line: int) -> None:
    missing = [column.title for column in layout.columns if titles.count(column.title) != 1]
    if missing:
        raise FileRefused(file, "NO_HEADER", f"the line of titles lacks {', '.join(missing)}", line)


def _named(number: int, text: str, titles: list[str], layout: Statement) -> _Line:
    if "\ufffd" in text:
        return _Line(number, {}, "BAD_CHARACTERS")
    found = _values(text, layout)
    if found is None:
        return _Line(number, {}, "BROKEN_QUOTES")
    if len(found) != len(titles):
        return _Line(number, {}, "WRONG_CELL_COUNT")
    told = dict(zip(titles, found, strict=True))
    return _Line(number, {column.name: told[column.title] for column in layout.columns})


def _cut(number: int, line: bytes, layout: Statement, encoding: str) -> _Line:
    if len(line) < max(column.start + column.width for column in layout.columns):
        return _Line(number, {}, "WRONG_LENGTH")
    try:
        pieces = {one.name: line[one.start : one.start + one.width].decode(encoding) for one in layout.columns}
    except UnicodeDecodeError:
        return _Line(number, {}, "BAD_CHARACTERS")
    return _Line(number, {name: cells.tidy(text) for name, text in pieces.items()})


def _day(file: str, layout: Statement, file_name: str, remarks: str) -> date:
    found = re.search(layout.day_pattern, file_name if layout.day_in == "NAME" else remarks)
    if found is not None:
        year = found[1] if len(found[1]) > _SHORT_YEAR else _CENTURY + found[1]
        day = cells.day(f"{year}{found[2]}{found[3]}", "%Y%m%d")
        if day is not None:
            return day
    where = "its name" if layout.day_in == "NAME" else "its remarks"
    raise FileRefused(file, "NO_DAY", f"of which day the statement is does not stand in {where}")


def _rows(records: list[_Line], layout: Statement) -> tuple[pl.DataFrame, dict[str, tuple[int, int]]]:
    """The rows, and count and sum of payments and of refunds as the closing lines count them."""
    checked = {"PAID": (0, 0), "REFUNDED": (0, 0)}
    columns: dict[str, list[Any]] = {name: [] for name in ROWS}
    for row, of, fen in _judged(records, layout):
        for name, value in row.items():
            columns[name].append(value)
        if of:
            count, total = checked[of]
            checked[of] = (count + 1, total + fen)
    return pl.DataFrame(columns, schema=ROWS), checked


def _judged(records: list[_Line], layout: Statement) -> Iterator[tuple[dict[str, Any], str, int]]:
    for line in records:
        row: dict[str, Any] = {
            "line": line.number, **dict.fromkeys(TEXTS, ""), "amount_fen": None, "day": None, "fault": line.fault,
        }  # fmt: skip
        if line.fault:
            yield row, "", 0
            continue
        told = {name: cells.narrow(text) for name, text in line.cells.items()}
        of = "PAID" if told["what"] in layout.paid else "REFUNDED" if told["what"] in layout.refunded else ""
        fen, wrong = cells.amount(line.cells["amount"], layout.amount)
        checked, unchecked = cells.amount(line.cells.get("checked", line.cells["amount"]), layout.amount)
        _fill(row, told, of, fen, wrong or ("" if of else "OTHER_BUSINESS"))
        yield row, "" if checked is None or unchecked else of, abs(checked or 0)


def _fill(row: dict[str, Any], told: dict[str, str], of: str, fen: int | None, fault: str) -> None:
    """Put a record's cells into its row: a refund is below zero whatever sign the provider gave it."""
    order = (told.get("refund") or told["order"]) if of == "REFUNDED" else told["order"]
    # Where a refund bears the number of its payment, the two are still two rows.
    serial = f"-{order}" if of == "REFUNDED" and order else told["trade"]
    named = {"serial": serial, "reference": f"{REFUND if of == 'REFUNDED' else ''}{order}", "result": told["what"]}
    for name, text in named.items():
        if wrong := cells.text_fault(name, text):
            fault, named[name] = fault or wrong, ""
    row |= named
    if fen is not None:
        row["amount_fen"] = -abs(fen) if of == "REFUNDED" else fen
    if stamp := _STAMP.match(told.get("moment", "")):
        row["day"] = cells.day("".join(stamp.groups()), "%Y%m%d")
    elif told.get("moment"):
        fault = fault or "NOT_A_DATE"
    row["fault"] = fault or ("" if serial and order else "REQUIRED")


def _hold(file: str, remarks: str, pattern: str, found: tuple[int, int]) -> None:
    """Hold a closing line against the rows. Raises :class:`FileRefused`."""
    said = re.search(pattern, remarks)
    if said is None:
        raise FileRefused(file, "NO_TRAILER", "the closing lines are missing: the statement may be cut off")
    count = cells.count(said[1])
    total, wrong = cells.amount(said[2], "YUAN", most=cells.MOST_TOTAL_FEN)
    if count is None or total is None or wrong:
        raise FileRefused(file, "NO_FIGURES", "count and total are not plain figures")
    if count != found[0]:
        raise FileRefused(file, "WRONG_COUNT", f"a closing line counts {count} rows, the statement has {found[0]}")
    if abs(total) != found[1]:
        raise FileRefused(
            file, "WRONG_TOTAL", f"a closing line comes to {abs(total)}, the rows to {found[1]} (0.01 yuan)"
        )
