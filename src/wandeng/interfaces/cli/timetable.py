"""``wandeng timetable``: what is due by the clock, what ran last, what comes next; and having it done now."""

from __future__ import annotations

from typing import Annotated

import typer

from wandeng.flows import timetable
from wandeng.flows.timetable import TimedShown
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import terminal
from wandeng.kernel.periods import BILLING_ZONE
from wandeng.kernel.slots import clock_text

app = typer.Typer(no_args_is_help=True, help="Timed work (定时任务): what is due by the clock. Any worker does it.")


@app.command("list")
def list_(as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """List every kind with its time, its last run and its next (定时任务表)."""
    lines = timetable.shown(Scope.of(terminal.acting(as_person)), now=terminal.now())
    if as_json:
        terminal.show_json(list(lines))
        return
    columns = {"kind": "类型 kind", "name": "名称 name", "when": "时间 when", "next": "下次 next", "last": "上次 last",
               "result": "结果 result"}  # fmt: skip
    rows = [_row(line) for line in lines]
    terminal.show_rows(rows, columns, title="定时任务 timetable", empty="none", as_json=False)


@app.command()
def run(
    kind: Annotated[str, typer.Argument(metavar="KIND", help="Kind of timed work, as 'list' shows it.")],
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Have a kind done now (立即办理), by the next free worker, also when it is switched off."""
    jobs = timetable.run_now(kind=kind, actor=terminal.acting(as_person), at=terminal.now(), reason=reason)
    terminal.done(f"{kind} 已排队 is queued: wandeng jobs list; wandeng worker", {"jobs": jobs}, as_json=as_json)


def _row(line: TimedShown) -> dict[str, object]:
    every = f"每 {line.every_minutes} 分钟 minutes"
    when = every if line.at_minute is None else clock_text(line.at_minute)
    last, result = "", ""
    if line.last is not None:
        ended = line.last.finished_at or line.last.asked_at
        last = f"{ended.astimezone(BILLING_ZONE):%m-%d %H:%M} {line.last.state}"
        result = line.last.error or ", ".join(f"{name} {value}" for name, value in sorted(line.last.result.items()))
    return {
        "kind": line.kind, "name": f"{line.name_zh} {line.name_en}", "when": when if line.is_on else "停用 off",
        "next": f"{line.next_at.astimezone(BILLING_ZONE):%m-%d %H:%M}" if line.next_at else "–", "last": last,
        "result": result,
    }  # fmt: skip
