"""XLSX files, read by a process of their own with little memory, little time and nothing of ours in it.

No byte of an uploaded workbook is unpacked or parsed here: ``workbook_reader.py`` does it, as a script with an empty
environment, and answers in lines of JSON. What it may cost grows with the size that is allowed.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from wandeng.infra.imports.refusals import FileRefused

READER = Path(__file__).with_name("workbook_reader.py")
MEMORY = 192 * 2**20
MEMORY_PER_BYTE = 8
"""A sheet full of short cells takes less than five bytes of memory for each byte of its XML."""
SECONDS = 10
BYTES_PER_SECOND = 2_000_000
"""A core reads more than ten times as fast."""
WALL_FACTOR = 3
"""A busy machine may need this many times the seconds of computing."""
TEXT_FACTOR = 8
"""The text of the cells may be this many times the file's unpacked size: shared strings stand in many cells."""


@dataclass(frozen=True)
class Workbook:
    """Sheets by name, each a list of rows of text; row 0 is line 1 of the sheet."""

    content_hash: str
    sheets: dict[str, list[list[str]]]


@dataclass(frozen=True)
class Limits:
    """What reading one file may cost: bytes it unpacks to, memory, seconds of computing, seconds, bytes of text."""

    max_bytes: int
    memory: int
    cpu_seconds: int
    wall_seconds: int
    text: int

    @classmethod
    def of(cls, max_bytes: int) -> Limits:
        """Limits for files that unpack to at most ``max_bytes``."""
        seconds = SECONDS + max_bytes // BYTES_PER_SECOND
        memory = MEMORY + MEMORY_PER_BYTE * max_bytes
        return cls(max_bytes, memory, seconds, WALL_FACTOR * seconds, TEXT_FACTOR * max_bytes)


def open_workbook(path: Path, *, max_bytes: int, limits: Limits | None = None) -> Workbook:
    """Every sheet of a file as text, read under limits (by default those for ``max_bytes``). Raises
    :class:`FileRefused`."""
    allowed = limits or Limits.of(max_bytes)
    size = path.stat().st_size
    if size > max_bytes:
        raise FileRefused(path.name, "BOMB", f"{size:,} bytes, at most {max_bytes:,} are taken: save it as CSV")
    sheets: dict[str, list[list[str]]] = {}
    rows: list[list[str]] = []
    with path.open("rb") as file:
        content_hash = hashlib.file_digest(file, "sha256").hexdigest()
        file.seek(0)
        for told in _answers(file, path.name, allowed):
            if isinstance(told, list):
                rows += told
            elif "refused" in told:
                reason, message = told["refused"]
                raise FileRefused(path.name, reason, message)
            else:
                rows = sheets.setdefault(told["sheet"], [])
    return Workbook(content_hash, sheets)


def _answers(file: IO[bytes], name: str, limits: Limits) -> Iterator[Any]:
    """What the reader says, line by line, until it says that it is at the end. Raises :class:`FileRefused` when it does
    not come to it."""
    process = _start(file, limits)
    too_late = threading.Event()

    def stop() -> None:
        too_late.set()
        process.kill()

    clock = threading.Timer(limits.wall_seconds, stop)
    clock.start()
    try:
        assert process.stdout is not None
        left = limits.text
        while line := process.stdout.readline(left + 1):
            left -= len(line)
            if left < 0:
                raise FileRefused(name, "BOMB", f"its cells hold more than {limits.text:,} bytes of text")
            told = json.loads(line) if line.endswith(b"\n") else {}
            if told == {"end": True}:
                return
            if told:
                yield told
    finally:
        clock.cancel()
        process.kill()
        process.communicate()
    memory, seconds = limits.memory // 2**20, limits.cpu_seconds
    message = f"reading it needed more than {memory:,} MB or {seconds} seconds of computing: save it as CSV"
    if too_late.is_set():
        seconds = limits.wall_seconds
        message = f"reading it needed more than {memory:,} MB or {seconds} seconds: save it as CSV"
    raise FileRefused(name, "BOMB", message)


def _start(file: IO[bytes], limits: Limits) -> subprocess.Popen[bytes]:
    """The reader, with the file as its input and none of our environment, folders or open files."""
    costs = (limits.max_bytes, limits.memory, limits.cpu_seconds)
    return subprocess.Popen(
        [sys.executable, "-I", "-B", str(READER), *map(str, costs)],
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={},
        cwd="/",
        start_new_session=True,
    )
