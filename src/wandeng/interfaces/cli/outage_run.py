"""``wandeng outage run``: an outage as it takes place."""

from __future__ import annotations

from typing import Annotated

import typer

from wandeng.domains.outages import queries
from wandeng.domains.outages.actions import running
from wandeng.interfaces.cli import terminal

app = typer.Typer(no_args_is_help=True, help="Run an outage (停电执行): off, back, over.")

Number = Annotated[str, typer.Argument(metavar="NUMBER", help="Number of the plan (停电编号).")]


@app.command()
def start(
    number: Number,
    off: Annotated[
        str, typer.Option("--off", metavar="TIME", help="When supply went off (停电时间); default: now.")
    ] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Supply went off (停电开始): the areas of the plan are interrupted."""
    now = terminal.now()
    off_at = queries.moment(off) if off else now
    count = running.start(number=number, off_at=off_at, actor=terminal.acting(as_person), at=now)
    terminal.done(f"{number}: {count} areas are off", {"number": number, "areas": count}, as_json=as_json)


@app.command()
def restore(
    number: Number,
    on: Annotated[
        str, typer.Option("--on", metavar="TIME", help="When supply came back (复电时间); default: now.")
    ] = "",
    area: Annotated[
        list[str] | None, typer.Option("--area", metavar="CODE", help="Only this area (台区); may be repeated.")
    ] = None,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Supply is back (复电), to all that are off or to some areas."""
    now = terminal.now()
    on_at = queries.moment(on) if on else now
    left = running.restore(number=number, on_at=on_at, areas=area or (), actor=terminal.acting(as_person), at=now)
    terminal.done(f"{number}: {left} areas are still off", {"number": number, "left": left}, as_json=as_json)


@app.command()
def finish(number: Number, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """The outage is over (停电结束): those who expected it hear that supply is back."""
    running.finish(number=number, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"{number} is over", {"number": number}, as_json=as_json)
