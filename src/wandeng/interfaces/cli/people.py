"""``wandeng contacts`` and ``wandeng people``: who can be reached, and who may do what."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from wandeng.domains.customers import actions as customer_actions
from wandeng.domains.customers import queries as customers
from wandeng.domains.customers.types import ContactAccuracy, Verdict
from wandeng.domains.network import queries as network
from wandeng.domains.organization import actions as organization_actions
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.interfaces.cli import terminal
from wandeng.interfaces.cli.terminal import Table
from wandeng.kernel.money import format_scaled

contacts = typer.Typer(no_args_is_help=True, help="Contact data (联系信息): how right it is, and making it so.")
people = typer.Typer(no_args_is_help=True, help="Staff (人员): units, posts and roles.")

_TO_VERIFY = {
    "contact_id": "编号 id",
    "account_number": "户号 account",
    "unit_code": "单位 unit",
    "importance": "重要性 importance",
    "customer_class": "分类 class",
    "verification": "状态 state",
    "phone_masked": "电话 phone",
}
_POSTS = {
    "person_code": "工号 person",
    "unit_code": "单位 unit",
    "role": "角色 role",
    "valid_from": "自 from",
    "valid_to": "至 to",
}
_UNITS = {
    "code": "编码 code",
    "name": "名称 name",
    "kind": "类型 kind",
    "territory": "区域 territory",
    "path": "路径 path",
}
_CONTACT_ID = Annotated[int, typer.Argument(help="Contact id, as to-verify lists it.")]


@contacts.command()
def accuracy(unit: terminal.UnitCode = "", as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Show how many accounts can be reached (联系信息准确率), by unit."""
    scope = terminal.scope(terminal.acting(as_person), unit)
    figures = customers.contact_accuracy(scope, on=terminal.today(), leaving_out=network.house_accounts())
    if as_json:
        terminal.show_json([_with_share(figure) for figure in figures])
        return
    console = Console()
    if not figures:
        console.print("no open accounts here", style="dim")
        return
    table = Table(
        "单位 unit", "户数 accounts", "准确 right", "错误 wrong", "未核 unverified", "缺失 none", "准确率 accuracy"
    )
    for figure in [*figures, customers.total_accuracy(figures)]:
        counts = [figure.accounts, figure.right, figure.wrong, figure.unverified, figure.without]
        table.add_row(f"{figure.unit_code} {figure.unit_name}", *map(str, counts), _percent(figure))
    console.print(table)


@contacts.command()
def assign(
    person: Annotated[str, typer.Argument(help="Who is to check them (核实人); '-' for nobody.")],
    contact_ids: Annotated[list[int], typer.Argument(help="Contact ids, as to-verify lists them.")],
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Give contacts to somebody to check (分派核实)."""
    given = customer_actions.assign_contacts(
        contact_ids=contact_ids, person_code="" if person == "-" else person, actor=terminal.acting(as_person),
        at=terminal.now(),
    )  # fmt: skip
    terminal.done(f"{given} contacts are with {person} now", {"assigned": given}, as_json=as_json)


@contacts.command("to-verify")
def to_verify(
    unit: terminal.UnitCode = "",
    assigned_to: Annotated[str, typer.Option("--of", metavar="CODE", help="Only those given to this person.")] = "",
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List the contacts to check next (核实任务), most valuable first; numbers are masked."""
    rows = customers.contacts_to_verify(
        terminal.scope(terminal.acting(as_person), unit), limit=limit, assigned_to=assigned_to
    )
    terminal.show_list(rows, _TO_VERIFY, title="待核实 to verify", empty="every contact is verified", as_json=as_json)


@contacts.command()
def verify(
    contact_id: _CONTACT_ID,
    verdict: Annotated[Verdict, typer.Argument(help="What the check found.")],
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Record what a check of a contact found (核实)."""
    customer_actions.verify_contact(
        contact_id=contact_id, verdict=verdict, actor=terminal.acting(as_person), at=terminal.now(), reason=reason
    )
    terminal.done(f"contact {contact_id} is {verdict}", {"contact": contact_id, "verdict": verdict}, as_json=as_json)


@contacts.command()
def reveal(
    contact_id: _CONTACT_ID,
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Show a number in the clear (明文查看); who, when and why is logged."""
    phone = customer_actions.reveal_phone(
        contact_id=contact_id, actor=terminal.acting(as_person), at=terminal.now(), reason=reason
    )
    terminal.done(phone, {"contact": contact_id, "phone": phone}, as_json=as_json)


@people.command()
def units(unit: terminal.UnitCode = "", as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """List the units (单位)."""
    rows = organization.unit_tree(terminal.scope(terminal.acting(as_person), unit))
    terminal.show_list(rows, _UNITS, title="单位 units", empty="no units yet: import an organization", as_json=as_json)


@people.command()
def posts(person: Annotated[str, typer.Argument(help="Person (工号).")], as_json: terminal.AsJson = False) -> None:
    """List the posts a person holds today (岗位)."""
    rows = organization.posts_of(person, terminal.today())
    terminal.show_list(rows, _POSTS, title="岗位 posts", empty=f"{person} holds no post today", as_json=as_json)


@people.command()
def appoint(
    person: Annotated[str, typer.Argument(help="Person (工号).")],
    role: Annotated[Role, typer.Argument(help="Role.")],
    unit: Annotated[str, typer.Argument(help="Unit (单位).")],
    from_on: Annotated[str, typer.Option("--from", help="First day; default: today.")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Give a person a role over a unit (任命)."""
    start = terminal.day(from_on) if from_on else terminal.today()
    organization_actions.appoint(
        person_code=person,
        unit_code=unit,
        role=role,
        from_on=start,
        actor=terminal.acting(as_person),
        at=terminal.now(),
    )
    terminal.done(
        f"{person} is {role.name_zh} of {unit} from {start}", {"person": person, "role": role}, as_json=as_json
    )


@people.command()
def dismiss(
    person: Annotated[str, typer.Argument(help="Person (工号).")],
    role: Annotated[Role, typer.Argument(help="Role.")],
    unit: Annotated[str, typer.Argument(help="Unit (单位).")],
    on: Annotated[str, typer.Option("--on", help="First day without it; default: today.")] = "",
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """End a post (免职)."""
    end = terminal.day(on) if on else terminal.today()
    organization_actions.dismiss(
        person_code=person,
        unit_code=unit,
        role=role,
        on=end,
        actor=terminal.acting(as_person),
        at=terminal.now(),
        reason=reason,
    )
    terminal.done(f"{person} is no longer {role.name_zh} of {unit} on {end}", {"person": person}, as_json=as_json)


def _percent(figure: ContactAccuracy) -> str:
    return "–" if figure.accuracy_e4 is None else f"{format_scaled(figure.accuracy_e4, 2)} %"


def _with_share(figure: ContactAccuracy) -> dict[str, object]:
    names = ("unit_code", "unit_name", "accounts", "right", "wrong", "unverified", "without", "accuracy_e4")
    return {name: getattr(figure, name) for name in names}
