"""``wandeng bill compare``: two months of an account, and what made the difference."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from wandeng.domains.billing import queries
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import terminal
from wandeng.interfaces.cli.terminal import Table
from wandeng.kernel.money import format_scaled, format_yuan
from wandeng.kernel.periods import Month

CAUSE_NAMES = {
    "days": "计费天数 days",
    "use": "用电多少 use",
    "mix": "阶梯与峰谷 tiers and periods",
    "price": "电价变化 price",
    "basic": "基本电费 basic charge",
    "power_factor": "力调 power factor",
    "other": "其他 other",
}


def compare(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="Account number (户号).")],
    first: Annotated[str, typer.Argument(metavar="YYYY-MM", help="The earlier month (前一期).")],
    second: Annotated[str, typer.Argument(metavar="YYYY-MM", help="The later month (后一期).")],
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Compare two months (两月对照): use, days, tiers, prices; the causes add up to the difference."""
    scope = Scope.of(terminal.acting(as_person))
    one, other = (queries.explain(scope, account_number=account, month=Month.parse(month)) for month in (first, second))
    told = queries.compare(one, other)
    if as_json:
        terminal.show_json({"change_fen": told.change_fen, "causes": told.causes, "items": told.items})
        return
    table = Table("原因 cause", "增减 change", title=f"{account} {first} → {second}", title_justify="left")
    for cause in told.causes:
        table.add_row(CAUSE_NAMES[cause.code], format_yuan(cause.amount_fen))
    table.add_section()
    table.add_row("合计 total", format_yuan(told.change_fen))
    console = Console()
    for bill, days in ((one, told.days[0]), (other, told.days[1])):
        energy = format_scaled(bill.energy_ckwh, 2)
        console.print(f"{bill.month}  {energy} kWh  {days} d  {format_yuan(bill.amount_fen)}", highlight=False)
    console.print(table)
