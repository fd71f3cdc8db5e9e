"""Parked rows 待处理行: kept whole as they were written, listed, mended, taken up again. Nothing of a file is dropped."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from wandeng.infra import pii
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports.spec import FINDINGS, LINE, PERSONAL, TYPE, Kind, Section
from wandeng.infra.imports.table import WHOLE_ROW, normal_header
from wandeng.infra.models import ParkedRow
from wandeng.kernel.errors import NotFound

_COLUMN = "infra_parkedrow.cells"
_SEALED = PERSONAL | {WHOLE_ROW}

MENDED_CODE = "MENDED"
NEEDS_MENDING = {"TWICE_IN_FILE", "CONTRADICTS"}
"""Complaints that a retry cannot judge without the rest of the file: such rows wait until somebody has changed them."""


def cells_of(raw: pl.DataFrame, *, section: str = "") -> pl.DataFrame:
    """Rows of text as ``line`` and ``cells``: JSON of the cells that are not empty, personal ones sealed. ``section`` names
    the section of a compound kind."""
    names = [name for name in raw.columns if name != LINE]
    hidden = raw.with_columns(
        pl.Series(name, pii.seal_many(raw[name].fill_null(""), column=_COLUMN), dtype=pl.String)
        for name in names
        if name in _SEALED
    )
    head = {TYPE: section} if section else {}
    cells = [
        json.dumps(head | {name: cell for name, cell in zip(names, row, strict=True) if cell}, ensure_ascii=False)
        for row in hidden.select(names).iter_rows()
    ]
    return pl.DataFrame({LINE: raw[LINE], "cells": pl.Series("cells", cells, dtype=pl.String)})


def opened(cells: str) -> dict[str, str]:
    """The cells of a parked row as they were written, personal ones too: for reading them again, not for showing."""
    told: dict[str, str] = json.loads(cells)
    return {name: pii.open_sealed(text, column=_COLUMN) if name in _SEALED else text for name, text in told.items()}


def masked(cells: str) -> dict[str, str]:
    """The cells of a parked row as they are shown."""
    return {name: pii.mask_phone(text) if name in PERSONAL else text for name, text in opened(cells).items()}


def park(store: ColumnStore, batch_id: int, rows: pl.DataFrame, found: pl.DataFrame) -> None:
    """Write ``rows`` (``line``, ``cells``) with their findings. A line that is parked already takes the new ones."""
    if rows.is_empty():
        return
    told = _findings_by_line(found)
    data = rows.select(LINE, "cells").with_columns(
        batch_id=pl.lit(batch_id, dtype=pl.Int64),
        findings=pl.Series([told.get(line, "[]") for line in rows[LINE]], dtype=pl.String),
        state=pl.lit("PARKED"),
        mended_by=pl.lit(""),
    )
    store.append(ParkedRow, data.to_arrow())


def _findings_by_line(found: pl.DataFrame) -> dict[int, str]:
    by_line: dict[int, list[dict[str, str]]] = {}
    for line, *values in found.select(FINDINGS.names()).iter_rows():
        by_line.setdefault(line, []).append(dict(zip(FINDINGS.names()[1:], values, strict=True)))
    return {line: json.dumps(complaints, ensure_ascii=False) for line, complaints in by_line.items()}


def settle(store: ColumnStore, batch_id: int, landed: list[int], found: pl.DataFrame, *, by: str, at: datetime) -> None:
    """After a retry: rows that landed are MENDED, the others keep their place with what is wrong with them now."""
    moment = at.strftime("%Y-%m-%d %H:%M:%S")
    if landed:
        lines = pl.DataFrame({LINE: pl.Series(landed, dtype=pl.Int64)}).to_arrow()
        stamp = "?" if store.is_sqlite else "CAST(? AS timestamp) AT TIME ZONE 'UTC'"
        with store.staged(lines) as staged:
            store.execute(
                f"UPDATE infra_parkedrow SET state = 'MENDED', mended_by = ?, mended_at = {stamp} "
                f"WHERE batch_id = ? AND line IN (SELECT line FROM {staged})",
                (by, moment, batch_id),
            )
    told = _findings_by_line(found)
    if told:
        frame = pl.DataFrame({LINE: list(told), "findings": list(told.values())}, schema_overrides={LINE: pl.Int64})
        with store.staged(frame.to_arrow()) as staged:
            store.execute(
                f"UPDATE infra_parkedrow SET findings = s.findings FROM {staged} s "
                "WHERE infra_parkedrow.batch_id = ? AND infra_parkedrow.line = s.line",
                (batch_id,),
            )


@dataclass(frozen=True)
class Waiting:
    """A parked row as a retry takes it up: its line and its cells, column → text."""

    line: int
    cells: dict[str, str]

    @property
    def is_whole(self) -> bool:
        """Whether the row could not even be cut into cells."""
        return WHOLE_ROW in self.cells

    def section(self, kind: Kind) -> Section:
        """The section it belongs to, by its cell ``type``; the first where that says nothing known."""
        word = normal_header(self.cells.get(TYPE, ""))
        known = {normal_header(name): section for section in kind.sections for name in (section.name, section.zh)}
        return known.get(word, kind.sections[0])


def waiting(
    store: ColumnStore, batch_id: int, *, size: int, lines: frozenset[int] | None = None
) -> Iterator[list[Waiting]]:
    """Parked rows of a batch that a retry may take up, by line, in lists of at most ``size``; of ``lines`` only when
    they are named."""
    only = "" if lines is None else f"AND line IN ({', '.join(str(int(line)) for line in lines) or 'NULL'}) "
    after = -1
    while True:
        rows = store.read(
            "SELECT line, cells, findings FROM infra_parkedrow WHERE batch_id = ? AND state = 'PARKED' AND line > ? "
            f"{only}ORDER BY line LIMIT {int(size)}",
            (batch_id, after),
        ).to_pylist()
        if not rows:
            return
        after = rows[-1]["line"]
        ready = [row for row in rows if not NEEDS_MENDING & {told["code"] for told in json.loads(row["findings"])}]
        if ready:
            yield [Waiting(row["line"], opened(row["cells"])) for row in ready]


def as_raw(section: Section, rows: list[Waiting]) -> pl.DataFrame:
    """Parked rows of one section as the text rows they were."""
    data: dict[str, pl.Series] = {LINE: pl.Series([row.line for row in rows], dtype=pl.Int64)}
    for column in section.columns:
        data[column.name] = pl.Series([row.cells.get(column.name) or "" for row in rows], dtype=pl.String)
    return pl.DataFrame(data)


def mend(batch_id: int, line: int, cells: Mapping[str, str], *, by: str, at: datetime) -> None:
    """Replace cells of a parked row; it waits for the next retry. Raises :class:`NotFound`."""
    row = ParkedRow.objects.filter(batch_id=batch_id, line=line, state="PARKED").first()
    if row is None:
        raise NotFound(f"batch {batch_id} has no parked row on line {line}", batch=batch_id, line=line)
    before = opened(row.cells)
    kept = {name: text for name, text in before.items() if name != WHOLE_ROW}
    changed = {name: text for name, text in (kept | dict(cells)).items() if text}
    if changed == before:
        return
    row.cells = cells_of(pl.DataFrame({LINE: line} | changed))["cells"][0]
    row.findings = json.dumps(
        [{"column": "", "code": MENDED_CODE, "found": "", "expected": "已修改，待重试 (mended, waits for a retry)"}],
        ensure_ascii=False,
    )
    row.mended_by, row.mended_at = by, at
    row.save(update_fields=["cells", "findings", "mended_by", "mended_at"])
