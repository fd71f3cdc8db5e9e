"""``wandeng case``: what is done at a step, at the end, and to the clocks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from wandeng.domains.cases.actions import contact, ending, work
from wandeng.domains.cases.queries import known
from wandeng.domains.cases.types import Charter, Done, Place, Proof
from wandeng.flows import cases
from wandeng.flows.connections import finishing
from wandeng.interfaces.cli import terminal
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import BILLING_ZONE

Number = Annotated[str, typer.Argument(metavar="CASE", help="Number of the case (工单号).")]
_Note = Annotated[str, typer.Option("--note", help="Words for the timeline (说明).")]
_Fields = Annotated[
    list[str] | None, typer.Option("--field", "-f", metavar="CODE=VALUE", help="A field of the form (字段).")
]
_Photos = Annotated[list[Path] | None, typer.Option("--photo", metavar="FILE", help="A photo (照片).")]
_Places = Annotated[str, typer.Option("--place", metavar="LON,LAT", help="Where it was done, degrees (定位).")]
_Papers = Annotated[
    list[str] | None, typer.Option("--proof", metavar="KIND=LABEL", help="RECORDING, PAPER or SIGNATURE (凭证).")
]


def answers_of(fields: Iterable[str] | None) -> dict[str, str]:
    """``CODE=VALUE`` as answers. Raises :class:`InvalidInput`."""
    found = {}
    for one in fields or ():
        code, sign, value = one.partition("=")
        if not sign:
            raise InvalidInput(f"a field is written CODE=VALUE, not '{one}'")
        found[code] = value
    return found


def moment(text: str) -> datetime:
    """Local time as typed. Raises :class:`InvalidInput`."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=BILLING_ZONE)
    except ValueError:
        raise InvalidInput(f"a time is written YYYY-MM-DDTHH:MM, not '{text}'") from None


def local(at: object) -> str:
    """A time as people read it; a dash for none."""
    return f"{at.astimezone(BILLING_ZONE):%m-%d %H:%M}" if isinstance(at, datetime) else "–"


def tell(done: Done, what: str, as_json: bool, **more: object) -> None:
    """Say where a case stands after something was done; ``more`` for programs."""
    facts: dict[str, object] = {
        "number": done.number, "state": done.state, "step": done.step, "handler": done.handler, "due_at": done.due_at,
        "is_new": done.is_new, **more,
    }  # fmt: skip
    at = f"环节 step {done.step}, 到期 due {local(done.due_at)}" if done.step else done.state
    terminal.done(f"工单 {done.number} {what}: {at}", facts, as_json=as_json)


def proofs(photos: list[Path] | None, place: str, papers: list[str] | None) -> list[Proof]:
    """What was given on the command line as proofs. Raises :class:`InvalidInput`."""
    found = [Proof("PHOTO", file_name=path.name, content=path.read_bytes()) for path in photos or ()]
    if place:
        found.append(Proof("PLACE", place=place_of(place)))
    for kind, label in answers_of(papers).items():
        found.append(Proof(kind, label))
    return found


def place_of(text: str) -> Place:
    """``LON,LAT`` in degrees as a place. Raises :class:`InvalidInput`."""
    try:
        longitude, latitude = (_e6(part) for part in text.split(","))
    except ValueError:
        raise InvalidInput(f"a place is written LONGITUDE,LATITUDE in degrees, not '{text}'") from None
    return Place(longitude, latitude)


def _e6(degrees: str) -> int:
    """Degrees as text × 10⁶.

    >>> _e6("112.5"), _e6("-0.000001")
    (112500000, -1)
    """
    whole, _, part = degrees.strip().partition(".")
    sign = -1 if whole.startswith("-") else 1
    return sign * (abs(int(whole)) * 1_000_000 + int(part[:6].ljust(6, "0")))


