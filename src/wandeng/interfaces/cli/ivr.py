"""``wandeng ivr``: the telephone menu, walked at the terminal as a caller would, and the recordings it is said with."""

from __future__ import annotations

import shutil
import subprocess
import uuid
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings

from wandeng.domains.conversations import queries
from wandeng.flows import outbound_calls, outbound_trial, voice, voice_prompts
from wandeng.infra import signed_calls
from wandeng.interfaces.cli import terminal
from wandeng.kernel.errors import Conflict

FOLDER = Path(settings.HOME) / "prompts"
"""Where the recordings of this installation lie."""
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


Folder = Annotated[
    Path | None, typer.Option("--folder", help="Where the recordings lie (录音目录); default: WANDENG_HOME/prompts.")
]


@app.command("prompts")
def prompts(
    folder: Folder = None,
    missing: Annotated[bool, typer.Option("--missing", help="Only what is missing or broken (缺少).")] = False,
    as_json: terminal.AsJson = False,
) -> None:
    """List the fragments (录音片段) that the menu in force needs, NAME.wav each, and which of them are missing."""
    where, library = folder or FOLDER, terminal.rules()
    found = [
        one
        for one in voice_prompts.prompts(where, on=terminal.today(), library=library)
        if not (missing and one.standing == "PRESENT")
    ]
    columns = {
        "name": "片段 fragment", "text": "内容 text", "standing": "状态 standing", "length_cs": "长度（厘秒） length cs",
    }  # fmt: skip
    terminal.show_list(found, columns, title=str(where), empty="录音齐全 nothing is missing", as_json=as_json)
    if not as_json:
        free = ", ".join(voice_prompts.spoken_only(on=terminal.today(), library=library))
        typer.echo(f"由交换机朗读 spoken by the exchange: {free}")


@app.command("record")
def record(
    folder: Folder = None,
    voice_name: Annotated[str, typer.Option("--voice", help="Voice of espeak-ng.")] = "cmn",
    as_json: terminal.AsJson = False,
) -> None:
    """Have espeak-ng say every fragment that is missing (试用录音): for trials, until somebody records them."""
    where, program = folder or FOLDER, shutil.which("espeak-ng")
    if program is None:
        raise Conflict("espeak-ng is not installed: scripts/install-system espeak")
    where.mkdir(parents=True, exist_ok=True)
    missing = [
        one
        for one in voice_prompts.prompts(where, on=terminal.today(), library=terminal.rules())
        if one.standing == "MISSING"
    ]
    for one in missing:
        file = where / f"{one.name}.wav"
        subprocess.run([program, "-v", voice_name, "-w", str(file), one.text], check=True, timeout=30)
    terminal.done(f"已生成 made: {len(missing)} → {where}", {"made": len(missing), "path": str(where)}, as_json=as_json)


@app.command("say")
def say(
    code: Annotated[str, typer.Argument(metavar="PROMPT", help="Code of the prompt (提示代码).")],
    out: Annotated[Path, typer.Option("--out", help="The WAV that is written.")],
    slot: Annotated[list[str] | None, typer.Option("--slot", metavar="NAME=VALUE", help="A number of it.")] = None,
    folder: Folder = None,
) -> None:
    """Put a prompt together from its fragments and write it as one WAV."""
    slots = dict(one.partition("=")[::2] for one in slot or ())
    made = voice_prompts.said(folder or FOLDER, code, slots, on=terminal.today(), library=terminal.rules())
    out.write_bytes(made)
    terminal.done(f"已写入 written: {out} ({len(made)} bytes)", {"path": str(out), "bytes": len(made)}, as_json=False)


@app.command("calls")
def calls(
    unit: terminal.UnitCode = "",
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List the calls that the machine made (自动外呼), the latest first."""
    scope = terminal.scope(terminal.acting(as_person), unit)
    rows = list(queries.outbound_rows(scope).order_by("-placed_at", "-id")[:limit])
    columns = {
        "id": "编号 id", "purpose": "事由 purpose", "account_number": "户号 account", "about": "事项 about",
        "attempt": "第几次 attempt", "result": "结果 result", "choice": "按键 pressed", "placed_at": "拨出 placed",
    }  # fmt: skip
    terminal.show_rows(rows, columns, title="自动外呼 outbound calls", empty="no call was made", as_json=as_json)


@app.command("place")
def place(
    simulate: Annotated[
        bool, typer.Option("--simulate", help="Ring nobody: play what people would do, and write it down (试拨).")
    ] = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Have the calls dialed that are due now (拨出到期外呼): reminders of arrears and call-backs; the worker does every few minutes."""
    pretended = outbound_trial.SimulatedExchange() if simulate else None
    dials = pretended or outbound_calls.exchange()
    if dials is None:
        raise Conflict("no telephone exchange is configured: set WANDENG_EXCHANGE_URL, or try with --simulate")
    done = outbound_calls.place_due(clock=terminal.now, exchange=dials, library=terminal.rules())
    answered = outbound_trial.play(pretended.dialed, at=terminal.now()) if pretended else 0
    facts: dict[str, object] = {**asdict(done), "answered": answered}
    told = f"拨出 dialed {done.dialed}, 未能拨出 failed {done.failed}, 没有结果 lost {done.lost}"
    terminal.done(f"{told}{f', 接听 answered {answered}' if simulate else ''}", facts, as_json=as_json)
