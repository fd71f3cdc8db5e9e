"""One table of a file: which of its columns is which, and its rows as frames of text with their line numbers.

Headers may be Chinese or English, marked with a star, followed by a unit in brackets. Rows that are empty or start
with ``#`` are skipped. A row that cannot be cut into the table's cells is handed on whole, with what is wrong.
"""

from __future__ import annotations

import csv
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from wandeng.infra.imports.refusals import FileRefused
from wandeng.infra.imports.spec import FINDINGS, LINE, TYPE, Column, Kind, Section

TYPE_HEADERS = ("type", "类型", "记录类型")
WHOLE_ROW = "row"
"""The cell under which a row that could not be cut is parked."""

MAX_CELL = 131_072
"""Characters of a cell; more are a quote that never closes."""

_MARK = "\x01"
"""Stands for a quoted cell while cells are counted; no text that people write has it."""

Row = tuple[int, list[str]]
Broken = tuple[int, str, str, str, str]
"""line, text of the row, code, found, expected"""


@dataclass(frozen=True)
class Chunk:
    """Rows of one section: ``rows`` has ``line`` and every column of the section as text; ``broken`` and
    ``broken_cells`` (``line``, ``row``: the whole text) are rows of no usable shape."""

    section: Section
    rows: pl.DataFrame
    broken: pl.DataFrame
    broken_cells: pl.DataFrame

    @property
    def height(self) -> int:
        return self.rows.height + self.broken_cells.height


class Lines(Protocol):
    """A text file that can be read by blocks of lines, or by rows."""

    @property
    def delimiter(self) -> str: ...

    def blocks(self, size: int) -> Iterator[tuple[int, list[str]]]:
        """``size`` lines at a time without their ends, with the number of the first."""

    def rows_after(self, line: int) -> Iterator[Row | Broken]:
        """The rows that start after a line."""


@dataclass(frozen=True)
class Layout:
    """Where the columns of a kind stand in one table. ``positions``: column name → cell index."""

    width: int
    positions: dict[str, int]
    type_at: int | None
    unknown: tuple[str, ...]


def normal_header(text: str) -> str:
    """A header as it is compared: narrow, lower case, without stars, blanks and a unit in brackets.

    >>> normal_header(" *合同容量（kVA） "), normal_header("Account_Number")
    ('合同容量', 'account_number')
    """
    plain = unicodedata.normalize("NFKC", text).strip().strip("*\ufeff").strip().lower()
    return plain.split("(")[0].strip().replace(" ", "_")


def headers_of(columns: Iterable[Column]) -> dict[str, str]:
    """Every accepted header of these columns → column name."""
    return {normal_header(word): c.name for c in columns for word in (c.name, c.zh, *c.also)}


def layout(file: str, kind: Kind, sections: Sequence[Section], header: Row) -> Layout:
    """Match a header row. Raises :class:`FileRefused` on a repeated or a missing required column."""
    line, cells = header
    known = headers_of(c for section in sections for c in section.columns)
    positions: dict[str, int] = {}
    type_at, unknown = None, []
    for index, cell in enumerate(cells):
        word = normal_header(cell)
        name = known.get(word)
        if name is None:
            if kind.is_compound and word in TYPE_HEADERS:
                type_at = index
            elif word:
                unknown.append(cell.strip())
        elif name in positions:
            raise FileRefused(file, "COLUMN_TWICE", f"the column '{cell.strip()}' stands twice in the header", line)
        else:
            positions[name] = index
    if len(sections) > 1 and type_at is None:
        raise FileRefused(file, "COLUMN_MISSING", f"no column 类型 ({TYPE}): {_section_words(sections)}", line)
    if len(sections) == 1:
        missing = [c for c in sections[0].columns if c.required and not c.default and c.name not in positions]
        if missing:
            words = ", ".join(f"{c.zh} ({c.name})" for c in missing)
            raise FileRefused(file, "COLUMN_MISSING", f"required columns are missing: {words}", line)
    return Layout(len(cells), positions, type_at, tuple(unknown))


def _section_words(sections: Sequence[Section]) -> str:
    return ", ".join(f"{section.zh} ({section.name})" for section in sections)


def is_skipped(cells: Sequence[str]) -> bool:
    """Empty rows and comments carry no data."""
    return not cells or not any(cells) or cells[0].lstrip("\ufeff ").startswith("#") or not any(map(str.strip, cells))


def first_row(file: str, rows: Iterator[Row | Broken]) -> Row:
    """The first row that carries anything: the header. Raises :class:`FileRefused`."""
    for row in rows:
        if len(row) != 2:
            raise FileRefused(file, "BROKEN_QUOTES", "the header has an unclosed quote", row[0])
        if not is_skipped(row[1]):
            return row
    raise FileRefused(file, "NO_HEADER", "no header row: the file holds no columns")


