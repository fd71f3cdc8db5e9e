"""``wandeng crew``: found crews, put them on duty, say where they are, send them."""

from __future__ import annotations

from typing import Annotated

import typer

from wandeng.domains.cases.actions import crews
from wandeng.domains.cases.actions.crews import CrewStands
from wandeng.domains.cases.queries import claims, stage_times
from wandeng.domains.cases.queries import crews as queries
from wandeng.domains.cases.queries.stage_times import StagesBy
from wandeng.domains.cases.types import Charter
from wandeng.domains.reliability.queries import calendar_year
from wandeng.interfaces.cli import case_work, terminal
from wandeng.interfaces.cli.case_work import local, moment, place_of
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import Month

app = typer.Typer(no_args_is_help=True, help="Crews (抢修队): found, duty, position, send.")
Crew = Annotated[str, typer.Argument(metavar="CREW", help="Code of the crew (队号).")]
Number = Annotated[str, typer.Argument(metavar="CASE", help="Number of the case (工单号).")]

_CREWS = {
    "code": "队号 crew", "name": "队名 name", "state": "状态 state", "in_hand": "在手 in hand", "skills": "技能 skills",
    "leader": "队长 leader", "unit_name": "单位 unit",
}  # fmt: skip
_TIMES = {
    "group": "分类 group", "stage": "环节 stage", "cases": "工单 cases", "p50": "P50 s", "p90": "P90 s", "p95": "P95 s",
    "longest": "最长 longest s",
}  # fmt: skip
_PLACES = {
    "place": "名次 place", "code": "队号 crew", "state": "状态 state", "minutes": "分钟 minutes", "travel_m": "距离 m",
    "reasons": "理由 reasons",
}  # fmt: skip


