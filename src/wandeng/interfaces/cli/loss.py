"""``wandeng loss``: line loss of transformer areas by day, odd areas, leads."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer

from wandeng.domains.cases.types import Charter
from wandeng.domains.losses import actions, queries
from wandeng.domains.losses.types import LEAD_READERS, LossCause, UseKind
from wandeng.flows import loss_leads, theft_settlements
from wandeng.flows.bill_run import Workshop
from wandeng.infra.scope import require_role
from wandeng.interfaces.cli import terminal
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import parse_scaled
from wandeng.kernel.periods import Month

app = typer.Typer(no_args_is_help=True, help="Line loss of transformer areas (台区线损): days, odd areas, leads.")

UnitOption = Annotated[str, typer.Option("--unit", "-u", metavar="CODE", help="The unit (单位) and all below it.")]
FromOption = Annotated[str, typer.Option("--from", metavar="DAY", help="First day (起); default: yesterday.")]
ToOption = Annotated[str, typer.Option("--to", metavar="DAY", help="Last day (止); default: the first.")]
Area = Annotated[str, typer.Argument(metavar="AREA", help="Code of the area (台区编码).")]
LeadId = Annotated[int, typer.Argument(metavar="LEAD", help="Number of the lead (线索编号).")]
WorkId = Annotated[int, typer.Argument(metavar="ID", help="Number of the followed-up area (线损治理编号).")]
_SUMS = {
    "code": "编码 code", "name": "名称 name", "supplied_ckwh": "供 supplied 0.01 kWh", "sold_ckwh": "售 sold 0.01 kWh",
    "loss_ckwh": "损 loss 0.01 kWh", "rate_e4": "线损率 rate 10⁻⁴", "days": "天 days", "without": "不可计算 without",
    "high": "高损 high", "negative": "负损 negative",
}  # fmt: skip


@app.command()
def compute(
    unit: UnitOption,
    from_on: FromOption = "",
    to_on: ToOption = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Compute days (计算日线损) of a unit; days that stand and are the same stay as they are."""
    first = terminal.day(from_on) if from_on else terminal.today() - timedelta(days=1)
    last = terminal.day(to_on) if to_on else first
    done = actions.compute(
        unit_code=unit, from_on=first, to_on=last + timedelta(days=1), actor=terminal.acting(as_person),
        at=terminal.now(), library=terminal.rules(),
    )  # fmt: skip
    told = f"{done.days} days of {done.areas} areas: {done.written} written, {done.revised} of them revisions"
    terminal.done(told, asdict(done), as_json=as_json)


