"""A bank file from bytes to columns: the whole of it or nothing when its control figures are wrong, then row by row.

``ROWS`` is one row a record: ``line`` in the file, the cells, ``amount_fen`` (null where it cannot be read), ``day`` and
``fault``, the code of the first complaint, empty for a row that can be judged. Nothing in a file raises anything but
:class:`FileRefused`.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from wandeng.infra.bank_layouts import cells
from wandeng.infra.effective.topics.bank_files import BankField, BankLayout
from wandeng.infra.imports import charset
from wandeng.infra.imports.refusals import FileRefused

TEXTS = (
    "serial",
    "account_number",
    "name",
    "bank_account",
    "agreement",
    "pay_mode",
    "result",
    "reason",
    "reference",
)
ROWS = pl.Schema(
    {
        "line": pl.Int64, **dict.fromkeys(TEXTS, pl.String), "amount_fen": pl.Int64, "day": pl.Date, "fault": pl.String,
    }
)  # fmt: skip
MOST_ROWS = 2_000_000
_GB18030_MARK = b"\x84\x31\x95\x33"

Cells = list[str]
Cutter = Callable[[bytes, Sequence[BankField]], Cells]


class BadRow(Exception):
    """A record that does not fall into its cells; ``code`` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True, slots=True)
class Heading:
    """What the header says: which kind of file, whose batch, of which day, how many rows, how much."""

    kind: str
    bank: str
    batch: str
    unit: str
    day: date
    count: int
    total_fen: int


@dataclass(frozen=True, slots=True)
class Contents:
    """A file whose control figures hold. ``unread_fen`` is what its unreadable amounts must come to, of ``unread`` rows:
    the total less every amount that could be read."""

    content_hash: str
    heading: Heading
    rows: pl.DataFrame
    unread: int
    unread_fen: int


def read(path: Path, layout: BankLayout, *, bank: str = "", kinds: Sequence[str] = ()) -> Contents:
    """Read a file of a layout. ``bank`` and ``kinds`` are what it must say it is, where they are given.

    Raises :class:`FileRefused`: not a text file, another bank's or kind's, no header or trailer, a wrong count or total.
    """
    scan = charset.scan(path)
    if scan.encoding == "utf-16":
        raise FileRefused(path.name, "NOT_TEXT", "UTF-16 text: bank files are GB18030 or UTF-8")
    encoding = "utf-8" if scan.encoding == "utf-8-sig" else scan.encoding
    lines = lines_of(path.read_bytes())
    cut = _cutter(layout, encoding)
    heading = _heading(path.name, lines[0], layout, cut, bank, kinds)
    body = lines[1:]
    if layout.trailer:
        _check_trailer(path.name, body, layout, cut, heading)
        body = body[:-1]
    if len(body) != heading.count or len(body) > MOST_ROWS:
        message = f"the header counts {heading.count} rows, the file has {len(body)}"
        raise FileRefused(path.name, "WRONG_COUNT", message)
    rows = _rows(body, layout, cut, heading.kind)
    unread, left = _control(path.name, rows, heading)
    return Contents(scan.content_hash, heading, rows, unread, left)


def lines_of(content: bytes) -> list[bytes]:
    """The lines of a file without marks of byte order, line ends and blank lines at its end."""
    for mark in (codecs.BOM_UTF8, _GB18030_MARK):
        content = content.removeprefix(mark)
    lines = [line.removesuffix(b"\r") for line in content.split(b"\n")]
    while len(lines) > 1 and not lines[-1].strip():
        lines.pop()
    return lines


def begins(path: Path, layout: BankLayout) -> bool:
    """Whether a file begins as one of this layout does: with its header's mark."""
    with path.open("rb") as file:
        return bool(lines_of(file.read(64))[0].startswith(layout.marks[0].encode()))


def _cutter(layout: BankLayout, encoding: str) -> Cutter:
    """A function from a line to its cells, the mark first."""
    mark_width = len(layout.marks[0])

    def by_width(line: bytes, fields: Sequence[BankField]) -> Cells:
        if len(line) != mark_width + sum(field.width for field in fields):
            raise BadRow("WRONG_LENGTH")
        try:
            found, at = [line[:mark_width].decode(encoding)], mark_width
            for field in fields:
                found.append(cells.tidy(line[at : at + field.width].decode(encoding)))
                at += field.width
        except UnicodeDecodeError:
            raise BadRow("BAD_CHARACTERS") from None
        return found

    def by_delimiter(line: bytes, fields: Sequence[BankField]) -> Cells:
        text = line.decode(encoding, errors="replace")
        if "\ufffd" in text:
            raise BadRow("BAD_CHARACTERS")
        try:
            found = next(csv.reader([text], delimiter=layout.delimiter, strict=True), [])
        except csv.Error:
            raise BadRow("BROKEN_QUOTES") from None
        if len(found) != len(fields) + 1:
            raise BadRow("WRONG_CELL_COUNT")
        return [cells.tidy(cell) for cell in found]

    return by_width if layout.form == "FIXED" else by_delimiter


