"""The story of a file: opened, rehearsed or taken in, its leftovers listed, mended and taken up again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from wandeng.domains.organization.frames import loading as organization
from wandeng.domains.organization.types import Role
from wandeng.flows.imports import kinds
from wandeng.infra import audit
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import batches, files, landing, mending, parking, reports
from wandeng.infra.imports.landing import Watch
from wandeng.infra.imports.outcome import Outcome
from wandeng.infra.imports.spec import Kind, LoadContext
from wandeng.infra.imports.table import headers_of, normal_header
from wandeng.infra.models import ImportBatch
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput, NotAllowed, NotFound

Clock = Callable[[], datetime]


def take_in(
    kind_name: str,
    path: Path,
    *,
    actor: Actor,
    clock: Clock,
    unit: str = "",
    dry_run: bool = False,
    again: bool = False,
    chunk_rows: int = 0,
    max_xlsx_bytes: int = files.MAX_XLSX_BYTES,
    watch: Callable[[int], Watch] = lambda lines: Watch(),
) -> Outcome:
    """Import one file. ``unit`` limits what it may touch, and fills an empty column ``unit``. ``dry_run`` says exactly
    what would happen and writes nothing. A file whose bytes were taken in before is left alone unless ``again``.
    ``watch`` gets the number of lines and returns who looks on.

    Raises :class:`FileRefused`, :class:`NotFound` for an unknown kind or unit, :class:`Conflict` when another process is
    at the same file, :class:`NotAllowed` without a role of the kind.
    """
    kind = kinds.kind(kind_name)
    _require(actor, kind)
    context = _context(actor, clock(), unit, dry_run)
    opened = files.open_file(path, kind, salt=unit, max_xlsx_bytes=max_xlsx_bytes)
    size = chunk_rows or kind.chunk_rows
    before = None if again else batches.taken_in(kind.name, opened.content_hash)
    if before is not None:
        return reports.already(before, path.name, opened.about)
    if dry_run:
        return landing.rehearse(opened, context, watch(opened.lines), chunk_rows=size)
    batch = batches.begin(
        kind.name,
        path.name,
        opened.content_hash,
        opened.encoding,
        actor=actor.code,
        at=context.at,
        unit_path=context.unit_path,
    )
    outcome = landing.take_in(opened, batch, context, watch(opened.lines), chunk_rows=size)
    batches.finish(batch, at=clock())
    return outcome


def retry(
    batch_id: int,
    *,
    actor: Actor,
    clock: Clock,
    unit: str = "",
    corrected: Path | None = None,
    lines: frozenset[int] | None = None,
    watch: Callable[[int], Watch] = lambda lines: Watch(),
) -> Outcome:
    """Take up the parked rows of a batch again, all or those on some ``lines``; ``corrected`` is the exported file with
    its cells put right.

    Raises :class:`NotFound`, :class:`FileRefused`.
    """
    batch = _batch(batch_id, actor)
    kind = kinds.kind(batch.kind)
    _require(actor, kind)
    now = clock()
    if corrected is not None:
        mending.apply_file(batch.pk, kind, corrected, by=actor.code, at=now)
    context = _context(actor, now, unit, dry_run=False)
    return landing.retry(kind, batch, context, watch(batch.rows_parked), now, chunk_rows=kind.chunk_rows, lines=lines)


def mend(batch_id: int, line: int, changes: Mapping[str, str], *, actor: Actor, clock: Clock) -> None:
    """Change cells of a parked row; headers may be Chinese or English.

    Raises :class:`NotFound`, :class:`InvalidInput` for a column the kind does not have.
    """
    batch = _batch(batch_id, actor)
    kind = kinds.kind(batch.kind)
    _require(actor, kind)
    known = headers_of(column for section in kind.sections for column in section.columns)
    cells = {}
    for header, text in changes.items():
        name = known.get(normal_header(header))
        if name is None:
            raise InvalidInput(f"the kind {kind.name} has no column '{header}'", column=header)
        cells[name] = text
    parking.mend(batch.pk, line, cells, by=actor.code, at=clock())


def export_parked(batch_id: int, target: Path, *, actor: Actor, clock: Clock) -> int:
    """Write the parked rows of a batch to a CSV file, to be put right and brought back by :func:`retry`. It holds what was
    written, personal data too; who took it out is logged. Returns the number of rows.

    Raises :class:`NotFound`, :class:`NotAllowed`.
    """
    batch = _batch(batch_id, actor)
    kind = kinds.kind(batch.kind)
    _require(actor, kind)
    count = mending.export(batch.pk, kind, target)
    audit.record(actor=actor, action="import.export_parked", subject=batch, facts={"rows": count}, at=clock())
    return count


def correct(batch_id: int, corrected: Path, *, actor: Actor, clock: Clock) -> int:
    """Put the cells of a corrected export back into the parked rows of a batch, without taking them up; returns how many
    rows were read.

    Raises :class:`NotFound`, :class:`FileRefused`, :class:`NotAllowed`.
    """
    batch = _batch(batch_id, actor)
    kind = kinds.kind(batch.kind)
    _require(actor, kind)
    return mending.apply_file(batch.pk, kind, corrected, by=actor.code, at=clock())


def may_import(actor: Actor, kind: Kind) -> bool:
    """Administrators may import everything, others the kinds of their work."""
    return any(actor.has(role) for role in (*kind.roles, Role.ADMINISTRATOR))


def _require(actor: Actor, kind: Kind) -> None:
    if not may_import(actor, kind):
        raise NotAllowed(f"{actor.code} may not import {kind.name}", kind=kind.name)


def _batch(batch_id: int, actor: Actor) -> ImportBatch:
    batch = ImportBatch.objects.filter(pk=batch_id).first()
    if batch is None or not reports.covers(Scope.of(actor), batch.unit_path):
        raise NotFound(f"there is no import batch {batch_id}", batch=batch_id)
    return batch


def _context(actor: Actor, at: datetime, unit: str, dry_run: bool) -> LoadContext:
    """Whoever imports may touch what they may see, and within it the unit they name."""
    scope = Scope.of(actor)
    if not unit:
        return LoadContext(actor, at, scope.prefix, "", dry_run)
    with ColumnStore() as store:
        known = organization.units(store).filter(unit=unit)
    if known.is_empty() or not scope.covers(known["path"][0]):
        raise NotFound(f"there is no unit '{unit}'", unit=unit)
    return LoadContext(actor, at, known["path"][0], unit, dry_run)
