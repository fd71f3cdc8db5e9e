"""Columns to a bank file of a layout, control figures included."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from wandeng.infra.bank_layouts import cells
from wandeng.infra.bank_layouts.reading import Heading
from wandeng.infra.effective.topics.bank_files import BankField, BankLayout
from wandeng.kernel.errors import InvalidInput

_NUMBERS = frozenset({"count", "total", "amount"})
_MAY_BE_CUT = frozenset({"name", "reason"})


def write(layout: BankLayout, heading: Heading, rows: Iterable[Mapping[str, Any]]) -> bytes:
    """The bytes of a file. A row has the fields of its kind by name, ``amount`` in fen, ``day`` a date; what is missing is
    left empty. Count and total are the heading's.

    Raises :class:`InvalidInput` for a value that its field cannot hold; only names and reasons are cut.
    """
    fields = layout.fields_of(heading.kind)
    if not fields:
        raise InvalidInput(f"layout {layout.code} has no files of kind {heading.kind}")
    head = {
        "kind": heading.kind, "bank": heading.bank, "batch": heading.batch, "unit": heading.unit, "day": heading.day,
        "count": heading.count, "total": heading.total_fen,
    }  # fmt: skip
    records = [_record(layout, layout.marks[0], layout.header, head)]
    records += [_record(layout, layout.marks[1], fields, row) for row in rows]
    if layout.trailer:
        records.append(_record(layout, layout.marks[2], layout.trailer, head))
    end = b"\r\n" if layout.line_end == "CRLF" else b"\n"
    return end.join(records) + end


def _record(layout: BankLayout, mark: str, fields: Iterable[BankField], row: Mapping[str, Any]) -> bytes:
    texts = [(field, _text(field.name, row.get(field.name), layout)) for field in fields]
    if layout.form == "FIXED":
        return mark.encode() + b"".join(_padded(field, text, layout.encoding) for field, text in texts)
    line = io.StringIO()
    csv.writer(line, delimiter=layout.delimiter, lineterminator="").writerow([mark, *(text for _, text in texts)])
    return line.getvalue().encode(layout.encoding)


def _text(name: str, value: object, layout: BankLayout) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.strftime(layout.day)
    if isinstance(value, int):
        return str(value) if name == "count" else cells.written_amount(value, layout.amount)
    return " ".join(str(value).split())


def _padded(field: BankField, text: str, encoding: str) -> bytes:
    raw = text.encode(encoding)
    if len(raw) > field.width and field.name in _MAY_BE_CUT:
        raw = _cut(text, field.width, encoding)
    if len(raw) > field.width:
        raise InvalidInput(f"'{text}' does not fit the {field.width} bytes of {field.name}")
    if field.name not in _NUMBERS:
        return raw.ljust(field.width)
    return b"-" + raw[1:].rjust(field.width - 1, b"0") if raw.startswith(b"-") else raw.rjust(field.width, b"0")


def _cut(text: str, width: int, encoding: str) -> bytes:
    """As many whole characters as fit."""
    raw = b""
    for sign in text:
        more = sign.encode(encoding)
        if len(raw) + len(more) > width:
            break
        raw += more
    return raw
