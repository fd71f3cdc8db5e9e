"""The machine under every import: chunk by chunk, each one transaction with its rows, its parked rows and its counts.

A dry run does the same in one transaction and rolls it back: what it reports is what would have happened.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import batches, findings, parking, reading
from wandeng.infra.imports.files import CHUNK_ROWS, OpenFile
from wandeng.infra.imports.merging import CHANGED, CREATED, UNCHANGED
from wandeng.infra.imports.outcome import Counts, Outcome
from wandeng.infra.imports.spec import LINE, Kind, Landing, LoadContext, Section
from wandeng.infra.imports.table import Chunk
from wandeng.infra.models import ImportBatch, ParkedRow

BULK_ROWS = 5_000
"""An import that appended so many rows has the statistics of its tables taken: what comes next may well be a bill run."""

Progress = Callable[[int], None]
"""Called after each chunk with the rows it held."""
Listener = Callable[[pl.DataFrame], None]
"""Called with all findings of a chunk."""


@dataclass(frozen=True)
class Watch:
    """Who looks on while an import runs."""

    progress: Progress = lambda rows: None
    findings: Listener = lambda found: None


class _DryRunOver(Exception):
    """Rolls a dry run back."""


def judge(store: ColumnStore, section: Section, raw: pl.DataFrame, seen: reading.Seen, context: LoadContext) -> Landing:
    """Type, check and load the rows of one chunk; the caller parks what did not land."""
    if context.unit_code and "unit" in raw.columns:
        raw = raw.with_columns(pl.col("unit").replace("", context.unit_code))
    typed = reading.type_rows(section, raw)
    repeated = reading.repeats(section, typed.rows, seen)
    good = findings.without(typed.rows, repeated)
    if good.is_empty():
        return Landing(
            pl.DataFrame(schema={LINE: pl.Int64, "outcome": pl.String}), findings.gather(typed.found, repeated)
        )
    loaded = section.load(store, good, context)
    return Landing(loaded.outcomes, findings.gather(typed.found, repeated, loaded.findings), loaded.parts, loaded.notes)


def take_in(
    opened: OpenFile, batch: ImportBatch, context: LoadContext, watch: Watch, *, chunk_rows: int = CHUNK_ROWS
) -> Outcome:
    """Land the rest of a file into its batch. Killed at any moment and called again, it loses and doubles nothing."""
    outcome = Outcome(opened.kind.name, opened.path.name, opened.about, batch.pk, warnings=opened.warnings)
    outcome.resumed_at = done = batch.rows_total
    seen = reading.Seen()
    passed = 0
    with ColumnStore() as store:
        for chunk in opened.chunks(chunk_rows):
            if passed < done:
                chunk, skipped = _after(chunk, done - passed, seen)
                passed += skipped
                watch.progress(skipped)
                if not chunk.height:
                    continue
            with store.transaction():
                batches.lock(store, batch, passed)
                counts, found = _land_chunk(store, opened.kind, chunk, seen, context, outcome, batch)
                batches.add(store, batch.pk, counts)
            passed += chunk.height
            _note(outcome, counts, found, watch)
        _take_statistics(store, done)
    return outcome


def rehearse(opened: OpenFile, context: LoadContext, watch: Watch, *, chunk_rows: int = CHUNK_ROWS) -> Outcome:
    """The same in one transaction that is rolled back; no batch, no parked rows, nothing written."""
    outcome = Outcome(opened.kind.name, opened.path.name, opened.about, dry_run=True, warnings=opened.warnings)
    seen = reading.Seen()
    with ColumnStore() as store, _rolled_back(store):
        batches.take_turns(store)
        for chunk in opened.chunks(chunk_rows):
            counts, found = _land_chunk(store, opened.kind, chunk, seen, context, outcome, None)
            _note(outcome, counts, found, watch)
    return outcome


@contextmanager
def _rolled_back(store: ColumnStore) -> Iterator[None]:
    try:
        with store.transaction():
            yield
            raise _DryRunOver
    except _DryRunOver:
        return


def _land_chunk(
    store: ColumnStore,
    kind: Kind,
    chunk: Chunk,
    seen: reading.Seen,
    context: LoadContext,
    outcome: Outcome,
    batch: ImportBatch | None,
) -> tuple[Counts, pl.DataFrame]:
    landing = judge(store, chunk.section, chunk.rows, seen, context)
    bad = chunk.rows.join(landing.findings.select(LINE).unique(), on=LINE, how="semi", maintain_order="left")
    found = findings.gather(chunk.broken, landing.findings)
    counts = _counts(landing, bad.height + chunk.broken_cells.height)
    if counts.total != chunk.height:
        raise AssertionError(f"{chunk.section.name}: {chunk.height} rows in, {counts.total} accounted for")
    if batch is not None:
        cells = pl.concat(
            [
                parking.cells_of(bad, section=chunk.section.name if kind.is_compound else ""),
                parking.cells_of(chunk.broken_cells),
            ]
        )
        parking.park(store, batch.pk, cells.sort(LINE), found)
    told = [found]
    outcome.notes.update(landing.notes)
    for name, (rows, complaints) in landing.parts.items():
        if rows.is_empty():
            continue
        outcome.parts[name] += rows.height
        told.append(complaints)
        if batch is not None:
            home = batches.companion(store, batch, name, context.at)
            outcome.part_batches[name] = home
            parking.park(store, home, parking.cells_of(rows), complaints)
            batches.add(store, home, Counts(parked=rows.height))
    return counts, findings.gather(*told)


def _counts(landing: Landing, parked: int) -> Counts:
    by = dict(landing.outcomes.group_by("outcome").len().iter_rows())
    return Counts(by.get(CREATED, 0), by.get(CHANGED, 0), by.get(UNCHANGED, 0), parked)


def _take_statistics(store: ColumnStore, done_before: int = 0) -> None:
    """After the last chunk, in no transaction; ``done_before`` rows of the file landed before it was killed."""
    if store.appended and done_before + store.appended.total() >= BULK_ROWS:
        store.analyze(store.appended)


def _note(outcome: Outcome, counts: Counts, found: pl.DataFrame, watch: Watch) -> None:
    outcome.counts.add(counts)
    outcome.note(found)
    watch.findings(found)
    watch.progress(counts.total)


def _after(chunk: Chunk, rows: int, seen: reading.Seen) -> tuple[Chunk, int]:
    """The part of a chunk after its first ``rows`` rows, remembering the keys of the part that is passed over."""
    lines = pl.concat([chunk.rows[LINE], chunk.broken_cells[LINE]]).sort()
    last = lines[min(rows, len(lines)) - 1]
    before, after = pl.col(LINE) <= last, pl.col(LINE) > last
    typed = reading.type_rows(chunk.section, chunk.rows.filter(before))
    reading.repeats(chunk.section, typed.rows, seen)
    rest = Chunk(
        chunk.section,
        chunk.rows.filter(after),
        chunk.broken.filter(after),
        chunk.broken_cells.filter(after),
    )
    return rest, min(rows, len(lines))


def retry(
    kind: Kind,
    batch: ImportBatch,
    context: LoadContext,
    watch: Watch,
    now: datetime,
    *,
    chunk_rows: int = CHUNK_ROWS,
    lines: frozenset[int] | None = None,
) -> Outcome:
    """Take up the parked rows of a batch again, as they are now, or only those on some ``lines``; those that land are
    marked, the others say why not."""
    outcome = Outcome(kind.name, batch.file_name, batch=batch.pk)
    seen = reading.Seen()
    with ColumnStore() as store:
        for section in kind.sections:
            for rows in parking.waiting(store, batch.pk, size=chunk_rows, lines=lines):
                ours = [row for row in rows if not row.is_whole and row.section(kind) is section]
                if ours:
                    _retry_rows(store, kind, section, ours, seen, batch, context, outcome, watch, now)
        _take_statistics(store)
    outcome.counts.parked = ParkedRow.objects.filter(batch=batch, state="PARKED").count()
    return outcome


def _retry_rows(
    store: ColumnStore,
    kind: Kind,
    section: Section,
    rows: list[parking.Waiting],
    seen: reading.Seen,
    batch: ImportBatch,
    context: LoadContext,
    outcome: Outcome,
    watch: Watch,
    now: datetime,
) -> None:
    raw = parking.as_raw(section, rows)
    with store.transaction():
        batches.take_turns(store)
        landing = judge(store, section, raw, seen, context)
        counts = _counts(landing, 0)
        landed = landing.outcomes[LINE].to_list()
        parking.settle(store, batch.pk, landed, landing.findings, by=context.actor.code, at=now)
        batches.add(store, batch.pk, Counts(counts.created, counts.changed, counts.unchanged, -len(landed)))
        outcome.notes.update(landing.notes)
        for name, (part, complaints) in landing.parts.items():
            if part.height:
                home = batches.companion(store, batch, name, context.at)
                parking.park(store, home, parking.cells_of(part), complaints)
                batches.add(store, home, Counts(parked=part.height))
                outcome.parts[name] += part.height
                outcome.part_batches[name] = home
    _note(outcome, counts, landing.findings, watch)
