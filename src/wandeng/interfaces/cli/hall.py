"""``wandeng hall``: the queue of a hall: counters, numbers, call, serve, who waits and why, how long people waited."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Annotated

import typer

from wandeng.domains.halls import actions, queries
from wandeng.domains.halls.actions import TicketWanted
from wandeng.flows import hall_queue
from wandeng.interfaces.cli import terminal

app = typer.Typer(no_args_is_help=True, help="Queue of a hall (营业厅排队): counters, numbers, calling, waiting times.")

Hall = Annotated[str, typer.Argument(metavar="OUTLET", help="Code of the hall (网点编号).")]
Counter = Annotated[str, typer.Argument(metavar="COUNTER", help="The counter (窗口).")]
Ticket = Annotated[int, typer.Argument(metavar="ID", help="Id of the ticket.")]


@app.command("open")
def open_(
    hall: Hall,
    counter: Counter,
    accessible: Annotated[bool, typer.Option("--accessible", help="Reached with a wheelchair (无障碍).")] = False,
    as_person: terminal.AsPerson = "",
) -> None:
    """Open a counter for oneself (开启窗口)."""
    actions.open_counter(
        outlet_code=hall, counter=counter, is_accessible=accessible, actor=terminal.acting(as_person), at=terminal.now()
    )
    typer.echo(f"已开启 open: {hall} {counter}")


@app.command()
def close(hall: Hall, counter: Counter, as_person: terminal.AsPerson = "") -> None:
    """Close a counter at which nobody stands (关闭窗口)."""
    actions.close_counter(outlet_code=hall, counter=counter, actor=terminal.acting(as_person), at=terminal.now())
    typer.echo(f"已关闭 closed: {hall} {counter}")


@app.command()
def ticket(
    hall: Hall,
    purpose: Annotated[str, typer.Option("--for", help="PAY, BUSINESS, ADVICE or COMPLAINT (业务类型).")] = "PAY",
    priority: Annotated[str, typer.Option("--priority", help="ELDERLY, DISABLED, PREGNANT or SOLDIER (优先).")] = "",
    account: Annotated[str, typer.Option("--account", help="Account number (户号), if known.")] = "",
    phone: Annotated[str, typer.Option("--phone", help="Telephone number (电话), if given; it is sealed.")] = "",
    appointment: Annotated[str, typer.Option("--appointment", help="Number of the appointment (预约编号).")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Take a number (取号)."""
    actor, now = terminal.acting(as_person), terminal.now()
    wanted = TicketWanted(purpose, priority, account, phone, appointment)
    made = hall_queue.take(outlet_code=hall, wanted=wanted, actor=actor, at=now, library=terminal.rules())
    found = queries.ticket(terminal.scope(actor, ""), made, now=now)
    terminal.done(f"{found.label} 号 ticket {found.id}", {"id": found.id, "label": found.label}, as_json=as_json)


@app.command("next")
def next_(
    hall: Hall, counter: Counter, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:  # fmt: skip
    """Call the next ticket to one's counter (叫号), and say why it is the next."""
    found = actions.call_next(
        outlet_code=hall, counter=counter, actor=terminal.acting(as_person), at=terminal.now(), library=terminal.rules()
    )
    one = found.ticket
    facts: dict[str, object] = {"id": one.id, "label": one.label, "why": found.why.value, "waited": one.waited_seconds}
    waited = f"{one.waited_seconds // 60}/{one.limit_seconds // 60} min"
    terminal.done(f"{one.label} 号 ticket {one.id} ({found.why.value}, {waited})", facts, as_json=as_json)


@app.command()
def transfer(ticket: Ticket, counter: Counter, as_person: terminal.AsPerson = "") -> None:
    """Hand who was called to another counter that is open (转窗口)."""
    actions.transfer(ticket=ticket, counter=counter, actor=terminal.acting(as_person), at=terminal.now())
    typer.echo(f"已转 handed to {counter}")


@app.command()
def waiting(hall: Hall, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Who waits, in the order of calling, and why in this order (候号)."""
    scope = terminal.scope(terminal.acting(as_person), "")
    found = queries.hall(scope, hall, now=terminal.now(), library=terminal.rules())
    rows = [
        {"id": one.ticket.id, "label": one.ticket.label, "why": one.why.value, "waited": one.ticket.waited_seconds}
        for one in found.queue
    ]
    columns = {"id": "编号 id", "label": "号 number", "why": "原因 why", "waited": "已等（秒） waited s"}
    terminal.show_rows(rows, columns, title=f"候号 waiting {hall}", empty="无人等候 nobody waits", as_json=as_json)


@app.command()
def figures(
    hall: Annotated[str, typer.Argument(metavar="[OUTLET]", help="One hall (网点编号); none: all.")] = "",
    days: Annotated[int, typer.Option("--days", min=1, max=queries.MOST_DAYS, help="So many days until today.")] = 1,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """How long people waited by hall and hour, against the limit (等候时长); the row without an hour is the whole."""
    scope, to_on = terminal.scope(terminal.acting(as_person), ""), terminal.today() + timedelta(days=1)
    found = queries.figures(scope, from_on=to_on - timedelta(days=days), to_on=to_on, outlet_code=hall)
    columns = {
        "outlet_code": "网点 hall", "hour": "时 hour", "taken": "取号 taken", "called": "叫号 called",
        "left_uncalled": "未叫即走 left", "within": "时限内 within", "p50_seconds": "P50（秒） s", "p90_seconds": "P90（秒） s",
        "longest_seconds": "最长（秒） longest s",
    }  # fmt: skip
    terminal.show_list(found, columns, title="等候时长 waiting", empty="无人取号 no ticket", as_json=as_json)


@app.command()
def kiosk(hall: Hall, as_person: terminal.AsPerson = "") -> None:
    """Renew the key of a hall's kiosk and screen (更换取号机密钥) and print their addresses; shown once, the ones before end."""
    token = actions.renew_kiosk(outlet_code=hall, actor=terminal.acting(as_person), at=terminal.now())
    typer.echo(f"取号机 kiosk: /hall/{token}/")
    typer.echo(f"叫号屏 screen: /hall/{token}/screen/")


def _walks(name: str, action: Callable[..., None], said: str, help_text: str) -> None:
    def walk(ticket: Ticket, as_person: terminal.AsPerson = "") -> None:
        action(ticket=ticket, actor=terminal.acting(as_person), at=terminal.now())
        typer.echo(said)

    app.command(name, help=help_text)(walk)


_walks("recall", actions.recall, "已重呼 called again", "Call again who was called or missed (重呼).")
_walks("no-show", actions.no_show, "已过号 missed", "Mark who did not come when called (过号).")
_walks(
    "done",
    hall_queue.done,
    "已办结 served",
    "End serving (办结); cases and payments made since the call are kept with it.",
)
_walks("leave", actions.leave, "已离开 left", "Take somebody who went home out of the queue (离开).")
