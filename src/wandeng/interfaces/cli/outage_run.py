"""``wandeng outage run``: an outage as it takes place."""

from __future__ import annotations

from typing import Annotated

import typer

from wandeng.domains.outages import queries
from wandeng.domains.outages.actions import delaying, running
from wandeng.interfaces.cli import terminal
from wandeng.kernel.periods import BILLING_ZONE

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


@app.command("new-end")
def new_end(
    number: Number,
    until: Annotated[str, typer.Option("--until", metavar="TIME", help="When supply is expected back (预计复电时间).")],
    reason: Annotated[str, typer.Option("--reason", help="Why (原因).")],
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Supply is expected back at another time (延迟送电): those still off who were told hear it."""
    made = delaying.new_end(
        number=number, ends_at=queries.moment(until), reason=reason, actor=terminal.acting(as_person),
        at=terminal.now(), library=terminal.rules(),
    )  # fmt: skip
    by = f"{made.tell_by.astimezone(BILLING_ZONE):%m-%d %H:%M}"
    late = f" 已超过最迟告知时间 {by} too late" if made.is_late else f" 最迟 {by} 告知 to be told by then"
    facts: dict[str, object] = {
        "number": made.number, "version": made.version, "ends_at": made.ends_at, "tell_by": made.tell_by,
        "is_late": made.is_late,
    }  # fmt: skip
    terminal.done(f"{number}: {made.ends_at.astimezone(BILLING_ZONE):%m-%d %H:%M}{late}", facts, as_json=as_json)


@app.command()
def finish(number: Number, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """The outage is over (停电结束): those who expected it hear that supply is back."""
    running.finish(number=number, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"{number} is over", {"number": number}, as_json=as_json)
