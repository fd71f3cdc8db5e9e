"""``wandeng ledger``: what the books say, and whether they hold."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from wandeng.domains.ledger import queries
from wandeng.domains.ledger.types import LedgerFault
from wandeng.domains.organization import queries as organization
from wandeng.domains.payments import queries as payments
from wandeng.domains.payments.types import PaymentFault
from wandeng.flows import ledger_export, month_close
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import terminal
from wandeng.interfaces.cli.terminal import Table
from wandeng.kernel.ids import UnitId
from wandeng.kernel.money import format_yuan
from wandeng.kernel.periods import Month

app = typer.Typer(
    no_args_is_help=True, help="Ledger (总账): balances, closing a month, export, and the check of every invariant."
)


@app.command()
def check(as_json: terminal.AsJson = False) -> None:
    """Recompute from the rows what must always hold (总账检查). Exit code 1 when anything does not."""
    faults: list[LedgerFault | PaymentFault] = [*queries.faults(), *payments.faults()]
    if as_json:
        terminal.show_json(faults)
    elif faults:
        rows: list[dict[str, object]] = [
            {"subject": one.entry_id if isinstance(one, LedgerFault) else one.subject_id, "fault": one.fault}
            for one in faults
        ]
        columns = {"subject": "编号 number", "fault": "问题 fault"}
        terminal.show_rows(rows, columns, title="总账检查 ledger check", empty="", as_json=False)
    else:
        entries = queries.count_entries()
        Console().print(
            f"{entries:,} 张凭证平衡 entries hold: every one sums to zero, none is open, and they agree with every payment",
            highlight=False,
        )
    if faults:
        raise typer.Exit(1)


@app.command()
def balance(
    unit: Annotated[str, typer.Option("--unit", "-u", metavar="CODE", help="The unit (单位) that posted.")],
    month: Annotated[str, typer.Option("--month", "-m", metavar="YYYY-MM", help="Accounting month (记账月份).")],
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Show the trial balance (试算平衡表) of a unit's month: debit positive, the sum is zero."""
    node = organization.unit(Scope.of(terminal.acting(as_person)), unit)
    found = queries.trial_balance(unit=UnitId(node.unit_id), month=str(Month.parse(month)))
    if as_json:
        terminal.show_json(found)
        return
    if not found:
        Console().print(f"{unit} {month}: 没有凭证 nothing is posted", style="dim")
        return
    table = Table("科目 account", title=f"试算平衡 trial balance {unit} {month}", title_justify="left")
    table.add_column("余额 balance", justify="right")
    for name, amount in found.items():
        table.add_row(name, format_yuan(amount))
    table.add_section()
    table.add_row("合计 sum", format_yuan(sum(found.values())))
    Console().print(table)


UnitOption = Annotated[str, typer.Option("--unit", "-u", metavar="CODE", help="The unit (单位) and all below it.")]
MonthOption = Annotated[str, typer.Option("--month", "-m", metavar="YYYY-MM", help="Accounting month (记账月份).")]


@app.command()
def ready(
    unit: UnitOption, month: MonthOption, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:
    """Show what stands in the way of closing a month (关账前检查). Exit code 1 when it cannot be closed."""
    scope = Scope.of(terminal.acting(as_person))
    found = month_close.readiness(scope, unit_code=unit, month=Month.parse(month), at=terminal.now())
    rows: list[dict[str, object]] = [
        {"code": one.code, "open": one.open, "blocks": one.blocks, "ok": one.is_ok} for one in found.checks
    ]
    columns = {"code": "检查 check", "open": "未完成 open", "blocks": "必须 must", "ok": "通过 ok"}
    title = f"{unit} {month} {'已关账 closed' if found.is_closed else ''}"
    terminal.show_rows(rows, columns, title=title, empty="", as_json=as_json)
    if not found.may_close and not found.is_closed:
        raise typer.Exit(1)


@app.command()
def close(unit: UnitOption, month: MonthOption, as_person: terminal.AsPerson = "") -> None:
    """Close a month of a unit and all below it (关账). It is never opened again."""
    actor = terminal.acting(as_person)
    count = month_close.close(unit_code=unit, month=Month.parse(month), actor=actor, at=terminal.now())
    Console().print(f"{unit} {month}: {count} 个单位已关账 units closed", highlight=False)


@app.command()
def export(
    unit: UnitOption,
    month: MonthOption,
    target: Annotated[Path, typer.Option("--out", "-o", help="File to write.")],
    journal: Annotated[bool, typer.Option("--journal", help="A Beancount journal instead of a workbook.")] = False,
    as_person: terminal.AsPerson = "",
) -> None:
    """Export a month of the books (导出账簿): balances and vouchers as XLSX, or a journal that another program checks."""
    found = ledger_export.books(
        Scope.of(terminal.acting(as_person)), unit_code=unit, month=Month.parse(month), library=terminal.rules()
    )
    target.write_bytes(ledger_export.journal(found).encode() if journal else ledger_export.workbook(found))
    Console().print(f"{target}: {len(found.entries):,} 张凭证 entries", highlight=False)
