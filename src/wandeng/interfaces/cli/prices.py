"""``wandeng prices``: the price book (电价本) by day, the versions of a code, and the terms of an account."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer
from rich.console import Console

from wandeng.domains.tariffs import queries
from wandeng.domains.tariffs.queries.published import ChargeShown
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import terminal
from wandeng.interfaces.cli.terminal import Table
from wandeng.kernel.errors import InvalidInput, NotFound
from wandeng.kernel.money import format_scaled
from wandeng.kernel.periods import FAR_FUTURE

app = typer.Typer(no_args_is_help=True, help="Price book (电价本): codes, versions, who is priced by what.")

On = Annotated[str, typer.Option("--on", metavar="YYYY-MM-DD", help="The day (日期); default: today.")]


@app.command("list")
def list_(
    on: On = "",
    territory: Annotated[str, typer.Option("--territory", "-t", help="Only this territory (地区).")] = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List price codes (电价码) with the version that holds on a day."""
    columns = {"code": "电价码 code", "name_zh": "名称 name", "since": "自 since", "until": "至 until",
               "status": "核实 status", "missing": "缺 missing"}  # fmt: skip
    rows = queries.codes(terminal.rules(), _day(on), territory=territory)
    terminal.show_list(rows, columns, title="电价本 price book", empty="没有电价 no codes", as_json=as_json)


@app.command()
def show(
    code: Annotated[str, typer.Argument(metavar="CODE", help="Price code (电价码), e.g. hunan.residential.")],
    on: On = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Show a code: its prices on a day with their documents, and every version of it."""
    library, day = terminal.rules(), _day(on)
    found = queries.history(library, code, day)
    held = found.on(day)
    if as_json:
        terminal.show_json(found)
        return
    console = Console()
    table = Table(title=f"{found.facts.name_zh} {code} {day}", title_justify="left")
    for heading in ("项目 item", "档 tier", "月份 months", "单价 price", "依据 source"):
        table.add_column(heading, overflow="fold")
    for charge in held.charges if held else ():
        table.add_row(*_cells(charge))
    console.print(table)
    for version in found.versions:
        end = "长期 open" if version.to_on == FAR_FUTURE else str(version.to_on)
        told = f"缺 missing: {version.missing}" if version.is_gap else ", ".join(version.sources)
        console.print(f"{version.from_on} … {end}  {told}", highlight=False, soft_wrap=True)


@app.command()
def terms(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="Account number (户号).")],
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Show what an account was ever priced by (执行电价), newest first."""
    found = queries.account_terms(Scope.of(terminal.acting(as_person)), account)
    if not found:
        raise NotFound(f"account {account} has no price assignments")
    if as_json:
        terminal.show_json(found)
        return
    for point in found:
        for piece in point.pieces:
            end = "长期 open" if piece.to_on == FAR_FUTURE else str(piece.to_on)
            Console().print(f"{point.usage_point}  {piece.from_on} … {end}  {piece.terms.price_code}", highlight=False)


def _cells(charge: ChargeShown) -> tuple[str, ...]:
    tier = "" if not charge.tier else f"{charge.tier}: {format_scaled(charge.tier_from_ckwh, 2, trim=True)}–" + (
        "" if charge.tier_to_ckwh is None else format_scaled(charge.tier_to_ckwh, 2, trim=True)
    )  # fmt: skip
    months = "" if len(charge.months) == 12 else ",".join(map(str, charge.months))
    return charge.item_zh, tier, months, format_scaled(charge.price_e8, 8, trim=True), "\n".join(charge.sources)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text) if text else terminal.today()
    except ValueError:
        raise InvalidInput(f"a day is written YYYY-MM-DD, not '{text}'") from None