@app.command("list")
def list_(unit: terminal.UnitCode = "", as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """List crews (抢修队)."""
    found = list(queries.crew_rows(terminal.scope(terminal.acting(as_person), unit)).order_by("code"))
    terminal.show_rows(found, _CREWS, title="抢修队 crews", empty="没有 none", as_json=as_json)


@app.command()
def show(crew: Crew, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Show a crew and what it has in hand (抢修队详情)."""
    found = queries.crew(terminal.scope(terminal.acting(as_person), ""), crew)
    if as_json:
        terminal.show_json(found)
        return
    hand = "、".join(job.number for job in found.jobs) or "–"
    terminal.done(
        f"{found.code} {found.name} {found.state} 队长 leader {found.leader} 技能 skills {' '.join(found.skills)} 在手 in hand {hand}",
        {}, as_json=False,
    )  # fmt: skip


@app.command("found")
def found_(
    crew: Crew,
    name: Annotated[str, typer.Option("--name", help="Name (队名).")],
    unit: Annotated[str, typer.Option("--unit", "-u", help="Code of its unit (单位).")],
    leader: Annotated[str, typer.Option("--leader", help="Who leads it (队长工号).")],
    skills: Annotated[list[str], typer.Option("--skill", help="LOW_VOLTAGE, HIGH_VOLTAGE or METERING (技能).")],
    members: Annotated[list[str] | None, typer.Option("--member", help="Who goes with it (队员工号).")] = None,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Found a crew (组建抢修队)."""
    done = crews.found(
        code=crew, name=name, unit_code=unit, leader=leader, members=members or (), skills=skills,
        actor=terminal.acting(as_person), at=terminal.now(),
    )  # fmt: skip
    _tell(done, "已组建 founded", as_json)


@app.command()
def on(
    crew: Crew,
    until: Annotated[str, typer.Option("--until", help="Local time, YYYY-MM-DDTHH:MM (在岗至).")],
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Put a crew on duty (上岗)."""
    done = crews.come_on(
        code=crew, until=moment(until), actor=terminal.acting(as_person), at=terminal.now(), charter=Charter.current()
    )  # fmt: skip
    _tell(done, "已上岗 on duty", as_json)


@app.command()
def off(crew: Crew, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Take a crew off duty (下岗)."""
    done = crews.go_off(code=crew, actor=terminal.acting(as_person), at=terminal.now(), charter=Charter.current())
    _tell(done, "已下岗 off duty", as_json)


@app.command()
def at(
    crew: Crew,
    place: Annotated[str, typer.Argument(metavar="LON,LAT", help="Where it is, degrees (经纬度).")],
    key: Annotated[str, typer.Option("--key", help="Telling the same twice is telling it once (标识).")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Say where a crew is (位置上报)."""
    now, here = terminal.now(), place_of(place)
    done = crews.report_position(
        code=crew, longitude_e6=here.longitude_e6, latitude_e6=here.latitude_e6, actor=terminal.acting(as_person), at=now,
        charter=Charter.current(), key=key or now.isoformat(),
    )  # fmt: skip
    _tell(done, "位置已记录 place noted", as_json)


@app.command()
def propose(number: Number, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """The crews for a case that waits, the proposed one first, each with its reasons (派工建议)."""
    scope = terminal.scope(terminal.acting(as_person), "")
    found = queries.ranking_for_case(scope, number, charter=Charter.current(), now=terminal.now())
    terminal.show_list(found, _PLACES, title="派工建议 crews", empty="没有 none", as_json=as_json)


@app.command()
def send(number: Number, crew: Crew, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Send a crew to a case (派工)."""
    done = crews.send(
        number=number, code=crew, actor=terminal.acting(as_person), at=terminal.now(), charter=Charter.current()
    )  # fmt: skip
    case_work.tell(done, f"已派 sent {crew}", as_json)


@app.command()
def claim(number: Number, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """What is owed for a damaged appliance by the claim's form (理赔金额)."""
    found = claims.claim_worth(terminal.scope(terminal.acting(as_person), ""), number, charter=Charter.current())
    if as_json:
        terminal.show_json(found)
        return
    yuan = f"{found.amount_fen // 100}.{found.amount_fen % 100:02d}"
    terminal.done(f"{number} 应赔 owed {yuan} 元: {found.ground} ({found.rule_path})", {}, as_json=False)


def _tell(done: CrewStands, what: str, as_json: bool) -> None:
    facts: dict[str, object] = {
        "code": done.code, "state": done.state, "on_duty_to": done.on_duty_to, "longitude_e6": done.longitude_e6,
        "latitude_e6": done.latitude_e6, "placed_at": done.placed_at, "is_new": done.is_new,
    }  # fmt: skip
    sentence = f"抢修队 {done.code} {what}: {done.state}, 在岗至 until {local(done.on_duty_to)}"
    terminal.done(sentence, facts, as_json=as_json)


@app.command()
def times(
    unit: Annotated[str, typer.Option("--unit", "-u", metavar="CODE", help="The unit (单位) and all below it.")],
    month: Annotated[str, typer.Option("--month", "-m", metavar="YYYY-MM", help="A month (月份).")] = "",
    year: Annotated[int, typer.Option("--year", "-y", help="Calendar year (年); default: this one.")] = 0,
    by: Annotated[StagesBy, typer.Option("--by", help="Taken apart by unit, month, class, place.")] = StagesBy.UNIT,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Show how long the stages of repairs took (抢修环节时长): the seconds that 50, 90, 95 of a hundred did not exceed."""
    if month and year:
        raise InvalidInput("give a month or a year")
    period = Month.parse(month).period if month else calendar_year(year or terminal.today().year)
    scope = terminal.scope(terminal.acting(as_person), "")
    found = stage_times.stage_times(scope, unit_code=unit, period=period, by=by, charter=Charter.current())
    if as_json:
        terminal.show_json(found)
        return
    names = {stage: f"{zh} {en}" for stage, zh, en in found.stages}
    groups = [
        *([("合计 all", found.whole)] if found.whole else []),
        *((one.name_zh or "–", one) for one in found.groups),
    ]
    rows = [
        {
            "group": name, "stage": names[one.stage], "cases": one.cases, "p50": one.p50_s, "p90": one.p90_s,
            "p95": one.p95_s, "longest": one.longest_s,
        }
        for name, group in groups
        for one in group.spreads
    ]  # fmt: skip
    terminal.show_rows(
        rows, _TIMES, title=f"抢修环节时长 {unit} {month or period.from_on.year}", empty="no repairs", as_json=False
    )
