"""``wandeng reliability``: interruptions, indices by standard, who stands out, what a customer met."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from wandeng.domains.reliability import actions, queries
from wandeng.domains.reliability.types import AreaYear, By, Cause, CustomerYear, Facts, InterruptionKind, Voltage
from wandeng.interfaces.cli import terminal
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import Month

app = typer.Typer(no_args_is_help=True, help="Reliability (停电与可靠性): interruptions, indices, lists, histories.")

UnitOption = Annotated[str, typer.Option("--unit", "-u", metavar="CODE", help="The unit (单位) and all below it.")]
YearOption = Annotated[int, typer.Option("--year", "-y", help="Calendar year (年); default: this one.")]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="Number of the interruption (停电编号).")]


@app.command()
def show(
    unit: UnitOption,
    month: Annotated[str, typer.Option("--month", "-m", metavar="YYYY-MM", help="A month (月份).")] = "",
    year: YearOption = 0,
    standard: Annotated[
        str, typer.Option("--standard", help="DLT836_MV (中压), DLT836_LV (低压) or IEEE1366.")
    ] = "DLT836_MV",
    by: Annotated[
        By, typer.Option("--by", help="Taken apart by unit, feeder, area type, kind, cause, month.")
    ] = By.UNIT,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Show the indices of a month or a year (可靠性指标) by a named standard."""
    if month and year:
        raise InvalidInput("give a month or a year")
    period = Month.parse(month).period if month else queries.calendar_year(year or terminal.today().year)
    scope = terminal.scope(terminal.acting(as_person), "")
    found = queries.analysis(
        scope,
        unit_code=unit,
        period=period,
        standard_code=standard,
        by=by,
        now=terminal.now(),
        library=terminal.rules(),
    )
    if as_json:
        terminal.show_json(found)
        return
    rows = [*found.rows, *([replace(found.whole, name="合计 whole")] if found.whole else [])]
    if found.year_before is not None:
        rows.append(replace(found.year_before, name="上年同期 year before"))
    if found.without is not None:
        rows.append(replace(found.without, name="不计重大事件日 without major event days"))
    columns = {
        "name": "名称 name", "users": "用户数 users", "interruptions": "停电次数 events", "saidi_e4": "SAIDI 10⁻⁴ h",
        "saifi_e4": "SAIFI 10⁻⁴", "caidi_e4": "CAIDI 10⁻⁴ h", "maifi_e4": "MAIFI 10⁻⁴", "asai_1_e5": "ASAI-1 10⁻⁵",
    }  # fmt: skip
    title = f"{found.standard} {found.from_on}..{found.to_on}"
    terminal.show_list(rows, columns, title=title, empty="nobody is supplied there", as_json=False)


@app.command()
def history(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="Account number (户号).")],
    year: YearOption = 0,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Show what a customer met in a year (停电履历)."""
    scope = terminal.scope(terminal.acting(as_person), "")
    chosen = year or terminal.today().year
    found = queries.account_history(scope, account, year=chosen, now=terminal.now(), library=terminal.rules())
    if as_json:
        terminal.show_json(found)
        return
    columns = {
        "number": "停电编号 number", "kind": "性质 kind", "cause": "原因 cause", "off_at": "停电 off", "on_at": "复电 on",
        "seconds": "秒 seconds",
    }  # fmt: skip
    title = f"{account} {chosen}: {found.times} × {found.seconds // 60} min"
    terminal.show_list(found.interruptions, columns, title=title, empty="no interruption in the year", as_json=False)


@app.command("list")
def list_(
    unit: terminal.UnitCode = "",
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List interruptions (停电事件), the latest first."""
    scope = terminal.scope(terminal.acting(as_person), unit)
    rows = list(queries.interruptions_rows(scope).order_by("-off_at", "id")[:limit])
    columns = {
        "number": "停电编号 number", "unit_name": "单位 unit", "kind": "性质 kind", "cause": "原因 cause", "off_at": "停电 off",
        "on_at": "复电 on", "areas": "台区 areas", "customers": "户数 customers",
    }  # fmt: skip
    terminal.show_rows(rows, columns, title="停电事件 interruptions", empty="no interruption", as_json=as_json)


