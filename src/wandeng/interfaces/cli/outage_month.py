"""``wandeng outage month``: a month's outages gathered, searched, moved by hand, compared and adopted."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from wandeng.domains.outages.actions import months as actions
from wandeng.domains.outages.queries import months as queries
from wandeng.domains.outages.types.months import At, FiguresShown, SolutionShown
from wandeng.flows import outage_months as flow
from wandeng.interfaces.cli import terminal
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import Month

app = typer.Typer(no_args_is_help=True, help="Month plans (月度停电计划): gather, solve, pin, move, adopt.")

PlanId = Annotated[int, typer.Argument(metavar="PLAN", help="Id of the month plan (月度计划).")]
Number = Annotated[str, typer.Argument(metavar="NUMBER", help="Number of the outage (停电编号).")]
OnDay = Annotated[str, typer.Argument(metavar="DAY", help="YYYY-MM-DD.")]
Window = Annotated[str, typer.Argument(metavar="PART", help="Part of the day (时段), such as D1.")]
LiveOption = Annotated[bool, typer.Option("--live", help="As live work (带电作业).")]


@app.command()
def new(
    unit: Annotated[str, typer.Option("--unit", "-u", metavar="CODE", help="The unit (单位) and all below it.")],
    month: Annotated[str, typer.Option("--month", "-m", metavar="YYYY-MM", help="The month (月份).")],
    told_on: Annotated[str, typer.Option("--told-on", metavar="DAY", help="When people are told (公布日期).")] = "",
    live_crews: Annotated[int, typer.Option("--live-crews", help="Crews for live work (带电作业班组数).")] = 0,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Gather the planned outages of a unit and month (归集)."""
    made = actions.new(
        unit_code=unit, month=Month.parse(month), announced_on=_day(told_on) if told_on else terminal.today(),
        live_crews=live_crews, actor=terminal.acting(as_person), at=terminal.now(), library=terminal.rules(),
    )  # fmt: skip
    terminal.done(f"month plan {made} is gathered", {"plan": made}, as_json=as_json)


