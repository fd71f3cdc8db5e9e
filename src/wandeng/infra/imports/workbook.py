"""XLSX files, opened only after a look at what they would unpack to.

An XLSX file is a ZIP of XML: 100 kB can declare gigabytes, a far corner cell can ask for a table of 17 thousand
million cells, a document type can expand for ever. All of that is checked on the packed file, in bounded memory,
before the parser sees it. Formulas are never computed: a cell is the value that was stored with it.
"""

from __future__ import annotations

import hashlib
import re
import zipfile
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook

from wandeng.infra.imports.refusals import FileRefused

MAX_MEMBERS = 200
MAX_RATIO = 100
MAX_COLUMNS = 1_000
SMALL_SHEET_CELLS = 200_000
BYTES_PER_CELL = 4
"""A sheet whose used area holds more cells than its XML could name at this many bytes each is nearly empty: a trap."""

_CELL = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,3})([0-9]{1,7})["']""")
_BLOCK = 1 << 18


@dataclass(frozen=True)
class Workbook:
    """Sheets by name, each a list of rows of text; row 0 is line 1 of the sheet."""

    content_hash: str
    sheets: dict[str, list[list[str]]]


def open_workbook(path: Path, *, max_bytes: int) -> Workbook:
    """Check, then read every sheet as text. Raises :class:`FileRefused`."""
    _check(path, max_bytes)
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = {
            name: [[as_text(cell) for cell in row] for row in book.get_sheet_by_name(name).to_python(False)]
            for name in book.sheet_names
        }
    except (CalamineError, ValueError, OSError) as error:
        raise FileRefused(path.name, "NOT_XLSX", f"not a readable workbook: {error}") from error
    return Workbook(hashlib.sha256(path.read_bytes()).hexdigest(), sheets)


def _check(path: Path, max_bytes: int) -> None:
    try:
        with zipfile.ZipFile(path) as packed:
            members = packed.infolist()
            _check_sizes(path, members, max_bytes)
            for member in members:
                _check_member(path, packed, member)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise FileRefused(path.name, "NOT_XLSX", f"not a workbook: {error}") from error


def _check_sizes(path: Path, members: list[zipfile.ZipInfo], max_bytes: int) -> None:
    declared, packed_size = sum(m.file_size for m in members), path.stat().st_size
    if len(members) > MAX_MEMBERS:
        raise FileRefused(path.name, "BOMB", f"{len(members)} files inside, at most {MAX_MEMBERS} are taken")
    if declared > max_bytes:
        message = f"unpacks to {declared:,} bytes, at most {max_bytes:,} are taken: save it as CSV, or raise the limit"
        raise FileRefused(path.name, "BOMB", message)
    if declared > MAX_RATIO * max(packed_size, 1):
        raise FileRefused(path.name, "BOMB", f"unpacks to more than {MAX_RATIO} times its size")


def _check_member(path: Path, packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Unpack one member in blocks: its size is what it says, it has no document type, no nested archive, and its
    cells span no area that only a trap would span."""
    name = member.filename
    if name.startswith(("/", "\\")) or ".." in name or name.lower().endswith((".zip", ".xlsx", ".xlsm")):
        raise FileRefused(path.name, "BOMB", f"holds '{name}', which no workbook holds")
    is_sheet = not name.endswith(("sharedStrings.xml", "styles.xml"))
    declared = member.file_size
    # One byte more than declared: a member that hides its size is caught, not cut off quietly.
    member.file_size = declared + 1
    seen, tail, width, height = 0, b"", 0, 0
    with packed.open(member) as stream:
        while block := stream.read(_BLOCK):
            seen += len(block)
            if seen > declared:
                raise FileRefused(path.name, "BOMB", f"'{name}' is larger than it says")
            window = tail + block
            if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
                raise FileRefused(path.name, "BOMB", f"'{name}' declares a document type")
            if is_sheet:
                for letters, digits in _CELL.findall(window):
                    width, height = max(width, _column_index(letters)), max(height, int(digits))
            tail = window[-24:]
    if width > MAX_COLUMNS:
        raise FileRefused(path.name, "BOMB", f"a sheet of {width} columns, at most {MAX_COLUMNS} are taken")
    if width * height > max(SMALL_SHEET_CELLS, declared // BYTES_PER_CELL):
        raise FileRefused(path.name, "BOMB", f"a nearly empty sheet of {height} rows and {width} columns")


def _column_index(letters: bytes) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + (letter & 31)
    return index


def as_text(cell: object) -> str:
    """A cell as a person reads it: whole numbers without a point, 15 digits at most (all that XLSX stores), ISO dates."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, int):
        return str(cell)
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else f"{cell:.15g}"
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%d" if cell.time() == time() else "%Y-%m-%d %H:%M:%S")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell) if isinstance(cell, timedelta) else ""
