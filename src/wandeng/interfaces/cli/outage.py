"""``wandeng outage``: plans, decided, changed and canceled; how outages are shared out and plans are kept."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from wandeng.domains.outages import queries
from wandeng.domains.outages.actions import overruns, plans
from wandeng.domains.outages.queries import board
from wandeng.domains.outages.types import FindingShown, LiveLine, OutageCategory, OutageReason, PlanRequest
from wandeng.flows import outage_plans
from wandeng.interfaces.cli import outage_notice, outage_run, terminal
from wandeng.kernel.periods import BILLING_ZONE

app = typer.Typer(no_args_is_help=True, help="Outage plans (停电计划): plan, decide, change, fairness, fulfilment.")

app.add_typer(outage_notice.app, name="notice")
app.add_typer(outage_run.app, name="run")

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="Number of the plan (停电编号).")]
UnitOption = Annotated[str, typer.Option("--unit", "-u", metavar="CODE", help="The unit (单位).")]
TitleOption = Annotated[str, typer.Option("--title", help="What the plan is called (停电计划名称).")]
FromOption = Annotated[
    str, typer.Option("--from", metavar="TIME", help="YYYY-MM-DD HH:MM, supply goes off (停电开始).")
]
ToOption = Annotated[str, typer.Option("--to", metavar="TIME", help="YYYY-MM-DD HH:MM, supply is back (停电结束).")]
OpenOption = Annotated[list[str] | None, typer.Option("--open", metavar="CODE", help="A switch that is opened (断开).")]
CloseOption = Annotated[
    list[str] | None, typer.Option("--close", metavar="CODE", help="A tie that is closed meanwhile (合上转供).")
]
OutOption = Annotated[
    list[str] | None, typer.Option("--out", metavar="CODE", help="A transformer that is taken out (停运).")
]
WorkOption = Annotated[
    list[str] | None,
    typer.Option("--work", help='A work: "unit, description, crew, kind, account"; the last three may be left out.'),
]
ReasonCode = Annotated[OutageReason, typer.Option("--reason-code", help="Why supply is interrupted (停电原因).")]
CategoryOption = Annotated[OutageCategory, typer.Option("--category", help="Planned or temporary (停电类别).")]
LiveOption = Annotated[LiveLine, typer.Option("--live", help="Live work (带电作业): NONE, POSSIBLE, CHOSEN.")]
PlaceOption = Annotated[
    str, typer.Option("--place", help="Villages and communities (停电范围); default: of the areas.")
]


@app.command()
def today(as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Show today's outages (今日停电): planned, running, overdue, temporary, with what comes next."""
    found = board.board(terminal.scope(terminal.acting(as_person), ""), now=terminal.now())
    if as_json:
        terminal.show_json(found)
        return
    columns = {
        "stage": "状态 stage", "number": "编号 number", "title": "名称 title", "category": "类别 category",
        "starts_at": "停电 from", "ends_at": "复电 to", "still_off": "未复电 off", "minutes_over": "超时 over",
        "next_action": "下一步 next", "next_device": "设备 device",
    }  # fmt: skip
    title = f"今日停电 {found.day}: 未复电台区 areas off {found.still_off}, 超时 overdue {found.overdue}"
    terminal.show_list(found.outages, columns, title=title, empty="今天没有停电 no outage today", as_json=False)


