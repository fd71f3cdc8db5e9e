"""``wandeng vehicle``: mobile service vehicles, their routes, and the runs of a day."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from wandeng.domains.appointments.actions import routes, running, swapping
from wandeng.domains.appointments.actions.routes import Rhythm
from wandeng.domains.appointments.queries import register, rows, runs
from wandeng.domains.appointments.types import RunStands
from wandeng.interfaces.cli import terminal
from wandeng.kernel.errors import InvalidInput

app = typer.Typer(no_args_is_help=True, help="Mobile service vehicles (流动服务车): routes, stops, runs.")

Vehicle = Annotated[str, typer.Argument(metavar="VEHICLE", help="Code of the vehicle (车辆编号).")]
Route = Annotated[str, typer.Argument(metavar="ROUTE", help="Code of the route (线路编号).")]
Run = Annotated[str, typer.Argument(metavar="RUN", help="Number of the run (出车编号).")]
Stop = Annotated[int, typer.Argument(metavar="STOP", help="Which stop, 1 the first (第几站).")]
Stops = Annotated[
    list[str],
    typer.Option(
        "--stop", metavar="NAME,HH:MM-HH:MM,PLACES[,LON,LAT[,ADDRESS]]",
        help="A stop, in order: name, from when to when, how many appointments, where (停靠点).",
    ),
]  # fmt: skip

_VEHICLES = {
    "code": "编号 code", "name": "名称 name", "plate": "车牌 plate", "keeper": "随车人 keeper", "routes_": "线路 routes",
    "unit_name": "单位 unit",
}  # fmt: skip
_ROUTES = {
    "code": "编号 code", "name": "名称 name", "vehicle_code": "车辆 vehicle", "weekdays": "星期 days",
    "every_weeks": "每几周 weeks", "stops_": "停靠点 stops", "unit_name": "单位 unit",
}  # fmt: skip
_RUNS = {
    "number": "出车 run", "on": "日期 on", "state": "状态 state", "route_name": "线路 route", "vehicle_name": "车辆 vehicle",
    "served": "已停靠 served", "stops_": "停靠点 stops", "appointments_": "预约 appointments",
}  # fmt: skip
_SHEET = {
    "place": "序 stop", "name": "停靠点 name", "starts_at": "到 from", "ends_at": "离 to", "state": "状态 state",
    "booked": "预约 booked", "served": "服务 served",
}  # fmt: skip


@app.command("list")
def list_(unit: terminal.UnitCode = "", as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """List vehicles (流动服务车)."""
    found = list(rows.vehicle_rows(terminal.scope(terminal.acting(as_person), unit)).order_by("code"))
    terminal.show_rows(found, _VEHICLES, title="流动服务车 vehicles", empty="没有 none", as_json=as_json)


@app.command()
def add(
    vehicle: Vehicle,
    name: Annotated[str, typer.Option("--name", help="Name (名称).")],
    unit: Annotated[str, typer.Option("--unit", "-u", help="Code of its unit (单位).")],
    keeper: Annotated[str, typer.Option("--keeper", help="Who goes with it (随车人工号).")],
    plate: Annotated[str, typer.Option("--plate", help="Number plate (车牌).")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Add a vehicle (登记车辆)."""
    code = routes.add_vehicle(
        code=vehicle, name=name, unit_code=unit, keeper=keeper, plate=plate, actor=terminal.acting(as_person),
        at=terminal.now(),
    )  # fmt: skip
    terminal.done(f"车辆 {code} 已登记 added", {"code": code}, as_json=as_json)


@app.command()
def retire(vehicle: Vehicle, reason: terminal.Reason, as_person: terminal.AsPerson = "") -> None:
    """Take a vehicle out of service (停用)."""
    routes.retire_vehicle(code=vehicle, reason=reason, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"车辆 {vehicle} 已停用 retired", {}, as_json=False)


