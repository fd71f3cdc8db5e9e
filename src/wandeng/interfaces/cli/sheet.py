"""``wandeng sheet``: switching sheets, written, checked, issued, executed step by step."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated

import typer

from wandeng.domains.outages.queries import moment
from wandeng.domains.switching import queries
from wandeng.domains.switching.actions import sheets, steps
from wandeng.domains.switching.types import SheetRequest, StepAnswer
from wandeng.flows import switching_sheets
from wandeng.interfaces.cli import terminal

app = typer.Typer(no_args_is_help=True, help="Switching sheets (操作票): write, check, issue, execute.")

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="Number of the sheet (操作票编号).")]
Plan = Annotated[str, typer.Argument(metavar="PLAN", help="Number of the outage plan (停电编号).")]
Place = Annotated[int, typer.Argument(metavar="STEP", help="Which step (步骤序号).")]
BackOption = Annotated[bool, typer.Option("--back", help="The way back (送电).")]


@app.command("list")
def list_(
    unit: terminal.UnitCode = "",
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List switching sheets (操作票), the latest first."""
    scope = terminal.scope(terminal.acting(as_person), unit)
    rows = list(queries.sheets_rows(scope).order_by("-written_at", "-id")[:limit])
    columns = {
        "number": "编号 number", "purpose": "任务 purpose", "state": "状态 state", "over": "完成 done",
        "step_count": "步骤 steps", "outage": "停电 outage", "operator": "操作人 operator", "guardian": "监护人 guardian",
    }  # fmt: skip
    terminal.show_rows(rows, columns, title="操作票 sheets", empty="没有操作票 no sheet", as_json=as_json)


