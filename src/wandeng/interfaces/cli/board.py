"""``wandeng board``: community boards (公示栏): put up, list, show, print, bills due, keepers, cards of people, withdraw."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wandeng.domains.boards import actions, queries
from wandeng.flows.community_boards import content, pages
from wandeng.interfaces.cli import terminal
from wandeng.interfaces.doorway import rulebook
from wandeng.interfaces.doorway.words import planned_outages

app = typer.Typer(no_args_is_help=True, help="Community boards (公示栏): put up, print, bills due, people, withdraw.")

Board = Annotated[int, typer.Argument(metavar="ID", help="Id of the board (公示栏编号).")]
UnitOption = Annotated[str, typer.Option("--unit", "-u", metavar="CODE", help="The unit (单位) and all below it.")]
Public = Annotated[bool, typer.Option("--public", help="The address is the area's code (地址用台区编号); else random.")]


@app.command("list")
def list_(
    unit: terminal.UnitCode = "",
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List boards: when made, printed, last seen by their screen."""
    rows = list(queries.boards_rows(terminal.scope(terminal.acting(as_person), unit)).order_by("-id")[:limit])
    columns = {
        "id": "编号 id", "place": "地点 place", "unit_name": "单位 unit", "state": "状态 state", "shows_arrears": "欠费 arrears",
        "made_at": "设立 made", "printed_at": "打印 printed", "seen_at": "屏幕 seen", "handle": "地址 handle",
    }  # fmt: skip
    terminal.show_rows(rows, columns, title="公示栏 boards", empty="没有公示栏 no board", as_json=as_json)


@app.command()
def show(board: Board, as_person: terminal.AsPerson = "") -> None:
    """Show what a board says now, as JSON."""
    found = queries.board(terminal.scope(terminal.acting(as_person), ""), board)
    terminal.show_json(content.content(found, now=terminal.now(), library=terminal.rules()))


@app.command("put-up")
def put_up(
    area: Annotated[str, typer.Option("--area", metavar="CODE", help="Of one transformer area (台区编号).")] = "",
    unit: Annotated[str, typer.Option("--unit", "-u", metavar="CODE", help="Of all public areas of a unit.")] = "",
    community: Annotated[str, typer.Option("--community", help="Of a community of the unit (小区、村).")] = "",
    public: Public = False,
    as_person: terminal.AsPerson = "",
) -> None:
    """Put up boards: --area, or --unit with --community, or --unit alone for all that have none."""
    actor, at = terminal.acting(as_person), terminal.now()
    if area:
        made = actions.put_up(area=area, is_public=public, actor=actor, at=at)
        typer.echo(f"公示栏 board {made}")
    elif community:
        made = actions.put_up_community(unit_code=unit, community=community, is_public=public, actor=actor, at=at)
        typer.echo(f"公示栏 board {made}")
    else:
        typer.echo(f"{actions.put_up_all(unit_code=unit, is_public=public, actor=actor, at=at)} 块公示栏 boards")


@app.command()
def arrears(
    unit: UnitOption,
    shown: Annotated[bool, typer.Option("--on/--off", help="Show bills due, or not (显示欠费).")],
    as_person: terminal.AsPerson = "",
) -> None:
    """Show bills due on the boards of a unit, or not; how is the rule's."""
    done = actions.show_arrears(unit_code=unit, is_shown=shown, actor=terminal.acting(as_person), at=terminal.now())
    typer.echo(f"已更改 changed: {done}")


@app.command("print")
def print_(
    site: Annotated[str, typer.Option("--site", metavar="URL", help="Where the portal is, for the codes (网址).")],
    to: Annotated[Path, typer.Option("--to", metavar="FILE", help="The file to write.")],
    boards: Annotated[list[int] | None, typer.Argument(metavar="[ID]...", help="Ids of boards.")] = None,
    unit: terminal.UnitCode = "",
    paper: Annotated[str, typer.Option("--paper", help="a3 or a4.")] = "a4",
    as_person: terminal.AsPerson = "",
) -> None:
    """Print boards, or all of a unit, as one PDF."""
    actor, at = terminal.acting(as_person), terminal.now()
    ids = boards or queries.standing_ids(terminal.scope(actor, unit), most=pages.MOST_A_FILE + 1)
    how = pages.BoardPrint(paper, rulebook.hotline(on=terminal.today()), site.rstrip("/"), planned_outages.everywhere)
    to.write_bytes(pages.printed(ids=ids, how=how, actor=actor, at=at, library=terminal.rules()))
    typer.echo(f"{to}: {len(ids)} 页 pages")


@app.command()
def keeper(
    board: Board,
    person: Annotated[str, typer.Argument(help="Code of the person (工号); none: who holds the post.")] = "",
    as_person: terminal.AsPerson = "",
) -> None:
    """Name who keeps the area of a board (指定负责人)."""
    actions.name_keeper(board=board, person=person, actor=terminal.acting(as_person), at=terminal.now())
    typer.echo("已指定 named")


@app.command()
def card(
    person: Annotated[str, typer.Argument(help="Code of the person (工号).")],
    title: Annotated[str, typer.Option("--title", help="Title (职务).")] = "",
    phone: Annotated[str, typer.Option("--phone", help="Telephone of the work, for everybody (公示电话).")] = "",
    photo: Annotated[Path | None, typer.Option("--photo", exists=True, help="JPEG, PNG or WebP.")] = None,
    as_person: terminal.AsPerson = "",
) -> None:
    """Write the card of a person (服务名片)."""
    actions.set_card(
        person=person, title=title, phone=phone, photo=photo.read_bytes() if photo else b"",
        actor=terminal.acting(as_person), at=terminal.now(), library=terminal.rules(),
    )  # fmt: skip
    typer.echo("已登记 written")


@app.command()
def withdraw(board: Board, as_person: terminal.AsPerson = "") -> None:
    """Withdraw a board: its address answers to nobody any more (撤下)."""
    actions.withdraw(board=board, actor=terminal.acting(as_person), at=terminal.now())
    typer.echo("已撤下 withdrawn")
