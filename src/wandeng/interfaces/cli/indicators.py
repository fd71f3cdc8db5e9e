"""``wandeng indicators``: the figures of a month by unit, as managers see them."""

from __future__ import annotations

from typing import Annotated

import typer

from wandeng.domains.billing import queries as billing
from wandeng.flows import indicators as flow
from wandeng.interfaces.cli import terminal
from wandeng.kernel.errors import NotFound
from wandeng.kernel.periods import Month


def indicators(
    month: Annotated[str, typer.Option("--month", "-m", metavar="YYYY-MM", help="Default: the newest billed.")] = "",
    by: Annotated[str, typer.Option("--by", help="Ranked by this indicator (指标).")] = "amount",
    unit: terminal.UnitCode = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Show a month's indicators by unit (指标): money in fen, energy in 0.01 kWh, shares in 0.01 %, prices in 10⁻⁴ yuan."""
    scope = terminal.scope(terminal.acting(as_person), unit)
    chosen = Month.parse(month) if month else billing.last_month_billed(scope)
    if chosen is None:
        raise NotFound("no month has been billed yet: name one with --month")
    one = flow.indicator(by)
    board = flow.board(scope, chosen, on=terminal.today())
    marked = flow.to_explain(board, one)
    rows: list[dict[str, object]] = [
        {"unit": row.unit_code, "name": row.unit_name, "explain": row.unit_code in marked} | dict(row.now)
        for row in (*flow.ranked(board, one), board.whole)
    ]
    columns = {"unit": "单位 unit", "name": "名称 name"} | {
        shown.code: f"{shown.name_zh} {shown.name_en}" for shown in flow.INDICATORS
    }
    title = f"{chosen} {one.name_zh} {one.name_en}"
    terminal.show_rows(rows, columns, title=title, empty="no units", as_json=as_json)
