"""``wandeng outlet`` and ``wandeng circle``: outlets and their hours, who reaches one in time, what another would change."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

import typer

from wandeng.domains.outlets import actions, queries
from wandeng.flows import payment_circle
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import terminal
from wandeng.kernel.errors import InvalidInput

app = typer.Typer(no_args_is_help=True, help="Outlets (网点): hours, days with other hours, closing.")
circle = typer.Typer(
    no_args_is_help=True, help="Payment circle (十分钟缴费圈): who is inside, where next points serve most."
)

Code = Annotated[str, typer.Argument(metavar="OUTLET", help="Code of the outlet (网点编号).")]
UnitOption = Annotated[str, typer.Option("--unit", "-u", metavar="CODE", help="The unit (单位) and all below it.")]
DayOption = Annotated[str, typer.Option("--on", metavar="YYYY-MM-DD", help="The day (日期).")]


@app.command("list")
def list_(
    unit: terminal.UnitCode = "",
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List outlets (网点) by code."""
    scope = terminal.scope(terminal.acting(as_person), unit)
    rows = list(queries.outlets_rows(scope).order_by("code")[:limit])
    columns = {
        "code": "网点 outlet", "name": "名称 name", "kind": "类型 kind", "unit_name": "单位 unit", "hours": "营业时间 hours",
        "valid_to": "停用 closed",
    }  # fmt: skip
    terminal.show_rows(rows, columns, title="网点 outlets", empty="没有网点 no outlet", as_json=as_json)


@app.command()
def show(code: Code, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Show an outlet (网点) and the days ahead on which it has other hours."""
    found = queries.outlet(terminal.scope(terminal.acting(as_person), ""), code, on=terminal.today())
    if as_json:
        terminal.show_json(found)
        return
    columns = {
        "id": "编号 id",
        "from_on": "自 from",
        "to_on": "至（不含） to",
        "hours": "营业时间 hours",
        "reason": "原因 reason",
    }
    title = f"{found.code} {found.name} {found.address} {found.hours}"
    terminal.show_list(found.exceptions, columns, title=title, empty=f"{title}\n没有例外 no exception", as_json=False)


@app.command("except")
def except_(
    code: Code,
    from_day: Annotated[str, typer.Option("--from", metavar="YYYY-MM-DD", help="The first day (自).")],
    to_day: Annotated[str, typer.Option("--to", metavar="YYYY-MM-DD", help="The last day (至).")],
    reason: terminal.Reason,
    hours: Annotated[str, typer.Option("--hours", help="Hours as people write them (营业时间); none: closed.")] = "",
    as_person: terminal.AsPerson = "",
) -> None:
    """Say that an outlet has other hours on some days (营业时间例外)."""
    made = actions.set_exception(
        code=code, from_on=_day(from_day), to_on=_day(to_day) + timedelta(days=1), hours_text=hours, reason=reason,
        actor=terminal.acting(as_person), at=terminal.now(),
    )  # fmt: skip
    typer.echo(f"已设置 set: {made}")


@app.command()
def lift(
    exception: Annotated[int, typer.Argument(metavar="ID", help="Id of the exception.")],
    as_person: terminal.AsPerson = "",
) -> None:
    """Take an exception back (取消例外)."""
    actions.lift_exception(exception=exception, actor=terminal.acting(as_person), at=terminal.now())
    typer.echo("已取消 lifted")


@app.command()
def close(code: Code, on: DayOption, reason: terminal.Reason, as_person: terminal.AsPerson = "") -> None:
    """Take an outlet out of service from a day on (停用网点)."""
    actions.close(code=code, on=_day(on), reason=reason, actor=terminal.acting(as_person), at=terminal.now())
    typer.echo("已停用 closed")


@circle.command()
def compute(
    unit: UnitOption,
    name: Annotated[str, typer.Option("--name", help="Of a scenario (情景).")] = "",
    add: Annotated[
        list[str] | None, typer.Option("--add", metavar="CODE", help="A settlement that gets a point.")
    ] = None,
    close_: Annotated[list[str] | None, typer.Option("--close", metavar="CODE", help="An outlet that closes.")] = None,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Compute the payment circle of a unit today, or a scenario of it, and keep it."""
    actor = terminal.acting(as_person)
    made = payment_circle.compute(
        unit_code=unit, name=name, added=add or (), closed=close_ or (), actor=actor, at=terminal.now(),
        library=terminal.rules(),
    )  # fmt: skip
    _show(terminal.scope(actor, ""), made, as_json=as_json)


@circle.command("show")
def show_circle(
    circle_id: Annotated[int, typer.Argument(metavar="ID", help="Id of the circle (测算编号).")],
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Show a payment circle that was computed."""
    _show(terminal.scope(terminal.acting(as_person), ""), circle_id, as_json=as_json)


@circle.command("list")
def list_circles(
    unit: terminal.UnitCode = "",
    limit: terminal.Limit = 20,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List payment circles and scenarios, the latest first."""
    rows = list(queries.circles_rows(terminal.scope(terminal.acting(as_person), unit)).order_by("-id")[:limit])
    columns = {
        "id": "编号 id", "on": "日期 day", "unit_name": "单位 unit", "name": "情景 scenario", "people": "人口 people",
        "people_inside": "圈内 inside", "customers_outside": "圈外户 customers outside", "villages_without": "无网点村 villages",
    }  # fmt: skip
    terminal.show_rows(rows, columns, title="缴费圈 circles", empty="没有测算 none computed", as_json=as_json)


@circle.command()
def settlements(
    circle_id: Annotated[int, typer.Argument(metavar="ID", help="Id of the circle (测算编号).")],
    outside: Annotated[bool, typer.Option("--outside", help="Only those outside (圈外).")] = False,
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List the settlements of a circle (居民点), those of most people first."""
    rows = queries.reaches_rows(terminal.scope(terminal.acting(as_person), "")).filter(circle_id=circle_id)
    found = rows.filter(is_inside=False) if outside else rows
    columns = {
        "code": "居民点 settlement", "name": "名称 name", "people": "人口 people", "customers": "户 customers",
        "seconds": "秒 seconds", "outlet_name": "最近网点 outlet", "served_by": "村村设点 village",
    }  # fmt: skip
    shown = list(found.order_by("-people", "code")[:limit])
    terminal.show_rows(shown, columns, title="居民点 settlements", empty="没有居民点 none", as_json=as_json)


def _show(scope: Scope, circle_id: int, *, as_json: bool) -> None:
    found = queries.circle(scope, circle_id)
    if as_json:
        terminal.show_json(found)
        return
    columns = {
        "place": "顺序 place",
        "settlement_code": "居民点 settlement",
        "settlement_name": "名称 name",
        "people": "新增人口 people",
    }
    title = (
        f"{found.id} {found.unit_name} {found.on} {found.name} {found.minutes} 分钟 minutes: {found.people_inside:,} / {found.people:,} 人 people，"
        f"圈外 outside {found.customers - found.customers_inside:,} 户 customers，{found.villages_without} / {found.villages} 村无网点 villages"
    )
    terminal.show_list(found.points, columns, title=title, empty=f"{title}\n圈外没有居民 nobody outside", as_json=False)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"not a day: {text}") from None