@app.command()
def alarm(
    alarm_id: Annotated[int, typer.Argument(metavar="ID", help="Id of the alarm (告警编号).")],
    reason: terminal.Reason,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Answer for an alarm of an outage that lasts too long (确认超时告警)."""
    overruns.acknowledge(alarm=alarm_id, reason=reason, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"alarm {alarm_id} is answered for", {"id": alarm_id}, as_json=as_json)


@app.command("list")
def list_(
    unit: terminal.UnitCode = "",
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List outage plans (停电计划), the latest first."""
    rows = list(
        queries.plans_rows(terminal.scope(terminal.acting(as_person), unit)).order_by("-starts_at", "-id")[:limit]
    )
    columns = {
        "number": "编号 number", "title": "名称 title", "state": "状态 state", "unit_name": "单位 unit",
        "starts_at": "开始 from", "ends_at": "结束 to", "areas": "台区 areas", "customers": "户数 customers",
        "is_forbidden": "不能执行 forbidden",
    }  # fmt: skip
    terminal.show_rows(rows, columns, title="停电计划 outage plans", empty="no outage plan", as_json=as_json)


@app.command()
def show(number: Number, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Show a plan: areas with their history, findings, versions."""
    scope = terminal.scope(terminal.acting(as_person), "")
    found = queries.plan(scope, number, on=terminal.today(), library=terminal.rules())
    if as_json:
        terminal.show_json(found)
        return
    one = found.looked_at
    title = f"{number} {found.state} v{one.version}: {one.starts_at.astimezone(BILLING_ZONE):%Y-%m-%d %H:%M}, "
    title += f"{len(one.areas)} 台区 areas, {one.customers} 户 customers, {one.important} 重要 important"
    terminal.show_list(one.areas, _AREAS, title=title, empty="nobody is off", as_json=False)
    _show_findings(one.findings)


@app.command()
def check(
    unit: UnitOption, title: TitleOption, start: FromOption, end: ToOption, open_: OpenOption = None,
    close: CloseOption = None, out: OutOption = None, work: WorkOption = None,
    reason_code: ReasonCode = OutageReason.MAINTENANCE, category: CategoryOption = OutageCategory.PLANNED,
    live: LiveOption = LiveLine.NONE, place: PlaceOption = "", as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:  # fmt: skip
    """Look at a plan before it is drafted (校核): who is off, what speaks against it. Exit code 1 when something forbids it."""
    request = _request(unit, title, start, end, open_, close, out, work, reason_code, category, live, place)
    scope = terminal.scope(terminal.acting(as_person), "")
    found = outage_plans.preview(scope, request, now=terminal.now(), library=terminal.rules())
    if as_json:
        terminal.show_json(found)
    else:
        title = (
            f"{len(found.areas)} 台区 areas, {found.customers} 户 customers, {found.double_supply} 双电源 keep a supply"
        )
        terminal.show_list(found.areas, _AREAS, title=title, empty="nobody is off", as_json=False)
        _show_findings(found.findings)
    if any(one.severity == "REFUSES" for one in found.findings):
        raise typer.Exit(1)


@app.command()
def draft(
    unit: UnitOption, title: TitleOption, start: FromOption, end: ToOption, open_: OpenOption = None,
    close: CloseOption = None, out: OutOption = None, work: WorkOption = None,
    reason_code: ReasonCode = OutageReason.MAINTENANCE, category: CategoryOption = OutageCategory.PLANNED,
    live: LiveOption = LiveLine.NONE, place: PlaceOption = "", as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:  # fmt: skip
    """Draft a plan (新建停电计划)."""
    request = _request(unit, title, start, end, open_, close, out, work, reason_code, category, live, place)
    actor = terminal.acting(as_person)
    made = outage_plans.draft(request=request, actor=actor, at=terminal.now(), library=terminal.rules())
    terminal.done(f"outage {made} is drafted", {"number": made}, as_json=as_json)


@app.command()
def change(
    number: Number, reason: terminal.Reason, start: FromOption, end: ToOption, open_: OpenOption = None,
    close: CloseOption = None, out: OutOption = None, work: WorkOption = None, as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:  # fmt: skip
    """Change a plan (变更停电计划): the next version. What is left out stays as it is."""
    actor = terminal.acting(as_person)
    scope = terminal.scope(actor, "")
    was = queries.plan(scope, number, on=terminal.today(), library=terminal.rules())
    isolation = queries.isolation_written(
        opened=" ".join(open_ or []), closed=" ".join(close or []), out=" ".join(out or [])
    )
    as_it_is = queries.request_of(was)
    request = replace(
        as_it_is, starts_at=queries.moment(start), ends_at=queries.moment(end),
        isolation=isolation or as_it_is.isolation, works=queries.works_written(work or []) or as_it_is.works,
        place="" if isolation else as_it_is.place,
    )  # fmt: skip
    made = outage_plans.change(
        number=number, request=request, reason=reason, actor=actor, at=terminal.now(), library=terminal.rules()
    )
    terminal.done(f"{number} has version {made}", {"number": number, "version": made}, as_json=as_json)


@app.command()
def acknowledge(
    number: Number,
    code: Annotated[str, typer.Argument(metavar="CODE", help="Word of the finding, e.g. PEAK_HOURS.")],
    reason: terminal.Reason,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Answer for a warning with a reason (确认提醒)."""
    plans.acknowledge(number=number, code=code, reason=reason, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"{code} of {number} is acknowledged", {"number": number, "code": code}, as_json=as_json)


@app.command()
def submit(number: Number, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Hand a draft in for approval (提交审批)."""
    plans.submit(number=number, actor=terminal.acting(as_person), at=terminal.now(), library=terminal.rules())
    terminal.done(f"{number} is submitted", {"number": number}, as_json=as_json)


@app.command()
def approve(
    number: Number,
    note: Annotated[str, typer.Option("--note", help="A note (意见).")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Approve at the level whose turn it is (批准), a plan or a change of a published one."""
    left = plans.approve(
        number=number, note=note, actor=terminal.acting(as_person), at=terminal.now(), library=terminal.rules()
    )
    told = f"{number} is approved" + (f", next {left}" if left else "")
    terminal.done(told, {"number": number, "next": left}, as_json=as_json)


@app.command("send-back")
def send_back(
    number: Number, reason: terminal.Reason, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:
    """Send a plan back, or drop a change (退回)."""
    plans.send_back(
        number=number, note=reason, actor=terminal.acting(as_person), at=terminal.now(), library=terminal.rules()
    )
    terminal.done(f"{number} is sent back", {"number": number}, as_json=as_json)


@app.command()
def review(number: Number, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Review a plan again (重新校核): history and other plans have moved on."""
    plans.review(number=number, actor=terminal.acting(as_person), at=terminal.now(), library=terminal.rules())
    terminal.done(f"{number} is reviewed", {"number": number}, as_json=as_json)


@app.command("withdraw-change")
def withdraw_change(number: Number, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Take back a change that waits for approval (撤回变更)."""
    plans.withdraw_change(number=number, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"the change of {number} is withdrawn", {"number": number}, as_json=as_json)


@app.command()
def publish(number: Number, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Publish an approved plan (发布): from now on it counts as told."""
    plans.publish(number=number, actor=terminal.acting(as_person), at=terminal.now(), library=terminal.rules())
    terminal.done(f"{number} is published", {"number": number}, as_json=as_json)


@app.command()
def cancel(
    number: Number, reason: terminal.Reason, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:
    """Cancel a plan that does not run yet (取消)."""
    plans.cancel(number=number, reason=reason, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"{number} is canceled", {"number": number}, as_json=as_json)


@app.command()
def faults(as_json: terminal.AsJson = False) -> None:
    """Look whether the plans hold (停电计划核对): against the network, what was told, and what is recorded. Exit code 1 when not."""
    found = queries.faults()
    columns = {"number": "停电编号 number", "fault": "问题 fault"}
    terminal.show_list(found, columns, title="停电计划问题 faults", empty="停电计划无误 all hold", as_json=as_json)
    if found:
        raise typer.Exit(1)


_AREAS = {
    "code": "台区 area", "place": "范围 place", "feeder_name": "馈线 feeder", "customers": "户数 customers",
    "important": "重要 important", "planned_before": "本年计划 this year", "recent_before": "近两月 lately",
}  # fmt: skip


def _show_findings(found: tuple[FindingShown, ...]) -> None:
    columns = {"severity": "性质 kind", "code": "校核结果 finding", "facts": "依据 facts", "acknowledged_by": "确认 by"}
    terminal.show_list(found, columns, title="校核结果 findings", empty="nothing speaks against it", as_json=False)


def _request(
    unit: str, title: str, start: str, end: str, open_: list[str] | None, close: list[str] | None,
    out: list[str] | None, work: list[str] | None, reason_code: OutageReason, category: OutageCategory,
    live: LiveLine, place: str,
) -> PlanRequest:  # fmt: skip
    isolation = queries.isolation_written(
        opened=" ".join(open_ or []), closed=" ".join(close or []), out=" ".join(out or [])
    )
    return PlanRequest(
        unit, title, reason_code, queries.moment(start), queries.moment(end), isolation,
        queries.works_written(work or []), category, place, live,
    )  # fmt: skip
