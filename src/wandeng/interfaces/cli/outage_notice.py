"""``wandeng outage notice``: what was told of a plan, whom nobody reached, calls to important users."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wandeng.domains.outages import queries
from wandeng.domains.outages.actions import telling
from wandeng.domains.outages.types.telling import HandWay
from wandeng.flows import outage_letters, outage_notices
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import terminal

app = typer.Typer(no_args_is_help=True, help="Telling people of outages (停电告知).")

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="Number of the plan (停电编号).")]


@app.command()
def show(number: Number, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Show what was told of a plan (告知批次), with the text for the media."""
    found = queries.telling_view(terminal.scope(terminal.acting(as_person), ""), number, now=terminal.now())
    if as_json:
        terminal.show_json(found)
        return
    rows = [
        {"kind": one.kind, "version": one.version, "made_at": one.made_at, "due_by": one.due_by, "accounts": one.accounts,
         "messages": one.messages, "reached": one.reached, "by_hand": one.by_hand, "left": one.left}
        for one in found.tellings
    ]  # fmt: skip
    columns = {
        "kind": "告知 kind", "version": "版本 version", "made_at": "发出 made", "due_by": "最迟 due", "accounts": "户 accounts",
        "messages": "消息 messages", "reached": "送达 reached", "by_hand": "人工 by hand", "left": "未告知 left",
    }  # fmt: skip
    terminal.show_rows(rows, columns, title=found.media, empty="还没有告知 nothing was told", as_json=False)


@app.command()
def gaps(
    unit: terminal.UnitCode = "",
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List whom nobody has reached (未告知用户), the nearest deadline first."""
    scope = terminal.scope(terminal.acting(as_person), unit)
    rows = list(queries.gap_rows(scope, now=terminal.now()).order_by("due_by", "id")[:limit])
    columns = {
        "id": "编号 id", "number": "停电编号 plan", "account_number": "户号 account", "kind": "告知 kind",
        "state": "状态 state", "why": "原因 why", "next_way": "下一渠道 next", "due_by": "最迟 due",
    }  # fmt: skip
    terminal.show_rows(
        rows, columns, title="未告知用户 not reached", empty="没有未告知的用户 everybody is", as_json=as_json
    )


@app.command()
def calls(
    unit: terminal.UnitCode = "",
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List the calls to important users (重要用户告知)."""
    scope = terminal.scope(terminal.acting(as_person), unit)
    rows = list(queries.call_rows(scope).order_by("state", "-id")[:limit])
    columns = {
        "id": "编号 id", "number": "停电编号 plan", "account_number": "户号 account", "importance": "等级 importance",
        "protection": "保电 protection", "state": "状态 state", "tries": "未接 tries", "confirmed_by": "确认 by",
    }  # fmt: skip
    terminal.show_rows(rows, columns, title="重要用户告知 calls", empty="没有任务 no call", as_json=as_json)


@app.command()
def tell(number: Number, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Tell now what stands of a plan and was not told (立即告知); a worker does the same after each change. Twice is once."""
    actor = terminal.acting(as_person)
    queries.telling_view(Scope.of(actor), number, now=terminal.now())
    done = outage_notices.tell(number=number, at=terminal.now(), actor=actor)
    facts: dict[str, object] = {"accounts": done.accounts, "messages": done.messages, "calls": done.calls}
    terminal.done(
        f"{number}: {done.accounts or '–'}, {done.messages} messages, {done.calls} calls", facts, as_json=as_json
    )


@app.command()
def letters(
    number: Number,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="The PDF to write (文件).")],
    area: Annotated[str, typer.Option("--area", metavar="CODE", help="Only this area (台区).")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Print notices for the doors that no message reached (停电通知单), with a list for the deliverer."""
    scope = terminal.scope(terminal.acting(as_person), "")
    out.write_bytes(outage_letters.document(scope, number, area, now=terminal.now()))
    terminal.done(f"{number}: {out}", {"number": number, "file": str(out)}, as_json=as_json)


@app.command("by-hand")
def by_hand(
    told: Annotated[list[int], typer.Argument(metavar="ID…", help="Ids of the list of gaps (编号).")],
    way: Annotated[HandWay, typer.Option("--way", help="How (告知方式).")] = HandWay.DOOR,
    note: Annotated[str, typer.Option("--note", help="A note (备注).")] = "",
    by: Annotated[
        str, typer.Option("--by", metavar="PERSON", help="Who did it (送达人); default: who writes it down.")
    ] = "",
    on: Annotated[str, typer.Option("--on", metavar="TIME", help="When (送达时间); default: now.")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Write down who was told by a person (人工告知)."""
    actor = terminal.acting(as_person)
    count = telling.mark_by_hand(
        told=told,
        way=way,
        note=note,
        actor=actor,
        at=terminal.now(),
        done_by=by,
        done_at=queries.moment(on) if on else None,
    )
    terminal.done(f"{count} were told by hand", {"count": count}, as_json=as_json)


@app.command()
def call(
    call_id: Annotated[int, typer.Argument(metavar="ID", help="Id of the call (编号).")],
    confirmed_by: Annotated[
        str, typer.Option("--confirmed-by", help="Post of who confirmed there; empty: nobody answered (对方确认人).")
    ] = "",
    note: Annotated[str, typer.Option("--note", help="A note (备注).")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Write down a call to an important user (重要用户告知)."""
    actor = terminal.acting(as_person)
    telling.call(call_id=call_id, confirmed_by=confirmed_by, note=note, actor=actor, at=terminal.now())
    terminal.done(f"call {call_id} is recorded", {"id": call_id, "confirmed": bool(confirmed_by)}, as_json=as_json)