@app.command("routes")
def routes_(unit: terminal.UnitCode = "", as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """List routes (巡回线路)."""
    found = list(rows.route_rows(terminal.scope(terminal.acting(as_person), unit)).order_by("code"))
    terminal.show_rows(found, _ROUTES, title="巡回线路 routes", empty="没有 none", as_json=as_json)


@app.command()
def route(
    route: Route,
    name: Annotated[str, typer.Option("--name", help="Name (名称).")],
    unit: Annotated[str, typer.Option("--unit", "-u", help="Code of its unit (单位).")],
    vehicle: Annotated[str, typer.Option("--vehicle", help="Which vehicle (车辆编号).")],
    weekdays: Annotated[str, typer.Option("--days", help="Digits, 1 Monday to 7 Sunday (星期).")],
    stops: Stops,
    weeks: Annotated[int, typer.Option("--weeks", help="Every so many weeks (每几周).")] = 1,
    since: Annotated[str, typer.Option("--from", metavar="DAY", help="From this day on; today (起).")] = "",
    every_day: Annotated[bool, typer.Option("--holidays", help="Driven on holidays too (节假日照常).")] = False,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Add a route and plan its runs (设线路)."""
    rhythm = Rhythm(
        _day(since) if since else terminal.today(), weekdays, weeks, "EVERY_DAY" if every_day else "WORKING_DAYS"
    )
    actor, at = terminal.acting(as_person), terminal.now()
    code = routes.add_route(
        code=route, name=name, unit_code=unit, vehicle=vehicle, rhythm=rhythm, stops=tuple(routes.stop_of_line(one) for one in stops),
        actor=actor, at=at,
    )  # fmt: skip
    made = running.plan_route(code=code, actor=actor, at=at, library=terminal.rules())
    facts: dict[str, object] = {"code": code, "runs": made}
    terminal.done(f"线路 {code} 已设立 added, 出车 runs {made}", facts, as_json=as_json)


@app.command("stops")
def stops_(route: Route, stops: Stops, as_person: terminal.AsPerson = "") -> None:
    """Give a route other stops, for runs planned from now on (调整停靠点)."""
    given = tuple(routes.stop_of_line(one) for one in stops)
    routes.set_stops(code=route, stops=given, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"线路 {route} 停靠点 stops {len(given)}", {}, as_json=False)


@app.command()
def plan(route: Route, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Plan the runs of a route now instead of in the night, of one that came from a file (生成出车计划)."""
    made = running.plan_route(code=route, actor=terminal.acting(as_person), at=terminal.now(), library=terminal.rules())
    terminal.done(f"线路 {route} 出车 runs {made}", {"code": route, "runs": made}, as_json=as_json)


@app.command("end-route")
def end_route(
    route: Route,
    day: Annotated[str, typer.Argument(metavar="DAY", help="From this day on (自何日起).")],
    reason: terminal.Reason,
    as_person: terminal.AsPerson = "",
) -> None:
    """Drive a route no more (撤销线路)."""
    routes.end_route(code=route, on=_day(day), reason=reason, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"线路 {route} 自 from {day} 撤销 ended", {}, as_json=False)


@app.command("runs")
def runs_(
    on: Annotated[str, typer.Option("--on", metavar="DAY", help="Only this day, YYYY-MM-DD (日期).")] = "",
    unit: terminal.UnitCode = "",
    limit: terminal.Limit = 100,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List runs (出车)."""
    found = rows.run_rows(terminal.scope(terminal.acting(as_person), unit))
    found = found.filter(on=_day(on)) if on else found
    terminal.show_rows(
        list(found.order_by("on", "id")[:limit]), _RUNS, title="出车 runs", empty="没有 none", as_json=as_json
    )


@app.command()
def sheet(run: Run, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Show a run with its stops (出车单)."""
    found = runs.run(terminal.scope(terminal.acting(as_person), ""), run, library=terminal.rules())
    if as_json:
        terminal.show_json(found)
        return
    shown = [
        {"place": one.place, "name": one.name, "starts_at": one.starts_at, "ends_at": one.ends_at, "state": one.state,
         "booked": f"{one.booked}/{one.capacity}", "served": sum(count for *_, count in one.services)}
        for one in found.stops
    ]  # fmt: skip
    terminal.show_rows(shown, _SHEET, title=f"{found.number} {found.state}", empty="没有 none", as_json=False)


@app.command()
def start(run: Run, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """The vehicle leaves (发车)."""
    _tell(running.start(number=run, actor=terminal.acting(as_person), at=terminal.now()), "已发车 left", as_json)


@app.command()
def arrive(run: Run, stop: Stop, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """It is at a stop (到达)."""
    done = running.arrive(number=run, stop=stop, actor=terminal.acting(as_person), at=terminal.now())
    _tell(done, f"到达第 {stop} 站 at stop", as_json)


@app.command()
def leave(
    run: Run,
    stop: Stop,
    served: Annotated[
        list[str] | None, typer.Option("--served", metavar="SERVICE=COUNT", help="How many (服务量).")
    ] = None,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """The stop is served (离开)."""
    counts: dict[str, int] = {}
    for one in served or ():
        service, _equals, count = one.partition("=")
        if not count.isdigit():
            raise InvalidInput("what was served is written SERVICE=COUNT", given=one)
        counts[service] = int(count)
    done = running.leave(
        number=run, stop=stop, counts=counts, actor=terminal.acting(as_person), at=terminal.now(), library=terminal.rules()
    )  # fmt: skip
    _tell(done, f"第 {stop} 站完成 served", as_json)


@app.command()
def skip(
    run: Run, stop: Stop, reason: terminal.Reason, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:  # fmt: skip
    """Leave a stop out; who booked there is told (取消停靠)."""
    done = running.skip(
        number=run, stop=stop, reason=reason, actor=terminal.acting(as_person), at=terminal.now(), library=terminal.rules()
    )  # fmt: skip
    _tell(done, f"第 {stop} 站取消 left out, 已告知 told {done.told}", as_json)


@app.command()
def finish(run: Run, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """The run is over (收车)."""
    _tell(running.finish(number=run, actor=terminal.acting(as_person), at=terminal.now()), "已收车 over", as_json)


@app.command()
def cancel(
    run: Run, reason: terminal.Reason, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:  # fmt: skip
    """Cancel a run; everybody who booked is told (取消出车)."""
    done = running.cancel(
        number=run, reason=reason, actor=terminal.acting(as_person), at=terminal.now(), library=terminal.rules()
    )  # fmt: skip
    _tell(done, f"已取消 cancelled, 已告知 told {done.told}", as_json)


@app.command()
def swap(
    run: Run,
    vehicle: Annotated[str, typer.Argument(metavar="VEHICLE", help="Code of the vehicle that takes over (接替车辆).")],
    reason: terminal.Reason,
    delay: Annotated[
        int, typer.Option("--delay", metavar="MINUTES", help="What lies ahead begins so much later (推迟分钟).")
    ] = 0,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Hand a run to another vehicle; who booked is told when the time changes (换车)."""
    done = swapping.hand_over(
        number=run, vehicle=vehicle, reason=reason, delay_minutes=delay, actor=terminal.acting(as_person),
        at=terminal.now(), library=terminal.rules(),
    )  # fmt: skip
    _tell(done, f"换车 handed to {vehicle}, 已告知 told {done.told}", as_json)


@app.command()
def show(vehicle: Vehicle, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Show a vehicle with its routes (车辆详情)."""
    found = register.vehicle(terminal.scope(terminal.acting(as_person), ""), vehicle)
    if as_json:
        terminal.show_json(found)
        return
    named = "、".join(f"{code} {name}" for code, name in found.routes) or "–"
    sentence = f"{found.code} {found.name} {found.plate} 随车人 keeper {found.keeper} 线路 routes {named}"
    terminal.done(sentence, {}, as_json=False)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise InvalidInput("a day is written YYYY-MM-DD", day=text) from None


def _tell(done: RunStands, what: str, as_json: bool) -> None:
    facts: dict[str, object] = {
        "number": done.number, "state": done.state, "stop": done.stop, "stop_state": done.stop_state, "told": done.told,
    }  # fmt: skip
    terminal.done(f"{done.number} {what} ({done.state})", facts, as_json=as_json)
