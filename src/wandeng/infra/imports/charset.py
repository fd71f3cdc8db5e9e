"""One pass over the bytes of a text file: its hash, its charset, and what would be unsafe to parse.

The charset is decided, not guessed: a byte-order mark decides; else bytes that are UTF-8 throughout are UTF-8; else
bytes that are GB18030 throughout are GB18030; else the file is refused. The same bytes always get the same answer.
"""

from __future__ import annotations

import codecs
import hashlib
from dataclasses import dataclass
from pathlib import Path

from wandeng.infra.imports.refusals import FileRefused

BLOCK = 1 << 20
MAX_LINE_BYTES = 1 << 20
"""No row of ours comes near; a line past this is a broken or hostile file."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True)
class TextScan:
    """``encoding`` is a Python codec name; ``lines`` counts line ends, for progress only."""

    content_hash: str
    encoding: str
    lines: int


def scan(path: Path) -> TextScan:
    """Read the file once (twice when it is not UTF-8). Raises :class:`FileRefused`."""
    with path.open("rb") as file:
        head = file.read(4)
    marked = next((name for mark, name in _MARKS if head.startswith(mark)), "")
    content_hash, lines = _check_bytes(path, nul_allowed=marked == "utf-16")
    candidates = (marked,) if marked else ("utf-8", "gb18030")
    for encoding in candidates:
        wrong_at = _first_undecodable(path, encoding)
        if wrong_at is None:
            return TextScan(content_hash, encoding, lines)
    raise FileRefused(
        path.name, "NOT_TEXT", f"neither UTF-8 nor GB18030 text: byte {wrong_at} does not fit {candidates[-1]}"
    )


def _check_bytes(path: Path, *, nul_allowed: bool) -> tuple[str, int]:
    digest, lines, open_line = hashlib.sha256(), 0, 0
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            if not nul_allowed and (at := block.find(b"\0")) >= 0:
                line = lines + block.count(b"\n", 0, at) + 1
                raise FileRefused(path.name, "NUL_BYTE", "contains a NUL byte: not a text file", line)
            parts = block.replace(b"\r", b"\n").split(b"\n")
            if max(open_line + len(parts[0]), *map(len, parts)) > MAX_LINE_BYTES:
                message = f"a line longer than {MAX_LINE_BYTES} bytes: not a table"
                raise FileRefused(path.name, "LINE_TOO_LONG", message, lines + 1)
            lines += block.count(b"\n")
            open_line = len(parts[-1]) + (open_line if len(parts) == 1 else 0)
    if digest.digest() == hashlib.sha256().digest():
        raise FileRefused(path.name, "EMPTY", "the file is empty")
    return digest.hexdigest(), lines


def _first_undecodable(path: Path, encoding: str) -> int | None:
    """Position of the first byte that is not of this encoding, ``None`` when all are."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    seen = 0
    with path.open("rb") as file:
        while True:
            block = file.read(BLOCK)
            try:
                decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                return seen + error.start
            if not block:
                return None
            seen += len(block)