class Cutter:
    """Cuts rows into chunks of one section. Rows of no known section are reported with the first section only."""

    def __init__(self, found: Layout, sections: Sequence[Section], section: Section) -> None:
        self.layout = found
        self.section = section
        self._reports_unknown = section is sections[0]
        self._types = {normal_header(word): s for s in sections for word in (s.name, s.zh)}
        self._types_words = _section_words(sections)

    def chunks(self, rows: Iterable[Row | Broken], size: int) -> Iterator[Chunk]:
        """Chunks of at most ``size`` rows, good and broken together, in file order."""
        taken: list[Row] = []
        broken: list[Broken] = []
        for row in rows:
            kept = self._sort_out(row)
            if kept is None:
                continue
            if len(kept) == 2:
                taken.append(kept)
            else:
                broken.append(kept)
            if len(taken) + len(broken) >= size:
                yield self._chunk(taken, broken)
                taken, broken = [], []
        if taken or broken:
            yield self._chunk(taken, broken)

    def block_chunks(self, source: Lines, size: int) -> Iterator[Chunk]:
        """The same, block by block of lines. A block in which every line is a row with the table's cells is cut as a
        whole, many times faster than row by row; a quote in any but the plainest place sends the rest of the file
        through the careful reader."""
        for first, lines in source.blocks(size):
            text = pl.Series(lines, dtype=pl.String)
            marked = _without_quotes(text, source.delimiter)
            if marked is None:
                yield from self.chunks(source.rows_after(first - 1), size)
                return
            if self.layout.type_at is None and _is_regular(text, marked, source.delimiter, self.layout.width):
                yield self._cut(first, lines, source.delimiter)
            else:
                rows = (_split(number, line, source.delimiter) for number, line in enumerate(lines, start=first))
                yield from self.chunks(rows, size)

    def _cut(self, first: int, lines: list[str], delimiter: str) -> Chunk:
        whole = pl.read_csv(
            "\n".join(lines).encode(),
            separator=delimiter,
            has_header=False,
            quote_char='"',
            infer_schema=False,
            empty_string_is_null=False,
        )
        if whole.shape != (len(lines), self.layout.width):
            raise AssertionError(f"{len(lines)} lines of {self.layout.width} cells became {whole.shape}")
        places = self.layout.positions
        data: dict[str, pl.Series | pl.Expr] = {
            column.name: whole.to_series(places[column.name]) if column.name in places else pl.lit("")
            for column in self.section.columns
        }
        numbers = pl.int_range(first, first + len(lines), dtype=pl.Int64, eager=True)
        rows = pl.select(numbers.alias(LINE)).with_columns(**data)
        return Chunk(self.section, rows, pl.DataFrame(schema=FINDINGS), _no_cells())

    def _sort_out(self, row: Row | Broken) -> Row | Broken | None:
        if len(row) != 2:
            return row if self._reports_unknown else None
        line, cells = row
        if is_skipped(cells):
            return None
        width = self.layout.width
        if len(cells) > width and not any(cells[width:]):
            del cells[width:]
        if len(cells) != width:
            wrong = (line, _as_line(cells), "WRONG_CELL_COUNT", str(len(cells)), f"{width} 格 ({width} cells)")
            return wrong if self._reports_unknown else None
        if self.layout.type_at is None:
            return row
        section = self._types.get(normal_header(cells[self.layout.type_at]))
        if section is None and self._reports_unknown:
            return (line, _as_line(cells), "UNKNOWN_TYPE", cells[self.layout.type_at], self._types_words)
        return row if section is self.section else None

    def _chunk(self, taken: list[Row], broken: list[Broken]) -> Chunk:
        columns = list(zip(*(cells for _, cells in taken), strict=True)) if taken else []
        data: dict[str, pl.Series] = {LINE: pl.Series(LINE, [line for line, _ in taken], dtype=pl.Int64)}
        for column in self.section.columns:
            at = self.layout.positions.get(column.name)
            values = columns[at] if columns and at is not None else [""] * len(taken)
            data[column.name] = pl.Series(column.name, values, dtype=pl.String)
        findings = pl.DataFrame(
            [(line, "", code, found, expected) for line, _, code, found, expected in broken],
            schema=FINDINGS,
            orient="row",
        )
        cells = pl.DataFrame(
            [(line, text) for line, text, *_ in broken], schema={LINE: pl.Int64, WHOLE_ROW: pl.String}, orient="row"
        )
        return Chunk(self.section, pl.DataFrame(data), findings, cells)


def _without_quotes(text: pl.Series, delimiter: str) -> pl.Series | None:
    """Lines with a mark in the place of every quoted cell; nothing where a quote stands anywhere else than around a whole
    cell of one line, so that only a reader of rows can tell what is meant."""
    if not text.str.contains('"', literal=True).any():
        return text
    if text.str.contains(_MARK, literal=True).any():
        return None
    marked = text.str.replace_all(f'(^|{delimiter})"[^"]*"', f"${{1}}{_MARK}")
    is_odd = marked.str.contains('"', literal=True) | marked.str.contains(f"{_MARK}[^{delimiter}]")
    return None if is_odd.any() else marked


def _is_regular(text: pl.Series, marked: pl.Series, delimiter: str, width: int) -> bool:
    """Whether every line surely carries data in exactly ``width`` cells."""
    has_data = text.str.contains(rf'[^\s\x1c-\x1f"{delimiter}]')
    is_comment = text.str.contains(r'^[\x{feff} "]*#')
    is_cut = marked.str.count_matches(delimiter, literal=True) == width - 1
    fits = text.str.len_chars() <= MAX_CELL
    return bool((has_data & ~is_comment & is_cut & fits).all())


def _split(number: int, line: str, delimiter: str) -> Row | Broken:
    """A line that is a row by itself, or broken where a cell is longer than any."""
    try:
        cells = next(csv.reader([line], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return number, line, "BROKEN_QUOTES", line[:40].strip(), "成对的引号 (closed quotes)"
    return number, cells


def _no_cells() -> pl.DataFrame:
    return pl.DataFrame(schema={LINE: pl.Int64, WHOLE_ROW: pl.String})


def _as_line(cells: Sequence[str]) -> str:
    return "\t".join(cells)
