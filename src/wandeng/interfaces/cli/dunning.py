"""``wandeng dunning``: the nightly run, cases, promises, results of visits, protected customers."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console

from wandeng.domains.collections import actions, queries
from wandeng.domains.customers import queries as customers
from wandeng.domains.organization import queries as organization
from wandeng.flows import dunning
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import terminal
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import fen, format_yuan
from wandeng.kernel.periods import BILLING_ZONE

app = typer.Typer(no_args_is_help=True, help="Dunning (催费): the nightly run, cases, promises, protected customers.")
protected = typer.Typer(no_args_is_help=True, help="Protected customers (不停电保护名单).")
app.add_typer(protected, name="protected")

_Case = Annotated[int, typer.Argument(help="Case id (催费单), as 'list' shows it.")]
_Account = Annotated[str, typer.Argument(metavar="ACCOUNT", help="Account number (户号).")]
_Number = Annotated[int, typer.Argument(help="Number of the protection, as 'protected list' shows it.")]
_CASES = {
    "id": "催费单 case", "account_number": "户号 account", "open_fen": "欠费(分) open", "overdue_days": "逾期 days",
    "state": "状态 state", "step": "已催到 step", "standing": "进展 standing", "next_step": "下一步 next",
    "next_on": "日期 on", "responsible": "责任人 responsible",
}  # fmt: skip
_PROTECTED = {
    "id": "编号 id", "account_number": "户号 account", "kind": "类型 kind", "evidence": "依据 evidence",
    "valid_from": "起 from", "valid_to": "止 to", "state": "状态 state", "proposed_by": "申请 by",
    "decided_by": "审批 decided",
}  # fmt: skip


@app.command()
def run(
    unit: Annotated[str, typer.Option("--unit", "-u", metavar="CODE", help="The unit (单位); all below it as well.")],
    on: Annotated[str, typer.Option("--on", help="The day; default: today.")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Run a night (夜间催费): hear messages, judge promises, close, open, take the steps that are due. Twice is once."""
    day = terminal.day(on) if on else terminal.today()
    done = dunning.run(unit_code=unit, on=day, at=terminal.now(), actor=terminal.acting(as_person))
    if as_json:
        terminal.show_json(done)
        return
    Console().print(
        f"{done.on}: 立案 opened {done.opened}, 结案 closed {done.closed}, 送达 heard {done.heard}, 未达 missed "
        f"{done.missed}, 承诺兑现 kept {done.kept}, 未兑现 broken {done.broken}, 消息 messages {done.messages}, "
        f"上门 visits {done.visits}",
        highlight=False, soft_wrap=True,
    )  # fmt: skip


