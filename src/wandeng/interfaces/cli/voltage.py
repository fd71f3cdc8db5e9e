"""``wandeng voltage``: the share of voltage in range, points, the work list."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from wandeng.domains.voltage import actions, queries
from wandeng.domains.voltage.types import Defect, VoltageCause
from wandeng.interfaces.cli import terminal
from wandeng.kernel.money import format_scaled
from wandeng.kernel.periods import Month

app = typer.Typer(no_args_is_help=True, help="Voltage (电压): share in range, monitoring points, work on bad voltage.")

UnitOption = Annotated[str, typer.Option("--unit", "-u", metavar="CODE", help="The unit (单位) and all below it.")]
MonthOption = Annotated[str, typer.Option("--month", "-m", metavar="YYYY-MM", help="Month (月份); default: this one.")]
Point = Annotated[str, typer.Argument(metavar="POINT", help="Code of the monitoring point (监测点编号).")]
Remedy = Annotated[int, typer.Argument(metavar="ID", help="Id of the remedy (治理单).")]


def _percent(share_e5: int | None) -> str:
    return "–" if share_e5 is None else f"{format_scaled(share_e5, 3)}%"


def _month(text: str) -> Month:
    return Month.parse(text) if text else Month.of(terminal.today())


@app.command()
def show(
    unit: UnitOption, month: MonthOption = "", as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:
    """Show the share of voltage in range (电压合格率) of a month, by class and by unit."""
    scope = terminal.scope(terminal.acting(as_person), "")
    found = queries.qualification(scope, unit_code=unit, period=_month(month).period, library=terminal.rules())
    if as_json:
        terminal.show_json(found)
        return
    classes = [
        {
            "name": one.voltage_class,
            "points": one.points,
            "over": one.over,
            "under": one.under,
            "share": _percent(one.share_e5),
        }
        for one in found.classes
    ]
    units = [
        {
            "name": one.unit_name,
            "points": one.points,
            "over": one.over,
            "under": one.under,
            "share": _percent(one.share_e5),
        }
        for one in found.units
    ]
    columns = {
        "name": "名称 name", "points": "监测点 points", "over": "超上限分钟 over", "under": "超下限分钟 under",
        "share": "合格率 share",
    }  # fmt: skip
    title = f"{found.unit_name} {_month(month)} 综合合格率 composite {_percent(found.composite_e5)}"
    terminal.show_rows(classes, columns, title=title, empty="", as_json=False)
    terminal.show_rows(
        units, columns, title="各单位 units", empty="没有电压数据 no voltage in the month", as_json=False
    )


@app.command()
def point(
    code: Point, month: MonthOption = "", as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:
    """Show a monitoring point (监测点) and the days of a month."""
    found = queries.point(terminal.scope(terminal.acting(as_person), ""), code, month=_month(month))
    if as_json:
        terminal.show_json(found)
        return
    columns = {
        "day": "日期 day", "monitored": "监测分钟 monitored", "over": "超上限 over", "under": "超下限 under",
        "max_dv": "最高 0.1V", "min_dv": "最低 0.1V", "faults": "数据问题 faults",
    }  # fmt: skip
    title = f"{code} {found.name} {_percent(found.share_e5)}"
    terminal.show_list(found.days, columns, title=title, empty="没有电压数据 no voltage in the month", as_json=False)


@app.command("list")
def list_(
    unit: terminal.UnitCode = "",
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List monitoring points (监测点), those most out of range in 30 days first."""
    scope = terminal.scope(terminal.acting(as_person), unit)
    rows = list(queries.points_rows(scope, on=terminal.today()).order_by("-under", "-over", "code")[:limit])
    columns = {
        "code": "监测点 point", "name": "名称 name", "unit_name": "单位 unit", "voltage_class": "类别 class",
        "under": "30天超下限分钟 under", "over": "超上限分钟 over", "last_day": "最近 last",
    }  # fmt: skip
    terminal.show_rows(rows, columns, title="电压监测点 points", empty="没有监测点 no point", as_json=as_json)


@app.command()
def remedies(
    unit: terminal.UnitCode = "",
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List the work on bad voltage (电压治理), the latest first."""
    scope = terminal.scope(terminal.acting(as_person), unit)
    rows = list(queries.remedies_rows(scope).order_by("-opened_at", "id")[:limit])
    columns = {
        "id": "编号 id", "code": "监测点 point", "defect": "异常 defect", "state": "状态 state", "days": "天 days",
        "minutes": "分钟 minutes", "handler": "治理人 handler", "due_on": "期限 due", "measure": "措施 measure",
    }  # fmt: skip
    terminal.show_rows(rows, columns, title="电压治理 remedies", empty="没有治理单 no remedy", as_json=as_json)


@app.command()
def sweep(as_json: terminal.AsJson = False) -> None:
    """Bring the work list up to date by the readings (电压治理核对): open, verify, open again. The night does the same."""
    done = actions.sweep(actor=terminal.acting(""), at=terminal.now(), library=terminal.rules())
    facts: dict[str, object] = {"opened": done.opened, "verified": done.verified, "reopened": done.reopened}
    terminal.done(f"opened {done.opened}, verified {done.verified}, open again {done.reopened}", facts, as_json=as_json)


@app.command("open")
def open_(
    code: Point,
    defect: Annotated[Defect, typer.Option("--defect", help="LOW (低电压) or HIGH (过电压).")] = Defect.LOW,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Open a remedy by hand (手工立单)."""
    made = actions.open_remedy(code=code, defect=defect, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"remedy {made} of {code} is open", {"id": made, "point": code}, as_json=as_json)


@app.command()
def assign(
    remedy: Remedy,
    to: Annotated[str, typer.Option("--to", metavar="PERSON", help="Who works on it (治理人工号).")],
    due: Annotated[str, typer.Option("--due", metavar="YYYY-MM-DD", help="Until when (期限).")],
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Hand a remedy to a person (派工)."""
    actor, day = terminal.acting(as_person), terminal.day(due)
    actions.assign(remedy=remedy, handler=to, due_on=day, actor=actor, at=terminal.now())
    terminal.done(f"remedy {remedy} is {to}'s until {day}", {"id": remedy, "handler": to}, as_json=as_json)


@app.command()
def finish(
    remedy: Remedy,
    cause: Annotated[VoltageCause, typer.Option("--cause", help="Why voltage was bad (成因).")],
    measure: Annotated[str, typer.Option("--measure", help="What was done (措施).")],
    on: Annotated[str, typer.Option("--on", metavar="YYYY-MM-DD", help="When (完成日期); default: today.")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Say what was done (治理完成); readings verify it."""
    done_on: date = terminal.day(on) if on else terminal.today()
    actor = terminal.acting(as_person)
    actions.finish(remedy=remedy, cause=cause, measure=measure, done_on=done_on, actor=actor, at=terminal.now())
    terminal.done(f"remedy {remedy} is finished", {"id": remedy, "done_on": str(done_on)}, as_json=as_json)


@app.command()
def drop(
    remedy: Remedy,
    reason: terminal.Reason,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """End a remedy without work (不治理), for a reason."""
    actions.drop(remedy=remedy, reason=reason, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"remedy {remedy} is dropped", {"id": remedy}, as_json=as_json)
