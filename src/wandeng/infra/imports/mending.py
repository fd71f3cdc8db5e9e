"""Parked rows out to a file that people can put right, and the same file back in."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from wandeng.infra.imports import charset, files, parking, reports, table
from wandeng.infra.imports.refusals import FileRefused
from wandeng.infra.imports.spec import TYPE, Kind

LINE_HEADERS = ("line", "行号")
PROBLEM_HEADER = "问题"
RISKY = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


def guarded(text: str) -> str:
    """A cell that no spreadsheet takes for a formula. Plain numbers stay numbers; reading takes the mark off again.

    >>> guarded("=1+1"), guarded("-5.00"), guarded("白水")
    ("'=1+1", '-5.00', '白水')
    """
    if not text.startswith(RISKY):
        return text
    plain = text[1:].replace(".", "", 1)
    return text if text[0] in "+-" and plain.isascii() and plain.isdigit() else f"'{text}"


def export(batch_id: int, kind: Kind, target: Path) -> int:
    """Write the parked rows of a batch as CSV (UTF-8 with mark, for spreadsheets): line, what is wrong, the row as it was
    written, personal cells too. Returns their number."""
    columns = {c.name: c.zh for section in kind.sections for c in section.columns}
    rows = reports.parked(batch_id, clear=True)
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        kinds = ["类型"] if kind.is_compound else []
        writer.writerow([LINE_HEADERS[1], PROBLEM_HEADER, *kinds, *columns.values()])
        for row in rows:
            problem = "; ".join(
                f"{c or '整行'}: {code} {found} → {expected}" for c, code, found, expected in row.findings
            )
            if table.WHOLE_ROW in row.cells:
                problem += f" 原行: {row.cells[table.WHOLE_ROW]}"
            cells = [row.cells.get(TYPE, "")] * len(kinds) + [row.cells.get(name, "") for name in columns]
            writer.writerow([str(row.line), guarded(problem), *map(guarded, cells)])
    return len(rows)


def apply_file(batch_id: int, kind: Kind, path: Path, *, by: str, at: datetime) -> int:
    """Put the cells of a corrected export back into the parked rows. Returns the number of rows read.

    Raises :class:`FileRefused` without a column of line numbers, :class:`NotFound` for a line that is not parked.
    """
    count = 0
    for line, cells in _corrections(kind, path):
        parking.mend(batch_id, line, cells, by=by, at=at)
        count += 1
    return count


def _corrections(kind: Kind, path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    scanned = charset.scan(path)
    rows = files.csv_rows(path, scanned.encoding, ",")
    header = table.first_row(path.name, rows)
    known = table.headers_of(column for section in kind.sections for column in section.columns)
    known |= {table.normal_header(word): "line" for word in LINE_HEADERS}
    known |= dict.fromkeys(table.TYPE_HEADERS, TYPE) if kind.is_compound else {}
    names = [known.get(table.normal_header(cell)) for cell in header[1]]
    if "line" not in names:
        raise FileRefused(path.name, "COLUMN_MISSING", "no column 行号 (line): correct the exported file", header[0])
    for row in rows:
        if len(row) != 2 or table.is_skipped(row[1]):
            continue
        cells = {name: _plain(text) for name, text in zip(names, row[1], strict=False) if name}
        line = cells.pop("line")
        if not line.isdigit():
            raise FileRefused(path.name, "COLUMN_MISSING", f"'{line}' is no line number", row[0])
        yield int(line), cells


def _plain(text: str) -> str:
    stripped = text.strip()
    return stripped[1:] if stripped[:1] == "'" and stripped[1:].startswith(RISKY) else stripped
