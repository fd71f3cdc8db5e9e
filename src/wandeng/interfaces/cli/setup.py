"""``wandeng parameters``, ``dictionaries``, ``announce`` and ``brand``: what the utility settles itself."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from wandeng.domains.organization import actions
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import terminal

parameters = typer.Typer(no_args_is_help=True, help="Parameters (参数): drafted by one person, approved by another.")
dictionaries = typer.Typer(no_args_is_help=True, help="Dictionaries (字典): words of the utility's own.")
announce = typer.Typer(no_args_is_help=True, help="Notices to staff (通知公告).")
brand = typer.Typer(no_args_is_help=True, help="Name, logo and colours of the pages (品牌).")

_ValueId = Annotated[int, typer.Argument(metavar="ID", help="Number of the value, as list shows it.")]
_NoticeId = Annotated[int, typer.Argument(metavar="ID", help="Number of the notice.")]


@parameters.command("list")
def list_parameters(as_json: terminal.AsJson = False) -> None:
    """List every parameter with the value in force, and the values that wait."""
    rows: list[dict[str, object]] = []
    for shown in organization.parameters_shown(terminal.today()):
        waits = [f"{one.value_id}: {shown.kind.text(one.value)} from {one.valid_from} ({one.state})" for one in
                 (*shown.drafts, *shown.coming)]  # fmt: skip
        rows.append(
            {"code": shown.kind.code, "value": shown.kind.text(shown.value), "since": shown.since or "shipped",
             "limits": f"{shown.kind.text(shown.kind.least)}–{shown.kind.text(shown.kind.most)} {shown.kind.unit_en}",
             "name": f"{shown.kind.name_zh} {shown.kind.name_en}", "waits": "; ".join(waits)}
        )  # fmt: skip
    columns = {"code": "代码 code", "name": "参数 parameter", "value": "现行 value", "since": "自 since",
               "limits": "范围 limits", "waits": "待办 waits"}  # fmt: skip
    terminal.show_rows(rows, columns, title="参数 parameters", empty="none", as_json=as_json)


@parameters.command("draft")
def draft_parameter(
    code: Annotated[str, typer.Argument(help="Parameter (参数).")],
    value: Annotated[str, typer.Argument(help="New value (新取值).")],
    from_on: Annotated[str, typer.Option("--from", help="First day; default: today.")] = "",
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Propose a value from a day on (拟定)."""
    made = actions.draft_parameter(
        code=code, value=value, valid_from=terminal.day(from_on) if from_on else terminal.today(), reason=reason,
        actor=terminal.acting(as_person), at=terminal.now(),
    )  # fmt: skip
    terminal.done(f"value {made} of {code} waits for a second person", {"value_id": made}, as_json=as_json)


