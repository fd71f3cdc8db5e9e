"""``wandeng bill``: run the bills of a unit, decide what was parked, approve, post, publish, verify."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeElapsedColumn
from rich.text import Text

from wandeng.domains.billing import queries
from wandeng.domains.billing.actions import exceptions as parked
from wandeng.domains.billing.actions import runs as actions
from wandeng.domains.billing.queries import incomplete
from wandeng.domains.billing.types import CODE_NAMES, ExceptionView, RunView, Totals
from wandeng.flows import bill_pool, bill_run
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import bill_correct, bill_explain, terminal
from wandeng.interfaces.cli.terminal import Table
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.ids import RunId
from wandeng.kernel.money import format_scaled, format_yuan
from wandeng.kernel.periods import Month

app = typer.Typer(no_args_is_help=True, help="Bills (电费核算): runs, exceptions, approval, posting, corrections.")

RunArgument = Annotated[int, typer.Argument(metavar="RUN", help="Number of the bill run (批次号).")]
Workers = Annotated[int, typer.Option("--workers", "-w", min=0, help="Processes; 0: one a core.")]

app.command("explain")(bill_explain.explain)
app.command("cancel")(bill_correct.cancel)
app.command("rebill")(bill_correct.rebill)
app.command("adjust")(bill_correct.adjust)

STEP_NAMES = {"freeze": "冻结 freeze", "price": "计价 price", "post": "记账 post", "verify": "复算 verify"}
STATE_NAMES = {
    "OPEN": "开立",
    "FROZEN": "已冻结",
    "PRICED": "已计价",
    "HALTED": "审核中止",
    "CHECKED": "已审核",
    "APPROVED": "已批准",
    "POSTED": "已记账",
    "PUBLISHED": "已发行",
    "DISCARDED": "已作废",
}


class Through(StrEnum):
    """How far a run is taken in one command."""

    CHECK = "check"
    APPROVE = "approve"
    POST = "post"
    PUBLISH = "publish"


@app.command()
def run(
    unit: Annotated[str, typer.Option("--unit", "-u", metavar="CODE", help="The unit (单位); all below it as well.")],
    month: Annotated[str, typer.Option("--month", "-m", metavar="YYYY-MM", help="Bill month (电费年月).")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Price live data into nothing; store nothing.")] = False,
    through: Annotated[Through, typer.Option("--through", help="Go on to this step.")] = Through.CHECK,
    approver: Annotated[str, typer.Option("--approver", metavar="CODE", help="Second person, for --through.")] = "",
    as_person: terminal.AsPerson = "",
    workers: Workers = 0,
    as_json: terminal.AsJson = False,
) -> None:
    """Run the bills of a month: freeze → price → check. Run again after a crash, it goes on where it stopped."""
    actor, of_month = terminal.acting(as_person), Month.parse(month)
    if through is not Through.CHECK and not approver:
        raise InvalidInput("name the second person who approves: --approver CODE")
    with _tools(workers, quiet=as_json) as (shop, told):
        if dry_run:
            totals, shards = bill_run.dry_run(unit_code=unit, month=of_month, actor=actor, shop=shop, progress=told)
            _show_dry(totals, shards, as_json=as_json)
            return
        view = bill_run.run(unit_code=unit, month=of_month, actor=actor, at=terminal.now(), shop=shop, progress=told)
        if through is not Through.CHECK:
            view = _go_on(view, through, actor, terminal.acting(approver), shop, told)
    _show_run(view, as_json=as_json)


def _go_on(
    view: RunView, through: Through, actor: Actor, approver: Actor, shop: bill_run.Workshop, told: bill_run.Progress
) -> RunView:
    """Approve, post, publish, as far as asked; a halted run stops here."""
    run_id = RunId(view.run_id)
    if view.state == "CHECKED":
        actions.approve(run=run_id, actor=approver, at=terminal.now())
    view = queries.run(Scope.of(actor), run_id)
    if view.state == "APPROVED" and through in (Through.POST, Through.PUBLISH):
        view = bill_run.post(run_id, actor=actor, at=terminal.now(), pool=shop.pool, progress=told)
    if view.state == "POSTED" and through is Through.PUBLISH:
        view = bill_run.publish(run_id, actor=actor, at=terminal.now())
    return view


@app.command()
def runs(
    month: Annotated[str, typer.Option("--month", "-m", metavar="YYYY-MM", help="Only this month.")] = "",
    unit: terminal.UnitCode = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List bill runs (核算批次), newest first."""
    scope = terminal.scope(terminal.acting(as_person), unit)
    found = queries.runs(scope, month=Month.parse(month) if month else None)
    if as_json:
        terminal.show_json(found)
        return
    headings = (
        "批次 run",
        "单位 unit",
        "年月 month",
        "次 seq",
        "状态 state",
        "账单 bills",
        "电量 kWh",
        "金额 amount",
        "异常 parked",
    )
    table = Table(title=f"核算批次 bill runs ({len(found)})", title_justify="left")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for view in found:
        table.add_row(
            str(view.run_id), f"{view.unit_code} {view.unit_name}", str(view.month), f"{view.kind[0]}{view.sequence}",
            f"{STATE_NAMES[view.state]} {view.state}", f"{view.totals.bills:,}", _kwh(view.totals.energy_ckwh),
            format_yuan(view.totals.amount_fen), f"{view.totals.parked:,}",
        )  # fmt: skip
    Console().print(table)


