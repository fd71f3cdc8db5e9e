"""A file as its kind's tables: CSV in any of the usual charsets and delimiters, XLSX by sheet, chunk by chunk."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from wandeng.infra.imports import charset, table, workbook
from wandeng.infra.imports.refusals import FileRefused
from wandeng.infra.imports.spec import Kind, Section
from wandeng.infra.imports.table import Broken, Chunk, Layout, Row

DELIMITERS = (",", "\t", ";")
CHUNK_ROWS = 50_000
MAX_XLSX_BYTES = 50_000_000
MAX_BROKEN_ROWS = 1_000
SHEET_STRIDE = 10_000_000
"""Line numbers of the n-th further sheet start here × n, so that a line number names one row of a workbook."""
EXPLANATION_SHEETS = {"说明", "填写说明", "description", "readme"}

csv.field_size_limit(table.MAX_CELL)


@dataclass(frozen=True)
class OpenFile:
    """A file that passed the gate. ``about`` says what was decided; ``warnings`` what will be passed over."""

    path: Path
    kind: Kind
    content_hash: str
    encoding: str
    delimiter: str
    lines: int
    tables: tuple[_Table, ...]
    warnings: tuple[str, ...] = field(default=())

    @property
    def about(self) -> str:
        if self.encoding == "xlsx":
            return "XLSX"
        mark = {"\t": "Tab", ",": "','", ";": "';'"}[self.delimiter]
        return f"{self.encoding.upper()}, {mark}"

    def chunks(self, size: int = CHUNK_ROWS) -> Iterator[Chunk]:
        """All rows: section by section in the kind's order, within a section in file order. The same every time."""
        for section in self.kind.sections:
            for part in self.tables:
                if section in part.sections:
                    cutter = table.Cutter(part.layout, part.sections, section)
                    if isinstance(part.source, _CsvRows) and not part.source.row_by_row:
                        yield from cutter.block_chunks(part.source, size)
                    else:
                        yield from cutter.chunks(part.rows(), size)

    def place(self, line: int) -> str:
        """A line number as a person finds it: sheet and row for further sheets of a workbook."""
        return place(line, [part.name for part in self.tables])


@dataclass(frozen=True)
class _Table:
    """One header and the rows under it, of a CSV file or of a sheet."""

    name: str
    sections: tuple[Section, ...]
    layout: Layout
    source: _CsvRows | _SheetRows

    def rows(self) -> Iterator[Row | Broken]:
        return self.source.rows()


def place(line: int, sheets: list[str]) -> str:
    """A line number as a person finds it: the row, and its sheet when that is not the first."""
    index, row = divmod(line, SHEET_STRIDE)
    return f"{sheets[index]}!{row}" if 0 < index < len(sheets) else str(row)


def open_file(path: Path, kind: Kind, *, salt: str = "", max_xlsx_bytes: int = MAX_XLSX_BYTES) -> OpenFile:
    """Check a file and find its columns. ``salt`` (the unit it is imported for) enters the hash: the same bytes for
    another unit are another import. Raises :class:`FileRefused`."""
    if not path.is_file():
        raise FileRefused(path.name, "NOT_FOUND", f"there is no file {path}")
    with path.open("rb") as file:
        packed = file.read(4) == b"PK\x03\x04"
    opened = _open_xlsx(path, kind, max_xlsx_bytes) if packed else _open_csv(path, kind)
    if not salt:
        return opened
    salted = hashlib.sha256(f"{opened.content_hash}\n{salt}".encode()).hexdigest()
    return OpenFile(**{**opened.__dict__, "content_hash": salted})


def _open_csv(path: Path, kind: Kind) -> OpenFile:
    scanned = charset.scan(path)
    delimiter = _delimiter(path, scanned.encoding, kind)
    source = _CsvRows(path, scanned.encoding, delimiter)
    header = table.first_row(path.name, source.rows())
    found = table.layout(path.name, kind, kind.sections, header)
    # A header that runs over several lines ends nobody knows on which: only a reader of rows does.
    runs_on = any("\n" in cell or "\r" in cell for cell in header[1])
    under = _CsvRows(path, scanned.encoding, delimiter, after=header[0], row_by_row=runs_on)
    part = _Table(path.name, kind.sections, found, under)
    return OpenFile(
        path,
        kind,
        scanned.content_hash,
        scanned.encoding,
        delimiter,
        scanned.lines,
        (part,),
        _warnings(found, ""),
    )


