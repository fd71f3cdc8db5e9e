"""A kind that needs no database, and files for it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import polars as pl

from wandeng.infra.imports import files, reading
from wandeng.infra.imports.spec import (
    OUTCOMES,
    Choice,
    Code,
    Column,
    Day,
    Flag,
    Kind,
    Landing,
    Moment,
    Number,
    Section,
    Text,
)


def _load(store: object, rows: pl.DataFrame, context: object) -> Landing:
    return Landing(pl.DataFrame(schema=OUTCOMES), pl.DataFrame())


COLUMNS = (
    Column("code", "编码", Code(8), required=True, sample="A1"),
    Column("name", "名称", Text(10), sample="白水"),
    Column("amount", "电量", Number(2, -100, 10**6), default="0"),
    Column("on", "日期", Day()),
    Column("at", "时间", Moment()),
    Column("side", "方式", Choice({"HIGH": ("高计",), "LOW": ("低计",)})),
    Column("live", "在用", Flag(), default="是"),
)
SECTION = Section("thing", "物", COLUMNS, ("code",), _load, {"name": ("side",)})
KIND = Kind("things", "物品", "for tests", (SECTION,))
OTHER = Section("other", "别物", (COLUMNS[0], Column("of", "属于", Code(8), required=True)), ("code",), _load)
COMPOUND = Kind("both", "两样", "for tests", (SECTION, OTHER))


def write(folder: Path, content: str | bytes, name: str = "f.csv") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def rows_of(path: Path, kind: Kind = KIND, size: int = 1000) -> list[tuple[object, ...]]:
    """``line`` and text of ``code`` and ``name`` of every row that could be cut."""
    chunks = files.open_file(path, kind).chunks(size)
    return [row for chunk in chunks for row in chunk.rows.select("line", "code", pl.col("^name$")).rows()]


def complaints(path: Path, kind: Kind = KIND) -> list[tuple[int, str, str]]:
    """(line, column, code) of everything wrong with the rows of a file."""
    found, seen = [], reading.Seen()
    for chunk in files.open_file(path, kind).chunks():
        typed = reading.type_rows(chunk.section, chunk.rows)
        for frame in (chunk.broken, typed.found, reading.repeats(chunk.section, typed.rows, seen)):
            found += frame.select("line", "column", "code").rows()
    return sorted(found)


def typed(cell: str, column: str) -> object:
    """What one cell of a column is read as, or the code of the complaint."""
    raw = {c.name: [""] for c in COLUMNS} | {"code": ["A"], "line": [2], column: [cell]}
    read = reading.type_rows(SECTION, pl.DataFrame(raw, schema_overrides={"line": pl.Int64}))
    return read.found["code"][0] if read.found.height else read.rows[column][0]


def packed(folder: Path, members: dict[str, bytes], name: str = "b.xlsx") -> Path:
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member, content in members.items():
            archive.writestr(member, content)
    return path
