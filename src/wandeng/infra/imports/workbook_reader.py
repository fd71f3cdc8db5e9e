"""The process that opens an XLSX file from a stranger: started by ``workbook.py``, as a script, without the product.

An XLSX file is a ZIP of XML: 100 kB can declare gigabytes, a far corner cell can ask for a table of 17 thousand
million cells, a document type can expand for ever. First the limits of this process are set, then the packed file is
looked at in bounded memory, and only then the parser sees it. Formulas are never computed: a cell is the value that was
stored with it.

Standard input is the file; standard output are lines of JSON: ``{"sheet": name}``, then lists of rows of text, and at the
end ``{"end": true}`` or ``{"refused": [reason, sentence]}``. A process that ends without either has met a limit.
Arguments: the most bytes the file may unpack to, the most memory in bytes, the most seconds of computing.
"""

from __future__ import annotations

import json
import re
import resource
import sys
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import IO, Any

MAX_MEMBERS = 200
MAX_RATIO = 100
MAX_COLUMNS = 1_000
SMALL_SHEET_CELLS = 200_000
BYTES_PER_CELL = 4
"""A sheet whose used area holds more cells than its XML could name at this many bytes each is nearly empty: a trap."""
OPEN_FILES = 16
ROWS_A_LINE = 2_000

_CELL = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{0,12})([0-9]{1,12})["']""")
_BLOCK = 1 << 18

Write = Callable[[Any], None]


class Refusal(Exception):
    """The file is no workbook that is taken: the reason of ``FileRefused`` and its sentence."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(reason, message)


def limit_process(memory: int, seconds: int) -> None:
    """From here on this process can neither grow, nor compute for long, nor write files, nor leave a core."""
    for what, most in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, OPEN_FILES),
    ):
        _, hard = resource.getrlimit(what)
        allowed = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (allowed, allowed))


def read(file: IO[bytes], max_bytes: int, write: Write) -> None:
    """Look at a file, then write every sheet. Raises :class:`Refusal`."""
    inspect(file, max_bytes)
    file.seek(0)
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(file)
        for name in book.sheet_names:
            sheet = book.get_sheet_by_name(name)
            _require_area(sheet.total_height, sheet.total_width, max_bytes)
            write({"sheet": name})
            rows = sheet.to_python(False)
            for start in range(0, len(rows), ROWS_A_LINE):
                write([[as_text(cell) for cell in row] for row in rows[start : start + ROWS_A_LINE]])
    except (CalamineError, ValueError, OSError) as error:
        raise Refusal("NOT_XLSX", f"not a readable workbook: {error}") from error


def inspect(file: IO[bytes], max_bytes: int) -> None:
    """Look at what a packed file says of itself, then unpack it once in blocks. Raises :class:`Refusal`."""
    try:
        with zipfile.ZipFile(file) as packed:
            members = packed.infolist()
            _require_sizes(file, members, max_bytes)
            for member in members:
                _inspect_member(packed, member)
    except (zipfile.BadZipFile, zipfile.LargeZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Refusal("NOT_XLSX", f"not a workbook: {error}") from error


def _require_sizes(file: IO[bytes], members: list[zipfile.ZipInfo], max_bytes: int) -> None:
    declared, packed_size = sum(m.file_size for m in members), file.seek(0, 2)
    if len(members) > MAX_MEMBERS:
        raise Refusal("BOMB", f"{len(members)} files inside, at most {MAX_MEMBERS} are taken")
    if declared > max_bytes:
        message = f"unpacks to {declared:,} bytes, at most {max_bytes:,} are taken: save it as CSV, or raise the limit"
        raise Refusal("BOMB", message)
    if declared > MAX_RATIO * max(packed_size, 1):
        raise Refusal("BOMB", f"unpacks to more than {MAX_RATIO} times its size")


def _inspect_member(packed: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """Unpack one member in blocks: its size is what it says, it has no document type, no nested archive, and its
    cells span no area that only a trap would span."""
    name = member.filename
    if name.startswith(("/", "\\")) or ".." in name or name.lower().endswith((".zip", ".xlsx", ".xlsm")):
        raise Refusal("BOMB", f"holds '{name}', which no workbook holds")
    is_sheet = not name.endswith(("sharedStrings.xml", "styles.xml"))
    declared = member.file_size
    # One byte more than declared: a member that hides its size is caught, not cut off quietly.
    member.file_size = declared + 1
    seen, tail, width, height = 0, b"", 0, 0
    with packed.open(member) as stream:
        while block := stream.read(_BLOCK):
            if seen == 0 and block.startswith(b"PK\x03\x04"):
                raise Refusal("BOMB", f"holds '{name}', an archive in the archive")
            seen += len(block)
            if seen > declared:
                raise Refusal("BOMB", f"'{name}' is larger than it says")
            window = tail + block
            _refuse_document_type(name, window)
            if is_sheet:
                for letters, digits in _CELL.findall(window):
                    width, height = max(width, _column_index(letters)), max(height, int(digits))
            tail = window[-40:]
    _require_area(height, width, declared)


def _refuse_document_type(name: str, window: bytes) -> None:
    # In UTF-16 every second byte is zero.
    plain = window.replace(b"\0", b"") if b"\0" in window else window
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise Refusal("BOMB", f"'{name}' declares a document type")


def _require_area(height: int, width: int, xml_bytes: int) -> None:
    if width > MAX_COLUMNS:
        raise Refusal("BOMB", f"a sheet of {width} columns, at most {MAX_COLUMNS} are taken")
    if width * height > max(SMALL_SHEET_CELLS, xml_bytes // BYTES_PER_CELL):
        raise Refusal("BOMB", f"a nearly empty sheet of {height} rows and {width} columns")


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


def main(max_bytes: int, memory: int, seconds: int) -> None:
    """Read standard input under limits."""
    limit_process(memory, seconds)

    def write(told: object) -> None:
        sys.stdout.write(json.dumps(told, ensure_ascii=True, separators=(",", ":")) + "\n")

    try:
        read(sys.stdin.buffer, max_bytes, write)
        write({"end": True})
    except Refusal as refusal:
        write({"refused": refusal.args})
    sys.stdout.flush()


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
