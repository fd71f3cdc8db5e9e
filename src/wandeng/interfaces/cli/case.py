"""``wandeng case``: take in, list, show, and what steers a case; steps and files stand in ``case_work``."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from wandeng.domains.cases.actions import intake, steering, tracking
from wandeng.domains.cases.queries import kinds, one, rows
from wandeng.domains.cases.queries import tracking as followed
from wandeng.domains.cases.queries.kinds import KindShown
from wandeng.domains.cases.types import CaseShown, Charter, Request
from wandeng.domains.organization import queries as organization
from wandeng.flows.connections import withdrawing
from wandeng.flows.connections.withdrawing import BillLeft
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import case_work, terminal
from wandeng.interfaces.cli.case_work import Number, answers_of, moment, tell

app = typer.Typer(
    no_args_is_help=True, help="Cases (工单): take in, queue, work, press, supervise, call back, re-open."
)

_CASES = {
    "number": "工单 case", "process": "类型 kind", "state": "状态 state", "step": "环节 step", "unit_name": "单位 unit",
    "account_number": "户号 account", "handler": "处理人 handler", "due": "到期 due", "summary": "内容 matter",
}  # fmt: skip
_KINDS = {
    "process": "类型 kind", "title_zh": "名称", "title_en": "name", "effective_from": "生效 from", "steps": "环节 steps",
    "clocks": "时限 clocks", "path": "文件 file",
}  # fmt: skip
_ENTRIES = {"at": "时间 at", "kind": "事项 what", "what": "环节 about", "actor": "人员 by", "note": "说明 note"}
_CLOCKS = {
    "name_zh": "时限 clock", "round": "轮次 round", "status": "状态 status", "limit": "限额 limit", "due": "到期 due",
    "commitment_zh": "依据 promise",
}  # fmt: skip


@app.command("open")
def open_(
    process: Annotated[str, typer.Argument(metavar="KIND", help="Code of the kind (工单类型), as fault_repair.")],
    fields: Annotated[
        list[str] | None, typer.Option("--field", "-f", metavar="CODE=VALUE", help="A field of the form (字段).")
    ] = None,
    channel: Annotated[str, typer.Option("--channel", help="How it came in (受理渠道).")] = "PHONE_95598",
    account: Annotated[str, typer.Option("--account", "-a", help="Account number (户号).")] = "",
    transformer: Annotated[str, typer.Option("--transformer", help="Code of the transformer (台区变压器).")] = "",
    unit: Annotated[
        str, typer.Option("--unit", "-u", help="The unit responsible (单位), where nothing else says.")
    ] = "",
    first_class: Annotated[str, typer.Option("--class", help="First level (一级分类).")] = "",
    second_class: Annotated[str, typer.Option("--subclass", help="Second level (二级分类).")] = "",
    urgency: Annotated[str, typer.Option("--urgency", help="Urgency (紧急程度).")] = "",
    documents: Annotated[list[str] | None, typer.Option("--document", help="A document handed in (资料).")] = None,
    anonymous: Annotated[bool, typer.Option("--anonymous", help="The customer stays unnamed (匿名).")] = False,
    outside: Annotated[str, typer.Option("--outside", help="Number at 12345 or 12398 (外部工单号).")] = "",
    asked_at: Annotated[str, typer.Option("--at", help="When the customer asked, local time; default: now.")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Open a case (受理); what is known of the account fills the form by itself."""
    request = Request(
        process, channel, answers_of(fields), unit, account, transformer, first_class=first_class,
        second_class=second_class, urgency=urgency, is_anonymous=anonymous, outside_number=outside,
        documents=tuple(documents or ()),
    )  # fmt: skip
    opened = intake.open_case(
        request=request, actor=terminal.acting(as_person), at=terminal.now(), charter=Charter.current(),
        asked_at=moment(asked_at) if asked_at else None,
    )  # fmt: skip
    facts: dict[str, object] = {"number": opened.number, "step": opened.step, "due_at": opened.due_at}
    due = case_work.local(opened.due_at)
    terminal.done(
        f"工单 {opened.number} 已受理 opened, 环节 step {opened.step}, 到期 due {due}", facts, as_json=as_json
    )