@app.command()
def show(
    unit: UnitOption,
    month: Annotated[str, typer.Option("--month", "-m", metavar="YYYY-MM", help="A month (月份).")] = "",
    from_on: FromOption = "",
    to_on: ToOption = "",
    by: Annotated[queries.By, typer.Option("--by", help="Taken apart by unit, feeder or area.")] = queries.By.UNIT,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Show line loss (线损汇总): of a month by registers at both its ends, or the sums of computable days."""
    if month and (from_on or to_on):
        raise InvalidInput("give a month or days")
    scope = terminal.scope(terminal.acting(as_person), "")
    if month:
        told = queries.month_sums(scope, unit_code=unit, month=Month.parse(month), by=by, library=terminal.rules())
        columns = _SUMS | {"days": "可计算台区 areas", "status": "状态 status", "reason": "原因 reason"}
        terminal.show_list(told, columns, title=f"月线损 losses {month}", empty="no area", as_json=as_json)
        return
    first = terminal.day(from_on) if from_on else terminal.today() - timedelta(days=1)
    end = (terminal.day(to_on) if to_on else first) + timedelta(days=1)
    found = queries.sums(scope, unit_code=unit, from_on=first, to_on=end, by=by)
    title = f"线损 losses {first}..{end - timedelta(days=1)}"
    terminal.show_list(found, _SUMS, title=title, empty="no day computed", as_json=as_json)


@app.command("list")
def list_(
    unit: terminal.UnitCode = "",
    day: Annotated[str, typer.Option("--day", metavar="DAY", help="A day (日期); default: the latest.")] = "",
    status: Annotated[str, typer.Option("--status", help="HIGH, VERY_HIGH, NEGATIVE, NOT_COMPUTABLE.")] = "",
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List areas of a day (台区日线损), the highest loss first; without a status those that are high or negative."""
    scope = terminal.scope(terminal.acting(as_person), unit)
    on = terminal.day(day) if day else queries.last_day(scope)
    wanted = [status] if status else ["HIGH", "VERY_HIGH", "NEGATIVE"]
    rows = queries.losses_rows(scope).filter(day=on, status__in=wanted).order_by("-loss_ckwh", "id")[:limit]
    columns = {
        "day": "日期 day", "area_code": "台区 area", "area_name": "名称 name", "status": "状态 status", "reason": "原因 reason",
        "supplied_ckwh": "供 supplied", "sold_ckwh": "售 sold", "loss_ckwh": "损 loss", "rate_e4": "线损率 10⁻⁴",
        "read": "抄 read", "points": "表 points",
    }  # fmt: skip
    terminal.show_rows(list(rows), columns, title=f"台区日线损 {on}", empty="none", as_json=as_json)


@app.command()
def area(
    code: Area,
    from_on: FromOption = "",
    to_on: ToOption = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Show the days of one area (台区), with neighbours whose loss mirrors it; default: the last 31 days."""
    scope = terminal.scope(terminal.acting(as_person), "")
    end = (terminal.day(to_on) if to_on else terminal.today()) + timedelta(days=1)
    first = terminal.day(from_on) if from_on else end - timedelta(days=31)
    found = queries.area(scope, code, from_on=first, to_on=end, library=terminal.rules())
    if as_json:
        terminal.show_json(found)
        return
    columns = {
        "day": "日期 day", "status": "状态 status", "reason": "原因 reason", "supplied_ckwh": "供 supplied",
        "sold_ckwh": "售 sold", "loss_ckwh": "损 loss", "rate_e4": "线损率 10⁻⁴", "read": "抄 read", "points": "表 points",
        "revision": "版本 revision",
    }  # fmt: skip
    terminal.show_list(found.days, columns, title=f"{found.code} {found.name}", empty="no day computed", as_json=False)
    beside = {"code": "台区 area", "name": "名称 name", "correlation_e4": "相关 10⁻⁴", "moved_ckwh": "电量 0.01 kWh"}
    terminal.show_list(
        found.neighbours, beside, title="相反台区 mirrored", empty="no mirrored neighbour", as_json=False
    )


@app.command()
def leads(
    unit: terminal.UnitCode = "",
    make: Annotated[bool, typer.Option("--make", help="Compare the last days first (比对生成).")] = False,
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List leads (窃电线索), the most energy first: reasons, never a verdict."""
    actor = terminal.acting(as_person)
    require_role(actor, *LEAD_READERS)
    scope = terminal.scope(actor, unit)
    if make:
        if not unit:
            raise InvalidInput("name the unit whose areas are compared")
        last = queries.last_day(scope) or terminal.today()
        loss_leads.make_leads(
            unit_code=unit, to_on=last + timedelta(days=1), actor=actor, at=terminal.now(), charter=Charter.current()
        )
    rows = queries.leads_rows(scope).order_by("-attributed_ckwh", "id")[:limit]
    columns = {
        "id": "线索 lead", "state": "状态 state", "area_code": "台区 area", "account_number": "户号 account",
        "attributed_ckwh": "电量 0.01 kWh", "share_e4": "占损失 10⁻⁴", "days": "吻合天 days", "whole_days": "完整天 of",
        "tests": "反证 against", "case_number": "工单 case",
    }  # fmt: skip
    terminal.show_rows(list(rows), columns, title="线索 leads", empty="no lead", as_json=as_json)


@app.command()
def lead(number: LeadId, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Show a lead with its evidence (线索证据)."""
    actor = terminal.acting(as_person)
    require_role(actor, *LEAD_READERS)
    found = queries.lead(terminal.scope(actor, ""), number)
    if as_json:
        terminal.show_json(found)
        return
    columns = {"name": "项 item", "value": "值 value"}
    rows = [{"name": name, "value": str(value)} for name, value in asdict(found).items() if value not in ("", None)]
    terminal.show_rows(rows, columns, title=f"线索 lead {number}", empty="", as_json=False)


@app.command("open")
def open_(
    number: LeadId,
    despite: Annotated[bool, typer.Option("--despite", help="Although a neighbour mirrors the loss.")] = False,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Open the case of a lead (立案核查); the case names the area only."""
    made = loss_leads.open_case(
        lead_id=number, actor=terminal.acting(as_person), at=terminal.now(), charter=Charter.current(), despite=despite
    )
    terminal.done(f"lead {number} is case {made}", {"lead": number, "case": made}, as_json=as_json)


CapacityOption = Annotated[int, typer.Option("--capacity-w", min=1, help="Connected equipment in W (私接设备容量).")]
UseOption = Annotated[UseKind, typer.Option("--use", help="POWER (动力) or LIGHTING (照明): hours a day of the rule.")]
DaysOption = Annotated[int, typer.Option("--days", min=0, help="Days it lasted (窃电天数); 0: those of the rule.")]
RecordedOption = Annotated[str, typer.Option("--recorded-kwh", help="What the meter did record then (已计电量).")]
MultipleOption = Annotated[int, typer.Option("--multiple", min=0, help="Agreed multiple (倍数); 0: that of the rule.")]


@app.command()
def reckon(
    number: LeadId,
    capacity_w: CapacityOption,
    use: UseOption = UseKind.LIGHTING,
    days: DaysOption = 0,
    recorded_kwh: RecordedOption = "0",
    multiple: MultipleOption = 0,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Reckon what a confirmed theft comes to (窃电测算): energy, what is paid back, penalty, by the rule of its day."""
    actor = terminal.acting(as_person)
    require_role(actor, *LEAD_READERS)
    told = theft_settlements.reckon(
        terminal.scope(actor, ""), number, capacity_w=capacity_w, library=terminal.rules(), use=use, days=days or None,
        recorded_ckwh=parse_scaled(recorded_kwh, 2, what="energy in kWh"), multiple=multiple or None,
    )  # fmt: skip
    if as_json:
        terminal.show_json(told)
        return
    rows = [{"name": name, "value": str(value)} for name, value in asdict(told).items()]
    terminal.show_rows(
        rows, {"name": "项 item", "value": "值 value"}, title=f"线索 lead {number}", empty="", as_json=False
    )


@app.command()
def settle(
    number: LeadId,
    capacity_w: CapacityOption,
    use: UseOption = UseKind.LIGHTING,
    days: DaysOption = 0,
    recorded_kwh: RecordedOption = "0",
    multiple: MultipleOption = 0,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Carry it out (窃电追补): an adjustment of the newest bill for a second person, the sums into the case."""
    made = theft_settlements.settle(
        lead_id=number, capacity_w=capacity_w, actor=terminal.acting(as_person), at=terminal.now(),
        shop=Workshop.default(), charter=Charter.current(), use=use, days=days or None,
        recorded_ckwh=parse_scaled(recorded_kwh, 2, what="energy in kWh"), multiple=multiple or None,
    )  # fmt: skip
    told = f"run {made.run.run_id} is {made.run.state}; next: wandeng bill approve {made.run.run_id} --as another"
    terminal.done(told, {"lead": number, "run": made.run.run_id, "state": made.run.state}, as_json=as_json)


@app.command()
def night(
    unit: UnitOption,
    on: Annotated[str, typer.Option("--on", metavar="DAY", help="As on this day (日期); default: today.")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Do what the night does (夜间计算): last days anew, odd areas followed up, leads made, cases opened."""
    done = loss_leads.night(
        unit_code=unit, on=terminal.day(on) if on else terminal.today(), actor=terminal.acting(as_person),
        at=terminal.now(), charter=Charter.current(),
    )  # fmt: skip
    told = f"{done.written} days written, {done.followed} areas followed up, {done.leads} leads, {done.cases} cases"
    terminal.done(told, asdict(done), as_json=as_json)


@app.command()
def work(
    unit: terminal.UnitCode = "",
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List followed-up areas (线损治理), the open ones first."""
    scope = terminal.scope(terminal.acting(as_person), unit)
    rows = list(queries.work_rows(scope).order_by("done_at", "-opened_on", "id")[:limit])
    columns = {
        "id": "编号 id", "area_code": "台区 area", "kind": "类别 kind", "state": "状态 state", "odd_days": "天 days",
        "rate_e4": "线损率 10⁻⁴", "taken_by": "分析人 by", "cause": "原因 cause",
    }  # fmt: skip
    terminal.show_rows(rows, columns, title="线损治理 follow-up", empty="nothing to follow up", as_json=as_json)


@app.command()
def take(number: WorkId, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Take an area to look at (认领分析)."""
    actions.take(work_id=number, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"{number} is taken", {"id": number}, as_json=as_json)


@app.command()
def cause(
    number: WorkId,
    found: Annotated[LossCause, typer.Option("--cause", help="What it came from (原因).")],
    finding: Annotated[str, typer.Option("--finding", help="What was found (查明情况).")],
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Say what the loss came from (查明原因)."""
    actions.find_cause(
        work_id=number, cause=found, finding=finding, actor=terminal.acting(as_person), at=terminal.now()
    )
    terminal.done(f"{number}: {found}", {"id": number, "cause": found.value}, as_json=as_json)


@app.command()
def finish(number: WorkId, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Say that the cause is mended (治理完成)."""
    actions.finish(work_id=number, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"{number} is done", {"id": number}, as_json=as_json)
