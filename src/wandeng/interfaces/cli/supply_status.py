"""``wandeng status``: when supply is back (何时来电), asked at a desk and published for everybody."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from django.db import DatabaseError, connections
from rich.console import Console
from rich.markup import escape

from wandeng.flows.supply_status import answers, finding
from wandeng.flows.supply_status import planned as plans
from wandeng.flows.supply_status import publishing as files
from wandeng.interfaces.cli import terminal
from wandeng.interfaces.doorway.words import planned_outages as planned_words
from wandeng.interfaces.doorway.words import supply_status as words
from wandeng.kernel.errors import NotFound, Refused

app = typer.Typer(no_args_is_help=True, help="When is power back (何时来电): ask, and publish it for everybody.")


@app.command()
def of(
    asked: Annotated[str, typer.Argument(metavar="WHO", help="Account, telephone or place (户号、手机号、地名).")],
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Tell when supply is back (何时来电) at an account, at those of a telephone, or at a place."""
    scope, now, library = terminal.scope(terminal.acting(as_person), ""), terminal.now(), terminal.rules()
    text = finding.cleaned(asked)
    if finding.is_number(text):
        try:
            found = answers.supply_status(scope, text, now=now, library=library)
        except NotFound:
            found = answers.status_by_phone(scope, text, now=now, library=library)
    else:
        found = answers.status_called(scope, text, now=now, library=library)
    if not found:
        raise NotFound(f"nobody is supplied at '{asked}'")
    if as_json:
        terminal.show_json([{"area": one, "said": words.everywhere(one.answer, now)} for one in found])
        return
    console = Console()
    for one in found:
        told = words.everywhere(one.answer, now)
        console.print(f"[bold]{escape(one.area_name)}[/] {one.area_code} {one.incident}".rstrip(), highlight=False)
        for lines in told.values():
            console.print(f"  {escape(' '.join(lines))}", highlight=False, soft_wrap=True)


@app.command()
def planned(
    place: Annotated[
        str, typer.Argument(metavar="[PLACE]", help="Village, community or area (地名); empty: all.")
    ] = "",
    unit: terminal.UnitCode = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List planned outages (停电公告) of the next days, as everybody reads them."""
    scope = terminal.scope(terminal.acting(as_person), unit)
    found = plans.planned(scope, place=place, now=terminal.now(), library=terminal.rules())
    if as_json:
        terminal.show_json([plans.document(one, planned_words.everywhere(one)) for one in found])
        return
    rows = [
        {"number": one.number, "when": said[0], "places": planned_words.places(one, place), "unit": one.unit_name,
         "mark": planned_words.became(one)}
        for one in found for said in [planned_words.said(one)]
    ]  # fmt: skip
    columns = {
        "number": "停电编号 plan", "when": "时间 when", "places": "区域 places", "unit": "单位 unit", "mark": "变更 changed",
    }  # fmt: skip
    terminal.show_rows(rows, columns, title="停电公告 planned outages", empty="没有计划停电 none", as_json=False)


@app.command()
def publish(
    watch: Annotated[bool, typer.Option("--watch", help="Go on until stopped, every few seconds (持续发布).")] = False,
    as_json: terminal.AsJson = False,
) -> None:
    """Write what is known of every feeder as files that a web server hands out (发布停电状态文件)."""
    publisher = files.Publisher(words.everywhere, planned_words.everywhere)
    try:
        done = publisher.publish(terminal.now())
        sentence = "另一个进程正在发布 another process publishes"
        if done is not None:
            sentence = (
                f"{done.feeders} 条线路 feeders, {done.written} 个文件 files written, {done.off} 个台区停电 areas off"
            )
        facts: dict[str, object] = (
            {} if done is None else {"feeders": done.feeders, "written": done.written, "off": done.off}
        )
        terminal.done(f"{sentence}: {publisher.home}", facts, as_json=as_json)
    finally:
        publisher.close()
    if watch:
        with publishing() as again:
            while True:
                time.sleep(again())


@contextmanager
def publishing() -> Iterator[Callable[[], float]]:
    """A call that publishes when it is time to, and tells the seconds to the next time. What fails is said once and tried
    again: the files stay as they were, and their age tells."""
    publisher, console = files.Publisher(words.everywhere, planned_words.everywhere), Console(stderr=True)
    begun, failed = float("-inf"), ""

    def again() -> float:
        nonlocal begun, failed
        left = begun + files.EVERY_SECONDS - time.monotonic()
        if left > 0:
            return left
        begun = time.monotonic()
        try:
            publisher.publish(terminal.now())
            failed = ""
        except (DatabaseError, OSError, RuntimeError, Refused) as trouble:
            connections.close_all()
            if str(trouble) != failed:
                console.print(f"停电状态没有发布 supply status not published: {escape(str(trouble))}", highlight=False)
            failed = str(trouble)
        return max(0.0, begun + files.EVERY_SECONDS - time.monotonic())

    try:
        yield again
    finally:
        publisher.close()
