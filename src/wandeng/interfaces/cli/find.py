"""``wandeng find``: one box that finds anything; ``wandeng search``: what it looks in."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from wandeng.flows import search
from wandeng.interfaces.cli import terminal

app = typer.Typer(no_args_is_help=True, help="The search index (搜索索引) behind wandeng find.")

_KINDS = {
    "account": "户号 account",
    "meter": "电能表 meter",
    "bill": "账单 bill",
    "agreement": "合同 agreement",
    "usage_point": "计量点 usage point",
    "transformer": "台区 transformer",
    "feeder": "馈线 feeder",
    "switch": "开关 switch",
    "substation": "变电站 substation",
    "unit": "单位 unit",
    "person": "人员 person",
}


def find(
    text: Annotated[list[str], typer.Argument(metavar="TEXT", help="户号, name, initials, phone, address, meter, …")],
    limit: Annotated[int, typer.Option("--limit", min=1, max=50, help="At most so many of each kind.")] = 8,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Find anything (查找): accounts by number, name, initials, phone or address; meters, bills, equipment, units, people."""
    found = search.find(terminal.acting(as_person), " ".join(text), limit=limit)
    if as_json:
        terminal.show_json(found)
        return
    console = Console()
    if not found.groups:
        console.print(f"nothing fits '{found.asked}'", style="dim")
    for group in found.groups:
        more = " …" if group.more else ""
        console.print(f"[bold]{_KINDS[group.kind]}[/]{more}", highlight=False)
        for hit in group.hits:
            title = "" if hit.title == hit.code else f"  {hit.title}"
            console.print(f"  {hit.code}{title}  [dim]{hit.detail}[/]", highlight=False, soft_wrap=True)


@app.command()
def refresh(as_json: terminal.AsJson = False) -> None:
    """Hold the index against the database and put right what differs (重建索引). Safe at any time; twice does nothing."""
    console = Console()

    def told(kind: str, written: int, gone: int) -> None:
        if not as_json:
            console.print(f"{_KINDS[kind]}: {written} written, {gone} taken out", highlight=False)

    changed = search.bring_up_to_date(told)
    terminal.done(f"{changed} entries put right", {"changed": changed}, as_json=as_json)
