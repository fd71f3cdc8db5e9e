"""``wandeng storm``: storm mode, what devices told, probable devices, expected restoration, ties, generators."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from wandeng.calc.probable_device import Device
from wandeng.domains.cases.types import Charter
from wandeng.domains.emergency.actions import estimates, faults, generators, storms
from wandeng.domains.emergency.queries import announcing, probable, resupplying
from wandeng.domains.emergency.queries import board as boards
from wandeng.domains.emergency.queries import estimates as expected
from wandeng.domains.emergency.queries import generators as generator_queries
from wandeng.domains.emergency.types import EstimateSource
from wandeng.domains.organization import queries as organization
from wandeng.domains.reliability import queries as reliability
from wandeng.flows import storms as flow
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import terminal
from wandeng.interfaces.cli.case_work import moment

app = typer.Typer(
    no_args_is_help=True, help="Storms (应急抢修): storm mode, probable devices, restoration, generators."
)
generator = typer.Typer(no_args_is_help=True, help="Emergency generators (应急发电车).")
app.add_typer(generator, name="generator")
Unit = Annotated[str, typer.Option("--unit", "-u", metavar="CODE", help="The unit (单位) and all below it.")]
Number = Annotated[str, typer.Argument(metavar="INCIDENT", help="Number of the incident (归并单号).")]
Switch = Annotated[str, typer.Argument(metavar="SWITCH", help="Code of the switch (开关编码).")]
Generator = Annotated[str, typer.Argument(metavar="GENERATOR", help="Code of the generator (编号).")]
Account = Annotated[str, typer.Argument(metavar="ACCOUNT", help="Account number (户号).")]
Kva = Annotated[int, typer.Option("--kva", min=1, help="Whole kVA.")]


@app.command()
def on(
    unit: Unit,
    reason: terminal.Reason,
    say: Annotated[str, typer.Option("--say", help="What the telephone says first (话务公告).")] = "",
    cases: Annotated[int, typer.Option("--cases", help="So many calls of a transformer make an incident.")] = 0,
    areas: Annotated[int, typer.Option("--areas", help="So many transformers of a feeder make one.")] = 0,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Switch storm mode on (启动风暴模式)."""
    made = storms.begin(
        unit_code=unit, reason=reason, announcement=say, transformer_cases=cases, feeder_transformers=areas,
        actor=terminal.acting(as_person), at=terminal.now(), library=terminal.rules(),
    )  # fmt: skip
    terminal.done(f"风暴模式已启动 storm mode is on: {unit}", {"id": made, "unit": unit}, as_json=as_json)


