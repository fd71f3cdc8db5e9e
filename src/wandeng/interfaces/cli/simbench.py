"""``wandeng import simbench``: a published grid nobody here drew, through the ordinary importers, and billed."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from wandeng.domains.billing.types import Totals
from wandeng.flows import bill_pool, bill_run
from wandeng.flows.imports import intake
from wandeng.infra.imports.landing import Watch
from wandeng.infra.imports.outcome import Outcome
from wandeng.interfaces.cli import install, terminal
from wandeng.interfaces.cli.terminal import Table
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.money import format_scaled, format_yuan
from wandeng.kernel.periods import Month
from wandeng.twin import simbench
from wandeng.twin.files import Written
from wandeng.twin.simbench.customers import STAFF
from wandeng.twin.simbench.grid import Grid
from wandeng.twin.simbench.network import unit_code

_Code = Annotated[str, typer.Argument(metavar="CODE", help="A SimBench code, e.g. 1-MVLV-urban-all-0-sw.")]
_Profiles = Annotated[str, typer.Option("--profiles", metavar="YYYY-MM", help="Which month of 2016's profiles.")]
_Month = Annotated[
    str, typer.Option("--month", "-m", metavar="YYYY-MM", help="The bill month they stand for (电费年月).")
]
_Bill = Annotated[bool, typer.Option("--bill/--no-bill", help="Run the bills of the month at the end.")]
_Workers = Annotated[int, typer.Option("--workers", "-w", min=0, help="Processes that price bills; 0: one a core.")]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file."""

    kind: str
    created: int
    unchanged: int
    parked: int
    seconds: float


def import_simbench(
    code: _Code = simbench.DEFAULT_CODE,
    profiles: _Profiles = str(simbench.PROFILE_MONTH),
    month: _Month = str(simbench.BILLED_MONTH),
    bill: _Bill = True,
    workers: _Workers = 0,
    as_json: terminal.AsJson = False,
) -> None:
    """Import a SimBench grid (公开电网): network, accounts, meters, a month of profiles; then run its bills.

    The files stay in the home folder, below simbench/. Needs the optional extra simbench.
    """
    billed = Month.parse(month)
    console = Console(stderr=as_json)
    with redirect_stdout(sys.stderr if as_json else sys.stdout):
        install.init()
    with _step(console, f"SimBench {code}"):
        grid = Grid.load(code)
        figures = simbench.counts(grid)
    _show(console, "网 the grid and what is taken of it", asdict(figures))
    folder = Path(settings.HOME) / "simbench" / code
    with _step(console, "写出文件 written as a utility's own files"):
        written = list(simbench.write(grid, folder, profile_month=Month.parse(profiles), billed_month=billed))
    with _step(console, "导入 imported through the ordinary importers"):
        taken = [_take_in(console, one) for one in written]
    _show_taken(console, taken)
    totals = None
    if bill:
        with _step(console, f"核算 the bills of {billed}: freeze, price, check"):
            totals = _run_bills(unit_code(grid), billed, workers)
        _show_totals(console, totals)
    if as_json:
        terminal.show_json({"code": code, "grid": figures, "files": str(folder), "taken": taken, "bills": totals})
    else:
        console.print(f"\n试试 try: wandeng bill runs; wandeng trace {_a_tie(grid)} --state normal", highlight=False)


@contextmanager
def _step(console: Console, title: str) -> Iterator[None]:
    console.print(f"\n[bold]{title}[/]", highlight=False)
    started = time.monotonic()
    yield
    console.print(f"[dim]{time.monotonic() - started:.1f} s[/]", highlight=False)


def _take_in(console: Console, one: Written) -> Taken:
    started = time.monotonic()
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=console, transient=True) as bars:
        task = bars.add_task(one.path.name, total=one.rows)

        def watch(lines: int) -> Watch:
            return Watch(lambda rows: bars.advance(task, rows))

        outcome: Outcome = intake.take_in(one.kind, one.path, actor=SYSTEM, clock=terminal.now, watch=watch)
    counts = outcome.counts
    seconds = round(time.monotonic() - started, 1)
    return Taken(one.kind, counts.created, counts.changed + counts.unchanged, counts.parked, seconds)


def _run_bills(unit: str, month: Month, workers: int) -> Totals:
    clerk = terminal.acting(STAFF[0][0])
    with bill_pool.Pool(workers or os.cpu_count() or 1) as pool:
        shop = bill_run.Workshop.default(pool)
        return bill_run.run(unit_code=unit, month=month, actor=clerk, at=terminal.now(), shop=shop).totals


def _show(console: Console, title: str, rows: dict[str, int]) -> None:
    table = Table(title=title, title_justify="left", box=None, show_header=False)
    for name, value in rows.items():
        table.add_row(name.replace("_", " "), f"{value:,}")
    console.print(table)


def _show_taken(console: Console, taken: list[Taken]) -> None:
    table = Table("类型 kind", "新增 new", "已有 same", "停放 parked", "秒 s", box=None)
    for row in taken:
        table.add_row(row.kind, f"{row.created:,}", f"{row.unchanged:,}", f"{row.parked:,}", f"{row.seconds:.1f}")
    console.print(table)


def _show_totals(console: Console, totals: Totals) -> None:
    heads = ("账单 bills", "明细 lines", "停放 parked", "电量 kWh", "电费 amount")
    table = Table(*heads, box=None)
    energy = format_scaled(totals.energy_ckwh, 2)
    counts = (f"{totals.bills:,}", f"{totals.lines:,}", f"{totals.parked:,}")
    table.add_row(*counts, energy, format_yuan(totals.amount_fen))
    console.print(table)


def _a_tie(grid: Grid) -> str:
    """A switch worth tracing: the first open one at the end of a line of medium voltage."""
    ends = (end.code for (_, _, bus), end in grid.ends.items() if grid.is_medium(bus) and not end.is_closed)
    return next(ends, "SWITCH")
