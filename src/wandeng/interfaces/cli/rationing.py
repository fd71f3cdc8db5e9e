"""``wandeng rationing``: schemes, orders, how they take place, who was told, what was saved."""

from __future__ import annotations

from typing import Annotated

import typer

from wandeng.domains.rationing import queries
from wandeng.domains.rationing.actions import orders, running, schemes
from wandeng.domains.rationing.types import Measure, ParticipantKind, ShortageKind
from wandeng.flows import rationing as flow
from wandeng.interfaces.cli import terminal
from wandeng.kernel.errors import InvalidInput

app = typer.Typer(no_args_is_help=True, help="Rationing (有序用电): schemes, orders, turns, notices, what was saved.")

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="Number of the order (限电编号).")]
Unit = Annotated[str, typer.Argument(metavar="UNIT", help="Code of the unit (单位).")]
From = Annotated[str, typer.Option("--from", metavar="TIME", help="When it begins, such as 2026-07-15T10:00.")]
To = Annotated[str, typer.Option("--to", metavar="TIME", help="When it ends.")]


@app.command()
def scheme(
    unit: Unit,
    year: int,
    demand: Annotated[int, typer.Option("--demand", help="Highest demand expected of the year, kW (最大用电需求).")],
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Draft the next version of a scheme (新建方案); participants come by ``take-in`` or ``wandeng import rationing-participants``."""
    made = schemes.draft(
        unit_code=unit, year=year, max_demand_kw=demand, actor=terminal.acting(as_person), at=terminal.now()
    )
    terminal.done(f"scheme {made} is a draft", {"scheme": made}, as_json=as_json)


@app.command("take-in")
def take_in(
    scheme_id: int,
    code: Annotated[str, typer.Argument(help="Account number, or with --line the code of a switch.")],
    before: Annotated[int, typer.Option("--before", help="Power without rationing, kW (正常负荷).")],
    shed: Annotated[int | None, typer.Option("--shed", help="Power given up, kW; of a line all (压降负荷).")] = None,
    measure: Annotated[Measure, typer.Option("--measure", help="What it does; a line is cut.")] = Measure.STAGGER,
    line: Annotated[bool, typer.Option("--line", help="The code is of a switch (线路).")] = False,
    rota: Annotated[str, typer.Option("--rota", help="Group of the rotation (轮换组).")] = "",
    sequence: Annotated[int, typer.Option("--sequence", help="Place where burdens are equal (序位).")] = 0,
    name: Annotated[str, typer.Option("--name", help="Default: its own name.")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Take one account or line into a draft (登记参与对象); who is in it already is changed to this."""
    kind = ParticipantKind.LINE if line else ParticipantKind.ACCOUNT
    if shed is None and not line:
        raise InvalidInput("say what is given up: --shed")
    schemes.take_in(
        scheme_id=scheme_id, kind=kind, code=code, measure=Measure.CUT if line else measure, before_kw=before,
        shed_kw=before if shed is None else shed, rota=rota, sequence=sequence, name=name,
        actor=terminal.acting(as_person), at=terminal.now(),
    )  # fmt: skip
    terminal.done(f"{code} takes part in scheme {scheme_id}", {"scheme": scheme_id, "code": code}, as_json=as_json)


@app.command("approve-scheme")
def approve_scheme(
    scheme_id: int,
    document: Annotated[str, typer.Option("--document", help="The authority's paper (批准文号).")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Approve a draft (批准方案); who drafted it does not."""
    schemes.approve(scheme_id=scheme_id, document=document, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"scheme {scheme_id} stands", {"scheme": scheme_id}, as_json=as_json)


@app.command()
def propose(
    unit: Unit,
    begin: From,
    end: To,
    gap: Annotated[int, typer.Option("--gap", help="What is short, kW (缺口).")] = 0,
    level: Annotated[str, typer.Option("--level", help="Or a level of the rule: I, II, III, IV (等级).")] = "",
    shortage: Annotated[ShortageKind, typer.Option("--shortage", help="What is short.")] = ShortageKind.SYSTEM,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Draft an order (新建限电指令): whose turn it is, and why."""
    actor = terminal.acting(as_person)
    number = flow.propose(
        unit_code=unit, starts_at=queries.moment(begin), ends_at=queries.moment(end), gap_kw=gap, level=level,
        shortage=shortage, actor=actor, at=terminal.now(), library=terminal.rules(),
    )  # fmt: skip
    _show(number, as_person, as_json=as_json)


@app.command()
def show(number: Number, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Show an order: who is chosen, who is not, and why."""
    _show(number, as_person, as_json=as_json)


@app.command()
def swap(
    number: Number,
    out: Annotated[str, typer.Option("--out", help="Who is taken out (code).")] = "",
    into: Annotated[str, typer.Option("--in", help="Who is taken in (code).")] = "",
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Swap participants for a reason (调换)."""
    orders.swap(
        number=number, out=out, into=into, reason=reason, actor=terminal.acting(as_person), at=terminal.now()
    )  # fmt: skip
    _show(number, as_person, as_json=as_json)


@app.command()
def change(
    number: Number, begin: From, end: To,
    gap: Annotated[int, typer.Option("--gap", help="What is short, kW (缺口).")],
    reason: terminal.Reason = "", as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False,
) -> None:  # fmt: skip
    """Change an order that has not begun (变更); it is approved and published again."""
    flow.change(
        number=number, starts_at=queries.moment(begin), ends_at=queries.moment(end), gap_kw=gap, reason=reason,
        actor=terminal.acting(as_person), at=terminal.now(), library=terminal.rules(),
    )  # fmt: skip
    _show(number, as_person, as_json=as_json)


@app.command()
def approve(
    number: Number,
    note: Annotated[str, typer.Option("--note", help="Why less than the gap is enough.")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Approve an order (批准); who made it does not."""
    orders.approve(number=number, note=note, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"{number} is approved", {"number": number}, as_json=as_json)


@app.command()
def publish(number: Number, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Publish an order (发布): a worker tells everyone it takes."""
    orders.publish(number=number, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"{number} is published", {"number": number}, as_json=as_json)


@app.command()
def cancel(
    number: Number, reason: terminal.Reason = "", as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:
    """Cancel an order that has not begun (取消)."""
    orders.cancel(number=number, reason=reason, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"{number} is canceled", {"number": number}, as_json=as_json)


@app.command()
def start(
    number: Number,
    off: Annotated[str, typer.Option("--off", metavar="TIME", help="When it began; default: now.")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Rationing began (限电开始)."""
    now = terminal.now()
    off_at = queries.moment(off) if off else now
    count = running.start(number=number, off_at=off_at, actor=terminal.acting(as_person), at=now)
    terminal.done(f"{number}: {count} are rationed", {"number": number, "participants": count}, as_json=as_json)


@app.command()
def allow(
    number: Number, code: str,
    before: Annotated[int, typer.Option("--before", help="kW used before.")],
    allowed: Annotated[int, typer.Option("--allowed", help="kW allowed meanwhile.")],
    as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False,
) -> None:  # fmt: skip
    """What a customer used before and may use meanwhile (允许负荷)."""
    running.allow(
        number=number, code=code, before_kw=before, allowed_kw=allowed, actor=terminal.acting(as_person),
        at=terminal.now(),
    )  # fmt: skip
    terminal.done(f"{number}: {code} may use {allowed} kW", {"number": number, "code": code}, as_json=as_json)


@app.command()
def restore(
    number: Number,
    on: Annotated[str, typer.Option("--on", metavar="TIME", help="When it ended; default: now.")] = "",
    code: Annotated[list[str] | None, typer.Option("--code", help="Only this participant; may be repeated.")] = None,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Power as before (恢复用电), for all or some."""
    now = terminal.now()
    on_at = queries.moment(on) if on else now
    left = running.restore(number=number, on_at=on_at, codes=code or (), actor=terminal.acting(as_person), at=now)
    terminal.done(f"{number}: {left} are still rationed", {"number": number, "left": left}, as_json=as_json)


@app.command()
def finish(number: Number, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """The order is over (限电结束)."""
    running.finish(number=number, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"{number} is over", {"number": number}, as_json=as_json)


@app.command()
def notices(number: Number, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """What was told of an order, with the text for the media (限电告知)."""
    found = queries.telling_view(terminal.scope(terminal.acting(as_person), ""), number, now=terminal.now())
    if as_json:
        terminal.show_json(found)
        return
    rows = [
        {"kind": one.kind, "made_at": one.made_at, "due_by": one.due_by, "accounts": one.accounts,
         "reached": one.reached, "by_hand": one.by_hand, "left": one.left}
        for one in found.tellings
    ]  # fmt: skip
    columns = {
        "kind": "告知 kind", "made_at": "发出 made", "due_by": "最迟 due", "accounts": "户 accounts", "reached": "送达 reached",
        "by_hand": "人工 by hand", "left": "未告知 left",
    }  # fmt: skip
    terminal.show_rows(rows, columns, title=found.media, empty="还没有告知 nothing was told", as_json=False)


@app.command()
def saved(number: Number, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """What an order really saved (实际压降), by participant."""
    found = queries.saved(
        terminal.scope(terminal.acting(as_person), ""), number, library=terminal.rules()
    )  # fmt: skip
    if as_json:
        terminal.show_json(found)
        return
    rows = [
        {"code": one.code, "name": one.name, "shed_kw": one.shed_kw, "saved_kw": one.saved_kw,
         "like_days": one.like_days, "why": one.why}
        for one in found.shares
    ]  # fmt: skip
    columns = {
        "code": "编码 code", "name": "名称 name", "shed_kw": "应压 kW due", "saved_kw": "实压 kW saved",
        "like_days": "可比日 like days", "why": "不可计算 not computable",
    }  # fmt: skip
    title = f"{number}: {found.saved_wh / 1000:.1f} kWh 实际压降 saved"
    terminal.show_rows(rows, columns, title=title, empty="没有对象 nobody", as_json=False)


@app.command()
def burdens(unit: Unit, year: int, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Hours by participant of a year (限电时长), with their spread."""
    found = queries.burdens(
        terminal.scope(terminal.acting(as_person), ""), unit, year=year, library=terminal.rules()
    )  # fmt: skip
    if as_json:
        terminal.show_json(found)
        return
    rows = [
        {"code": one.code, "name": one.name, "measure": one.measure, "times": one.times,
         "hours": f"{one.seconds / 3600:.1f}", "equivalent": f"{one.equivalent_s / 3600:.2f}"}
        for one in found.rows
    ]  # fmt: skip
    columns = {
        "code": "编码 code", "name": "名称 name", "measure": "措施 measure", "times": "次 times", "hours": "小时 hours",
        "equivalent": "等效小时 equivalent",
    }  # fmt: skip
    told = "; ".join(f"{one.measure} {one.spread / 3600:.1f} h" for one in found.spreads)
    limited = f"等效停电 equivalent {found.limited.equivalent_s / 3600:.2f} h / 限电 limited {found.limited.seconds / 3600:.1f} h"
    terminal.show_rows(
        rows, columns, title=f"极差 spread: {told}; {limited}", empty="没有参与对象 nobody", as_json=False
    )


def _show(number: str, as_person: str, *, as_json: bool) -> None:
    found = queries.order(
        terminal.scope(terminal.acting(as_person), ""), number, library=terminal.rules()
    )  # fmt: skip
    if as_json:
        terminal.show_json(found)
        return
    rows = [
        {"chosen": "✓" if one.is_chosen else "", "code": one.code, "name": one.name, "measure": one.measure,
         "shed_kw": one.shed_kw, "hours": f"{one.burden_s / 3600:.1f}", "why": one.why, "detail": one.detail}
        for one in found.shares
    ]  # fmt: skip
    columns = {
        "chosen": "选", "code": "编码 code", "name": "名称 name", "measure": "措施 measure", "shed_kw": "压降 kW",
        "hours": "本年小时 hours", "why": "理由 why", "detail": "说明 detail",
    }  # fmt: skip
    title = f"{number} {found.state}: {found.shed_kw} / {found.gap_kw} kW, 缺 short {found.short_kw}"
    terminal.show_rows(rows, columns, title=title, empty="没有参与对象 nobody", as_json=False)
