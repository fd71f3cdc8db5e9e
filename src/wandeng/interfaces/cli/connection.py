"""``wandeng connection``: new connections from scheme to account, the board, and what the network lacks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

import typer

from wandeng.domains.cases.queries import one
from wandeng.domains.cases.types import CaseShown, Charter
from wandeng.domains.connections.actions import needs as needs_of
from wandeng.domains.connections.actions import projects, schemes
from wandeng.domains.connections.queries import board as boards
from wandeng.domains.connections.queries import projects as queries
from wandeng.domains.connections.types import Position, SourceWanted, SupplyTerms
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import terminal
from wandeng.interfaces.cli.case_work import local
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import format_scaled, parse_scaled

app = typer.Typer(
    no_args_is_help=True, help="New connections (业扩报装): scheme, sources, price, board, reinforcement."
)

Number = Annotated[str, typer.Argument(metavar="CASE", help="Number of the case (工单号).")]
_BOARD = {
    "number": "工单 case", "process": "类型 kind", "step": "环节 step", "due": "到期 due", "late": "超时 late",
    "named_owner": "责任人 answers", "manager": "项目经理 manager", "unit_name": "单位 unit",
}  # fmt: skip
_CANDIDATES = {
    "place": "序号", "transformer_code": "变压器 transformer", "transformer_name": "台区 area", "distance_m": "米 m",
    "capacity": "容量 kVA", "load": "负荷 load", "load_basis": "依据 from", "reserved": "预留 reserved", "spare": "余量 spare",
    "feeder": "馈线 feeder", "chosen": "选用 chosen",
}  # fmt: skip
_NEEDS = {
    "id": "序号", "transformer_code": "变压器 transformer", "lacking": "缺额 lacking kVA", "case_number": "工单 case",
    "noted": "提出 noted", "planned_on": "计划 planned", "done_on": "完成 done", "note": "说明 note",
}  # fmt: skip


@app.command()
def board(
    unit: Annotated[str, typer.Option("--unit", "-u", help="Only this unit (单位).")] = "",
    late: Annotated[bool, typer.Option("--late", help="Only what is late (已超时).")] = False,
    as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False,
) -> None:  # fmt: skip
    """Connections under way (在途), what ends first at the top."""
    rows = boards.board_rows(terminal.scope(terminal.acting(as_person), unit), now=terminal.now())
    if late:
        rows = rows.filter(is_late=True)
    shown = [
        dict(row) | {"due": local(row["due_at"]), "late": "是 yes" if row["is_late"] else ""}
        for row in rows.order_by("due_at", "id")
    ]
    terminal.show_rows(shown, _BOARD, title="业扩在途", empty="没有在途业扩 nothing is under way", as_json=as_json)


@app.command()
def show(number: Number, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """One connection: its candidates, sources and the account it became."""
    found = queries.project(_case(number, as_person))
    if as_json:
        terminal.show_json(found)
        return
    rows = [
        {
            "place": each.place, "transformer_code": each.transformer_code, "transformer_name": each.transformer_name,
            "distance_m": each.distance_m, "capacity": _kva(each.capacity_ckva), "load": _kva(each.load_ckva),
            "load_basis": each.load_basis, "reserved": _kva(each.reserved_ckva), "spare": _kva(each.spare_ckva),
            "feeder": f"{each.feeder_name} {_kva(each.feeder_contract_ckva)}/{_kva(each.feeder_capacity_ckva)}",
            "chosen": "✓" if each.is_chosen else "",
        }
        for each in found.candidates
    ]  # fmt: skip
    terminal.show_rows(rows, _CANDIDATES, title=f"供电方案 {number}", empty="没有备选 no candidates", as_json=False)
    for each in found.sources:
        typer.echo(f"电源 source {each.place}: {each.transformer_code or each.feeder_code} {_kva(each.capacity_ckva)} kVA "
                   f"{each.boundary} {each.usage_point}")  # fmt: skip
    typer.echo(f"电价 price {found.terms.price_code or '–'}, 勘查员 surveyor {found.surveyor or '–'}, "
               f"项目经理 manager {found.manager or '–'}, 户号 account {found.account_number or '–'}")  # fmt: skip


@app.command()
def surveyors(number: Number, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Who may survey: whom the customer chooses from (客户选择勘查员)."""
    rows = [
        {"code": code, "name": name} for code, name in queries.surveyors(_case(number, as_person), terminal.today())
    ]
    terminal.show_rows(
        rows, {"code": "工号 code", "name": "姓名 name"}, title="勘查员", empty="没有人 nobody", as_json=as_json
    )


@app.command()
def appoint(
    number: Number, surveyor: Annotated[str, typer.Option("--surveyor", help="Who surveys (勘查员).")] = "",
    manager: Annotated[str, typer.Option("--manager", help="Who leads the project (项目经理).")] = "",
    as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False,
) -> None:  # fmt: skip
    """Put in the surveyor whom the customer chose, and the project manager."""
    projects.appoint(surveyor=surveyor, manager=manager, **_common(number, as_person))
    _done(number, "已登记 noted", as_json)


