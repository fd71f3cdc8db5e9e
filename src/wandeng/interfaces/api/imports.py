"""The import desk: a file comes in, a worker looks it through, a person lands it, parked rows are mended."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from ninja import File, Form, Schema
from ninja.files import UploadedFile

from wandeng.flows.imports import desk, intake, kinds
from wandeng.infra.imports import cells, reports, templates, uploads
from wandeng.infra.imports.reports import BatchFacts, ParkedFacts
from wandeng.infra.imports.spec import Kind
from wandeng.infra.imports.uploads import FindingsPage, Progress, UploadFacts
from wandeng.interfaces.api import idempotency, operations
from wandeng.interfaces.api.app import api
from wandeng.interfaces.api.operations import Done, Download, read, write
from wandeng.interfaces.api.values import Code, SafeStr
from wandeng.interfaces.doorway import middleware
from wandeng.interfaces.doorway.asking import Request
from wandeng.interfaces.doorway.lists.export import XLSX
from wandeng.kernel.actors import Actor

Clock = Callable[[], datetime]
CSV = "text/csv; charset=utf-8"
_P = "console:imports-"
_UPLOAD, _BATCH = "/import-uploads/{int:upload_id}", "/imports/{int:batch_id}"


@dataclass(frozen=True, slots=True)
class ColumnShown:
    """A column of a file: both headers, what may stand in it, whether it must."""

    section: str
    name: str
    zh: str
    required: bool
    expected: str
    default: str
    sample: str
    about: str


@dataclass(frozen=True, slots=True)
class KindShown:
    """A kind of file with its columns."""

    name: str
    zh: str
    about: str
    columns: tuple[ColumnShown, ...]


@dataclass(frozen=True, slots=True)
class UploadState:
    """An upload, the job that works on it, and how far that is."""

    upload: UploadFacts
    work: desk.Work | None
    progress: Progress


@dataclass(frozen=True, slots=True)
class BatchState:
    """A batch, the job that takes up its rows, and its faults as (code, column, count)."""

    batch: BatchFacts
    work: desk.Work | None
    faults: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True, slots=True)
class RowsPage:
    """Parked rows, personal cells masked; ``total`` counts those that fit the filter."""

    rows: tuple[ParkedFacts, ...]
    total: int


def _shown(kind: Kind) -> KindShown:
    columns = (
        ColumnShown(
            section.name,
            one.name,
            one.zh,
            one.required,
            cells.expected(one.form),
            one.default,
            one.sample,
            one.about,
        )
        for section in kind.sections
        for one in section.columns
    )
    return KindShown(kind.name, kind.zh, kind.about, tuple(columns))


def importable(actor: Actor) -> tuple[KindShown, ...]:
    """The kinds of file that the asker may bring."""
    return tuple(_shown(kind) for kind in desk.importable(actor))


def kind(name: str) -> KindShown:
    """One kind of file with its columns."""
    return _shown(kinds.kind(name))


def template(name: str, *, form: Literal["csv", "xlsx"] = "csv", language: Literal["zh", "en"] = "zh") -> Download:
    """An empty file of a kind with its columns explained."""
    found = kinds.kind(name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "template"
        templates.write(found, path, xlsx=form == "xlsx", language=language)
        content = path.read_bytes()
    return Download(f"{found.zh if language == 'zh' else found.name}.{form}", XLSX if form == "xlsx" else CSV, content)


def upload(actor: Actor, upload_id: int) -> UploadState:
    """An upload: what was found, what it came to, how far the worker is."""
    facts = desk.upload(actor, upload_id)
    return UploadState(facts, desk.work_of_upload(upload_id), uploads.progress(upload_id))


def findings(
    actor: Actor, upload_id: int, *, code: str = "", column: str = "", start: int = 0, limit: int = 100
) -> FindingsPage:
    """What the dry run found: (line, column, code, found, expected), and how often each fault occurs."""
    desk.upload(actor, upload_id)
    return uploads.findings(upload_id, code=code, column=column, start=start, size=limit)


def batch(actor: Actor, batch_id: int) -> BatchState:
    """An import: counts, what still waits, and why."""
    facts = desk.batch(actor, batch_id)
    return BatchState(facts, desk.work_of_batch(batch_id), tuple(reports.faults(batch_id)))


def rows(
    actor: Actor, batch_id: int, *, code: str = "", column: str | None = None, start: int = 0, limit: int = 50
) -> RowsPage:
    """Parked rows of a batch."""
    desk.batch(actor, batch_id)
    found, total = reports.parked_page(batch_id, code=code, column=column, start=start, size=limit)
    return RowsPage(tuple(found), total)


def row(actor: Actor, batch_id: int, line: int) -> ParkedFacts:
    """One parked row."""
    desk.batch(actor, batch_id)
    return reports.parked_row(batch_id, line)


def mend(*, batch_id: int, line: int, cells: Mapping[str, str], actor: Actor, clock: Clock) -> bool:
    """Change cells of a parked row and take it up at once; whether it landed."""
    return desk.mend(batch_id=batch_id, line=line, cells=cells, actor=actor, clock=clock)


def retry(*, batch_id: int, lines: tuple[int, ...] | None = None, actor: Actor, clock: Clock) -> int | None:
    """Take up some parked rows now (answers how many landed), or all by a worker (answers null)."""
    chosen = None if lines is None else frozenset(lines)
    return desk.take_up(batch_id=batch_id, lines=chosen, actor=actor, clock=clock)


def export(*, batch_id: int, actor: Actor, clock: Clock) -> Download:
    """The parked rows as a file to be put right, in the clear; who took it out is logged."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "parked.csv"
        desk.export_parked(batch_id=batch_id, target=path, actor=actor, clock=clock)
        content = path.read_bytes()
    return Download(f"parked-{batch_id}.csv", CSV, content)


