"""Import batches 导入批次: a file is taken in once; a batch that was killed goes on where it stopped."""

from __future__ import annotations

import hashlib
from datetime import datetime

from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports.outcome import Counts
from wandeng.infra.models import ImportBatch
from wandeng.kernel.errors import Conflict


def taken_in(kind: str, content_hash: str) -> ImportBatch | None:
    """The finished batch of the same bytes, if there is one."""
    return ImportBatch.objects.filter(kind=kind, content_hash=content_hash, state="DONE").order_by("-id").first()


def begin(
    kind: str, file_name: str, content_hash: str, encoding: str, *, actor: str, at: datetime, unit_path: str = ""
) -> ImportBatch:
    """The unfinished batch of the same bytes, to be continued, or a new one."""
    stopped = ImportBatch.objects.filter(kind=kind, content_hash=content_hash, state="RUNNING").order_by("-id").first()
    if stopped is not None:
        return stopped
    return ImportBatch.objects.create(
        kind=kind,
        file_name=file_name[:255],
        content_hash=content_hash,
        encoding=encoding[:16],
        actor=actor,
        unit_path=unit_path,
        started_at=at,
    )


def take_turns(store: ColumnStore) -> None:
    """Imports run one transaction after another: on SQLite by the write lock, on PostgreSQL by this one."""
    if not store.is_sqlite:
        store.execute("SELECT pg_advisory_xact_lock(7301900001)")


def lock(store: ColumnStore, batch: ImportBatch, rows_done: int) -> None:
    """First thing in a chunk's transaction: imports take turns, and the batch stands where we think it does.

    Raises :class:`Conflict` when somebody else is working on the same batch.
    """
    take_turns(store)
    found = store.scalar("SELECT rows_total FROM infra_importbatch WHERE id = ?", (batch.pk,))
    if found != rows_done:
        raise Conflict(f"batch {batch.pk} is being worked on by another process", batch=batch.pk)


def add(store: ColumnStore, batch_id: int, counts: Counts) -> None:
    """Add a chunk's counts, in its transaction."""
    store.execute(
        "UPDATE infra_importbatch SET rows_total = rows_total + ?, rows_created = rows_created + ?, "
        "rows_changed = rows_changed + ?, rows_unchanged = rows_unchanged + ?, rows_parked = rows_parked + ? "
        "WHERE id = ?",
        (counts.total, counts.created, counts.changed, counts.unchanged, counts.parked, batch_id),
    )


def companion_hash(content_hash: str) -> str:
    """The hash under which parts of a file's rows are parked: never that of a file."""
    return hashlib.sha256(f"parts of {content_hash}".encode()).hexdigest()


def companion(store: ColumnStore, batch: ImportBatch, kind: str, at: datetime) -> int:
    """The batch that parks parts of another batch's rows under their own kind; made when first needed, finished at
    once, since it takes in nothing by itself. Runs in the chunk's transaction; returns its id."""
    name = f"{batch.pk}: {batch.file_name}"[:255]
    where = "SELECT max(id) FROM infra_importbatch WHERE kind = ? AND content_hash = ? AND file_name = ?"
    key = (kind, companion_hash(batch.content_hash), name)
    found = store.scalar(where, key)
    if found is None:
        moment = at.strftime("%Y-%m-%d %H:%M:%S")
        stamp = "?" if store.is_sqlite else "CAST(? AS timestamp) AT TIME ZONE 'UTC'"
        store.execute(
            "INSERT INTO infra_importbatch (kind, content_hash, file_name, encoding, state, rows_total, rows_created, "
            "rows_changed, rows_unchanged, rows_parked, actor, unit_path, started_at, finished_at) "
            f"VALUES (?, ?, ?, ?, 'DONE', 0, 0, 0, 0, 0, ?, ?, {stamp}, {stamp})",
            (*key, batch.encoding, batch.actor, batch.unit_path, moment, moment),
        )
        found = store.scalar(where, key)
    return int(found)


def finish(batch: ImportBatch, *, at: datetime) -> None:
    """Close a running batch; one that is closed stays as it is."""
    ImportBatch.objects.filter(pk=batch.pk, state="RUNNING").update(state="DONE", finished_at=at)
    batch.refresh_from_db()