def _heading(
    file: str, line: bytes, layout: BankLayout, cut: Cutter, bank: str, kinds: Sequence[str]
) -> Heading:  # fmt: skip
    try:
        mark, *found = cut(line, layout.header)
    except BadRow as bad:
        raise FileRefused(file, "NO_HEADER", f"the first record is no header of this layout ({bad.code})", 1) from None
    if mark != layout.marks[0]:
        raise FileRefused(
            file, "NO_HEADER", f"the first record begins with '{mark[:8]}', a header with {layout.marks[0]}", 1
        )
    head: dict[str, str] = dict(zip((field.name for field in layout.header), found, strict=True))
    for name in ("kind", "bank", "batch", "unit"):
        if cells.text_fault(name, head.get(name, "")):
            raise FileRefused(file, "NO_HEADER", f"the header's {name} is not readable", 1)
    said, day = head["kind"], cells.day(head["day"], layout.day)
    if kinds and said not in kinds:
        raise FileRefused(file, "OTHER_KIND", f"the file says it is of kind {said[:16]}, not {' or '.join(kinds)}", 1)
    if not layout.fields_of(said):
        raise FileRefused(file, "OTHER_KIND", f"this layout has no files of kind {said[:16]}", 1)
    if bank and head.get("bank", bank) != bank:
        raise FileRefused(file, "OTHER_BANK", f"the file says it is of bank {head['bank']}, not {bank}", 1)
    if day is None or not head["batch"]:
        raise FileRefused(file, "NO_HEADER", "the header lacks its batch or its day", 1)
    rows, total = _figures(file, head, layout, 1)
    return Heading(said, head.get("bank", bank), head["batch"], head.get("unit", ""), day, rows, total)


def _figures(file: str, found: dict[str, str], layout: BankLayout, line: int) -> tuple[int, int]:
    rows, (total, wrong) = (
        cells.count(found["count"]),
        cells.amount(found["total"], layout.amount, most=cells.MOST_TOTAL_FEN),
    )
    if rows is None or total is None or wrong:
        raise FileRefused(file, "NO_FIGURES", "count and total are not plain figures", line)
    return rows, total


def _check_trailer(
    file: str, body: list[bytes], layout: BankLayout, cut: Cutter, heading: Heading
) -> None:  # fmt: skip
    at = len(body) + 1
    try:
        mark, *found = cut(body[-1], layout.trailer) if body else [""]
    except BadRow:
        mark, found = "", []
    if mark != layout.marks[2]:
        raise FileRefused(file, "NO_TRAILER", "the last record is no trailer: the file may be cut off", at)
    named = {"count": str(heading.count), "total": ""} | dict(
        zip((field.name for field in layout.trailer), found, strict=True)
    )
    if not named["total"]:
        named["total"] = cells.written_amount(heading.total_fen, layout.amount)
    if _figures(file, named, layout, at) != (heading.count, heading.total_fen):
        raise FileRefused(file, "WRONG_TOTAL", "header and trailer give other figures", at)


def _rows(body: list[bytes], layout: BankLayout, cut: Cutter, kind: str) -> pl.DataFrame:
    fields = layout.fields_of(kind)
    names: list[str] = [field.name for field in fields]
    columns: dict[str, list[Any]] = {name: [] for name in ROWS}
    for row in _records(body, layout, cut, fields, names):
        for name, value in row.items():
            columns[name].append(value)
    return pl.DataFrame(columns, schema=ROWS)


def _records(
    body: list[bytes], layout: BankLayout, cut: Cutter, fields: Sequence[BankField], names: list[str]
) -> Iterator[dict[str, Any]]:
    for number, line in enumerate(body, start=2):
        row: dict[str, Any] = {"line": number, **dict.fromkeys(TEXTS, ""), "amount_fen": None, "day": None, "fault": ""}
        try:
            mark, *found = cut(line, fields)
            if mark != layout.marks[1]:
                raise BadRow("UNKNOWN_RECORD")
            _fill(row, dict(zip(names, found, strict=True)), layout)
        except BadRow as bad:
            row["fault"] = bad.code
        yield row


def _fill(row: dict[str, Any], found: dict[str, str], layout: BankLayout) -> None:
    """Put the cells of a record into its row; the first complaint stays."""
    faults = []
    if "amount" in found:
        row["amount_fen"], wrong = cells.amount(found["amount"], layout.amount)
        faults.append(wrong)
    else:
        row["amount_fen"] = 0
    if "day" in found:
        row["day"] = cells.day(found["day"], layout.day)
        faults.append("" if row["day"] or not found["day"] else "NOT_A_DATE")
    for name in TEXTS:
        text = found.get(name, "")
        text = text if name == "name" else cells.narrow(text)
        if wrong := cells.text_fault(name, text):
            faults.append(wrong)
            text = ""
        row[name] = text
    if not row["serial"]:
        faults.append("REQUIRED")
    row["fault"] = next((fault for fault in faults if fault), "")


def _control(file: str, rows: pl.DataFrame, heading: Heading) -> tuple[int, int]:
    """How many amounts could not be read, and what they must come to. Raises :class:`FileRefused`."""
    unread = rows["amount_fen"].null_count()
    left = heading.total_fen - int(rows["amount_fen"].sum())
    if left < 0 or (left and not unread):
        message = f"the header's total is {heading.total_fen}, the rows come to {heading.total_fen - left} (0.01 yuan)"
        raise FileRefused(file, "WRONG_TOTAL", message)
    return unread, left
