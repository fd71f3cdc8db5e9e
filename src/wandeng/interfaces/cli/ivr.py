"""``wandeng ivr``: the telephone menu, walked at the terminal as a caller would."""

from __future__ import annotations

import uuid
from typing import Annotated

import typer

from wandeng.flows import voice
from wandeng.infra import signed_calls
from wandeng.interfaces.cli import terminal
from wandeng.kernel.errors import Conflict

app = typer.Typer(no_args_is_help=True, help="The telephone line (电话语音导航): call it, make its secret.")


@app.command()
def call(
    phone: Annotated[str, typer.Argument(metavar="PHONE", help="The calling number (来电号码).")],
    keys: Annotated[
        list[str] | None, typer.Argument(metavar="KEYS", help="What is pressed at each prompt; '-' for nothing.")
    ] = None,
    as_json: terminal.AsJson = False,
) -> None:
    """Call the line and press keys, turn by turn. It is a call like any other: it is kept, and a report opens a case."""
    named, transcript = uuid.uuid4().hex, []
    for number, pressed in enumerate(["", *(keys or [])]):
        digits = pressed.replace("-", "")
        told = voice.take(
            call=named, number=number, phone=phone, digits=digits, at=terminal.now(), library=terminal.rules()
        )  # fmt: skip
        transcript.append(
            {"pressed": pressed, "node": told.node, "said": [one.text for one in told.say], "then": told.then}
        )
        if told.then != "GATHER":
            break
    if as_json:
        terminal.show_json(transcript)
        return
    for turn in transcript:
        said = " ".join(turn["said"])
        typer.echo(f"[{turn['pressed'] or '…'}] {turn['node']}: {said} → {turn['then']}")


@app.command("secret")
def secret() -> None:
    """Make the secret that the telephone exchange signs its calls with, and say where it lies; it is not shown."""
    place = signed_calls.secret_path(voice.GATEWAY)
    if place.exists():
        raise Conflict(f"the secret lies in {place} already")
    signed_calls.make_secret(voice.GATEWAY)
    terminal.done(f"the secret lies in {place}", {"path": str(place)}, as_json=False)
