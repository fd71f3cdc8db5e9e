"""What can be looked up about imports: their history, and what is parked."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

from wandeng.infra.imports import parking
from wandeng.infra.imports.outcome import Counts, Outcome
from wandeng.infra.models import ImportBatch, ParkedRow


@dataclass(frozen=True)
class BatchFacts:
    """One import as the history shows it. ``waiting`` rows are parked now, of ``counts.parked`` at first."""

    id: int
    kind: str
    file: str
    state: str
    encoding: str
    counts: Counts
    waiting: int
    actor: str
    started_at: datetime
    finished_at: datetime | None


@dataclass(frozen=True)
class ParkedFacts:
    """A parked row: its cells and what is wrong, as (column, code, found, expected)."""

    batch: int
    kind: str
    file: str
    line: int
    cells: dict[str, str]
    findings: list[tuple[str, str, str, str]]


def history(limit: int = 50) -> list[BatchFacts]:
    """The newest imports first."""
    return [_facts(batch) for batch in ImportBatch.objects.order_by("-id")[:limit]]


def _facts(batch: ImportBatch) -> BatchFacts:
    counts = Counts(batch.rows_created, batch.rows_changed, batch.rows_unchanged, batch.rows_parked)
    return BatchFacts(
        batch.pk,
        batch.kind,
        batch.file_name,
        batch.state,
        batch.encoding,
        counts,
        ParkedRow.objects.filter(batch=batch, state="PARKED").count(),
        batch.actor,
        batch.started_at,
        batch.finished_at,
    )


def parked(batch_id: int | None = None, limit: int | None = None, *, clear: bool = False) -> list[ParkedFacts]:
    """Rows that wait, of one batch or of all, by batch and line; personal cells masked unless ``clear``."""
    shown = parking.opened if clear else parking.masked
    rows = ParkedRow.objects.filter(state="PARKED").select_related("batch").order_by("batch_id", "line")
    if batch_id is not None:
        rows = rows.filter(batch_id=batch_id)
    return [
        ParkedFacts(
            row.batch.pk,
            row.batch.kind,
            row.batch.file_name,
            row.line,
            {name: text for name, text in shown(row.cells).items() if text},
            [(f["column"], f["code"], f["found"], f["expected"]) for f in json.loads(row.findings)],
        )
        for row in rows[:limit]
    ]


def waiting_rows() -> int:
    """How many rows of all batches wait to be mended."""
    return ParkedRow.objects.filter(state="PARKED").count()


def already(batch: ImportBatch, file: str, about: str) -> Outcome:
    """The outcome of a file whose bytes were taken in before: nothing happened; its rows are where they were."""
    waiting = ParkedRow.objects.filter(batch=batch, state="PARKED").count()
    outcome = Outcome(batch.kind, file, about, batch.pk, already=True)
    outcome.counts = Counts(unchanged=batch.rows_total - waiting, parked=waiting)
    return outcome