@app.command()
def show(run: RunArgument, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Show a run: exceptions first, then totals and what the check found."""
    _show_run(queries.run(Scope.of(terminal.acting(as_person)), RunId(run)), as_json=as_json)


@app.command()
def exceptions(
    run: RunArgument,
    code: Annotated[str, typer.Option("--code", "-c", help="Only this code, e.g. ZERO.")] = "",
    state: Annotated[str, typer.Option("--state", help="PARKED, ACCEPTED or MENDED.")] = "",
    limit: terminal.Limit = 200,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List the parked accounts (异常户) of a run, with their reasons."""
    scope = Scope.of(terminal.acting(as_person))
    rows = queries.exceptions(scope, RunId(run), code=code, state=state, limit=limit)
    if as_json:
        terminal.show_json(rows)
        return
    headings = (
        "户号 account",
        "户名 name",
        "计量点 point",
        "异常 code",
        "发现 found",
        "限值 limit",
        "状态 state",
        "说明 reason",
    )
    table = Table(title=f"异常户 exceptions of run {run} ({len(rows)})", title_justify="left")
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*[Text(cell) for cell in _exception_cells(row)])
    console = Console()
    console.print(table)
    bill_explain.tell_incomplete_days(console, incomplete.codes_of_run(scope, RunId(run)))