def assign(
    number: Number,
    handler: Annotated[str, typer.Argument(metavar="PERSON", help="Whose hands it goes into (工号).")],
    note: _Note = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Put a case into somebody's hands (指派)."""
    done = work.assign(
        number=number, handler=handler, note=note, actor=terminal.acting(as_person), at=terminal.now(),
        charter=Charter.current(),
    )  # fmt: skip
    tell(done, f"已指派 with {handler}", as_json)


def finish(
    number: Number,
    step: Annotated[str, typer.Argument(metavar="STEP", help="The step it stands at (环节).")],
    fields: _Fields = None,
    photos: _Photos = None,
    place: _Places = "",
    papers: _Papers = None,
    handler: Annotated[str, typer.Option("--to", help="Who goes on (下一处理人).")] = "",
    result: Annotated[str, typer.Option("--result", help="What came of it (处理结果), at the last step.")] = "",
    note: _Note = "",
    happened: Annotated[str, typer.Option("--at", help="When it was done, local time; default: now.")] = "",
    key: Annotated[str, typer.Option("--key", help="The same key tells the same once.")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Finish the step a case stands at (完成环节), with its fields and proofs."""
    done = finishing.finish(
        number=number, step=step, answers=answers_of(fields), proofs=proofs(photos, place, papers), handler=handler,
        result=result, note=note, happened_at=moment(happened) if happened else None, key=key,
        actor=terminal.acting(as_person), at=terminal.now(), charter=Charter.current(),
    )  # fmt: skip
    tell(done, f"{step} 已完成 finished", as_json)


def send_back(
    number: Number,
    step: Annotated[str, typer.Argument(metavar="STEP", help="The earlier step it goes back to (环节).")],
    reason: terminal.Reason = "",
    handler: Annotated[str, typer.Option("--to", help="Who gets it (处理人).")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Send a case back to an earlier step (退单), with the reason."""
    done = work.send_back(
        number=number, to_step=step, reason=reason, handler=handler, actor=terminal.acting(as_person),
        at=terminal.now(), charter=Charter.current(),
    )  # fmt: skip
    tell(done, f"已退至 back at {step}", as_json)


def pause(
    number: Number,
    pause_code: Annotated[str, typer.Argument(metavar="PAUSE", help="Code of the pause (暂停原因).")],
    reason: terminal.Reason = "",
    photos: _Photos = None,
    papers: _Papers = None,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Stop the clocks (暂停计时), with what proves it."""
    done = work.pause(
        number=number, pause=pause_code, reason=reason, proofs=proofs(photos, "", papers),
        actor=terminal.acting(as_person), at=terminal.now(), charter=Charter.current(),
    )  # fmt: skip
    tell(done, "已暂停 paused", as_json)


def resume(
    number: Number,
    pause_code: Annotated[str, typer.Argument(metavar="PAUSE", help="Code of the pause (暂停原因).")],
    note: _Note = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Let the clocks run again (恢复计时)."""
    done = work.resume(
        number=number, pause=pause_code, note=note, actor=terminal.acting(as_person), at=terminal.now(),
        charter=Charter.current(),
    )  # fmt: skip
    tell(done, "已恢复 resumed", as_json)


def callback(
    number: Number,
    score: Annotated[
        int | None, typer.Option("--score", help="1 very dissatisfied to 5; without it: not reached (未接通).")
    ] = None,
    remark: Annotated[str, typer.Option("--remark", help="What the customer said (意见).")] = "",
    channel: Annotated[str, typer.Option("--channel", help="PHONE, SMS or PORTAL (回访方式).")] = "PHONE",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Ask the customer (回访): satisfied closes, dissatisfied opens again; without a score: nobody answered."""
    actor, charter = terminal.acting(as_person), Charter.current()
    if score is None:
        done = ending.not_reached(number=number, remark=remark, actor=actor, at=terminal.now(), charter=charter)
        tell(done, "未接通 not reached", as_json)
        return
    done = ending.call_back(
        number=number, score=score, remark=remark, channel=channel, actor=actor, at=terminal.now(), charter=charter
    )
    tell(done, f"回访 {score} 分 called back", as_json)


def reopen(
    number: Number, reason: terminal.Reason = "", as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:
    """Open a finished or closed case again (重启)."""
    done = ending.reopen(
        number=number, reason=reason, actor=terminal.acting(as_person), at=terminal.now(), charter=Charter.current()
    )
    tell(done, "已重启 re-opened", as_json)


def join(
    number: Number,
    words: Annotated[str, typer.Argument(metavar="WORDS", help="What the customer says (内容).")] = "",
    channel: Annotated[str, typer.Option("--channel", help="By which channel they came (渠道).")] = "",
    phone: Annotated[str, typer.Option("--phone", help="Their number, of which a trace is kept (号码).")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """A customer came again about an open case (再次来访): no second case, the first-contact owner is told."""
    done = contact.join(
        number=number, words=words, phone_index=known.caller_mark(phone) if phone else "", channel=channel,
        actor=terminal.acting(as_person), at=terminal.now(), charter=Charter.current(),
    )  # fmt: skip
    tell(done, "已并入 joined", as_json)


def answer(
    number: Number,
    words: Annotated[str, typer.Argument(metavar="WORDS", help="What the customer was answered (答复).")],
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """The customer who came again was answered (首问答复)."""
    done = contact.answer(number=number, words=words, actor=terminal.acting(as_person), at=terminal.now())
    tell(done, "已答复 answered", as_json)


def hand_over(
    number: Number,
    to: Annotated[str, typer.Argument(metavar="PERSON", help="Who is the first contact from now on (工号).")],
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Give first-contact ownership to a colleague (移交首问), for a reason."""
    done = contact.hand_over(
        number=number, to=to, reason=reason, actor=terminal.acting(as_person), at=terminal.now(),
        charter=Charter.current(),
    )  # fmt: skip
    tell(done, f"首问已移交 first contact is {to}", as_json)


def recompute(as_json: terminal.AsJson = False) -> None:
    """Tell all limits anew by the calendar as it is now (时限重算); the worker does it every night."""
    found = cases.recompute(charter=Charter.current())
    told = f"时限 clocks {found.clocks:,}, 变动 moved {found.moved:,}, 未算出 left {found.faults:,}"
    facts: dict[str, object] = {"clocks": found.clocks, "moved": found.moved, "faults": found.faults}
    terminal.done(told, facts, as_json=as_json)


def events(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="One event a line, JSON (工单事件).")],
    first: Annotated[int, typer.Option("--from", min=1, help="Go on with this line of an interrupted file.")] = 1,
    as_json: terminal.AsJson = False,
) -> None:
    """Take in many events of many cases (批量事件): opened, steps finished, called back; a thousand a transaction."""
    console = Console(stderr=True)

    def progress(line: int) -> None:
        console.print(f"已入账至第 {line} 行 taken up to line {line}", highlight=False, style="dim")

    lines = file.read_text("utf-8").splitlines()
    taken = cases.take_lines(lines, first=first, charter=Charter.current(), on=terminal.today(), progress=progress)
    refused = [{"line": one.place + 1, "code": one.code, "message": one.message} for one in taken.refused]
    if as_json:
        terminal.show_json({"done": taken.done, "opened": taken.numbers, "refused": refused})
        return
    terminal.done(f"事件 events {taken.done:,}, 新开 opened {len(taken.numbers):,}", {}, as_json=False)
    columns = {"line": "行 line", "code": "原因 code", "message": "说明 why not"}
    if refused:
        terminal.show_rows(refused, columns, title="未受理 refused", empty="", as_json=False)


def add_to(app: typer.Typer) -> None:
    """Put the commands of this module under ``wandeng case``."""
    for name, command in (
        ("assign", assign), ("finish", finish), ("return", send_back), ("pause", pause), ("resume", resume),
        ("callback", callback), ("reopen", reopen), ("recompute", recompute),
        ("join", join), ("answer", answer), ("hand-over", hand_over),
        ("events", events),
    ):  # fmt: skip
        app.command(name)(command)
