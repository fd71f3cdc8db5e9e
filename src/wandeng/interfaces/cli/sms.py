"""``wandeng sms``: two-way short messages, as a gateway and as a member of staff sees them."""

from __future__ import annotations

import uuid
from typing import Annotated

import typer

from wandeng.domains.conversations import queries
from wandeng.flows import contacts, text_service
from wandeng.infra import signed_calls
from wandeng.interfaces.cli import terminal
from wandeng.kernel.errors import Conflict

app = typer.Typer(no_args_is_help=True, help="Two-way short messages (短信互动): receive, read threads, simulate.")

Phone = Annotated[str, typer.Argument(metavar="PHONE", help="The number that wrote (手机号).")]
Text = Annotated[str, typer.Argument(metavar="TEXT", help="What it wrote (短信内容), such as CX.")]


@app.command()
def receive(
    phone: Phone,
    text: Text,
    outside_id: Annotated[str, typer.Option("--id", metavar="ID", help="The gateway's number of the message.")] = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Take a message as if the gateway had handed it over; the answer leaves through the gateway."""
    named = outside_id or uuid.uuid4().hex
    taken = text_service.receive(
        outside_id=named, phone=phone, text=text, at=terminal.now(), library=terminal.rules()
    )  # fmt: skip
    facts = {"id": named, "turn": taken.turn_id, "answer": taken.answer_id, "new": taken.is_new}
    done = "kept" if taken.is_new else "was kept before, and is not acted on again"
    terminal.done(f"message {named} {done}", facts, as_json=as_json)


@app.command()
def simulate(phone: Phone, text: Text, as_json: terminal.AsJson = False) -> None:
    """Say what a message from this number would be answered; nothing is kept, sent or changed."""
    told = text_service.preview(phone=phone, text=text, at=terminal.now(), library=terminal.rules())
    facts = {"answers": told.answers, "code": told.code, "text": told.text, "verified": told.is_verified}
    terminal.done(f"[{told.code}] {told.text}", facts, as_json=as_json)


@app.command("list")
def list_(
    unit: terminal.UnitCode = "",
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List conversations, the latest first."""
    scope = terminal.scope(terminal.acting(as_person), unit)
    rows = list(queries.conversation_rows(scope).order_by("-last_at", "-id")[:limit])
    columns = {
        "id": "编号 id", "medium": "方式 medium", "account_number": "户号 account", "is_verified": "已核实 verified",
        "unit_name": "单位 unit", "last_at": "最近 last",
    }  # fmt: skip
    terminal.show_rows(rows, columns, title="会话 conversations", empty="no conversation", as_json=as_json)


@app.command()
def thread(
    number: Annotated[int, typer.Argument(metavar="ID", help="Id of the conversation (会话编号).")],
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Show a conversation turn by turn."""
    found = queries.conversation(terminal.scope(terminal.acting(as_person), ""), number)
    columns = {
        "at": "时间 at",
        "direction": "方向 way",
        "asked": "指令 asked",
        "text": "内容 text",
        "outcome": "结果 outcome",
    }
    title = f"{found.masked} {found.account_number}"
    terminal.show_list(found.turns, columns, title=title, empty="nothing was said", as_json=as_json)


@app.command("old")
def old(
    empty: Annotated[bool, typer.Option("--empty", help="Empty them now; the worker does every night (清空).")] = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Say what the rule of conversations has emptied next (会话内容到期清空): words whose time is over. That there was a turn stays."""
    now, library = terminal.now(), terminal.rules()
    found = contacts.preview(now=now, library=library)
    emptied = contacts.empty_old(now=now, library=library) if empty else 0
    since = contacts.kept_since(now, library)
    facts = {
        "before": since, "turns": found.turns, "conversations": found.conversations, "oldest_at": found.oldest_at, "emptied": emptied,
    }  # fmt: skip
    told = f"emptied {emptied}" if empty else f"{found.turns} in {found.conversations} conversations would be emptied"
    terminal.done(f"早于 before {since:%Y-%m-%d}: {told}", facts, as_json=as_json)


@app.command("secret")
def secret() -> None:
    """Make the secret that the gateway signs its calls with, and say where it lies; it is not shown."""
    place = signed_calls.secret_path(text_service.GATEWAY)
    if place.exists():
        raise Conflict(f"the secret lies in {place} already")
    signed_calls.make_secret(text_service.GATEWAY)
    terminal.done(f"the secret lies in {place}", {"path": str(place)}, as_json=False)