def _open_xlsx(path: Path, kind: Kind, max_bytes: int) -> OpenFile:
    book = workbook.open_workbook(path, max_bytes=max_bytes)
    names = {table.normal_header(word): s for s in kind.sections for word in (s.name, s.zh)}
    parts: list[_Table] = []
    warnings: list[str] = []
    for name, grid in book.sheets.items():
        if table.normal_header(name) in EXPLANATION_SHEETS or not any(any(row) for row in grid):
            continue
        named = names.get(table.normal_header(name))
        if not kind.is_compound and parts:
            warnings.append(f"工作表“{name}”未读入：只读第一张 (sheet '{name}' is not read: the first one is)")
            continue
        sections = (named,) if named else kind.sections
        offset = SHEET_STRIDE * len(parts)
        rows = _SheetRows(grid, offset)
        header = table.first_row(path.name, rows.rows())
        found = table.layout(f"{path.name}!{name}", kind, sections, (header[0] % SHEET_STRIDE, header[1]))
        parts.append(_Table(name, sections, found, _SheetRows(grid, offset, after=header[0])))
        warnings.extend(_warnings(found, f"{name}: "))
    if not parts:
        raise FileRefused(path.name, "NO_SHEET", "no sheet has any rows")
    lines = sum(len(grid) for grid in book.sheets.values())
    return OpenFile(path, kind, book.content_hash, "xlsx", "", lines, tuple(parts), tuple(warnings))


def _warnings(found: Layout, where: str) -> tuple[str, ...]:
    return tuple(f"{where}列“{word}”不认识，未读入 (unknown column '{word}' is not read)" for word in found.unknown)


def _delimiter(path: Path, encoding: str, kind: Kind) -> str:
    """The delimiter that makes most known headers; a comma when none does better."""
    known = table.headers_of(column for section in kind.sections for column in section.columns)

    def score(delimiter: str) -> int:
        try:
            header = table.first_row(path.name, _CsvRows(path, encoding, delimiter).rows())
        except FileRefused:
            return 0
        return sum(table.normal_header(cell) in known for cell in header[1])

    return max(DELIMITERS, key=score)


def csv_rows(path: Path, encoding: str, delimiter: str) -> Iterator[Row | Broken]:
    """The rows of a CSV file with the lines they start on; rows with broken quotes are told apart by their shape."""
    return _CsvRows(path, encoding, delimiter).rows()


@dataclass(frozen=True)
class _SheetRows:
    grid: list[list[str]]
    offset: int
    after: int = 0

    def rows(self) -> Iterator[Row | Broken]:
        for number, cells in enumerate(self.grid, start=self.offset + 1):
            if number > self.after:
                yield number, list(cells)


@dataclass(frozen=True)
class _CsvRows:
    """Rows of a CSV file with the number of the line on which each starts. A row whose quotes never close, or close
    in the wrong place, is handed on as broken; reading goes on with the line after its first."""

    path: Path
    encoding: str
    delimiter: str
    after: int = 0
    row_by_row: bool = False

    def rows_after(self, line: int) -> Iterator[Row | Broken]:
        """The rows that start after a line, which must be the last of a row."""
        return replace(self, after=line).rows()

    def blocks(self, size: int) -> Iterator[tuple[int, list[str]]]:
        """Lines without their ends, ``size`` at a time, with the number of the first."""
        with self.path.open(encoding=self.encoding, newline="") as file:
            number = self.after + 1
            rest = islice(file, self.after, None)
            while lines := [line.rstrip("\r\n") for line in islice(rest, size)]:
                yield number, lines
                number += len(lines)

    def rows(self) -> Iterator[Row | Broken]:
        with self.path.open(encoding=self.encoding, newline="") as file:
            lines = _Lines(file)
            failures = 0
            while True:
                reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
                start = lines.number + 1
                try:
                    for cells in reader:
                        if start > self.after:
                            yield start, cells
                        start = lines.number + 1
                        lines.recent.clear()
                    return
                except csv.Error as error:
                    failures += 1
                    if failures > MAX_BROKEN_ROWS:
                        message = f"more than {MAX_BROKEN_ROWS} rows with broken quotes: not a CSV file"
                        raise FileRefused(self.path.name, "BROKEN_QUOTES", message, start) from error
                    text = lines.push_back()
                    if start > self.after:
                        yield (
                            start,
                            text.rstrip("\r\n"),
                            "BROKEN_QUOTES",
                            text[:40].strip(),
                            "成对的引号 (closed quotes)",
                        )


class _Lines:
    """Physical lines of a text file, countable and, for the row being read, returnable."""

    def __init__(self, file: Iterator[str]) -> None:
        self._file = file
        self._returned: list[str] = []
        self.recent: list[str] = []
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self._returned.pop() if self._returned else next(self._file)
        self.recent.append(line)
        self.number += 1
        return line

    def push_back(self) -> str:
        """Give back every line of the row being read but its first, which is returned."""
        first, *rest = self.recent
        self._returned.extend(reversed(rest))
        self.number -= len(rest)
        self.recent.clear()
        return first
