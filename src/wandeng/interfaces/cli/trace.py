"""``wandeng trace``: which transformer areas and customers a switch would cost or bring back."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from wandeng.domains.network import queries
from wandeng.domains.network.types import State, Traced, TracedAccount, TracedArea, TraceResult
from wandeng.interfaces.cli import terminal
from wandeng.interfaces.cli.terminal import Table
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import format_scaled

KINDS = {
    "BREAKER": "breaker 断路器",
    "LOAD_BREAK_SWITCH": "load-break switch 负荷开关",
    "DISCONNECTOR": "disconnector 隔离开关",
    "FUSE": "fuse 熔断器",
}
OWNERSHIPS = {"PUBLIC": "公变", "CUSTOMER": "专变"}
IMPORTANCES = {"SPECIAL": "特级", "FIRST": "一级", "SECOND": "二级", "TEMPORARY": "临时"}
SIDES = (
    ("lost", "Lost 停电", "red"),
    ("regained", "Regained 复电", "green"),
    ("moved", "Moved to another feeder 转供", "yellow"),
)


def trace(
    switch: Annotated[str, typer.Argument(metavar="SWITCH", help="Code of the switch (开关编码).")],
    state: Annotated[
        State, typer.Option(help="Planned positions, or those after all operations (正常方式 or 当前方式).")
    ] = State.CURRENT,
    open_: Annotated[bool, typer.Option("--open", help="What if it opened (断开).")] = False,
    close: Annotated[bool, typer.Option("--close", help="What if it closed (合上).")] = False,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Who loses or regains supply by a switch (拓扑追踪). Nothing is switched.

    Without --open or --close: what would follow if it moved to where it does not stand.
    """
    if open_ and close:
        raise InvalidInput("choose one of --open and --close")
    result = queries.trace(
        terminal.scope(terminal.acting(as_person), ""),
        switch=switch,
        state=state,
        at=terminal.now(),
        make_open=open_ if open_ or close else None,
    )
    if as_json:
        terminal.show_json(as_plain(result))
    else:
        show(result, Console())


def as_plain(result: TraceResult) -> dict[str, object]:
    """The answer for programs: codes and numbers, no personal names."""
    return {
        "switch": result.switch,
        "state": result.state.value,
        "at": result.at,
        "what_if": "open" if result.made_open else "closed",
        **{side: _plain_side(getattr(result, side)) for side, _, _ in SIDES},
        "feeders": result.feeders,
        "loops": result.loops,
        "parallel": result.parallel,
    }


def _plain_side(traced: Traced) -> dict[str, object]:
    return {
        "transformers": len(traced.areas) + traced.areas_elsewhere,
        "customers": len(traced.accounts) + traced.accounts_elsewhere,
        "areas": [_plain_area(area) for area in traced.areas],
        "accounts": [
            {"account_number": a.account_number, "importance": a.importance, "transformers": a.transformer_codes}
            for a in traced.accounts
        ],
    }


def _plain_area(area: TracedArea) -> dict[str, object]:
    return {
        "transformer": area.code,
        "name": area.name,
        "area_name": area.area_name,
        "feeder": area.feeder_code,
        "ownership": area.ownership,
        "capacity_kva": format_scaled(area.capacity_ckva, 2, trim=True),
        "customers": area.customers,
        "important": [account.account_number for account in area.important],
    }


def show(result: TraceResult, console: Console) -> None:
    """The answer for people: what moves, then a table for each side that is not empty."""
    switch = result.switch
    console.print(
        f"[bold]{escape(switch.code)}[/] {escape(switch.name)}  {KINDS[switch.kind]}  "
        f"feeder 馈线 {escape(switch.feeder_code)} {escape(switch.feeder_name)}",
        highlight=False,
    )
    stands = "open 断开" if switch.is_open else "closed 闭合"
    state = "normal state 正常方式" if result.state is State.NORMAL else "current state 当前方式"
    console.print(
        f"stands {stands} in the {state}; what if it {'opened 断开' if result.made_open else 'closed 合上'}:",
        highlight=False,
    )
    shown = [_show_side(getattr(result, side), title, color, console) for side, title, color in SIDES]
    if not any(shown):
        console.print("nobody loses supply, nobody gets it back 无停电、无复电", style="green")
    for feeder in result.loops:
        console.print(f"closed ring 合环: feeder 馈线 {escape(feeder)}", style="yellow", highlight=False)
    for group in result.parallel:
        console.print(f"sources in parallel 并列: {escape(', '.join(group))}", style="yellow", highlight=False)


def _show_side(traced: Traced, title: str, color: str, console: Console) -> bool:
    if not (traced.areas or traced.accounts or traced.areas_elsewhere or traced.accounts_elsewhere):
        return False
    customers = len(traced.accounts) + traced.accounts_elsewhere
    table = Table(title=f"[bold {color}]{title}[/]", title_justify="left", show_footer=True)
    table.add_column("Transformer 配变", f"{len(traced.areas)} areas 台区")
    table.add_column("Area 台区")
    table.add_column("Feeder 馈线")
    table.add_column("Own 产权")
    table.add_column("kVA", _kva(traced.capacity_ckva), justify="right")
    table.add_column("Customers 户数", f"{customers:,}", justify="right")
    table.add_column("Important 重要用户", str(len(traced.important) or ""), style="bold red")
    for area in traced.areas:
        table.add_row(
            escape(area.code),
            escape(area.area_name or area.name),
            escape(area.feeder_code),
            OWNERSHIPS[area.ownership],
            _kva(area.capacity_ckva),
            f"{area.customers:,}",
            escape("、".join(_marked(account) for account in area.important)),
        )
    console.print(table)
    if traced.areas_elsewhere or traced.accounts_elsewhere:
        console.print(
            f"and in other units 其他单位: {traced.areas_elsewhere} areas, {traced.accounts_elsewhere} customers"
        )
    return True


def _marked(account: TracedAccount) -> str:
    return f"★{IMPORTANCES.get(account.importance, account.importance)} {account.account_number} {account.name}"


def _kva(capacity_ckva: int) -> str:
    return format_scaled(capacity_ckva, 2, trim=True)
