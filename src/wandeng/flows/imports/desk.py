"""The import desk 导入台: a person brings a file, a worker looks it through, the person lands it, rows that were parked are
mended in place. Whatever may take long is a job; a page shows how far it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
from django.db import transaction

from wandeng.domains.organization import queries as organization
from wandeng.flows.imports import intake, kinds
from wandeng.infra import audit, jobs, waiting
from wandeng.infra.imports import reports, uploads
from wandeng.infra.imports.landing import Watch
from wandeng.infra.imports.reports import ParkedFacts
from wandeng.infra.imports.spec import PERSONAL, Kind
from wandeng.infra.imports.table import WHOLE_ROW
from wandeng.infra.imports.uploads import Progress, UploadFacts
from wandeng.infra.scope import Scope
from wandeng.infra.upload_models import ImportUpload
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import Conflict, InvalidInput, NotAllowed, NotFound, Refused
from wandeng.kernel.periods import BILLING_ZONE

CHECK, LAND, RETRY = "import.check", "import.land", "import.retry"
LONG = timedelta(hours=2)
"""A dry run holds the database to its end: its lease is taken for all of it, nothing could renew it meanwhile."""
AT_ONCE = 200
"""Up to so many named rows are taken up while the person waits; more are a job."""
UNDONE = ("QUEUED", "RUNNING", "PARKED")

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Work:
    """The job that an upload or a batch waits for. A parked one waits for an administrator; ``error`` says why."""

    job_id: int
    state: str
    error: str


def importable(actor: Actor) -> tuple[Kind, ...]:
    """The kinds this person may import, in the order in which a new installation needs them."""
    return tuple(kind for kind in kinds.KINDS if intake.may_import(actor, kind))


def receive(
    *, kind_name: str, file_name: str, chunks: Iterable[bytes], unit_code: str, actor: Actor, at: datetime
) -> int:
    """Keep a file and leave looking it through to a worker; returns the upload.

    Raises :class:`NotFound` for an unknown kind or unit, :class:`NotAllowed`, :class:`FileRefused` for one too large.
    """
    kind = kinds.kind(kind_name)
    _require(actor, kind)
    if unit_code:
        organization.unit(Scope.of(actor), unit_code)
    uploads.sweep(at)
    row = ImportUpload.objects.create(
        kind=kind.name,
        file_name=uploads.safe_name(file_name),
        size=0,
        unit_path=Scope.of(actor).prefix,
        unit_code=unit_code,
        brought_by=actor.code,
        brought_at=at,
    )
    try:
        size = uploads.keep(row, chunks)
    except Refused as refusal:
        uploads.step(row, ("WAITING",), "REFUSED", refusal=uploads.refused(refusal))
        return row.pk
    with transaction.atomic():
        ImportUpload.objects.filter(pk=row.pk).update(size=size)
        _enqueue(CHECK, f"{row.pk}:0", {"upload": row.pk}, actor, at)
    return row.pk


@transaction.atomic
def land(*, upload_id: int, actor: Actor, at: datetime, again: bool = False) -> None:
    """Leave landing a file that was looked through to a worker. ``again`` takes it in although the same bytes were.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`Conflict` when it is being landed or has not been looked at.
    """
    row = _upload(upload_id, actor)
    _require(actor, kinds.kind(row.kind))
    uploads.step(row, ("CHECKED",), "LANDING")
    uploads.note_progress(row.pk, Progress())
    _enqueue(LAND, f"{row.pk}:0", {"upload": row.pk, "again": again}, actor, at)


@transaction.atomic
def discard(*, upload_id: int, actor: Actor, at: datetime) -> None:
    """Throw an upload away before it is landed. Raises :class:`NotFound`, :class:`Conflict`."""
    row = _upload(upload_id, actor)
    uploads.step(row, ("WAITING", "CHECKED", "REFUSED"), "DISCARDED")
    facts = {"kind": row.kind, "file": row.file_name}
    _log(actor, "import.discard", ("infra.ImportUpload", str(row.pk)), facts, at)
    transaction.on_commit(lambda: uploads.throw_away(row.pk))


def take_up(*, batch_id: int, lines: frozenset[int] | None, actor: Actor, clock: Clock) -> int | None:
    """Take up parked rows of a batch again: some lines while the person waits (returns how many landed), all of them by
    a worker (returns ``None``).

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`Conflict` when a worker is at it already.
    """
    facts = batch(actor, batch_id)
    _require(actor, kinds.kind(facts.kind))
    if work_of_batch(batch_id) is not None:
        raise Conflict(f"the parked rows of batch {batch_id} are being taken up already")
    if lines is not None and len(lines) <= AT_ONCE:
        counts = intake.retry(batch_id, actor=actor, clock=clock, lines=lines).counts
        return counts.created + counts.changed + counts.unchanged
    at = clock()
    named = sorted(lines) if lines is not None else None
    _enqueue(RETRY, f"{batch_id}:{at.isoformat()}", {"batch": batch_id, "lines": named}, actor, at)
    return None


def mend(*, batch_id: int, line: int, cells: Mapping[str, str], actor: Actor, clock: Clock) -> bool:
    """Change cells of a parked row and take it up at once; whether it landed. ``cells``: column name → text; a personal
    cell that comes back masked stays what it was.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput`.
    """
    batch(actor, batch_id)
    shown = reports.parked_row(batch_id, line)
    changes = {name: text for name, text in cells.items() if text != shown.cells.get(name, "")}
    if changes:
        intake.mend(batch_id, line, changes, actor=actor, clock=clock)
    counts = intake.retry(batch_id, actor=actor, clock=clock, lines=frozenset({line})).counts
    return bool(counts.created + counts.changed + counts.unchanged)


@transaction.atomic
def reveal(*, batch_id: int, line: int, reason: str, actor: Actor, at: datetime) -> ParkedFacts:
    """A parked row with its personal cells in the clear, for a stated reason that is logged.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput` without a reason.
    """
    facts = batch(actor, batch_id)
    _require(actor, kinds.kind(facts.kind))
    if not reason.strip():
        raise InvalidInput("personal cells are shown only for a stated reason")
    row = reports.parked_row(batch_id, line, clear=True)
    told = {"batch": batch_id, "line": line, "columns": sorted((PERSONAL | {WHOLE_ROW}) & row.cells.keys())}
    _log(actor, "pii.view", ("infra.ParkedRow", f"{batch_id}/{line}"), told, at, reason)
    return row


def upload(actor: Actor, upload_id: int) -> UploadFacts:
    """One upload. Raises :class:`NotFound`, also outside the actor's scope and for kinds they may not import."""
    return uploads.facts(_upload(upload_id, actor))