@app.command()
def show(number: Number, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Show a sheet with its steps (操作步骤) and findings (校核结果)."""
    found = queries.sheet(terminal.scope(terminal.acting(as_person), ""), number)
    if as_json:
        terminal.show_json(found)
        return
    rows = [
        {"place": one.place, "action": one.action, "device": one.device or one.text, "name": one.device_name,
         "done_at": one.done_at or one.skip_reason, "off": one.off, "back": one.back}
        for one in found.steps
    ]  # fmt: skip
    columns = {
        "place": "序 step", "action": "操作 action", "device": "设备 device", "name": "名称 name", "done_at": "完成 done",
        "off": "停电 off", "back": "复电 back",
    }  # fmt: skip
    terminal.show_rows(rows, columns, title=f"{number} {found.purpose} {found.state}", empty="", as_json=False)
    columns = {"id": "编号 id", "place": "序 step", "code": "结果 finding", "forbids": "禁止 forbids", "acknowledged_reason": "确认 answer"}  # fmt: skip
    terminal.show_list(
        found.findings, columns, title="校核结果 findings", empty="没有问题 nothing found", as_json=False
    )


@app.command()
def suggest(
    plan: Plan, back: BackOption = False, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:
    """Suggest the steps for an outage plan (按停电计划拟票), off or the way back; nothing is written."""
    scope = terminal.scope(terminal.acting(as_person), "")
    found = switching_sheets.suggest(scope, plan, is_back=back, now=terminal.now(), library=terminal.rules())
    if as_json:
        terminal.show_json(found)
        return
    typer.echo(queries.said(found.steps))


@app.command()
def draft(
    unit: Annotated[
        str, typer.Option("--unit", "-u", metavar="CODE", help="The unit (单位); of a plan: its own.")
    ] = "",
    purpose: Annotated[str, typer.Option("--purpose", help="What it is for (操作任务).")] = "",
    step: Annotated[list[str] | None, typer.Option("--step", help='A step: "OPEN K11", "合上 K9"; repeated.')] = None,
    outage: Annotated[str, typer.Option("--outage", metavar="PLAN", help="The outage plan it serves (停电编号).")] = "",
    incident: Annotated[str, typer.Option("--incident", help="The incident it serves (抢修事件).")] = "",
    back: BackOption = False,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Write a sheet (填写操作票); with --outage and no --step, as suggested."""
    actor, now = terminal.acting(as_person), terminal.now()
    if outage and not step:
        scope = terminal.scope(actor, "")
        request = switching_sheets.suggest(scope, outage, is_back=back, now=now, library=terminal.rules())
    else:
        request = SheetRequest(unit, purpose, queries.steps_written(step or ()), outage, incident)
    number = switching_sheets.draft(request=request, actor=actor, at=now)
    terminal.done(f"sheet {number} is written", {"number": number}, as_json=as_json)


@app.command()
def check(number: Number, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Check a sheet (审核), by somebody who did not write it."""
    actor = terminal.acting(as_person)
    left = switching_sheets.check(number=number, actor=actor, at=terminal.now(), library=terminal.rules())
    terminal.done(
        f"{number} is checked; warnings to answer for: {left}", {"number": number, "warnings": left}, as_json=as_json
    )


@app.command()
def acknowledge(
    number: Number,
    finding: Annotated[int, typer.Argument(metavar="ID", help="Id of the finding (校核结果编号).")],
    reason: terminal.Reason,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Answer for a warning (确认提醒)."""
    sheets.acknowledge(
        number=number, finding=finding, reason=reason, actor=terminal.acting(as_person), at=terminal.now()
    )
    terminal.done(f"{number}: answered for", {"number": number, "finding": finding}, as_json=as_json)


@app.command()
def issue(number: Number, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Issue a checked sheet (签发); it is replayed once more."""
    switching_sheets.issue(number=number, actor=terminal.acting(as_person), at=terminal.now(), library=terminal.rules())
    terminal.done(f"{number} is issued", {"number": number}, as_json=as_json)


@app.command()
def begin(
    number: Number,
    operator: Annotated[str, typer.Option("--operator", metavar="PERSON", help="Who operates (操作人工号).")],
    guardian: Annotated[str, typer.Option("--guardian", metavar="PERSON", help="Who guards (监护人工号).")],
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Begin an issued sheet (开始执行), or hand it over (交接)."""
    steps.begin(
        number=number, operator=operator, guardian=guardian, actor=terminal.acting(as_person), at=terminal.now()
    )
    terminal.done(f"{number}: {operator} operates, {guardian} guards", {"number": number}, as_json=as_json)


@app.command()
def execute(
    number: Number,
    place: Place,
    at: Annotated[str, typer.Option("--at", metavar="TIME", help="When it was done (操作时间); default: now.")] = "",
    key: Annotated[str, typer.Option("--key", help="The same key again does nothing (幂等键).")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """A step was done (执行步骤): the switch is logged, who is off or back is written."""
    now: datetime = terminal.now()
    answer = switching_sheets.execute(
        number=number, place=place, key=key or str(uuid.uuid4()), done_at=moment(at) if at else now,
        actor=terminal.acting(as_person), at=now,
    )  # fmt: skip
    _told(answer, as_json)


@app.command()
def skip(
    number: Number,
    place: Place,
    reason: terminal.Reason,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Leave the next step out (跳过步骤), by who issued the sheet."""
    answer = switching_sheets.skip(
        number=number, place=place, reason=reason, actor=terminal.acting(as_person), at=terminal.now()
    )
    _told(answer, as_json)


@app.command()
def void(
    number: Number, reason: terminal.Reason, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:
    """Void a sheet (作废)."""
    sheets.void(number=number, reason=reason, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"{number} is voided", {"number": number}, as_json=as_json)


def _told(answer: StepAnswer, as_json: bool) -> None:
    after = f"next: step {answer.next}" if answer.next else f"the sheet is {answer.state}"
    facts = {
        "number": answer.number, "step": answer.place, "off": answer.off, "back": answer.back, "next": answer.next,
        "was_done": answer.was_done,
    }  # fmt: skip
    text = f"step {answer.place}: {answer.off} areas off, {answer.back} back; {after}"
    terminal.done(text, facts, as_json=as_json)
