"""What can be looked up about imports: their history, and what is parked."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.db.models import Count, F, Model, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce, Substr
from django.db.models.lookups import Exact

from wandeng.infra.imports import parking
from wandeng.infra.imports.outcome import Counts, Outcome
from wandeng.infra.models import ImportBatch, ParkedRow
from wandeng.infra.scope import Scope
from wandeng.kernel.errors import NotFound

Row = TypeVar("Row", bound=Model)


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
    return [_parked(row, shown) for row in rows[:limit]]


def _parked(row: ParkedRow, shown: Callable[[str], dict[str, str]]) -> ParkedFacts:
    return ParkedFacts(
        row.batch.pk,
        row.batch.kind,
        row.batch.file_name,
        row.line,
        {name: text for name, text in shown(row.cells).items() if text},
        [(f["column"], f["code"], f["found"], f["expected"]) for f in json.loads(row.findings)],
    )


def waiting_rows() -> int:
    """How many rows of all batches wait to be mended."""
    return ParkedRow.objects.filter(state="PARKED").count()


MOST_COUNTED = 20_000
HISTORY_COLUMNS = (
    "id", "kind", "file_name", "state", "encoding", "actor", "unit_path", "started_at", "finished_at", "rows_total",
    "landed", "rows_unchanged", "waiting",
)  # fmt: skip


def batch_rows(scope: Scope, kinds: Collection[str]) -> QuerySet[ImportBatch, dict[str, Any]]:
    """Imports of some kinds inside the scope, newest first: :data:`HISTORY_COLUMNS`; ``landed`` rows are new or changed,
    ``waiting`` ones are parked now. Lazy."""
    parked = ParkedRow.objects.filter(batch=OuterRef("pk"), state="PARKED").order_by().values("batch")
    rows = inside(ImportBatch.objects.filter(kind__in=kinds), scope).annotate(
        landed=F("rows_created") + F("rows_changed"),
        waiting=Coalesce(Subquery(parked.annotate(n=Count("id")).values("n")), 0),
    )
    found: QuerySet[ImportBatch, dict[str, Any]] = rows.order_by("-id").values(*HISTORY_COLUMNS)
    return found


def batch(scope: Scope, batch_id: int) -> BatchFacts:
    """One import. Raises :class:`NotFound`, also outside the scope."""
    row = ImportBatch.objects.filter(pk=batch_id).first()
    if row is None or not covers(scope, row.unit_path):
        raise NotFound(f"there is no import batch {batch_id}", batch=batch_id)
    return _facts(row)


def faults(batch_id: int) -> list[tuple[str, str, int]]:
    """What is wrong with the first :data:`MOST_COUNTED` parked rows of a batch: (code, column, findings), the most
    frequent first."""
    counted: Counter[tuple[str, str]] = Counter()
    rows = ParkedRow.objects.filter(batch_id=batch_id, state="PARKED").order_by("line")
    for text in rows.values_list("findings", flat=True)[:MOST_COUNTED]:
        counted.update((one["code"], one["column"]) for one in json.loads(text))
    return [(code, column, count) for (code, column), count in counted.most_common()]


def parked_page(
    batch_id: int, *, code: str = "", column: str | None = None, start: int = 0, size: int = 50
) -> tuple[list[ParkedFacts], int]:
    """Parked rows of a batch by line, those with a code (and column) where one is named, personal cells masked; and how many there
    are in all."""
    rows = ParkedRow.objects.filter(batch_id=batch_id, state="PARKED").select_related("batch").order_by("line")
    if code:
        place = "" if column is None else f'"column": {json.dumps(column)}, '
        rows = rows.filter(findings__contains=f'{place}"code": {json.dumps(code)}')
    return [_parked(row, parking.masked) for row in rows[start : start + size]], rows.count()


def parked_row(batch_id: int, line: int, *, clear: bool = False) -> ParkedFacts:
    """One parked row. Raises :class:`NotFound` for a line that is not parked any more."""
    row = ParkedRow.objects.filter(batch_id=batch_id, line=line, state="PARKED").select_related("batch").first()
    if row is None:
        raise NotFound(f"batch {batch_id} has no parked row on line {line}", batch=batch_id, line=line)
    return _parked(row, parking.opened if clear else parking.masked)


def covers(scope: Scope, unit_path: str) -> bool:
    """Whether an import that could touch ``unit_path`` is the scope's to see: what could touch everything is seen from
    a root unit."""
    return scope.covers(unit_path) if unit_path else scope.is_root


def inside(rows: QuerySet[Row], scope: Scope) -> QuerySet[Row]:
    """The same for a table with a column ``unit_path``."""
    if not scope.prefix:
        return rows
    below = Q(Exact(Substr("unit_path", 1, len(scope.prefix)), scope.prefix))
    return rows.filter(below | Q(unit_path="") if covers(scope, "") else below)


def already(batch: ImportBatch, file: str, about: str) -> Outcome:
    """The outcome of a file whose bytes were taken in before: nothing happened; its rows are where they were."""
    waiting = ParkedRow.objects.filter(batch=batch, state="PARKED").count()
    outcome = Outcome(batch.kind, file, about, batch.pk, already=True)
    outcome.counts = Counts(unchanged=batch.rows_total - waiting, parked=waiting)
    return outcome