def open_uploads(actor: Actor, limit: int = 20) -> list[UploadFacts]:
    """Uploads that wait for somebody inside the actor's scope, newest first."""
    names = [kind.name for kind in importable(actor)]
    rows = reports.inside(uploads.open_rows().filter(kind__in=names), Scope.of(actor))
    return [uploads.facts(row) for row in rows[:limit]]


def batch(actor: Actor, batch_id: int) -> reports.BatchFacts:
    """One import. Raises :class:`NotFound`, also outside the actor's scope and for kinds they may not import."""
    found = reports.batch(Scope.of(actor), batch_id)
    if not intake.may_import(actor, kinds.kind(found.kind)):
        raise NotFound(f"there is no import batch {batch_id}", batch=batch_id)
    return found


def work_of_upload(upload_id: int) -> Work | None:
    """The job that an upload waits for."""
    return _undone(f"{CHECK}:{upload_id}:") or _undone(f"{LAND}:{upload_id}:")


def work_of_batch(batch_id: int) -> Work | None:
    """The job that takes up the rows of a batch."""
    return _undone(f"{RETRY}:{batch_id}:")


def handlers(clock: Clock) -> Mapping[str, jobs.Handler]:
    """Job kind → function. All are effectively once: a look writes nothing, landing goes on where it stopped, and a row
    that has landed is not taken up again."""

    def check(payload: jobs.Payload, held: jobs.Claim) -> None:
        row = ImportUpload.objects.filter(pk=payload["upload"], state="WAITING").first()
        if row is None:
            return
        jobs.extend(held, now=clock(), lease=LONG)
        found: list[pl.DataFrame] = []
        look = _watch(row.pk, found.append, lambda: None)
        try:
            outcome = intake.take_in(
                row.kind, uploads.content_path(row), actor=_asker(payload), clock=clock, unit=row.unit_code,
                dry_run=True, watch=look,
            )  # fmt: skip
        except Refused as refusal:
            _refuse(row, ("WAITING",), refusal)
            return
        uploads.keep_findings(row.pk, found)
        uploads.step(row, ("WAITING",), "CHECKED", outcome=uploads.stored(outcome))

    def put_in(payload: jobs.Payload, held: jobs.Claim) -> None:
        row = ImportUpload.objects.filter(pk=payload["upload"], state="LANDING").first()
        if row is None:
            return
        look = _watch(row.pk, lambda found: None, lambda: jobs.extend(held, now=clock()))
        try:
            outcome = intake.take_in(
                row.kind, uploads.content_path(row), actor=_asker(payload), clock=clock, unit=row.unit_code,
                again=payload["again"], watch=look,
            )  # fmt: skip
        except jobs.LeaseLost:
            raise
        except Refused as refusal:
            _refuse(row, ("LANDING",), refusal)
            return
        uploads.step(row, ("LANDING",), "LANDED", outcome=uploads.stored(outcome), batch_id=outcome.batch)
        uploads.throw_content_away(row.pk)

    def retry(payload: jobs.Payload, held: jobs.Claim) -> None:
        lines = frozenset(payload["lines"]) if payload["lines"] is not None else None
        watch = Watch(lambda rows: jobs.extend(held, now=clock()))
        intake.retry(payload["batch"], actor=_asker(payload), clock=clock, lines=lines, watch=lambda _: watch)

    return {CHECK: check, LAND: put_in, RETRY: retry}


