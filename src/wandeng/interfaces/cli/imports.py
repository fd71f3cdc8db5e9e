"""``wandeng import``: files in, their templates, what was parked, and taking it up again."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.text import Text

from wandeng.flows.imports import intake
from wandeng.flows.imports.kinds import KINDS, kind
from wandeng.infra.imports import files, mending, reports, templates
from wandeng.infra.imports.landing import Watch
from wandeng.infra.imports.outcome import Outcome
from wandeng.infra.imports.spec import Kind
from wandeng.interfaces.cli import terminal
from wandeng.interfaces.cli.terminal import Table
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.findings import Finding
from wandeng.kernel.periods import BILLING_ZONE

app = typer.Typer(
    no_args_is_help=True,
    help="Import (导入) files of a utility: CSV in UTF-8 or GB18030, or XLSX. Exit code 0 all good, 1 some parked, 2 refused.",
)

SHOWN_ROWS = 20
_Files = Annotated[list[Path], typer.Argument(metavar="FILE…", help="Files of this kind.")]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Say exactly what would happen (试导); write nothing.")]
_Again = Annotated[bool, typer.Option("--again", help="Also when the same bytes were imported before.")]
_FindingsFile = Annotated[Path | None, typer.Option("--findings", metavar="FILE.csv", help="All findings as CSV.")]
_MaxXlsx = Annotated[int, typer.Option("--max-xlsx-mb", help="Largest unpacked size of an XLSX file, MB.")]
_BatchId = Annotated[int, typer.Argument(metavar="BATCH", help="Batch number (批次), as 'history' lists it.")]


def _command(of: Kind) -> Callable[..., None]:
    """The import command of one kind; all look alike."""

    def take_in(
        paths: _Files,
        dry_run: _DryRun = False,
        unit: terminal.UnitCode = "",
        as_person: terminal.AsPerson = "",
        again: _Again = False,
        findings: _FindingsFile = None,
        max_xlsx_mb: _MaxXlsx = files.MAX_XLSX_BYTES // 10**6,
        as_json: terminal.AsJson = False,
    ) -> None:
        actor = terminal.acting(as_person)
        outcomes = []
        with _watching(findings, quiet=as_json) as watch:
            for path in paths:
                outcome = intake.take_in(
                    of.name,
                    path,
                    actor=actor,
                    clock=terminal.now,
                    unit=unit,
                    dry_run=dry_run,
                    again=again,
                    max_xlsx_bytes=max_xlsx_mb * 10**6,
                    watch=partial(watch, path.name),
                )
                outcomes.append(outcome)
        _finish(outcomes, as_json=as_json)

    take_in.__doc__ = f"{of.zh}: {of.about}."
    return take_in


for _kind in KINDS:
    app.command(_kind.name)(_command(_kind))


@app.command()
def template(
    kind_name: Annotated[str, typer.Argument(metavar="KIND", help="What kind of file.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="Where to write it.")],
    xlsx: Annotated[bool, typer.Option("--xlsx", help="A workbook, a sheet for each part.")] = False,
    lang: Annotated[str, typer.Option("--lang", help="Headers in zh or en.")] = "zh",
) -> None:
    """Write an empty file of a kind with its columns explained (模板)."""
    if lang not in ("zh", "en"):
        raise InvalidInput(f"the language is zh or en, not '{lang}'")
    as_workbook = xlsx or output.suffix.lower() == ".xlsx"
    templates.write(kind(kind_name), output, xlsx=as_workbook, language="en" if lang == "en" else "zh")
    Console().print(f"模板 template → {output}", highlight=False)


@app.command()
def history(limit: terminal.Limit = 50, as_json: terminal.AsJson = False) -> None:
    """List imports (导入历史), newest first."""
    rows = reports.history(limit)
    if as_json:
        terminal.show_json(rows)
        return
    heads = ("批次 batch", "类型 kind", "文件 file", "状态 state", "总数 rows", "新增 new", "变更 changed", "未变 same")
    table = Table(*heads, "停放 parked", "待处理 waiting", "操作人 by", "时间 started", box=None)
    for row in rows:
        c = row.counts
        counts = (c.total, c.created, c.changed, c.unchanged, c.parked, row.waiting)
        when = row.started_at.astimezone(BILLING_ZONE).strftime("%Y-%m-%d %H:%M")
        table.add_row(str(row.id), row.kind, Text(row.file), row.state, *map(_number, counts), row.actor, when)
    Console().print(table)


@app.command()
def parked(
    batch: Annotated[int | None, typer.Option("--batch", help="Only this batch (批次).")] = None,
    export: Annotated[Path | None, typer.Option("--export", metavar="FILE.csv", help="Write them, to correct.")] = None,
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List rows that wait to be mended (待处理行), or export them for correction."""
    if export is not None:
        if batch is None:
            raise InvalidInput("an export is of one batch: name it with --batch")
        count = intake.export_parked(batch, export, actor=terminal.acting(as_person), clock=terminal.now)
        sentence = f"{count} 行 rows → {export}; 改好后 then: wandeng import retry {batch} {export}"
        terminal.done(sentence, {"batch": batch, "rows": count, "file": str(export)}, as_json=as_json)
        return
    rows = reports.parked(batch, limit)
    if as_json:
        terminal.show_json(rows)
        return
    table = Table(
        "批次 batch", "类型 kind", "行 line", "列 column", "问题 problem", "内容 found", "应为 expected", box=None
    )
    for row in rows:
        for column, code, found, expected in row.findings:
            place = (str(row.batch), row.kind, files.place(row.line, []))
            table.add_row(*place, *[Text(text) for text in (column, code, found, expected)])
    Console().print(table if rows else "没有待处理的行 nothing is parked")