@app.command()
def draft(
    number: Number, at: Annotated[str, typer.Option("--at", help="Where: longitude,latitude in degrees (经纬度).")] = "",
    address: Annotated[str, typer.Option("--address", help="Words of the place (村、小区).")] = "",
    as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False,
) -> None:  # fmt: skip
    """Draft the supply scheme from the network (拟定供电方案)."""
    found = schemes.draft_scheme(position=_place(at), address=address, **_common(number, as_person))
    terminal.done(f"{found} 个备选 candidates", {"number": number, "candidates": found}, as_json=as_json)


@app.command()
def choose(
    number: Number, place: Annotated[int, typer.Argument(help="Place of the candidate (序号).")],
    boundary: Annotated[str, typer.Option("--boundary", help="Boundary of ownership (产权分界点).")] = "",
    as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False,
) -> None:  # fmt: skip
    """Choose a candidate (选用方案)."""
    schemes.choose(place=place, boundary=boundary, **_common(number, as_person))
    _done(number, "已选用 chosen", as_json)


@app.command()
def sources(
    number: Number,
    source: Annotated[list[str], typer.Option("--source", help="FEEDER:KVA:BOUNDARY[:standby], main one first (电源).")],
    as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False,
) -> None:  # fmt: skip
    """Lay down the sources of a high-voltage supply (确定供电电源)."""
    schemes.set_sources(sources=[_source(each) for each in source], **_common(number, as_person))
    _done(number, "已确定 laid down", as_json)


@app.command()
def terms(
    number: Number, price: Annotated[str, typer.Option("--price", help="Price code (电价码).")],
    basic: Annotated[int, typer.Option("--basic", help="Basic charge: 1 capacity, 2 contract, 3 actual demand.")] = 0,
    demand: Annotated[str, typer.Option("--demand", help="Contract demand in kW (合同需量).")] = "0",
    pf: Annotated[int, typer.Option("--pf", help="Power factor standard (力率标准): 80, 85, 90.")] = 0,
    route: Annotated[str, typer.Option("--route", help="Reading route (抄表段); default: the neighbours'.")] = "",
    as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False,
) -> None:  # fmt: skip
    """Lay down by which price it will be billed (执行电价)."""
    wanted = SupplyTerms(price, basic, parse_scaled(demand, 2, what="demand"), pf, route)
    projects.set_terms(terms=wanted, **_common(number, as_person))
    _done(number, "已确定 laid down", as_json)


@app.command()
def needs(
    unit: Annotated[str, typer.Option("--unit", "-u", help="Only this unit (单位).")] = "",
    every: Annotated[bool, typer.Option("--all", help="Also those that are met (含已完成).")] = False,
    as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False,
) -> None:  # fmt: skip
    """Where the network must be reinforced (配网补强需求)."""
    rows = boards.need_rows(terminal.scope(terminal.acting(as_person), unit))
    if not every:
        rows = rows.filter(done_on__isnull=True)
    shown = [
        dict(row) | {"lacking": _kva(row["lacking_ckva"]), "noted": local(row["noted_at"])}
        for row in rows.order_by("noted_at", "id")
    ]
    terminal.show_rows(shown, _NEEDS, title="配网补强需求", empty="没有补强需求 no needs", as_json=as_json)


@app.command("follow-need")
def follow_need(
    need: Annotated[int, typer.Argument(help="Number of the need (序号).")],
    note: Annotated[str, typer.Option("--note", help="What (说明).")],
    planned: Annotated[str, typer.Option("--planned", help="Planned for (计划日期).")] = "",
    done: Annotated[str, typer.Option("--done", help="Done on (完成日期).")] = "",
    as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False,
) -> None:  # fmt: skip
    """Say for which day a reinforcement is planned, or when it was done."""
    days: list[date | None] = [terminal.day(each) if each else None for each in (planned, done)]
    needs_of.follow_need(
        need_id=need,
        note=note,
        planned_on=days[0],
        done_on=days[1],
        actor=terminal.acting(as_person),
        at=terminal.now(),
    )
    terminal.done(f"补强需求 {need} 已登记 noted", {"need": need}, as_json=as_json)


def _common(number: str, as_person: str) -> dict[str, Any]:
    return {
        "case_number": number, "actor": terminal.acting(as_person), "at": terminal.now(), "charter": Charter.current(),
    }  # fmt: skip


def _case(number: str, as_person: str) -> CaseShown:
    scope = Scope.of(terminal.acting(as_person))
    return one.case(scope, number, charter=Charter.current(), now=terminal.now())


def _done(number: str, word: str, as_json: bool) -> None:
    terminal.done(f"工单 {number} {word}", {"number": number}, as_json=as_json)


def _kva(ckva: int) -> str:
    return format_scaled(ckva, 2, trim=True)


def _place(text: str) -> Position | None:
    if not text:
        return None
    try:
        east, north = (int(Decimal(part) * 1_000_000) for part in text.split(","))
    except (InvalidOperation, ValueError):
        raise InvalidInput("a place is written as longitude,latitude in degrees") from None
    return Position(east, north)


def _source(text: str) -> SourceWanted:
    parts = text.split(":")
    if len(parts) not in (3, 4) or (len(parts) == 4 and parts[3] != "standby"):
        raise InvalidInput(f"a source is FEEDER:KVA:BOUNDARY or FEEDER:KVA:BOUNDARY:standby, not '{text}'")
    return SourceWanted(parts[0], parse_scaled(parts[1], 2, what="capacity"), parts[2], is_interlocked=len(parts) == 4)