@parameters.command("approve")
def approve_parameter(
    value_id: _ValueId,
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Let a proposed value hold from its day on (审批)."""
    actions.approve_parameter(value_id=value_id, reason=reason, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"value {value_id} is approved", {"value_id": value_id}, as_json=as_json)


@parameters.command("withdraw")
def withdraw_parameter(
    value_id: _ValueId,
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Take back a value that has not been in force (撤回)."""
    actions.withdraw_parameter(value_id=value_id, reason=reason, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"value {value_id} is withdrawn", {"value_id": value_id}, as_json=as_json)


@dictionaries.command("list")
def list_dictionary(
    code: Annotated[str, typer.Argument(help="Dictionary (字典); none: all.")] = "", as_json: terminal.AsJson = False
) -> None:
    """List the words of an open dictionary."""
    kinds = [code] if code else [kind.code for kind in organization.dictionary_kinds()]
    rows: list[dict[str, object]] = [
        {"dictionary": kind, "code": one.code, "label": one.label_zh, "offered": one.is_offered, "ships": one.ships}
        for kind in kinds
        for one in organization.dictionary(kind, offered_only=False)
    ]
    columns = {"dictionary": "字典 dictionary", "code": "编码 code", "label": "名称 label", "offered": "可选 offered",
               "ships": "自带 ships"}  # fmt: skip
    terminal.show_rows(rows, columns, title="字典 dictionaries", empty="none", as_json=as_json)


@dictionaries.command("set")
def set_entry(
    dictionary: Annotated[str, typer.Argument(help="Dictionary (字典).")],
    code: Annotated[str, typer.Argument(help="Code of the word, in capitals (编码).")],
    label: Annotated[str, typer.Argument(help="The word (名称).")],
    place: Annotated[int, typer.Option("--place", help="Order (顺序).")] = 0,
    offered: Annotated[bool, typer.Option("--offered/--not-offered", help="Whether it can be chosen (可选).")] = True,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Add or change a word (维护字典)."""
    actions.set_entry(
        dictionary=dictionary, code=code, label=label, place=place, is_offered=offered,
        actor=terminal.acting(as_person), at=terminal.now(),
    )  # fmt: skip
    terminal.done(f"{dictionary}/{code} is '{label}'", {"dictionary": dictionary, "code": code}, as_json=as_json)


@announce.command("list")
def list_notices(as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """List notices, newest first."""
    rows = [dict(row) for row in organization.announcement_rows(Scope.of(terminal.acting(as_person)))[:100]]
    columns = {"id": "编号 id", "title": "标题 title", "state": "状态 state", "unit_code": "单位 unit",
               "visible_from": "自 from", "visible_to": "至 to", "read_count": "已读 read"}  # fmt: skip
    terminal.show_rows(rows, columns, title="通知公告 notices", empty="no notices yet", as_json=as_json)


@announce.command("draft")
def draft_notice(
    title: Annotated[str, typer.Argument(help="Title (标题).")],
    body: Annotated[str, typer.Argument(help="Text (正文).")],
    unit: Annotated[str, typer.Option("--unit", "-u", metavar="CODE", help="For this unit and all below (单位).")],
    to_on: Annotated[str, typer.Option("--to", help="The first day it is not shown (至).")],
    from_on: Annotated[str, typer.Option("--from", help="First day; default: today.")] = "",
    role: Annotated[list[Role] | None, typer.Option("--role", help="Only for this role; may be repeated.")] = None,
    urgent: Annotated[bool, typer.Option("--urgent", help="Mark it urgent (紧急).")] = False,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Write a notice (起草公告); nobody sees it until it is published."""
    made = actions.draft_announcement(
        title=title, body=body, unit_code=unit, roles=role or (), is_urgent=urgent,
        visible_from=terminal.day(from_on) if from_on else terminal.today(), visible_to=terminal.day(to_on),
        actor=terminal.acting(as_person), at=terminal.now(),
    )  # fmt: skip
    terminal.done(f"notice {made} is a draft: wandeng announce publish {made}", {"notice": made}, as_json=as_json)


@announce.command("publish")
def publish_notice(notice: _NoticeId, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Show a notice to those it is for (发布公告)."""
    actions.publish_announcement(announcement_id=notice, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"notice {notice} is published", {"notice": notice}, as_json=as_json)


@announce.command("recall")
def recall_notice(
    notice: _NoticeId,
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Take a notice back (撤回公告)."""
    actions.recall_announcement(
        announcement_id=notice, reason=reason, actor=terminal.acting(as_person), at=terminal.now()
    )
    terminal.done(f"notice {notice} is recalled", {"notice": notice}, as_json=as_json)


@brand.command("show")
def show_brand(as_json: terminal.AsJson = False) -> None:
    """Show the name, the colours and whether there is a logo."""
    shown = organization.brand()
    facts: dict[str, object] = {"name": shown.title, "logo": shown.logo_hash, **shown.colours}
    terminal.done("\n".join(f"{name:<16}{value}" for name, value in facts.items()), facts, as_json=as_json)


@brand.command("set")
def set_brand(
    name: Annotated[str, typer.Option("--name", help="Name on every page (名称); empty: the product's own.")] = "",
    logo: Annotated[Path | None, typer.Option("--logo", metavar="PNG", help="A PNG picture (徽标).")] = None,
    no_logo: Annotated[bool, typer.Option("--no-logo", help="Take the logo away.")] = False,
    colour: Annotated[
        list[str] | None, typer.Option("--colour", metavar="NAME=#RRGGBB", help="May be repeated; others as shipped.")
    ] = None,
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Set name, logo and colours (设置品牌); colours that cannot be read are refused."""
    actions.set_brand(
        title=name, colours=dict(part.partition("=")[::2] for part in colour or ()),
        logo=logo.read_bytes() if logo else None, remove_logo=no_logo, reason=reason,
        actor=terminal.acting(as_person), at=terminal.now(),
    )  # fmt: skip
    terminal.done("the pages carry the new name and colours within minutes", {"name": name}, as_json=as_json)