@app.command()
def one(number: Number, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Show an interruption with its steps (停电区间)."""
    found = queries.interruption(terminal.scope(terminal.acting(as_person), ""), number)
    if as_json:
        terminal.show_json(found)
        return
    columns = {
        "transformer_code": "台区 area", "usage_point_code": "计量点 point", "off_at": "停电 off", "on_at": "复电 on",
        "customers": "户数 customers",
    }  # fmt: skip
    title = f"{number} {found.kind} {found.cause}: {found.areas} 台区 areas, {found.customers} 户 customers"
    terminal.show_list(found.steps, columns, title=title, empty="", as_json=False)


@app.command()
def standouts(
    unit: UnitOption,
    year: YearOption = 0,
    limit: terminal.Limit = 100,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Show customers off for long, areas off frequently or planned repeatedly (长时间、频繁、重复停电), beside the year before."""
    scope = terminal.scope(terminal.acting(as_person), "")
    found = queries.standouts(
        scope,
        unit_code=unit,
        year=year or terminal.today().year,
        now=terminal.now(),
        limit=limit,
        library=terminal.rules(),
    )
    if as_json:
        terminal.show_json(found)
        return
    customer = {
        "account_number": "户号 account", "transformer_code": "台区 area", "seconds": "秒 seconds", "times": "次 times",
        "seconds_before": "上年秒 before",
    }  # fmt: skip
    area = {
        "transformer_code": "台区 area", "unit_name": "单位 unit", "planned": "计划 planned", "frequent": "最多 most",
        "times": "次 times", "seconds": "秒 seconds",
    }  # fmt: skip
    parts: list[tuple[str, tuple[CustomerYear, ...] | tuple[AreaYear, ...], dict[str, str]]] = [
        (f"超过{found.over_hours}小时 over {found.over_hours} h", found.lasting, customer),
        ("频繁停电 frequent", found.frequent, area),
        ("重复停电 repeated", found.repeated, area),
    ]
    for title, rows, columns in parts:
        terminal.show_list(rows, columns, title=title, empty=f"{title}: –", as_json=False)


@app.command()
def record(
    number: Number,
    unit: UnitOption,
    kind: Annotated[InterruptionKind, typer.Option("--kind", help="Kind (停电性质).")],
    cause: Annotated[Cause, typer.Option("--cause", help="Cause (停电原因).")],
    step: Annotated[list[str], typer.Option("--step", help='A step: "CODE, off, on"; once for each.')],
    voltage: Annotated[Voltage, typer.Option("--voltage", help="Voltage (电压等级).")] = Voltage.MEDIUM,
    external: Annotated[bool, typer.Option("--external/--internal", help="From outside (外部影响).")] = False,
    feeder: Annotated[str, typer.Option("--feeder", metavar="CODE", help="The feeder (馈线).")] = "",
    device: Annotated[str, typer.Option("--device", help="What failed or was worked on (停电设备).")] = "",
    note: Annotated[str, typer.Option("--note", help="A note (备注).")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Record an interruption (登记停电事件) that came from no plan and no case."""
    facts = Facts(kind, cause, unit, voltage, external, feeder, device, "", note)
    steps, actor = queries.steps_written(step), terminal.acting(as_person)
    made = actions.record(number=number, facts=facts, steps=steps, actor=actor, at=terminal.now())
    terminal.done(f"interruption {number} is recorded", {"number": number, "id": made}, as_json=as_json)


@app.command()
def restore(
    number: Number,
    on: Annotated[
        str, typer.Option("--on", metavar="TIME", help="When supply came back: YYYY-MM-DD HH:MM (复电时间).")
    ],
    area: Annotated[
        list[str] | None, typer.Option("--area", metavar="CODE", help="Only this area (台区); may be repeated.")
    ] = None,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Write down that supply is back (登记复电), to all that are still off or to some areas."""
    actor = terminal.acting(as_person)
    still_off = queries.still_off(terminal.scope(actor, ""), number, area or [])
    left = actions.restore(
        number=number, on_at=queries.moment(on), transformers=still_off, actor=actor, at=terminal.now()
    )
    terminal.done(f"{number}: {left} steps are still off", {"number": number, "left": left}, as_json=as_json)


@app.command()
def check(as_json: terminal.AsJson = False) -> None:
    """Look whether the interruptions hold (停电记录核对): what they say, recomputed from their steps. Exit code 1 when not."""
    found = queries.faults()
    columns = {"number": "停电编号 number", "fault": "问题 fault"}
    terminal.show_list(found, columns, title="停电记录问题 faults", empty="停电记录无误 all hold", as_json=as_json)
    if found:
        raise typer.Exit(1)


@app.command()
def correct(
    number: Number,
    step: Annotated[list[str], typer.Option("--step", help='A step: "CODE, off, on"; once for each.')],
    reason: terminal.Reason,
    kind: Annotated[InterruptionKind | None, typer.Option("--kind", help="Kind (停电性质), where it changes.")] = None,
    cause: Annotated[Cause | None, typer.Option("--cause", help="Cause (停电原因), where it changes.")] = None,
    external: Annotated[bool | None, typer.Option("--external/--internal", help="From outside (外部影响).")] = None,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Correct an interruption (更正停电事件): a new revision with all its steps takes the place of what stands."""
    actor = terminal.acting(as_person)
    was = queries.interruption(terminal.scope(actor, ""), number)
    facts = Facts(
        kind or was.kind, cause or was.cause, was.unit_code, Voltage(was.voltage),
        was.is_external if external is None else external, was.feeder_code, was.device, was.belongs_to, was.note,
    )  # fmt: skip
    made = actions.correct(
        number=number, facts=facts, steps=queries.steps_written(step), reason=reason, actor=actor, at=terminal.now()
    )
    terminal.done(f"interruption {number} is corrected", {"number": number, "id": made}, as_json=as_json)
