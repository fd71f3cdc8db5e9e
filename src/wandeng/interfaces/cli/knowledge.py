"""``wandeng knowledge`` and ``wandeng standard``: finding, reading, writing and approving; the register and what is due."""

from __future__ import annotations

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from wandeng.domains.knowledge import actions, queries
from wandeng.domains.knowledge.types import Belongs, Text
from wandeng.interfaces.cli import terminal
from wandeng.kernel.errors import InvalidInput, NotFound

app = typer.Typer(no_args_is_help=True, help="Knowledge (知识): articles, scripts, one-time-notice sheets, phrases.")
standard = typer.Typer(no_args_is_help=True, help="The register of standards (标准体系).")

_Code = Annotated[str, typer.Argument(metavar="CODE", help="Code of an article (编码).")]
_Kind = Annotated[str, typer.Option("--kind", help="ARTICLE, SCRIPT, SHEET, PHRASE (类型).")]


@app.command()
def search(
    words: Annotated[list[str], typer.Argument(metavar="WORDS", help="Chinese, pinyin or initials.")],
    kind: _Kind = "",
    process: Annotated[str, typer.Option("--process", help="A kind of case (业务).")] = "",
    limit: terminal.Limit = 20,
    as_json: terminal.AsJson = False,
) -> None:
    """Find articles (搜索), best first."""
    found = queries.search(" ".join(words), on=terminal.today(), kind=kind, process=process, limit=limit)
    columns = {"code": "编码 code", "kind": "类型 kind", "title": "标题 title", "number": "版本 version",
               "beginning": "内容 text"}  # fmt: skip
    rows = [{name: getattr(one, name) for name in columns} for one in found]
    terminal.show_rows(rows, columns, title="知识 articles", empty="没有找到 nothing found", as_json=as_json)


@app.command()
def show(
    code: _Code,
    version: Annotated[int | None, typer.Option("--version", help="Another version than the one in force.")] = None,
    as_json: terminal.AsJson = False,
) -> None:
    """Show an article (查看)."""
    found = queries.article(code, on=terminal.today())
    if as_json:
        terminal.show_json(found)
        return
    shown = found.in_force if version is None else next((v for v in found.versions if v.number == version), None)
    if shown is None:
        raise NotFound(f"article {code} has no such version")
    console = Console()
    console.print(f"[bold]{shown.title}[/]  {code} · 第 {shown.number} 版 version", highlight=False)
    console.print(shown.text, highlight=False, markup=False)
    console.print("\n".join(f"· {line}" for line in shown.sources), style="dim", highlight=False, markup=False)


@app.command()
def draft(
    file: Annotated[Path, typer.Argument(metavar="FILE", exists=True, dir_okay=False, help="TOML: title, text, …")],
    valid_from: Annotated[datetime, typer.Option("--from", formats=["%Y-%m-%d"], help="First day (起用日).")],
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
) -> None:
    """Draft an article from a file (拟定): code, kind, title, text, keywords, belongs, sources; a new code is a new article."""
    try:
        given = tomllib.loads(file.read_text("utf-8"))
        places = tuple(Belongs(**one) for one in given.get("belongs", []))
        text = Text(
            given["title"], given["text"], tuple(given.get("keywords", [])), tuple(given.get("sources", [])), places
        )
        code, kind = given["code"], given.get("kind", "ARTICLE")
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, KeyError, TypeError) as unreadable:
        raise InvalidInput(f"{file.name} is no article: {unreadable}") from unreadable
    actor, at, first = terminal.acting(as_person), terminal.now(), valid_from.date()
    if code in set(queries.article_rows(on=terminal.today()).values_list("code", flat=True)):
        version = actions.draft(code=code, text=text, valid_from=first, reason=reason, actor=actor, at=at)
    else:
        version = actions.create(
            code=code, kind=kind, text=text, valid_from=first, shortcut=given.get("shortcut", ""), reason=reason,
            actor=actor, at=at,
        )  # fmt: skip
    Console().print(f"版本 version {int(version)}")


@app.command()
def approve(
    version: Annotated[int, typer.Argument(metavar="VERSION", help="Id of a drafted version.")],
    as_person: terminal.AsPerson = "",
) -> None:
    """Approve a drafted text (审批); by somebody else than its author."""
    actions.approve(version_id=version, actor=terminal.acting(as_person), at=terminal.now())
    Console().print("已批准 approved")


@app.command()
def drafts(as_json: terminal.AsJson = False) -> None:
    """List what waits for a second person (待审批)."""
    columns = {"id": "版本 version", "code": "编码 code", "title": "标题 title", "valid_from": "起用 from",
               "drafted_by": "拟定人 by"}  # fmt: skip
    rows = list(queries.draft_rows().order_by("drafted_at"))
    terminal.show_rows(rows, columns, title="待审批 drafts", empty="没有 none", as_json=as_json)


@app.command()
def install(as_person: terminal.AsPerson = "") -> None:
    """Put the product's own texts in place, those that are missing (安装自带知识)."""
    count = actions.install(actor=terminal.acting(as_person), at=terminal.now())
    Console().print(f"已安装 installed {count}")


_STANDARD = {"code": "编号 code", "title": "名称 title", "kind": "类别 kind", "unit_name": "归口 unit",
             "post": "岗位 post", "status": "状态 status", "review_on": "复审 review"}  # fmt: skip


@standard.command("list")
def list_(
    status: Annotated[str, typer.Option("--status", help="DRAFT, IN_FORCE, REVISING, ABOLISHED (状态).")] = "",
    limit: terminal.Limit = 1000,
    as_json: terminal.AsJson = False,
) -> None:
    """List the register (标准清单)."""
    rows = queries.standard_rows(on=terminal.today()).order_by("code")
    if status:
        rows = rows.filter(status=status)
    _show(list(rows[:limit]), as_json=as_json)


@standard.command()
def due(
    by: Annotated[datetime | None, typer.Option("--by", formats=["%Y-%m-%d"], help="Due until this day.")] = None,
    as_json: terminal.AsJson = False,
) -> None:
    """List what is due for review (到期待复审)."""
    on: date = by.date() if by else terminal.today()
    _show(list(queries.standard_rows(on=on).filter(is_due=True).order_by("review_on", "code")), as_json=as_json)


@standard.command()
def review(
    code: Annotated[str, typer.Argument(metavar="CODE", help="Code of a standard (标准编号).")],
    outcome: Annotated[str, typer.Argument(metavar="OUTCOME", help="KEPT, REVISE, ABOLISH (结论).")],
    next_on: Annotated[datetime | None, typer.Option("--next", formats=["%Y-%m-%d"], help="Next review.")] = None,
    remark: Annotated[str, typer.Option("--remark", help="Why (说明).")] = "",
    as_person: terminal.AsPerson = "",
) -> None:
    """Note that a standard was looked at (复审)."""
    actions.review(
        code=code, outcome=outcome, next_on=next_on.date() if next_on else None, remark=remark,
        actor=terminal.acting(as_person), at=terminal.now(),
    )  # fmt: skip
    Console().print("已记录 recorded")


def _show(rows: list[dict[str, object]], *, as_json: bool) -> None:
    terminal.show_rows(rows, _STANDARD, title="标准体系 standards", empty="没有标准 no standards", as_json=as_json)