@app.command()
def mend(
    batch: _BatchId,
    line: Annotated[int, typer.Argument(help="Line (行号).")],
    changes: Annotated[list[str], typer.Argument(metavar="COLUMN=VALUE…", help="Cells to change (列=值).")],
    as_person: terminal.AsPerson = "",
) -> None:
    """Change cells of a parked row; it lands with the next retry (修改)."""
    cells = {}
    for change in changes:
        column, equals, text = change.partition("=")
        if not equals:
            raise InvalidInput(f"a change is written column=value, not '{change}'")
        cells[column] = text
    intake.mend(batch, line, cells, actor=terminal.acting(as_person), clock=terminal.now)
    Console().print(f"已修改 mended; wandeng import retry {batch}", highlight=False)


@app.command()
def retry(
    batch: _BatchId,
    corrected: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="The corrected export.")] = None,
    unit: terminal.UnitCode = "",
    as_person: terminal.AsPerson = "",
    findings: _FindingsFile = None,
    as_json: terminal.AsJson = False,
) -> None:
    """Take up the parked rows of a batch again (重试), as they are now or as FILE has them."""
    with _watching(findings, quiet=as_json) as watch:
        outcome = intake.retry(
            batch,
            actor=terminal.acting(as_person),
            clock=terminal.now,
            unit=unit,
            corrected=corrected,
            watch=partial(watch, f"batch {batch}"),
        )
    _finish([outcome], as_json=as_json)


@contextmanager
def _watching(findings: Path | None, *, quiet: bool) -> Iterator[Callable[[str, int], Watch]]:
    """A progress bar for each file, and a CSV file of all findings."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    sink = findings.open("w", encoding="utf-8-sig", newline="") if findings else None
    writer = csv.writer(sink) if sink else None
    if writer:
        writer.writerow(["file", "line", "column", "code", "found", "expected"])
    with Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet) as bars:

        def watch(name: str, lines: int) -> Watch:
            task = bars.add_task(name, total=lines)

            def tell(found: pl.DataFrame) -> None:
                if writer:
                    writer.writerows([name, *map(mending.guarded, map(str, row))] for row in found.iter_rows())

            return Watch(lambda rows: bars.advance(task, rows), tell)

        try:
            yield watch
        finally:
            if sink:
                sink.close()


def _finish(outcomes: list[Outcome], *, as_json: bool) -> None:
    if as_json:
        terminal.show_json(outcomes)
    else:
        _show(outcomes)
    if not all(outcome.is_clean for outcome in outcomes):
        raise typer.Exit(1)


def _show(outcomes: list[Outcome]) -> None:
    console = Console()
    heads = (
        "文件 file",
        "编码 charset",
        "批次 batch",
        "总数 rows",
        "新增 new",
        "变更 changed",
        "未变 same",
        "停放 parked",
    )
    table = Table(
        *heads, title="导入 import" + (" (试导 dry run)" if outcomes[0].dry_run else ""), title_justify="left"
    )
    for outcome in outcomes:
        c = outcome.counts
        batch = "-" if outcome.batch is None else str(outcome.batch)
        counts = map(_number, (c.total, c.created, c.changed, c.unchanged, c.parked))
        table.add_row(Text(outcome.file), outcome.about, batch, *counts)
    console.print(table)
    for outcome in outcomes:
        for line in _remarks(outcome):
            console.print(Text(line))
    told = [finding for outcome in outcomes for finding in outcome.findings][:SHOWN_ROWS]
    if told:
        _show_findings(console, told, sum(sum(outcome.codes.values()) for outcome in outcomes))


def _remarks(outcome: Outcome) -> Iterator[str]:
    yield from (f"! {outcome.file}: {warning}" for warning in outcome.warnings)
    if outcome.already:
        yield f"{outcome.file}: 同一文件已导入 the same file was imported before, as batch {outcome.batch}; nothing changed"
    if outcome.resumed_at:
        yield f"{outcome.file}: 从第 {outcome.resumed_at:,} 行之后继续 went on after {outcome.resumed_at:,} rows"
    for code, count in outcome.notes.items():
        yield f"{outcome.file}: {code} {count:,} (待人工审核 wait for a person)"
    for name, count in outcome.parts.items():
        home = outcome.part_batches.get(name)
        yield f"{outcome.file}: {count:,} {name} 单独停放 parked apart" + (f", batch {home}" if home else "")
    if outcome.counts.parked and outcome.batch is not None:
        yield f"待处理 to mend: wandeng import parked --batch {outcome.batch} --export FILE.csv"


def _show_findings(console: Console, told: list[Finding], total: int) -> None:
    heads = ("文件 file", "行 line", "列 column", "问题 problem", "内容 found", "应为 expected")
    table = Table(*heads, title=f"问题 findings ({len(told)} / {total:,})", title_justify="left")
    for finding in told:
        place = files.place(finding.line, [])
        cells = (finding.file, place, finding.column, finding.code, finding.found, finding.expected)
        table.add_row(*[Text(cell) for cell in cells])
    console.print(table)


def _number(value: int) -> str:
    return f"{value:,}"
