"""``wandeng demo``: from nothing to a living county with a year of bills, through the ordinary doors.

The county is written out as import files first; from there on nothing knows that it is invented.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from wandeng.domains.billing import queries as billing
from wandeng.domains.billing.actions import runs
from wandeng.domains.billing.types import CODE_NAMES, RunView
from wandeng.domains.organization import queries as organization
from wandeng.flows import bill_pool, bill_run
from wandeng.flows.imports import intake
from wandeng.infra.imports.landing import Watch
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import (
    bill_pdf,
    demo_appointments,
    demo_bank,
    demo_boards,
    demo_books,
    demo_cases,
    demo_circle,
    demo_conversations,
    demo_crews,
    demo_cutting,
    demo_desk,
    demo_dunning,
    demo_hall,
    demo_knowledge,
    demo_losses,
    demo_notices,
    demo_online,
    demo_outage_months,
    demo_outages,
    demo_payments,
    demo_people,
    demo_prepay,
    demo_rationing,
    demo_residents,
    demo_storm,
    demo_till,
    demo_voltage,
    install,
    serve,
    terminal,
)
from wandeng.interfaces.cli.terminal import Table
from wandeng.kernel.actors import SYSTEM, Actor
from wandeng.kernel.errors import NotFound
from wandeng.kernel.ids import RunId
from wandeng.kernel.money import format_yuan
from wandeng.kernel.periods import Month
from wandeng.twin import files
from wandeng.twin.county import ROOT, SEED, Plan

CLERK, REVIEWER = "billing1", "billing2"
MONTHS = 12

_Customers = Annotated[int, typer.Option("--customers", min=300, help="How many customers (客户数); all: 334000.")]
_Seed = Annotated[int, typer.Option("--seed", help="The same seed gives the same county, byte for byte.")]
_Workers = Annotated[int, typer.Option("--workers", min=1, help="Processes that price bills.")]
_Serve = Annotated[bool, typer.Option("--serve/--no-serve", help="Serve the pages when all is made (打开网页).")]
_Port = Annotated[int, typer.Option(envvar="WANDENG_PORT", min=1, max=65535, help="Port of the pages (端口).")]
_Output = Annotated[Path, typer.Option("-o", "--output", metavar="FOLDER", help="Where the files go.")]


def write_files(output: _Output, customers: _Customers = 20_000, seed: _Seed = SEED) -> None:
    """Write a synthetic county (演示县) as import files, without importing them."""
    console = Console()
    written = list(files.write(Plan(customers=customers, seed=seed), output))
    _show_files(console, written)
    console.print(f"sha256 {files.content_hash(output)}", highlight=False)


def demo(
    customers: _Customers = 20_000,
    seed: _Seed = SEED,
    workers: _Workers = 2,
    serving: _Serve = True,
    port: _Port = 8000,
) -> None:
    """Make a county, import it, run a year of its bills, and serve it (演示). Run again, it goes on where it stopped."""
    console = Console()
    started = time.monotonic()
    plan = Plan(customers=customers, seed=seed)
    home = Path(settings.HOME)
    install.init()
    with _step(console, f"演示县 a county of {customers:,} customers, written as a utility's own files"):
        written = list(files.write(plan, home / "demo" / "files"))
    _show_files(console, written)
    with _step(console, "导入 importing them through the ordinary importers"):
        taken = _import(console, written)
    _show_imports(console, taken)
    with _step(console, "岗位 one account per role for the login page, and what they find there"):
        console.print(f"{demo_people.prepare(terminal.now(), terminal.today())} 个账号 accounts", highlight=False)
    with _step(console, f"核算 a year of bills: freeze, price, check, approve by a second person, post, publish"):  # noqa: F541
        views = _bill(console, plan, workers)
    with _step(console, "购电 what the county bought in these months"):
        bought = demo_books.record_purchases([view.month for view in views], terminal.now())
        console.print(f"{bought} 笔购电结算 purchases", highlight=False)
    demo_desk.leave_work(terminal.now())
    _money(console, plan, port)
    _service(console, customers, seed, plan.last)
    with _step(console, "居民 residents at the portal /my/, one who owes, one who reported a fault, one elder"):
        held = demo_residents.leave_residents(files.samples(plan), terminal.now(), terminal.rules())
        console.print(f"{held} 户绑定 bindings; 登录 log in: /my/login/", highlight=False)
    with _step(console, "会话 short messages and calls of these residents, one who asks again, call-backs by machine"):
        talked, called = demo_conversations.leave_conversations(terminal.now(), terminal.rules())
        console.print(f"{talked} 个会话 conversations, {called} 次自动外呼 outbound calls", highlight=False)
    _show_runs(console, views)
    _show_exceptions(console, views)
    with _step(console, "打印 a bill of each kind of contract as PDF"):
        folder, printed = home / "demo" / "bills", 0
        for account in files.samples(plan).values():
            printed += _print(account, plan.last.previous(), folder)
    console.print(f"{printed} PDF → {folder}", highlight=False, soft_wrap=True)
    console.print(f"\n完成 done in {time.monotonic() - started:,.0f} s. 试试 try:", style="bold")
    program = os.path.relpath(sys.argv[0])
    for line in _suggestions(plan):
        console.print(f"  {program} {line}", highlight=False)
    if serving:
        serve.serve(port=port, demo=True)


def _money(console: Console, plan: Plan, port: int) -> None:
    """How the money of these bills came in, and what was done where it did not."""
    with _step(console, "收费台 a till in every office, yesterday counted, today open"):
        console.print(f"{demo_till.leave_tills(terminal.now())} 个班次 sessions", highlight=False)
    with _step(console, "银行 a debit run that came back, a counter's file, money nobody knows, a day that differs"):
        console.print(f"{demo_bank.leave_bank_files(terminal.now())} 份银行文件 files", highlight=False)
    with _step(
        console, "催费 an office where most have paid: nights of dunning, visits, promises, protected customers"
    ):
        console.print(f"{demo_dunning.leave_dunning(terminal.now())} 张未结催费单 open cases", highlight=False)
    with _step(console, "停电与复电 orders approved, sent, carried out, and power given back to who paid"):
        console.print(f"{demo_cutting.leave_orders(terminal.now(), terminal.rules())} 张停电单 orders", highlight=False)
    with _step(console, "通知 a few hundred customers told of their bills, into the recording outbox"):
        console.print(
            f"{demo_notices.tell(ROOT, plan.last.previous(), terminal.now())} 条通知 notices", highlight=False
        )
    with _step(console, "收费 nearly everybody else has paid, by the channels people use; a few are behind"):
        posted, amount_fen = demo_payments.pay_bills(terminal.now())
        console.print(f"{posted:,} 笔收费 payments, {format_yuan(amount_fen)}", highlight=False)
    with _step(console, "费控 an office where some hundreds pay in advance: read daily, warned, cut, topped up"):
        enrolled = demo_prepay.leave_prepay(plan.last, terminal.now(), terminal.rules())
        console.print(f"{enrolled} 户费控用户 prepay accounts", highlight=False)
    with _step(console, "线上缴费 some orders paid at the demo cashier, one in each kind of trouble"):
        made = demo_online.leave_orders(f"http://127.0.0.1:{port}", terminal.now())
        console.print(f"{made} 个支付订单 online orders", highlight=False)


def _service(console: Console, customers: int, seed: int, last: Month) -> None:
    """What customers asked, and who went to them."""
    with _step(console, "工单 three weeks of calls of every kind, and a storm night on one feeder"):
        _show_cases(console, demo_cases.leave_cases(terminal.now(), customers, seed=seed))
    with _step(console, "抢修 crews on duty, one at work on the fault of the storm, a permit half written"):
        console.print(f"{demo_crews.leave_crews(terminal.now())} 支抢修队 crews", highlight=False)
    with _step(
        console,
        "停电计划 plans told, one put off, one called off, two pairs in conflict, an area's fifth of the year",
    ):
        console.print(
            f"{demo_outages.leave_outages(terminal.now(), terminal.rules())} 个停电计划 plans", highlight=False
        )
    with _step(console, "有序用电 a scheme, an order that took place last month, one told for the days ahead"):
        made = demo_rationing.leave_rationing(last, terminal.now(), terminal.rules())
        console.print(f"{made} 个限电指令 orders", highlight=False)
    with _step(console, "线损 two weeks of quarter hours of one unit: odd areas, leads ranked by evidence, a case"):
        days, leads = demo_losses.leave_losses(last, terminal.now(), terminal.rules(), seed=seed)
        console.print(f"{days} 台区日 days of areas, {leads} 条线索 leads", highlight=False)
    with _step(console, "电压 what the points out of range come to as work"):
        console.print(
            f"{demo_voltage.leave_voltage(last, terminal.now(), terminal.rules())} 项治理 remedies", highlight=False
        )
    with _step(console, "月度停电计划 next month's works gathered, merged and laid where fewest are off"):
        placed = demo_outage_months.leave_months(terminal.now(), terminal.rules())
        console.print(f"{placed} 项停电 outages", highlight=False)
    with _step(
        console, "风暴 a storm under way: told by meters, one fault in repair, one unconfirmed, one back in waves"
    ):
        console.print(f"{demo_storm.leave_storm(terminal.now())} 个可能断开的设备 probable devices", highlight=False)
    with _step(console, "预约与流动服务 a hall, a visiting crew and a vehicle with routes; two weeks of appointments"):
        booked, runs = demo_appointments.leave_appointments(terminal.now(), terminal.rules(), seed=seed)
        console.print(f"{booked} 个预约 appointments, {runs} 次出车 runs", highlight=False)
    with _step(console, "缴费圈 who reaches an outlet in ten minutes, and what three more would change"):
        console.print(f"{demo_circle.leave_circles(terminal.now(), terminal.rules())} 次测算 circles", highlight=False)
    with _step(console, "营业厅排队 a morning of one hall, and who waits there now"):
        console.print(
            f"{demo_hall.leave_queue(terminal.now(), terminal.rules(), seed=seed)} 个排队号 tickets", highlight=False
        )
    with _step(console, "公示栏 boards of areas with who is responsible, bills due without names"):
        console.print(f"{demo_boards.leave_boards(terminal.now(), terminal.rules())} 块公示栏 boards", highlight=False)
    with _step(console, "知识 what staff look up and say, every fact with its source; a register of standards"):
        texts, standards = demo_knowledge.install(ROOT, Path(settings.HOME) / "demo" / "files", terminal.now())
        console.print(f"{texts} 篇知识 texts, {standards} 项标准 standards", highlight=False)


@dataclass
class _Taken:
    """What became of the files of one kind."""

    files: int = 0
    elapsed_s: float = 0.0
    created: int = 0
    unchanged: int = 0
    parked: int = 0
    held: int = 0
    codes: Counter[str] = field(default_factory=Counter)


@contextmanager
def _step(console: Console, title: str) -> Iterator[None]:
    console.print(f"\n[bold]{title}[/]", highlight=False)
    started = time.monotonic()
    yield
    console.print(f"[dim]{time.monotonic() - started:.1f} s[/]", highlight=False)


def _bars(console: Console) -> Progress:
    columns = (TextColumn("{task.description:<28}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=console, transient=True)


def _show_files(console: Console, written: list[files.Written]) -> None:
    table = Table("类型 kind", "文件 files", "行 rows", "MB", box=None)
    for kind in dict.fromkeys(one.kind for one in written):
        of_kind = [one for one in written if one.kind == kind]
        size = sum(one.path.stat().st_size for one in of_kind) / 1e6
        name = of_kind[0].path.name + (f" … {of_kind[-1].path.name}" if len(of_kind) > 1 else "")
        table.add_row(kind, name, f"{sum(one.rows for one in of_kind):,}", f"{size:.1f}")
    console.print(table)


def _import(console: Console, written: list[files.Written]) -> dict[str, _Taken]:
    taken: dict[str, _Taken] = {}
    with _bars(console) as bars:
        for one in written:
            task = bars.add_task(one.path.name, total=one.rows)
            started = time.monotonic()
            outcome = intake.take_in(
                one.kind,
                one.path,
                actor=SYSTEM,
                clock=terminal.now,
                watch=lambda lines, task=task: Watch(lambda rows: bars.advance(task, rows)),  # type: ignore[misc]
            )
            bars.remove_task(task)
            row = taken.setdefault(one.kind, _Taken())
            row.files += 1
            row.elapsed_s += time.monotonic() - started
            row.created += outcome.counts.created
            row.unchanged += outcome.counts.unchanged
            row.parked += outcome.counts.parked
            row.held += outcome.notes.get("HELD", 0)
            row.codes += outcome.codes
    return taken


def _show_imports(console: Console, taken: dict[str, _Taken]) -> None:
    heads = ("类型 kind", "文件 files", "新增 new", "停放 parked", "待审 held", "秒 s")
    table = Table(*heads, "问题 findings", box=None)
    for kind, row in taken.items():
        codes = ", ".join(f"{code} {count:,}" for code, count in row.codes.most_common())
        counts = (f"{row.files}", f"{row.created:,}", f"{row.parked:,}", f"{row.held:,}", f"{row.elapsed_s:.1f}")
        table.add_row(kind, *counts, codes)
    console.print(table)


def _bill(console: Console, plan: Plan, workers: int) -> list[RunView]:
    clerk = organization.actor_for(CLERK, terminal.today())
    reviewer = organization.actor_for(REVIEWER, terminal.today())
    views = []
    with bill_pool.Pool(workers) as pool, _bars(console) as bars:
        shop = bill_run.Workshop.default(pool)
        year = bars.add_task("年度 the year", total=MONTHS)
        for number in range(MONTHS):
            month = plan.last.plus(number - MONTHS)
            views.append(_bill_month(month, clerk, reviewer, shop, bars))
            bars.advance(year)
    return views


def _bill_month(month: Month, clerk: Actor, reviewer: Actor, shop: bill_run.Workshop, bars: Progress) -> RunView:
    """Bring one month to PUBLISHED, from wherever it stands."""
    done = [view for view in billing.runs(Scope.of(clerk), month=month) if view.state == "PUBLISHED"]
    if done:
        return done[0]
    task = bars.add_task(str(month), total=None)

    def tell(step: str, so_far: int, of: int) -> None:
        bars.update(task, description=f"{month} {step}", completed=so_far, total=of)

    view = bill_run.run(unit_code=ROOT, month=month, actor=clerk, at=terminal.now(), shop=shop, progress=tell)
    run = RunId(view.run_id)
    if view.state == "HALTED":
        runs.override(run=run, reason="演示 the demonstration goes on", actor=reviewer, at=terminal.now())
    if view.state in {"HALTED", "CHECKED"}:
        runs.approve(run=run, actor=reviewer, at=terminal.now())
    bill_run.post(run, actor=clerk, at=terminal.now(), pool=shop.pool, progress=tell)
    published = bill_run.publish(run, actor=clerk, at=terminal.now())
    bars.remove_task(task)
    return published


def _show_cases(console: Console, states: Counter[str]) -> None:
    table = Table("工单 cases", *states, box=None)
    table.add_row(f"{states.total():,}", *(f"{count:,}" for count in states.values()))
    console.print(table)


def _show_runs(console: Console, views: list[RunView]) -> None:
    heads = (
        "月份 month",
        "批次 run",
        "账单 bills",
        "明细 lines",
        "电量 kWh",
        "电费 amount",
        "停放 parked",
        "状态 state",
    )
    table = Table(*heads, "总检 gate", box=None)
    for view in views:
        t = view.totals
        gate = "; ".join(f"{finding.code} {finding.found}" for finding in view.gate)
        counts = (
            f"{t.bills:,}",
            f"{t.lines:,}",
            f"{t.energy_ckwh // 100:,}",
            format_yuan(t.amount_fen),
            f"{t.parked:,}",
        )
        table.add_row(str(view.month), str(view.run_id), *counts, view.state, gate)
    console.print(table)


def _show_exceptions(console: Console, views: list[RunView]) -> None:
    """Why accounts were parked, over the year."""
    codes: Counter[str] = Counter()
    for view in views:
        codes.update(view.totals.codes)
    console.print("\n[bold]停放原因 why accounts were parked[/]")
    table = Table("原因 reason", "", "户·月 accounts × months", box=None)
    for code, count in codes.most_common():
        table.add_row(CODE_NAMES[code], code, f"{count:,}")
    console.print(table)


def _print(account: str, month: Month, folder: Path) -> int:
    """Print a bill if the account has one: a parked account has not."""
    try:
        return len(bill_pdf.write([account], month, folder, Scope.of(SYSTEM)))
    except NotFound:
        return 0


def _suggestions(plan: Plan) -> Iterator[str]:
    month = plan.last.previous()
    samples = files.samples(plan)
    yield f"bill explain {samples['home']} {month}"
    yield f"bill explain {samples['works_contract']} {month}"
    yield f"bill explain {samples['ev']} {month}"
    yield f"bill pdf {samples['home']} -m {month}"
    yield f"bill exceptions {MONTHS}"
    yield "trace F001-K0"
    yield "loss list"
    yield "voltage remedies"
    yield "circle list"
    yield "import parked"
