"""``wandeng people``, continued: units founded and renamed, accounts of people seen to."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from wandeng.domains.organization import actions
from wandeng.domains.organization import queries as organization
from wandeng.flows import unit_closing
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import terminal
from wandeng.interfaces.cli.people import people

app = people
"""The same group of commands, with those of this module."""

Person = Annotated[str, typer.Argument(help="Person (工号).")]
Unit = Annotated[str, typer.Argument(help="Unit (单位).")]
_PEOPLE = {
    "code": "工号 person", "name": "姓名 name", "unit_code": "单位 unit", "is_active": "启用 on",
    "last_login": "最近登录 last login",
}  # fmt: skip


@people.command("list")
def list_(unit: terminal.UnitCode = "", as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """List people and their accounts (人员)."""
    scope = terminal.scope(terminal.acting(as_person), unit)
    rows = [dict(row) for row in organization.people_rows(scope, on=terminal.today())]
    terminal.show_rows(rows, _PEOPLE, title="人员 people", empty="nobody here yet", as_json=as_json)


@people.command("found-unit")
def found_unit(
    code: Unit,
    name: Annotated[str, typer.Argument(help="Name (名称).")],
    kind: Annotated[str, typer.Option("--kind", help="PROVINCE, CITY, COUNTY, CENTRE or OFFICE.")] = "OFFICE",
    parent: Annotated[str, typer.Option("--below", metavar="CODE", help="The unit above (上级); none: a root.")] = "",
    territory: Annotated[
        str, typer.Option("--territory", help="Whose rules hold (执行地区); default: the parent's.")
    ] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Found a unit (新建单位)."""
    actions.create_unit(
        code=code, name=name, kind=kind, parent_code=parent, territory=territory, actor=terminal.acting(as_person),
        at=terminal.now(),
    )  # fmt: skip
    terminal.done(f"unit {code} {name} is founded", {"unit": code}, as_json=as_json)


@people.command("rename-unit")
def rename_unit(
    code: Unit,
    name: Annotated[str, typer.Argument(help="New name (新名称).")],
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Give a unit another name (单位更名)."""
    actions.rename_unit(unit_code=code, name=name, reason=reason, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"unit {code} is now called {name}", {"unit": code}, as_json=as_json)


@people.command("close-unit")
def close_unit(
    code: Unit,
    on: Annotated[str, typer.Option("--on", metavar="DAY", help="First day without it (自); default: today.")] = "",
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Close a unit to which nothing belongs any more (关闭单位); says what still does."""
    actor, day = terminal.acting(as_person), terminal.day(on) if on else terminal.today()
    held = {name: n for name, n in asdict(unit_closing.standing(Scope.of(actor), code, on=day)).items() if n}
    if held:
        terminal.show_rows(
            [held], {name: name for name in held}, title=f"{code} 还有 still has", empty="", as_json=as_json
        )
    unit_closing.close(unit_code=code, on=day, reason=reason, actor=actor, at=terminal.now())
    terminal.done(f"unit {code} is closed from {day}", {"unit": code}, as_json=as_json)


@people.command()
def add(
    code: Person,
    name: Annotated[str, typer.Argument(help="Name (姓名).")],
    unit: Unit,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Take a member of staff into a unit (新增人员)."""
    actions.add_person(code=code, name=name, unit_code=unit, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"{code} {name} belongs to {unit}", {"person": code}, as_json=as_json)


@people.command()
def password(
    person: Person,
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Give a one-time password (一次性密码); it is shown once and must be changed at the first login."""
    made = actions.reset_password(
        person_code=person, reason=reason, actor=terminal.acting(as_person), at=terminal.now()
    )
    terminal.done(made, {"person": person, "password": made}, as_json=as_json)


@people.command()
def deactivate(
    person: Person,
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Switch an account off (停用账号)."""
    actions.deactivate_person(person_code=person, reason=reason, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"the account of {person} is off", {"person": person}, as_json=as_json)


@people.command()
def reactivate(
    person: Person,
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Switch an account on again (启用账号)."""
    actions.reactivate_person(person_code=person, reason=reason, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"the account of {person} is on", {"person": person}, as_json=as_json)


@people.command()
def unlock(
    person: Person,
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Let a person try again who failed to log in too often (解除锁定)."""
    actions.unlock_person(person_code=person, reason=reason, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"{person} may try again", {"person": person}, as_json=as_json)


@people.command()
def move(
    person: Person,
    unit: Unit,
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Give a person another home unit (调动); posts are given and ended apart from it."""
    actions.move_person(
        person_code=person, unit_code=unit, reason=reason, actor=terminal.acting(as_person), at=terminal.now()
    )
    terminal.done(f"{person} belongs to {unit}", {"person": person, "unit": unit}, as_json=as_json)


@people.command()
def unused(as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Switch off accounts that nobody has used for as long as the parameter people.unused_days says (停用闲置账号)."""
    actor = terminal.acting(as_person)
    codes = actions.deactivate_unused(actor=actor, at=terminal.now())
    terminal.done(f"{len(codes)} accounts switched off: {', '.join(codes) or '-'}", {"people": codes}, as_json=as_json)


@people.command()
def clashes(as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """List people who hold roles that are kept apart (不相容岗位)."""
    found = organization.clashes(Scope.of(terminal.acting(as_person)), on=terminal.today())
    columns = {"person_code": "工号 person", "person_name": "姓名 name", "roles": "角色 roles"}
    terminal.show_list(found, columns, title="不相容岗位 clashes", empty="nobody holds two such roles", as_json=as_json)