@app.command()
def off(
    unit: Unit, reason: terminal.Reason, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:
    """Switch storm mode off (解除风暴模式)."""
    made = storms.end(unit_code=unit, reason=reason, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"风暴模式已解除 storm mode is off: {unit}", {"id": made, "unit": unit}, as_json=as_json)


@app.command()
def announcement(unit: Unit, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """What a caller of a unit hears first (话务公告)."""
    found = announcing.announcement(organization.unit(terminal.scope(terminal.acting(as_person), ""), unit).path)
    if as_json:
        terminal.show_json(found)
        return
    terminal.done(found.text if found else "没有公告 none", {}, as_json=False)


@app.command()
def board(
    unit: terminal.UnitCode = "",
    hours: Annotated[int, typer.Option("--hours", min=1, max=72, help="So many hours back (小时).")] = 12,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Waves of a quarter of an hour (风暴看板)."""
    scope, now = terminal.scope(terminal.acting(as_person), unit), terminal.now()
    found = boards.board(scope, since=now - timedelta(hours=hours), now=now)
    if as_json:
        terminal.show_json(found)
        return
    columns = {
        "begins_at": "时间 from", "calls": "报修 calls", "incidents": "故障 incidents", "customers_off": "新停电户 off",
        "restored": "复电户 restored", "standing_off": "仍停电户 still off",
    }  # fmt: skip
    told = [one for one in found.waves if one.calls or one.incidents or one.customers_off or one.restored]
    title = f"仍停电 {found.customers_off} 户 off, 已复电 {found.restored} 户 restored"
    terminal.show_list(told, columns, title=title, empty="quiet", as_json=False)


@app.command("probable")
def probable_(
    unit: terminal.UnitCode = "", as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:
    """Probable devices with their evidence (故障研判)."""
    scope = terminal.scope(terminal.acting(as_person), unit)
    found = probable.judgement(scope, now=terminal.now(), library=terminal.rules())
    if as_json:
        terminal.show_json(found)
        return
    columns = {
        "kind": "类型 kind", "device_code": "设备 device", "confidence": "把握 sure", "dark": "停电台区 dark",
        "areas": "台区 areas", "customers": "户数 customers", "terminals_off": "终端 terminals", "meters_off": "电能表 meters",
        "calls": "报修 calls", "tripped": "跳闸 tripped", "incident": "归并单 incident",
    }  # fmt: skip
    terminal.show_list(
        found.devices, columns, title="故障研判 probable devices", empty="nothing is dark", as_json=False
    )


@app.command()
def confirm(
    kind: Annotated[Device, typer.Argument(metavar="KIND", help="FEEDER, SWITCH or TRANSFORMER.")],
    code: Annotated[str, typer.Argument(metavar="CODE", help="Code of the device (设备编码).")],
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Confirm a probable device: an incident and an interruption (故障确认)."""
    number = faults.confirm(
        kind=kind, code=code, actor=terminal.acting(as_person), at=terminal.now(), charter=Charter.current()
    )
    terminal.done(f"归并单 {number}, 停电事件 interruption GZ{number}", {"incident": number}, as_json=as_json)


@app.command()
def expect(
    number: Number,
    expected_at: Annotated[str, typer.Argument(metavar="TIME", help="Local time, YYYY-MM-DDTHH:MM (预计恢复).")],
    source: Annotated[
        EstimateSource, typer.Option("--source", help="CREW, DISPATCHER or PLAN.")
    ] = EstimateSource.DISPATCHER,
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Say when supply is expected back, and by whose word (预计恢复时间)."""
    told = estimates.say(
        incident=number, expected_at=moment(expected_at), source=source, reason=reason,
        actor=terminal.acting(as_person), at=terminal.now(), charter=Charter.current(),
    )  # fmt: skip
    terminal.done(f"{number}: {expected_at}, 工单 cases {told}", {"number": number, "cases": told}, as_json=as_json)


@app.command()
def history(number: Number, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """What was said of an incident's restoration (预计恢复记录)."""
    found = expected.history(terminal.scope(terminal.acting(as_person), ""), number, now=terminal.now())
    columns = {
        "expected_at": "预计恢复 expected", "source": "来源 source", "confidence": "把握 sure", "set_at": "告知 told",
        "set_by": "告知人 by", "note": "原因 reason",
    }  # fmt: skip
    terminal.show_list(found, columns, title=number, empty="nobody has said", as_json=as_json)


@app.command()
def restore(
    number: Number,
    at: Annotated[str, typer.Option("--at", help="Local time supply came back; default: now (恢复时间).")] = "",
    area: Annotated[list[str] | None, typer.Option("--area", help="Only this transformer (台区).")] = None,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Areas of a confirmed fault have supply again (分步送电)."""
    now, actor = terminal.now(), terminal.acting(as_person)
    chosen = reliability.still_off(Scope.of(actor), f"GZ{number}", tuple(area or ()))
    left = faults.restore(incident=number, areas=chosen, on_at=moment(at) if at else now, actor=actor, at=now)
    terminal.done(f"{number}: 仍停电台区 still off {left}", {"number": number, "left": left}, as_json=as_json)


@app.command()
def events(as_json: terminal.AsJson = False) -> None:
    """Give supply back to areas of confirmed faults whose meters or terminals say so (按上电事件复电)."""
    count = faults.restore_by_events(at=terminal.now(), charter=Charter.current())
    terminal.done(f"复电台区 areas restored {count}", {"areas": count}, as_json=as_json)


@app.command()
def resupply(
    switch: Switch,
    also: Annotated[list[str] | None, typer.Option("--open", help="A further switch that stands open.")] = None,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Which ties could feed what is dark behind a switch; nothing is switched (转供方案)."""
    scope = terminal.scope(terminal.acting(as_person), "")
    found = resupplying.what_if(scope, switch=switch, also_open=tuple(also or ()), now=terminal.now())
    if as_json:
        terminal.show_json(found)
        return
    columns = {
        "switch_code": "联络 tie", "feeder_code": "馈线 feeder", "verdict": "结论 verdict", "customers": "户数 customers",
        "moved_ckva": "转移 moved 0.01 kVA", "left_ckva": "余量 left 0.01 kVA", "unknown_loads": "无负荷资料 unknown",
    }  # fmt: skip
    title = f"隔离 isolated {', '.join(found.opened)}: 停电台区 dark {found.dark}"
    terminal.show_list(found.ties, columns, title=title, empty="no tie reaches them", as_json=False)


@app.command()
def rate(
    switch: Switch,
    kva: Kva,
    document: Annotated[str, typer.Option("--document", help="Where that is written (依据).")],
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Note what a switch and its line may carry (载流能力)."""
    actor = terminal.acting(as_person)
    faults.rate_switch(code=switch, may_ckva=kva * 100, document=document, actor=actor, at=terminal.now())
    terminal.done(f"{switch}: {kva} kVA", {"switch": switch, "kva": kva}, as_json=as_json)


@app.command()
def ratings(
    unit: terminal.UnitCode = "",
    missing: Annotated[bool, typer.Option("--missing", help="Only those of which nothing is noted (缺资料).")] = False,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """What switches and their lines may carry, and of which that is not known (载流能力)."""
    found = resupplying.ratings_rows(terminal.scope(terminal.acting(as_person), unit)).order_by("code")
    rows = list(found.filter(is_rated=False) if missing else found)
    columns = {
        "code": "开关 switch", "name": "名称 name", "feeder_name": "馈线 feeder", "unit_name": "单位 unit",
        "may_ckva": "允许 may carry 0.01 kVA", "document": "依据 document",
    }  # fmt: skip
    terminal.show_rows(rows, columns, title="开关载流能力 ratings", empty="none", as_json=as_json)


@app.command()
def needs(unit: terminal.UnitCode = "", as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Protected and important users who are off, who needs a generator first (应急供电需求)."""
    scope = terminal.scope(terminal.acting(as_person), unit)
    found = flow.needs(scope, now=terminal.now(), library=terminal.rules())
    columns = {
        "account_number": "户号 account", "protection": "保护 protection", "importance": "等级 importance",
        "minutes_left": "剩余分钟 left", "need_ckva": "需要 need 0.01 kVA", "generator": "发电车 generator",
    }  # fmt: skip
    terminal.show_list(found, columns, title="应急供电需求 needs", empty="nobody", as_json=as_json)


@app.command()
def backup(
    account: Account,
    minutes: Annotated[int, typer.Option("--minutes", min=0, help="How long it lasts (分钟).")],
    kva: Kva,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Note a user's own back-up supply (自备应急电源)."""
    generators.note_backup(
        account_number=account,
        minutes=minutes,
        need_ckva=kva * 100,
        actor=terminal.acting(as_person),
        at=terminal.now(),
    )
    terminal.done(f"{account}: {minutes} min, {kva} kVA", {"account": account, "minutes": minutes}, as_json=as_json)


@generator.command("list")
def list_(unit: terminal.UnitCode = "", as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """List generators (应急发电车)."""
    rows = list(generator_queries.generators_rows(terminal.scope(terminal.acting(as_person), unit)).order_by("code"))
    columns = {
        "code": "编号 code", "name": "名称 name", "unit_name": "单位 unit", "capacity_ckva": "容量 0.01 kVA", "state": "状态 state",
        "account_number": "派往 account",
    }  # fmt: skip
    terminal.show_rows(rows, columns, title="应急发电车 generators", empty="none", as_json=as_json)


@generator.command()
def note(
    code: Generator,
    name: Annotated[str, typer.Option("--name", help="Its name (名称).")],
    unit: Unit,
    kva: Kva,
    place: Annotated[str, typer.Option("--place", metavar="LON,LAT", help="Where it stands, degrees (位置).")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Note a generator, or where it stands now (登记)."""
    degrees = [round(float(one) * 1_000_000) for one in place.split(",")] if place else [None, None]
    generators.note(
        code=code, name=name, unit_code=unit, capacity_ckva=kva * 100, longitude_e6=degrees[0], latitude_e6=degrees[1],
        actor=terminal.acting(as_person), at=terminal.now(),
    )  # fmt: skip
    terminal.done(f"{code}: {kva} kVA", {"code": code, "kva": kva}, as_json=as_json)


@generator.command()
def send(
    code: Generator, account: Account, kva: Kva, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:
    """Send a generator to a user (派车)."""
    generators.send(
        code=code, account_number=account, need_ckva=kva * 100, actor=terminal.acting(as_person), at=terminal.now()
    )
    terminal.done(f"{code} → {account}", {"code": code, "account": account}, as_json=as_json)


@generator.command()
def supply(code: Generator, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """It supplies the user now (已供电)."""
    generators.supply(code=code, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"{code}: SUPPLYING", {"code": code}, as_json=as_json)


@generator.command()
def release(code: Generator, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """It is free again (撤回)."""
    generators.release(code=code, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"{code}: FREE", {"code": code}, as_json=as_json)
