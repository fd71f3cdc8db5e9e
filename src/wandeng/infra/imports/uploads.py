"""Uploads: a person's file kept while it is looked through, how far that is, and what it came to.

How far a long look is stands in a small file beside the upload and not in the database: a dry run holds its transaction
open to the end, and nobody could read what it wrote.
"""

from __future__ import annotations

import json
import os
import shutil
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from django.conf import settings
from django.db.models import QuerySet

from wandeng.infra import files
from wandeng.infra.imports.outcome import Counts, Outcome
from wandeng.infra.imports.refusals import FileRefused
from wandeng.infra.imports.spec import FINDINGS
from wandeng.infra.upload_models import ImportUpload
from wandeng.kernel.errors import Conflict, Refused

MAX_BYTES = 200_000_000
"""What is larger is brought by the command line, which reads it where it lies."""
MOST_FINDINGS = 100_000
KEPT = timedelta(days=7)
"""How long a file waits that nobody lands."""
OPEN_STATES = ("WAITING", "CHECKED", "LANDING")
_FINDINGS = "findings.parquet"
_PROGRESS = "progress.json"


@dataclass(frozen=True, slots=True)
class UploadFacts:
    """An upload. ``outcome`` is empty before the first look; ``refusal`` holds message, reason and line."""

    id: int
    kind: str
    file_name: str
    size: int
    unit_path: str
    unit_code: str
    brought_by: str
    brought_at: datetime
    state: str
    outcome: Mapping[str, Any]
    refusal: Mapping[str, Any]
    batch: int | None


@dataclass(frozen=True, slots=True)
class Progress:
    """Rows done of about so many lines."""

    done: int = 0
    lines: int = 0


@dataclass(frozen=True, slots=True)
class Fault:
    """One kind of fault of a file: how many rows have it."""

    code: str
    column: str
    count: int


@dataclass(frozen=True, slots=True)
class FindingsPage:
    """A stretch of findings, as (line, column, code, found, expected); ``total`` counts those that fit the filter."""

    rows: tuple[tuple[int, str, str, str, str], ...]
    total: int
    faults: tuple[Fault, ...] = field(default=())


def folder(upload_id: int) -> Path:
    """Where an upload's files lie."""
    return Path(settings.HOME) / "imports" / str(upload_id)


def content_path(row: ImportUpload) -> Path:
    """The file itself, under the name it came with."""
    return folder(row.pk) / "file" / safe_name(row.file_name)