def _refuse(row: ImportUpload, origins: tuple[str, ...], refusal: Refused) -> None:
    uploads.step(row, origins, "REFUSED", refusal=uploads.refused(refusal))
    uploads.throw_content_away(row.pk)


def _watch(upload_id: int, hear: Callable[[pl.DataFrame], None], alive: Callable[[], None]) -> Callable[[int], Watch]:
    def begin(lines: int) -> Watch:
        done = [0]
        uploads.note_progress(upload_id, Progress(0, lines))

        def tell(rows: int) -> None:
            done[0] += rows
            uploads.note_progress(upload_id, Progress(done[0], max(lines, done[0])))
            alive()

        return Watch(tell, hear)

    return begin


def _undone(prefix: str) -> Work | None:
    row = (
        waiting.job_rows(Scope.everywhere())
        .filter(state__in=UNDONE, dedup_key__startswith=prefix)
        .order_by("id")
        .first()
    )
    return Work(row["id"], row["state"], row["last_error"]) if row else None


def _enqueue(kind: str, key: str, payload: Mapping[str, object], actor: Actor, at: datetime) -> None:
    asker = {"actor": actor.code, "acting_in": actor.unit_path, "at": at.isoformat()}
    jobs.enqueue(kind=kind, dedup_key=f"{kind}:{key}", payload={**payload, **asker}, at=at)


def _asker(payload: jobs.Payload) -> Actor:
    """Who asked, where they acted, with the roles of the day on which they did."""
    if payload["actor"] == SYSTEM.code:
        return SYSTEM
    on = datetime.fromisoformat(payload["at"]).astimezone(BILLING_ZONE).date()
    unit = payload["acting_in"].rstrip("/").rpartition("/")[2]
    return organization.actor_for(payload["actor"], on, unit_code=unit)


def _require(actor: Actor, kind: Kind) -> None:
    if not intake.may_import(actor, kind):
        raise NotAllowed(f"{actor.code} may not import {kind.name}", kind=kind.name)


def _upload(upload_id: int, actor: Actor) -> ImportUpload:
    row = ImportUpload.objects.filter(pk=upload_id).first()
    if (
        row is None
        or not reports.covers(Scope.of(actor), row.unit_path)
        or not intake.may_import(actor, kinds.kind(row.kind))
    ):
        raise NotFound(f"there is no upload {upload_id}")
    return row


def _log(
    actor: Actor, action: str, subject: tuple[str, str], facts: Mapping[str, object], at: datetime, reason: str = ""
) -> None:
    audit.record(actor=actor, action=action, subject=subject, facts=facts, at=at, reason=reason)


def export_parked(*, batch_id: int, target: Path, actor: Actor, clock: Clock) -> int:
    """Write the parked rows of a batch to a file to be put right. Raises what ``intake.export_parked`` raises."""
    batch(actor, batch_id)
    return intake.export_parked(batch_id, target, actor=actor, clock=clock)
