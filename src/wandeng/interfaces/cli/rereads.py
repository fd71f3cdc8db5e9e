"""``wandeng readings route …`` and ``… reread …``: sheets of reading routes, and orders to read meters again."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Annotated, Any

import typer

from wandeng.domains.metering import actions, queries
from wandeng.domains.metering.types import HOLD_REASONS_ZH, Registers
from wandeng.interfaces.cli import terminal
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import parse_scaled
from wandeng.kernel.periods import Month

rereads = typer.Typer(no_args_is_help=True, help="Orders to read meters again (复抄工单).")
routes = typer.Typer(no_args_is_help=True, help="Reading routes (抄表段): progress, and typing one reading.")

_ORDER = Annotated[int, typer.Argument(help="Order id, as 'list' shows it.")]
_Month = Annotated[str, typer.Option("--month", "-m", metavar="YYYY-MM", help="Month of the bill (电费年月).")]
_ROUTES = {
    "code": "编码 route",
    "read_on": "抄表日 day",
    "due_count": "应抄 due",
    "read_count": "已抄 read",
    "missing_count": "未抄 missing",
    "held_count": "待审 held",
}
_ORDERS = {
    "id": "工单 order",
    "state": "状态 state",
    "due_on": "最迟 due",
    "account_number": "户号 account",
    "asset_number": "表号 meter",
    "read_on": "抄表日 day",
    "hold_reason": "原因 reason",
    "taken_by": "领取人 taken by",
}


@routes.command("list")
def list_routes(
    month: _Month = "",
    unit: terminal.UnitCode = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List routes with their progress (抄表进度)."""
    chosen = Month.parse(month) if month else queries.last_month(1, 1, terminal.today())
    found = queries.routes_rows(terminal.scope(terminal.acting(as_person), unit), chosen).order_by("code")
    _show(list(found), _ROUTES, title=f"抄表段 {chosen}", empty="no routes", as_json=as_json)


@routes.command()
def enter(
    asset_number: Annotated[str, typer.Argument(help="Asset number (表号) of a meter that hangs.")],
    total: Annotated[str, typer.Argument(help="Total (总示数), kWh.")],
    on: Annotated[str, typer.Option("--on", help="Reading day; default: today.")] = "",
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Enter one reading and judge it at once (录入示数); typing again takes its place."""
    actor = terminal.acting(as_person)
    hangs = queries.meter_view(terminal.scope(actor, ""), asset_number).hangs
    if hangs is None:
        raise InvalidInput(f"meter {asset_number} hangs nowhere")
    entered = actions.enter_reading(
        installation_id=hangs.installation_id,
        read_on=terminal.day(on) if on else terminal.today(),
        registers=Registers(parse_scaled(total, 2, what="total")),
        library=terminal.rules(),
        actor=actor,
        at=terminal.now(),
        reason=reason,
    )
    why = f", held: {entered.hold_reason} {HOLD_REASONS_ZH.get(entered.hold_reason, '')}" if entered.hold_reason else ""
    facts = {"reading": entered.reading_id, "state": entered.state, "hold_reason": entered.hold_reason}
    terminal.done(f"reading {entered.reading_id} is {entered.state}{why}", facts, as_json=as_json)


@rereads.command("list")
def list_orders(
    every: Annotated[bool, typer.Option("--all", help="Those done and cancelled too.")] = False,
    unit: terminal.UnitCode = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List orders to read again (复抄工单), those due first."""
    found = queries.rereads_rows(terminal.scope(terminal.acting(as_person), unit))
    rows = found if every else found.filter(state__in=("ORDERED", "TAKEN"))
    chosen = list(rows.order_by("due_on", "id")[:1000])
    _show(chosen, _ORDERS, title="复抄工单", empty="nothing is to be read again", as_json=as_json)


@rereads.command()
def order(
    reading_id: Annotated[int, typer.Argument(help="Held reading, as 'readings held' lists it.")],
    due: Annotated[str, typer.Option("--due", help="Until when; default: in three days.")] = "",
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Order that the meter of a held reading is read again (派复抄)."""
    due_on = terminal.day(due) if due else terminal.today() + timedelta(days=3)
    made = actions.order_reread(
        reading_id=reading_id, due_on=due_on, actor=terminal.acting(as_person), at=terminal.now(), reason=reason
    )
    terminal.done(f"order {made}: read again by {due_on}", {"order": made, "due_on": due_on}, as_json=as_json)


@rereads.command()
def take(order_id: _ORDER, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Take an order (领取)."""
    actions.take_reread(order_id=order_id, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"order {order_id} is taken", {"order": order_id, "state": "TAKEN"}, as_json=as_json)


@rereads.command("give-back")
def give_back(
    order_id: _ORDER, reason: terminal.Reason = "", as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:
    """Give a taken order back (退还)."""
    actions.give_back_reread(order_id=order_id, actor=terminal.acting(as_person), at=terminal.now(), reason=reason)
    terminal.done(f"order {order_id} waits again", {"order": order_id, "state": "ORDERED"}, as_json=as_json)


@rereads.command()
def complete(
    order_id: _ORDER,
    total: Annotated[str, typer.Option("--total", help="What the meter really showed (总示数), kWh.")],
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Say what the meter really showed (完成): the same releases the reading, another takes its place."""
    actor = terminal.acting(as_person)
    scope = terminal.scope(actor, "")
    found = queries.reread(scope, order_id)
    held = queries.registers_of(scope, reading_id=found.reading_id)
    seen = Registers(**{**held.columns(), "total_ckwh": parse_scaled(total, 2, what="total")})  # type: ignore[arg-type]
    standing = actions.complete_reread(order_id=order_id, registers=seen, actor=actor, at=terminal.now(), reason=reason)
    terminal.done(f"reading {standing} stands", {"order": order_id, "reading": standing}, as_json=as_json)


@rereads.command()
def cancel(
    order_id: _ORDER, reason: terminal.Reason = "", as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:
    """Cancel an order (取消); the reading stays held."""
    actions.cancel_reread(order_id=order_id, actor=terminal.acting(as_person), at=terminal.now(), reason=reason)
    terminal.done(f"order {order_id} is cancelled", {"order": order_id, "state": "CANCELLED"}, as_json=as_json)


def _show(rows: list[dict[str, Any]], columns: dict[str, str], *, title: str, empty: str, as_json: bool) -> None:
    """Rows of a list as a table of the named columns, or as JSON whole."""
    terminal.show_list(
        rows if as_json else [SimpleNamespace(**row) for row in rows],
        columns,
        title=title,
        empty=empty,
        as_json=as_json,
    )