@app.command("list")
def list_(
    every: Annotated[bool, typer.Option("--all", help="Closed cases too.")] = False,
    responsible: Annotated[
        str, typer.Option("--responsible", metavar="CODE", help="Only this person's (责任人).")
    ] = "",
    unit: terminal.UnitCode = "",
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List cases (催费单), those overdue longest first."""
    rows = queries.case_rows(terminal.scope(terminal.acting(as_person), unit))
    rows = rows if every else rows.exclude(state="CLOSED")
    rows = rows.filter(responsible=responsible) if responsible else rows
    found = list(rows.order_by("oldest_due_on", "id")[:limit])
    terminal.show_rows(found, _CASES, title="催费单 cases", empty="没有欠费 nobody is dunned", as_json=as_json)


@app.command()
def show(case: _Case, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Show a case with its steps, its promises, and whether the account may be cut (能否停电)."""
    scope = Scope.of(terminal.acting(as_person))
    found = queries.case(scope, case)
    chain = queries.may_be_cut(found.account_id, terminal.now(), for_dispatch=False, library=terminal.rules())
    if as_json:
        terminal.show_json({"case": found, "may_be_cut": chain})
        return
    console = Console()
    console.print(f"{found.account_number} {found.account_name}: {found.state} {found.standing}", highlight=False)
    console.print(
        f"欠费 open {format_yuan(found.open_fen)} ({found.as_of}), 责任人 {found.responsible}", highlight=False
    )
    columns = {"id": "步骤 step", "kind": "类型 kind", "attempt": "次 nth", "state": "状态 state", "taken_at": "催缴 taken",
               "reached_at": "送达 reached", "reached_whom": "对象 whom", "evidence": "凭证 evidence"}  # fmt: skip
    terminal.show_list(found.steps, columns, title="步骤 steps", empty="还没有催过 nothing yet", as_json=False)
    told = "可以申请停电 may be cut" if chain.ok else f"不能停电 may not be cut: {', '.join(chain.reasons)}"
    console.print(f"{told} ({chain.rule_path})", highlight=False)


@app.command()
def promise(
    case: _Case,
    by: Annotated[str, typer.Option("--by", help="The day until which they pay (承诺日).")],
    amount: Annotated[str, typer.Option("--amount", help="Yuan (承诺金额); default: all that is overdue.")] = "",
    channel: Annotated[str, typer.Option("--channel", help="PHONE, VISIT, COUNTER or ONLINE.")] = "PHONE",
    note: Annotated[str, typer.Option("--note", help="What was said.")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Note a promise to pay (承诺缴费): the ladder holds through its day."""
    actor = terminal.acting(as_person)
    amount_fen = fen(amount) if amount else queries.case(Scope.of(actor), case).open_fen
    made = actions.promise(
        case_id=case, promised_on=terminal.day(by), amount_fen=amount_fen, channel=channel, note=note, actor=actor,
        at=terminal.now(), library=terminal.rules(),
    )  # fmt: skip
    terminal.done(f"承诺 promise {made}: {format_yuan(amount_fen)} by {by}", {"promise": made}, as_json=as_json)


@app.command()
def result(
    step: Annotated[int, typer.Argument(help="Step id (步骤), as 'show' lists it.")],
    whom: Annotated[str, typer.Option("--whom", help="CUSTOMER, FAMILY, EMPLOYEE, WITNESS; none: nobody.")] = "",
    at: Annotated[str, typer.Option("--at", help="When, local, YYYY-MM-DDTHH:MM; default: now.")] = "",
    evidence: Annotated[str, typer.Option("--evidence", help="Number of a photo or signed receipt (凭证).")] = "",
    authority: Annotated[str, typer.Option("--authority", help="Number of the copy to the authority (报送文号).")] = "",
    note: Annotated[str, typer.Option("--note", help="What happened; needed when nobody was reached.")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Say how a visit or the delivery of a notice went (上门结果)."""
    happened = _moment(at) if at else terminal.now()
    told = actions.Result(happened, whom, evidence, note, authority)
    state = actions.record_result(step_id=step, result=told, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"步骤 step {step}: {state}", {"step": step, "state": state}, as_json=as_json)


@app.command("may-cut")
def may_cut(account: _Account, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Whether an account may be cut now (能否停电), with the chain of evidence."""
    found = customers.account(Scope.of(terminal.acting(as_person)), account)
    chain = queries.may_be_cut(found.id, terminal.now(), for_dispatch=False, library=terminal.rules())
    told = "可以 yes" if chain.ok else f"不能 no: {', '.join(chain.reasons)}"
    if as_json:
        terminal.show_json(chain)
    else:
        Console().print(f"{account}: {told} ({chain.rule_path})", highlight=False, soft_wrap=True)


@app.command()
def ladder(
    unit: Annotated[str, typer.Option("--unit", "-u", metavar="CODE", help="Whose territory's (单位).")],
    as_json: terminal.AsJson = False,
) -> None:
    """Show the ladder in force (催费阶梯) with its clocks and source."""
    territory = organization.unit(Scope.everywhere(), unit).territory
    shown = queries.ladder(terminal.rules(), territory=territory, on=terminal.today())
    if as_json:
        terminal.show_json(shown)
        return
    columns = {"kind": "步骤 step", "by": "方式 by", "overdue_days": "逾期 days", "after_days": "间隔 after",
               "repeat_days": "重催 repeat", "attempts": "次数 times", "days": "日子 on"}  # fmt: skip
    for one in shown.ladders:
        terminal.show_list(one.rungs, columns, title=", ".join(one.classes), empty="", as_json=False)
    Console().print(f"{shown.path}: {shown.citation} ({shown.status})", highlight=False, soft_wrap=True)


@protected.command("list")
def list_protected(
    unit: terminal.UnitCode = "", as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:
    """List protections (不停电保护), newest first."""
    rows = queries.protected_rows(terminal.scope(terminal.acting(as_person), unit)).order_by("-id")[:1000]
    terminal.show_rows(list(rows), _PROTECTED, title="保护名单", empty="名单是空的 nobody", as_json=as_json)


@protected.command("add")
def protect(
    account: _Account,
    kind: Annotated[str, typer.Option("--kind", help="LIFE_SUPPORT, HOSPITAL, WELFARE or APPROVED.")],
    evidence: Annotated[str, typer.Option("--evidence", help="Name and number of the paper (依据).")],
    until: Annotated[str, typer.Option("--until", help="First day without it; default: in a year.")] = "",
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Propose that an account is never cut (加入名单); a second person approves."""
    today = terminal.today()
    made = actions.protect(
        account_number=account, kind=kind, evidence=evidence, valid_from=today,
        valid_to=terminal.day(until) if until else today + timedelta(days=365), actor=terminal.acting(as_person),
        at=terminal.now(), reason=reason,
    )  # fmt: skip
    terminal.done(f"保护 protection {made} 待审批 waits for approval", {"protection": made}, as_json=as_json)


@protected.command()
def approve(number: _Number, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Approve a proposed protection (批准)."""
    actions.approve_protection(protection_id=number, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"保护 protection {number} 已批准 holds", {"protection": number}, as_json=as_json)


@protected.command()
def refuse(
    number: _Number, reason: terminal.Reason = "", as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:
    """Refuse a proposed protection (驳回)."""
    actions.refuse_protection(protection_id=number, actor=terminal.acting(as_person), at=terminal.now(), reason=reason)
    terminal.done(f"保护 protection {number} 已驳回 refused", {"protection": number}, as_json=as_json)


@protected.command()
def end(
    number: _Number, reason: terminal.Reason = "", as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:
    """End a protection whose reason is gone (终止)."""
    actions.end_protection(protection_id=number, actor=terminal.acting(as_person), at=terminal.now(), reason=reason)
    terminal.done(f"保护 protection {number} 已终止 ended", {"protection": number}, as_json=as_json)


def _moment(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).replace(tzinfo=BILLING_ZONE)
    except ValueError:
        raise InvalidInput(f"a time is written YYYY-MM-DDTHH:MM, not '{text}'") from None