def safe_name(name: str) -> str:
    """A file name without folders and without characters that no file name has.

    >>> safe_name("../../etc/passwd"), safe_name("客户\\x00 档案.csv"), safe_name("..")
    ('passwd', '客户 档案.csv', 'file')
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C").strip()
    return plain.lstrip(".")[-100:].strip() or "file"


def keep(row: ImportUpload, chunks: Iterable[bytes]) -> int:
    """Write the file, readable by us only; returns its size.

    Raises :class:`FileRefused` for one that is larger than :data:`MAX_BYTES`; nothing of it stays.
    """
    path, size = content_path(row), 0
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            for chunk in chunks:
                size += len(chunk)
                if size > MAX_BYTES:
                    limit = MAX_BYTES // 10**6
                    raise FileRefused(
                        row.file_name, "TOO_LARGE", f"larger than {limit} MB: bring it by the command line"
                    )
                file.write(chunk)
    except FileRefused:
        throw_away(row.pk)
        raise
    return size


def throw_away(upload_id: int) -> None:
    """Take the file and all that was noted beside it off the disk."""
    shutil.rmtree(folder(upload_id), ignore_errors=True)


def throw_content_away(upload_id: int) -> None:
    """Take the file off the disk; what was found in it stays, masked as it is."""
    shutil.rmtree(folder(upload_id) / "file", ignore_errors=True)


def sweep(now: datetime) -> int:
    """Throw files away that nobody landed for a week; returns how many."""
    rows = ImportUpload.objects.filter(state__in=("WAITING", "CHECKED", "REFUSED"), brought_at__lt=now - KEPT)
    found = list(rows.values_list("id", flat=True)[:100])
    for upload_id in found:
        if ImportUpload.objects.filter(pk=upload_id).exclude(state="LANDING").update(state="DISCARDED"):
            throw_away(upload_id)
    return len(found)


def step(row: ImportUpload, origins: tuple[str, ...], target: str, **also: Any) -> None:
    """Move an upload on. Raises :class:`Conflict` when somebody else was first."""
    if not ImportUpload.objects.filter(pk=row.pk, state__in=origins).update(state=target, **also):
        raise Conflict(f"upload {row.pk} is no longer what it was: look at the page again")
    row.refresh_from_db()


def note_progress(upload_id: int, progress: Progress) -> None:
    """Say how far a look or a landing is."""
    text = json.dumps(asdict(progress))
    files.write_whole(folder(upload_id) / _PROGRESS, lambda path: path.write_text(text))


def progress(upload_id: int) -> Progress:
    """How far it is; nothing when nobody has begun."""
    try:
        return Progress(**json.loads((folder(upload_id) / _PROGRESS).read_text()))
    except (FileNotFoundError, ValueError, TypeError):
        return Progress()


def keep_findings(upload_id: int, frames: list[pl.DataFrame]) -> None:
    """Keep what a look found, the first :data:`MOST_FINDINGS`; personal cells come masked."""
    whole = pl.concat(frames) if frames else pl.DataFrame(schema=FINDINGS)
    kept = whole.head(MOST_FINDINGS)
    files.write_whole(folder(upload_id) / _FINDINGS, lambda path: kept.write_parquet(path))


def findings(upload_id: int, *, code: str = "", column: str = "", start: int = 0, size: int = 100) -> FindingsPage:
    """What the last look found, some of it, with the kinds of fault of the whole, the most frequent first."""
    try:
        whole = pl.read_parquet(folder(upload_id) / _FINDINGS)
    except FileNotFoundError:
        return FindingsPage((), 0)
    counted = (
        whole.group_by("code", "column")
        .agg(pl.len().alias("n"))
        .sort(["n", "code", "column"], descending=[True, False, False])
    )
    chosen = whole
    if code:
        chosen = chosen.filter(pl.col("code") == code)
    if column:
        chosen = chosen.filter(pl.col("column") == column)
    rows = chosen.sort("line", maintain_order=True).slice(start, size).select(FINDINGS.names())
    faults = tuple(Fault(code, column, count) for code, column, count in counted.iter_rows())
    return FindingsPage(tuple(rows.iter_rows()), chosen.height, faults)


def stored(outcome: Outcome) -> str:
    """An outcome as it is kept."""
    told = {
        "about": outcome.about,
        "already": outcome.already,
        "counts": asdict(outcome.counts),
        "parts": dict(outcome.parts),
        "part_batches": outcome.part_batches,
        "notes": dict(outcome.notes),
        "codes": dict(outcome.codes),
        "warnings": list(outcome.warnings),
        "resumed_at": outcome.resumed_at,
    }
    return json.dumps(told, ensure_ascii=False)


def refused(refusal: Refused) -> str:
    """A refusal as it is kept, to be told again in any language."""
    told: dict[str, object] = {"code": refusal.code, "message": refusal.message}
    if isinstance(refusal, FileRefused):
        told |= {"file": refusal.facts["file"], "reason": refusal.reason, "line": refusal.line}
    return json.dumps(told, ensure_ascii=False)


def facts(row: ImportUpload) -> UploadFacts:
    """A row as values; ``outcome['counts']`` has the total too."""
    outcome = json.loads(row.outcome) if row.outcome else {}
    if outcome:
        outcome["counts"]["total"] = Counts(**outcome["counts"]).total
    return UploadFacts(
        row.pk,
        row.kind,
        row.file_name,
        row.size,
        row.unit_path,
        row.unit_code,
        row.brought_by,
        row.brought_at,
        row.state,
        outcome,
        json.loads(row.refusal) if row.refusal else {},
        row.batch_id,
    )


def open_rows() -> QuerySet[ImportUpload]:
    """Uploads that are not done with, newest first."""
    return ImportUpload.objects.filter(state__in=OPEN_STATES).order_by("-id")