@app.command()
def accept(
    run: RunArgument,
    accounts: Annotated[list[str] | None, typer.Argument(help="Account numbers (户号).")] = None,
    code: Annotated[str, typer.Option("--code", "-c", help="All of this code.")] = "",
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Accept parked accounts, or say that their cause is mended; then 'wandeng bill retake' prices them again."""
    actor = terminal.acting(as_person)
    moved = parked.accept(
        run=RunId(run), code=code, account_numbers=accounts or [], reason=reason, actor=actor, at=terminal.now()
    )
    terminal.done(f"{moved} exceptions accepted; next: wandeng bill retake {run}", {"accepted": moved}, as_json=as_json)


@app.command()
def retake(
    run: RunArgument,
    as_person: terminal.AsPerson = "",
    workers: Workers = 0,
    as_json: terminal.AsJson = False,
) -> None:
    """Price the accepted and mended accounts of a run again, in the same run, and check it anew."""
    actor, at = terminal.acting(as_person), terminal.now()
    parked.retake(run=RunId(run), actor=actor, at=at)
    with _tools(workers, quiet=as_json) as (shop, told):
        view = bill_run.advance(RunId(run), actor=actor, at=at, shop=shop, progress=told)
    _show_run(view, as_json=as_json)


@app.command()
def override(
    run: RunArgument, reason: terminal.Reason = "", as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:
    """Let a run go on that the check has halted (复核放行); for reviewers, with a reason."""
    actions.override(run=RunId(run), reason=reason, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"run {run} may be approved", {"run": run, "state": "CHECKED"}, as_json=as_json)


@app.command()
def approve(run: RunArgument, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Approve a checked run (批准): a second person, never the one who made it."""
    actions.approve(run=RunId(run), actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"run {run} is approved", {"run": run, "state": "APPROVED"}, as_json=as_json)


@app.command()
def post(
    run: RunArgument, as_person: terminal.AsPerson = "", workers: Workers = 0, as_json: terminal.AsJson = False
) -> None:
    """Post an approved run into the ledger (记账), shard by shard."""
    with _tools(workers, quiet=as_json) as (shop, told):
        view = bill_run.post(
            RunId(run), actor=terminal.acting(as_person), at=terminal.now(), pool=shop.pool, progress=told
        )
    _show_run(view, as_json=as_json)


@app.command()
def publish(run: RunArgument, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Publish the bills of a posted run (发行)."""
    view = bill_run.publish(RunId(run), actor=terminal.acting(as_person), at=terminal.now())
    _show_run(view, as_json=as_json)


@app.command()
def discard(
    run: RunArgument, reason: terminal.Reason = "", as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:
    """Throw a draft away (作废), with its bills; impossible once any of it is posted."""
    actions.discard(run=RunId(run), reason=reason, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"run {run} is discarded", {"run": run, "state": "DISCARDED"}, as_json=as_json)


@app.command()
def verify(
    run: RunArgument, as_person: terminal.AsPerson = "", workers: Workers = 0, as_json: terminal.AsJson = False
) -> None:
    """Price a run's frozen inputs again and compare every stored line (复算). Exit code 1 when anything differs."""
    with _tools(workers, quiet=as_json) as (shop, told):
        found = bill_run.verify(RunId(run), actor=terminal.acting(as_person), pool=shop.pool, progress=told)
    said = "identical to the byte" if not found else "\n".join(found)
    terminal.done(said, {"run": run, "identical": not found, "complaints": found}, as_json=as_json)
    if found:
        raise typer.Exit(1)


@contextmanager
def _tools(workers: int, *, quiet: bool) -> Iterator[tuple[bill_run.Workshop, bill_run.Progress]]:
    """The rules, a pool of processes, and progress bars unless the answer is for a program."""
    bars = Progress(
        TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
        console=Console(stderr=True), disable=quiet,
    )  # fmt: skip
    with bill_pool.Pool(workers or os.cpu_count() or 1) as pool, bars:
        yield bill_run.Workshop.default(pool), _teller(bars)


def _teller(bars: Progress) -> Callable[[str, int, int], None]:
    tasks: dict[str, TaskID] = {}

    def told(step: str, done: int, total: int) -> None:
        if step not in tasks:
            tasks[step] = bars.add_task(STEP_NAMES[step], total=total)
        bars.update(tasks[step], completed=done, total=total)

    return told


def _show_run(view: RunView, *, as_json: bool) -> None:
    if as_json:
        terminal.show_json(view)
        return
    console = Console()
    made = f"{view.created_by}" + (f", 批准 {view.approved_by}" if view.approved_by else "")
    console.print(
        f"批次 run {view.run_id}  {view.unit_code} {view.unit_name}  {view.month}  第 {view.sequence} 次  "
        f"[bold]{STATE_NAMES[view.state]} {view.state}[/]  ({made})",
        highlight=False,
    )
    _show_totals(console, view.totals)
    for finding in view.gate:
        mark = "[red]✗[/]" if finding.halts else "·"
        console.print(
            f"{mark} {finding.code}: {finding.found}, limit {finding.limit}  [dim]{finding.rule}[/]", highlight=False
        )
    if view.state == "HALTED":
        console.print(f"the check halted this run: wandeng bill override {view.run_id} --reason …", style="yellow")


def _show_dry(totals: Totals, shards: int, *, as_json: bool) -> None:
    if as_json:
        terminal.show_json({"dry_run": True, "shards": shards, "totals": totals})
        return
    console = Console()
    console.print(f"试算 dry run, {shards} shards: nothing was stored", style="yellow")
    _show_totals(console, totals)


def _show_totals(console: Console, totals: Totals) -> None:
    """Exceptions first."""
    if totals.codes:
        table = Table("异常 code", "户数 accounts", title="异常 exceptions", title_justify="left")
        for code, count in sorted(totals.codes.items(), key=lambda pair: -pair[1]):
            table.add_row(f"{CODE_NAMES.get(code, '')} {code}", f"{count:,}")
        console.print(table)
    table = Table(
        "户数 accounts", "账单 bills", "明细 lines", "异常户 parked", "电量 kWh", "金额 amount", "最大 largest"
    )
    table.add_row(
        f"{totals.accounts:,}", f"{totals.bills:,}", f"{totals.lines:,}", f"{totals.parked:,}",
        _kwh(totals.energy_ckwh), format_yuan(totals.amount_fen), format_yuan(totals.largest_fen),
    )  # fmt: skip
    console.print(table)


def _exception_cells(row: ExceptionView) -> tuple[str, ...]:
    limit, found = ("" if value is None else str(value) for value in (row.limit, row.found))
    state = f"{row.state} →" if row.is_retaken else row.state
    name = f"{CODE_NAMES.get(row.code, '')} {row.code}"
    return (row.account_number, row.account_name, row.usage_point_code, name, found, limit, state, row.reason)


def _kwh(energy_ckwh: int) -> str:
    return f"{energy_ckwh // 100:,}.{format_scaled(energy_ckwh % 100, 2)[-2:]}"