@app.command("list")
def list_(
    state: Annotated[str, typer.Option("--state", help="Only this state (状态), as OPEN.")] = "",
    process: Annotated[str, typer.Option("--kind", help="Only this kind (类型).")] = "",
    late: Annotated[bool, typer.Option("--late", help="Only those past a limit (超时).")] = False,
    unit: terminal.UnitCode = "",
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List cases, newest first (工单)."""
    found = rows.case_rows(terminal.scope(terminal.acting(as_person), unit), states=(state,) if state else ())
    found = found.filter(process=process) if process else found
    found = found.filter(state="OPEN", due_at__lt=terminal.now()) if late else found
    _show_cases(list(found.order_by("-id")[:limit]), "工单 cases", as_json)


@app.command()
def queue(
    mine: Annotated[bool, typer.Option("--mine", help="Only what lies in your hands (我的待办).")] = False,
    unit: terminal.UnitCode = "",
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """What is to be done, what burns first on top (待办)."""
    actor = terminal.acting(as_person)
    scope = terminal.scope(actor, unit)
    found = rows.queue_rows(scope, roles=actor.roles, person=actor.code, mine=mine)
    if not as_person:
        found = rows.case_rows(scope, states=("OPEN",))
    _show_cases(list(found.order_by(*rows.BURNING)[:limit]), "待办 to do", as_json)


@app.command()
def show(number: Number, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Show a case: course, clocks with their promises, form (personal values masked), timeline (工单详情)."""
    scope = terminal.scope(terminal.acting(as_person), "")
    found = one.case(scope, number, charter=Charter.current(), now=terminal.now())
    if as_json:
        terminal.show_json(found)
        return
    _show_case(found)


@app.command("kinds")
def kinds_(
    on: Annotated[str, typer.Option("--on", help="The day; default: today.")] = "", as_json: terminal.AsJson = False
) -> None:
    """The kinds of cases that can be opened (工单类型)."""
    found = kinds.kinds(charter=Charter.current(), on=terminal.day(on) if on else terminal.today())
    terminal.show_list(found, _KINDS, title="工单类型 kinds", empty="没有 none", as_json=as_json)


@app.command("kind")
def kind_(
    process: Annotated[str, typer.Argument(metavar="KIND", help="Code of the kind (类型).")],
    on: Annotated[str, typer.Option("--on", help="The day; default: today.")] = "",
    territory: Annotated[str, typer.Option("--territory", help="Limits there; default: of your units.")] = "",
    as_json: terminal.AsJson = False,
) -> None:
    """One definition in force: fields, steps, clocks with every promise (流程定义)."""
    nodes = organization.unit_tree(terminal.scope(terminal.acting(""), ""))
    where = [territory] if territory else [node.territory for node in nodes]
    day = terminal.day(on) if on else terminal.today()
    found = kinds.kind(process, charter=Charter.current(), on=day, territories=where)
    if as_json:
        terminal.show_json(found)
        return
    _show_kind(found)


@app.command()
def press(
    number: Number,
    note: Annotated[str, typer.Option("--note", help="What the customer says (内容).")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """The customer asks how it goes (催办)."""
    done = steering.press(
        number=number, note=note, actor=terminal.acting(as_person), at=terminal.now(), charter=Charter.current()
    )
    tell(done, "已催办 pressed", as_json)


@app.command()
def supervise(
    number: Number, reason: terminal.Reason = "", as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:
    """Put a case under supervision (督办)."""
    done = steering.supervise(
        number=number, reason=reason, actor=terminal.acting(as_person), at=terminal.now(), charter=Charter.current()
    )
    tell(done, "已督办 supervised", as_json)


@app.command()
def transfer(
    number: Number,
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="The unit it goes to (单位).")],
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Give a case to another unit (转办); its clocks run on."""
    done = steering.transfer(
        number=number, unit_code=unit, reason=reason, actor=terminal.acting(as_person), at=terminal.now(),
        charter=Charter.current(),
    )  # fmt: skip
    tell(done, f"已转办 with {unit}", as_json)


@app.command()
def merge(
    number: Number,
    into: Annotated[str, typer.Argument(metavar="INTO", help="The case it ends in (并入).")],
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """End a case in another about the same thing (合并)."""
    done = steering.merge(
        number=number, into=into, reason=reason, actor=terminal.acting(as_person), at=terminal.now()
    )  # fmt: skip
    tell(done, f"已并入 merged into {into}", as_json)


@app.command()
def split(
    number: Number,
    process: Annotated[str, typer.Argument(metavar="KIND", help="Kind of the second case (类型).")],
    fields: Annotated[
        list[str] | None, typer.Option("--field", "-f", metavar="CODE=VALUE", help="A field of the form (字段).")
    ] = None,
    channel: Annotated[str, typer.Option("--channel", help="How it came in (受理渠道).")] = "PHONE_95598",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Make a case of its own of a second matter (拆分)."""
    opened = steering.split(
        number=number, request=Request(process, channel, answers_of(fields)), actor=terminal.acting(as_person),
        at=terminal.now(), charter=Charter.current(),
    )  # fmt: skip
    facts: dict[str, object] = {"number": opened.number, "from": number}
    terminal.done(f"工单 {opened.number} 已从 {number} 拆出 split off", facts, as_json=as_json)


@app.command()
def withdraw(
    number: Number, reason: terminal.Reason = "", as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:
    """The customer takes it back (撤回)."""
    done = withdrawing.withdraw(
        number=number, reason=reason, actor=terminal.acting(as_person), at=terminal.now(), charter=Charter.current()
    )
    tell(done, "已撤回 withdrawn", as_json, left=[asdict(bill) | {"command": bill.command} for bill in done.left])
    for bill in () if as_json else done.left:
        Console().print(Text(_left(bill)), soft_wrap=True)


def _left(bill: BillLeft) -> str:
    """What is still to be done about a bill, and how."""
    if bill.is_draft:
        return f"末次账单还是草稿，请核算员作废 the final bill is a draft, have it discarded: {bill.command}"
    return (
        f"末次账单已出到 {bill.ends_on}（不含），{bill.from_on} 起请核算员按全月重算，另一人批准 "
        f"billed up to {bill.ends_on}; from {bill.from_on} on have the whole month priced again: {bill.command}"
    )


@app.command()
def link(
    number: Number, withdraw: Annotated[str, typer.Option(help="Withdraw the link for this reason; another holds then.")] = "",
    as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False,
) -> None:  # fmt: skip
    """The address below the server where the customer follows the case (进度链接), without logging in."""
    actor = terminal.acting(as_person)
    if withdraw:
        tracking.withdraw_link(number=number, reason=withdraw, actor=actor, at=terminal.now())
    path = f"/track/{followed.link_token(Scope.of(actor), number)}"
    terminal.done(f"进度链接 link {path}", {"path": path}, as_json=as_json)


@app.command()
def note(
    number: Number,
    text: Annotated[str, typer.Argument(metavar="TEXT", help="What is to stand there (备注).")],
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Write on the timeline (备注)."""
    done = steering.note(number=number, text=text, actor=terminal.acting(as_person), at=terminal.now())
    tell(done, "已备注 noted", as_json)


def _show_cases(found: list[dict[str, object]], title: str, as_json: bool) -> None:
    titles = (
        {}
        if as_json
        else {one.process: one.title_zh for one in kinds.kinds(charter=Charter.current(), on=terminal.today())}
    )
    shown = found if as_json else [
        row | {"due": case_work.local(row["due_at"]), "process": titles.get(str(row["process"]), row["process"])}
        for row in found
    ]  # fmt: skip
    terminal.show_rows(shown, _CASES, title=title, empty="没有工单 no cases", as_json=as_json)


def _show_case(found: CaseShown) -> None:
    console, glance = Console(), found.glance
    console.print(
        Text(f"{glance.number} {glance.process_zh} {glance.process_en} · {glance.state} · {glance.unit_name}"),
        highlight=False, soft_wrap=True, style="bold",
    )  # fmt: skip
    course = " → ".join(
        f"[{one.name_zh}]" if one.status == "HERE" else one.name_zh for one in found.steps if one.status != "LEFT_OUT"
    )
    console.print(Text(f"环节 steps: {course}"), soft_wrap=True)
    console.print(Text(f"受理 owner {glance.owner}, 处理 handler {glance.handler or '–'}, 第 {found.rounds} 轮 round"))
    for field in found.fields:
        if field.value:
            console.print(Text(f"  {field.name_zh} {field.name_en}: {field.value}"), soft_wrap=True)
    clocks = [
        {
            "name_zh": one.name_zh, "round": one.round, "status": one.status, "limit": f"{one.amount} {one.measure}",
            "due": case_work.local(one.due_at), "commitment_zh": one.commitment_zh,
        }
        for one in found.clocks
    ]  # fmt: skip
    terminal.show_rows(clocks, _CLOCKS, title="时限 clocks", empty="没有时限 no clocks", as_json=False)
    entries = [
        {"at": case_work.local(one.at), "kind": one.kind, "what": one.what, "actor": one.actor, "note": one.note}
        for one in found.entries
    ]
    terminal.show_rows(entries, _ENTRIES, title="经过 timeline", empty="", as_json=False)


def _show_kind(found: KindShown) -> None:
    console, glance = Console(), found.glance
    console.print(Text(f"{glance.process} {glance.title_zh} {glance.title_en} · {glance.path}"), style="bold")
    fields = {
        "code": "字段 field",
        "name_zh": "名称",
        "name_en": "name",
        "kind": "形式 form",
        "by": "最迟 by",
        "required": "必填",
    }
    terminal.show_list(found.fields, fields, title="字段 fields", empty="", as_json=False)
    steps = {"code": "环节 step", "name_zh": "名称", "name_en": "name", "role": "岗位 role", "evidence": "凭证 proof"}
    terminal.show_list(found.steps, steps, title="环节 steps", empty="", as_json=False)
    rows_ = [
        {
            "clock": clock.name_zh, "of": promise.of, "limit": f"{promise.amount} {promise.measure}",
            "who": promise.commitment_zh, "where": promise.territory, "is_strictest": "✓" if promise.is_strictest else "",
        }
        for clock in found.clocks for promise in clock.promises
    ] + [
        {"clock": clock.name_zh, "of": "", "limit": f"{clock.own[0]} {clock.own[1]}", "who": "流程自定 its own",
         "where": "", "is_strictest": "✓"}
        for clock in found.clocks if clock.own
    ]  # fmt: skip
    columns = {"clock": "时限 clock", "of": "分类 class", "limit": "限额 limit", "who": "依据 promise", "where": "地区",
               "is_strictest": "执行 runs"}  # fmt: skip
    terminal.show_rows(rows_, columns, title="时限 clocks", empty="没有时限 none", as_json=False)


case_work.add_to(app)