class Brought(Schema):
    """What comes with a file."""

    kind: Code
    unit: SafeStr = ""


# Files come as forms, so these two are written out.
operations.guard("import-bring", _P + "new", writes=True)
operations.guard("import-corrected", _P + "corrected", writes=True)
idempotency.COMMITTING.add("api:import-corrected")


@api.post(
    "/import-uploads/bring", response=Done, url_name="import-bring", operation_id="import_bring", tags=["imports"],
    summary="上传文件（后台试导） bring a file; a worker looks it through and writes nothing",
)  # fmt: skip
def bring(request: Request, file: File[UploadedFile], brought: Form[Brought]) -> dict[str, Any]:
    """Answers the number of the upload."""
    asking = request.asking
    made = desk.receive(
        kind_name=brought.kind,
        file_name=file.name or "",
        chunks=file.chunks(),
        unit_code=brought.unit,
        actor=asking.actor,
        at=asking.now,
    )
    return {"result": made}


def corrected(request: Request, batch_id: int, file: File[UploadedFile]) -> dict[str, Any]:
    """The exported file back in: its cells replace those of the parked rows, which a worker then takes up."""
    actor = request.asking.actor
    desk.batch(actor, batch_id)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "corrected.csv"
        with path.open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
        intake.correct(batch_id, path, actor=actor, clock=middleware.now)
    desk.take_up(batch_id=batch_id, lines=None, actor=actor, clock=middleware.now)
    return {"result": None}


def _read(address: str, query: Any, name: str, like: str, about: str) -> None:
    read(address, query, name=name, like=_P + like, tag="imports", about=about)


def _write(address: str, action: Any, name: str, like: str, about: str, *, commits_itself: bool = False) -> None:
    write(address, action, name=name, like=_P + like, tag="imports", about=about, commits_itself=commits_itself)


_read("/import-kinds", importable, "import-kinds", "new", "可导入的类型 the kinds that you may bring")
read(
    "/import-kinds/{name}/template", template, name="import-template", like=_P + "template", tag="imports",
    about="模板 an empty file of a kind", files=("text/csv", XLSX),
)  # fmt: skip
_read("/import-kinds/{name}", kind, "import-kind", "kind", "一个类型的各列 the columns of a kind")
_read(
    "/import-uploads",
    desk.open_uploads,
    "import-uploads",
    "list",
    "待导入的文件 files that nobody has landed yet",
)
_read(_UPLOAD, upload, "import-upload", "upload", "上传的文件 an upload")
_read(f"{_UPLOAD}/findings", findings, "import-findings", "upload-findings", "试导问题 what the dry run found")
_write(f"{_UPLOAD}/land", desk.land, "import-land", "land", "导入（后台执行） land; a worker does it")
_write(f"{_UPLOAD}/discard", desk.discard, "import-discard", "discard", "放弃 throw away")
_read(_BATCH, batch, "import-batch", "batch", "导入批次 an import")
_read(f"{_BATCH}/rows", rows, "import-rows", "batch", "待处理的行 parked rows")
_read(f"{_BATCH}/rows/{{int:line}}", row, "import-row", "row", "一行 a parked row")
_write(f"{_BATCH}/rows/{{int:line}}/mend", mend, "import-mend", "row", "改后重试 mend", commits_itself=True)
_write(
    f"{_BATCH}/rows/{{int:line}}/reveal",
    desk.reveal,
    "import-reveal",
    "row-reveal",
    "查看完整内容（记入日志） reveal",
)
_write(f"{_BATCH}/retry", retry, "import-retry", "retry", "重试 take up parked rows again", commits_itself=True)
write(
    f"{_BATCH}/export", export, name="import-export", like=_P + "export", tag="imports",
    about="导出待处理的行（记入日志） parked rows as a file", files=("text/csv",), commits_itself=True,
)  # fmt: skip
api.post(
    f"{_BATCH}/corrected", response=Done, url_name="import-corrected", operation_id="import_corrected",
    tags=["imports"], summary="带回改好的文件 the exported file, put right",
)(corrected)  # fmt: skip