@app.command("list")
def list_(
    unit: terminal.UnitCode = "",
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List month plans, the latest first."""
    rows = list(queries.months_rows(terminal.scope(terminal.acting(as_person), unit)).order_by("-month", "id")[:limit])
    columns = {
        "id": "编号 id", "month": "月份 month", "unit_name": "单位 unit", "state": "状态 state", "placeable": "停电项数 jobs",
        "latest": "最新方案 latest", "adopted_solution": "采用 adopted",
    }  # fmt: skip
    terminal.show_rows(rows, columns, title="月度停电计划 month plans", empty="no month plan", as_json=as_json)


@app.command()
def gather(plan: PlanId, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Gather the outages anew, as they, the network and the rules stand now (重新归集)."""
    actor = terminal.acting(as_person)
    count = actions.gather(plan_id=plan, actor=actor, at=terminal.now(), library=terminal.rules())
    terminal.done(f"{count} outages gathered", {"jobs": count}, as_json=as_json)


@app.command()
def solve(
    plan: PlanId,
    seconds: Annotated[int | None, typer.Option("--seconds", help="At most so long by the clock (秒).")] = None,
    work: Annotated[
        int | None, typer.Option("--work", help="At most so much of the solver's own work: the same plan each time.")
    ] = None,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Search a plan now, with the pins as they stand (求解)."""
    actor = terminal.acting(as_person)
    number = flow.solve(
        plan_id=plan, seconds=seconds, work=work, actor=actor, clock=terminal.now, library=terminal.rules()
    )  # fmt: skip
    _show(queries.solution(terminal.scope(actor, ""), plan, number), as_json=as_json)


@app.command()
def show(
    plan: PlanId,
    solution: Annotated[int | None, typer.Option("--solution", "-s", help="Number of the solution (方案).")] = None,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Show a solution, the latest by default: figures beside the planner's own, each job with its reason, broken rules."""
    _show(queries.solution(terminal.scope(terminal.acting(as_person), ""), plan, solution), as_json=as_json)


@app.command()
def jobs(plan: PlanId, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Show the outages of a plan as they were gathered, and its solutions side by side."""
    found = queries.month_plan(terminal.scope(terminal.acting(as_person), ""), plan, library=terminal.rules())
    if as_json:
        terminal.show_json(found)
        return
    columns = {
        "number": "编号 number", "title": "名称 title", "state": "状态 state", "proposed": "申报 proposed", "pinned": "固定 pinned",
        "customers": "户数 customers", "left_out": "不参与 left out",
    }  # fmt: skip
    title = f"{found.brief.unit_name} {found.brief.month} {found.brief.state}"
    terminal.show_list(found.jobs, columns, title=title, empty="no outage", as_json=False)
    columns = {
        "number": "方案 solution", "kind": "来源 kind", "state": "状态 state", "customer_interruptions": "户次 interruptions",
        "areas_over": "超次台区 over", "least_over": "最少超次 least over", "unplaced": "未排 unplaced", "gap_permille": "差距‰ gap",
    }  # fmt: skip
    terminal.show_list(found.solutions, columns, title="方案 solutions", empty="no solution yet", as_json=False)


@app.command()
def pin(
    plan: PlanId, number: Number, on: OnDay, window: Window, live: LiveOption = False,
    as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False,
) -> None:  # fmt: skip
    """Keep an outage at a day and part of the day, whatever the rules say (固定)."""
    actor, place = terminal.acting(as_person), At(_day(on), window, live)
    actions.pin(plan_id=plan, number=number, place=place, actor=actor, at=terminal.now())
    terminal.done(f"{number} is pinned to {on} {window}", {"number": number}, as_json=as_json)


@app.command()
def unpin(
    plan: PlanId, number: Number, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:  # fmt: skip
    """Let an outage be placed freely again (取消固定)."""
    actions.unpin(plan_id=plan, number=number, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"{number} is free", {"number": number}, as_json=as_json)


@app.command()
def limit(
    plan: PlanId,
    number: Number,
    not_before: Annotated[str, typer.Option("--not-before", metavar="DAY", help="Its first day (最早日期).")] = "",
    due_on: Annotated[str, typer.Option("--due", metavar="DAY", help="Its last day in time (最迟日期).")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Say from which day an outage can be and by which it should (时间要求); what is not given has no limit."""
    actions.limit(
        plan_id=plan, number=number, not_before=_day(not_before) if not_before else None,
        due_on=_day(due_on) if due_on else None, actor=terminal.acting(as_person), at=terminal.now(),
    )  # fmt: skip
    terminal.done(f"{number} is limited", {"number": number}, as_json=as_json)


@app.command()
def move(
    plan: PlanId, number: Number, on: OnDay, window: Window, live: LiveOption = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would follow.")] = False,
    as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False,
) -> None:  # fmt: skip
    """Move an outage by hand and pin it there: what follows is shown, and kept as a further solution (移动)."""
    actor, place = terminal.acting(as_person), At(_day(on), window, live)
    told = queries.consequence(terminal.scope(actor, ""), plan, number, place=place)
    if not dry_run:
        actions.move(plan_id=plan, number=number, place=place, actor=actor, at=terminal.now())
    if as_json:
        terminal.show_json(told)
        return
    _show_figures({"现在 now": told.before, "移动后 moved": told.after})
    columns = {"number": "编号 number", "rule": "规则 rule", "details": "说明 details", "areas": "台区 areas"}
    terminal.show_list(told.new, columns, title="新出现 newly broken", empty="no rule newly broken", as_json=False)


@app.command()
def adopt(
    plan: PlanId,
    solution: Annotated[int, typer.Option("--solution", "-s", help="Number of the solution (方案).")],
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Write the times of a solution into the outages (采用)."""
    changed = actions.adopt(
        plan_id=plan, solution=solution, actor=terminal.acting(as_person), at=terminal.now(), library=terminal.rules()
    )
    terminal.done(f"{len(changed)} outages have new times", {"changed": list(changed)}, as_json=as_json)


@app.command()
def reopen(
    plan: PlanId,
    reason: Annotated[str, typer.Option("--reason", help="Why (原因).")],
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Take up an adopted plan again (重新编制)."""
    actor = terminal.acting(as_person)
    actions.reopen(plan_id=plan, reason=reason, actor=actor, at=terminal.now(), library=terminal.rules())
    terminal.done(f"month plan {plan} is open again", {"plan": plan}, as_json=as_json)


def _show(found: SolutionShown, *, as_json: bool) -> None:
    if as_json:
        terminal.show_json(found)
        return
    told = {"申报 proposed": found.proposal, "方案 solution": found.figures}
    if found.greedy:
        told = {"申报 proposed": found.proposal, "逐项最早 greedy": found.greedy, "方案 solution": found.figures}
    _show_figures(told)
    columns = {
        "number": "编号 number", "at": "安排 at", "why": "理由 why", "merged_with": "合并 merged with", "saved": "少停 spared",
    }  # fmt: skip
    gap = "–" if found.brief.gap_permille is None else f"≤ {found.brief.gap_permille} ‰"
    least = "–" if found.brief.least_over is None else str(found.brief.least_over)
    title = f"方案 solution {found.brief.number}: {found.brief.kind}, 差距 gap {gap}, 最少超次 least over {least}"
    terminal.show_list(found.placed, columns, title=title, empty="nothing is placed", as_json=False)
    columns = {
        "number": "编号 number", "rule": "规则 rule", "is_placed": "已排 placed", "details": "说明 details", "others": "相关 others",
    }  # fmt: skip
    terminal.show_list(found.findings, columns, title="规则 findings", empty="no rule is broken", as_json=False)


def _show_figures(told: dict[str, FiguresShown]) -> None:
    rows = [
        {
            "of": name, "interruptions": one.customer_interruptions, "kwh": one.load_kw_hours, "over": len(one.areas_over),
            "limit": len(one.areas_at_limit), "soon": len(one.areas_soon), "unplaced": one.unplaced, "broken": one.broken,
        }
        for name, one in told.items()
    ]  # fmt: skip
    columns = {
        "of": "", "interruptions": "停电户次 interruptions", "kwh": "停供 kWh", "over": "超次台区 over", "limit": "到限 at limit",
        "soon": "频繁 too soon", "unplaced": "未排 unplaced", "broken": "规则 broken",
    }  # fmt: skip
    terminal.show_rows(rows, columns, title="前后对比 compared", empty="", as_json=False)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InvalidInput(f"not a day: {text}") from error
