"""``wandeng prepay``: agreements, the daily run, balances, the list to approve, shares and true-ups."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from wandeng.domains.collections.actions import prepay as actions
from wandeng.domains.collections.queries import prepay as queries
from wandeng.domains.collections.queries import prepay_proposals
from wandeng.flows import prepay
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import terminal
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import fen, format_scaled, format_yuan
from wandeng.kernel.periods import Month

app = typer.Typer(no_args_is_help=True, help="Prepay (费控): agreements, daily balances, cuts by balance, true-ups.")

_Account = Annotated[str, typer.Argument(metavar="ACCOUNT", help="Account number (户号).")]
_Day = Annotated[str, typer.Option("--day", help="The day, by the readings of its first midnight; default: today.")]
_AGREEMENTS = {
    "account_number": "户号 account", "account_name": "户名 name", "standing": "状态 standing",
    "balance_fen": "余额(分) balance", "warn_fen": "预警(分) warning", "as_of": "测算日 day", "gap": "未算出 gap",
    "valid_from": "生效 from", "valid_to": "终止 to",
}  # fmt: skip
_EPISODES = {
    "account_number": "户号 account", "account_name": "户名 name", "standing": "状态 standing",
    "balance_fen": "余额(分) balance", "opened_on": "预警 warned", "overdrawn_on": "透支 overdrawn",
    "order_number": "停电单 order",
}  # fmt: skip
_TRUE_UPS = {
    "account_number": "户号 account", "estimated_to": "估至 estimated to", "estimate_fen": "暂估(分) estimate",
    "bill_fen": "账单(分) bill", "difference_fen": "差额(分) difference", "reason": "原因 reason",
}  # fmt: skip


@app.command()
def enroll(
    accounts: Annotated[list[str] | None, typer.Argument(metavar="ACCOUNT…", help="Account numbers (户号).")] = None,
    file: Annotated[Path | None, typer.Option("--file", "-f", help="A text file, an account number a line.")] = None,
    on: Annotated[str, typer.Option("--from", help="The first day (生效日); default: today.")] = "",
    document: Annotated[str, typer.Option("--document", help="Number of the signed paper (协议编号).")] = "",
    warn: Annotated[str, typer.Option("--warn", help="An agreed warning threshold, yuan (约定预警值).")] = "",
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Sign accounts up (签订费控协议), each in one transaction; the first that cannot be stops the rest."""
    numbers = [*(accounts or []), *(file.read_text("utf-8").split() if file else [])]
    if not numbers:
        raise InvalidInput("name accounts, or a file of them")
    actor, first = terminal.acting(as_person), terminal.day(on) if on else terminal.today()
    for number in numbers:
        actions.enroll(
            account_number=number, valid_from=first, document=document, agreed_warn_fen=fen(warn) if warn else None,
            reason=reason, actor=actor, at=terminal.now(), library=terminal.rules(),
        )  # fmt: skip
    terminal.done(f"{len(numbers)} 户已签约 enrolled", {"enrolled": len(numbers)}, as_json=as_json)


@app.command()
def end(
    account: _Account, reason: terminal.Reason = "", as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:
    """End an agreement (解除费控协议): no more balances; an order that has not left is withdrawn."""
    actions.end(account_number=account, reason=reason, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"{account} 已解约 ended", {"account": account}, as_json=as_json)


@app.command()
def day(
    unit: Annotated[str, typer.Option("--unit", "-u", metavar="CODE", help="The unit (单位); all below it as well.")],
    on: _Day = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Run a day (费控测算): balances, warnings, overdrafts, who may be cut. Twice is once; gaps are tried again."""
    done = prepay.day_run(
        unit_code=unit, day=terminal.day(on) if on else terminal.today(), actor=terminal.acting(as_person),
        at=terminal.now(), library=terminal.rules(),
    )  # fmt: skip
    if as_json:
        terminal.show_json(done)
        return
    Console().print(
        f"{done.day}: 已算 computed {done.computed}, 已有 before {done.repeated}, 未算出 gaps {done.gaps}, 存疑 doubts "
        f"{done.doubts}, 预警 warned {done.warned}, 透支 overdrawn {done.overdrawn}, 恢复 recovered "
        f"{done.recovered + done.closed}, 清算 true-ups {done.true_ups}, 待停电 proposed {done.proposed}",
        highlight=False, soft_wrap=True,
    )  # fmt: skip


@app.command("list")
def list_(
    every: Annotated[bool, typer.Option("--all", help="All agreements, not only low balances.")] = False,
    unit: terminal.UnitCode = "",
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List accounts with a low balance, the lowest first; with --all every agreement (费控用户)."""
    scope = terminal.scope(terminal.acting(as_person), unit)
    if every:
        rows = list(queries.agreement_rows(scope).order_by("id")[:limit])
        terminal.show_rows(rows, _AGREEMENTS, title="费控用户 prepay", empty="没有费控用户 none", as_json=as_json)
        return
    rows = list(queries.episode_rows(scope).order_by("balance_fen", "id")[:limit])
    terminal.show_rows(rows, _EPISODES, title="余额不足 low", empty="没有余额不足的 none is low", as_json=as_json)


@app.command()
def show(
    account: _Account,
    lines: Annotated[bool, typer.Option("--lines", help="Every line of the newest estimate.")] = False,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Show an account's balance now, its newest days, its episodes (费控账户)."""
    scope = Scope.of(terminal.acting(as_person))
    found = queries.prepay_of(scope, account, at=terminal.now(), library=terminal.rules())
    computed = found.balance.day if lines else None
    told = (
        prepay.explain(scope, account_number=account, day=computed, library=terminal.rules()) if computed else None
    )  # fmt: skip
    if as_json:
        terminal.show_json({"prepay": found, "estimate": told})
        return
    console = Console()
    balance = found.balance
    now = "未算出 unknown" if balance.balance_fen is None else format_yuan(balance.balance_fen)
    console.print(f"{account} {found.account_name}: {found.standing}, 余额 balance {now}", highlight=False)
    console.print(
        f"账面 ledger {format_yuan(balance.ledger_fen)} − 暂估 estimate {format_yuan(balance.estimate_fen)} "
        f"({balance.day or '–'}{' ' + balance.gap if balance.gap else ''})", highlight=False,
    )  # fmt: skip
    columns = {"day": "日 day", "day_ckwh": "电量(0.01) kWh", "day_fen": "电费(分) charge", "balance_fen": "余额(分) balance",
               "standing": "状态 standing", "gap": "未算出 gap"}  # fmt: skip
    terminal.show_list(found.days, columns, title="测算 days", empty="还没有测算 nothing yet", as_json=False)
    for month in told.months if told else ():
        for line in month.lines:
            console.print(
                f"{month.month} {line.item_zh}{line.measure_zh} 档 tier {line.tier}: {format_scaled(line.quantity, 2)} → "
                f"{format_yuan(line.amount_fen)}", highlight=False,
            )  # fmt: skip


@app.command()
def proposals(
    unit: terminal.UnitCode = "", as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:
    """List the cuts by balance that wait for approval (待审批), each with what stands against it."""
    scope = terminal.scope(terminal.acting(as_person), unit)
    found = prepay_proposals.proposals(scope, at=terminal.now(), library=terminal.rules())
    columns = {"number": "停电单 order", "account_number": "户号 account", "balance_now_fen": "余额(分) balance",
               "overdrawn_on": "透支 overdrawn", "reached_at": "送达 reached", "objections": "不符 objections"}  # fmt: skip
    terminal.show_list(found, columns, title="待审批 proposals", empty="没有待审批的 none", as_json=as_json)


@app.command()
def approve(
    orders: Annotated[
        list[str], typer.Argument(metavar="ORDER…", help="Orders (停电单号), as 'proposals' lists them.")
    ],
    send: Annotated[bool, typer.Option("--send/--no-send", help="Send what is approved to the gateway.")] = True,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Approve cuts by balance (批量审批); each is judged by itself, with every guard."""
    answers = prepay.approve_each(
        orders=orders, send=send, actor=terminal.acting(as_person), at=terminal.now(), library=terminal.rules()
    )
    columns = {"number": "停电单 order", "is_done": "完成 done", "code": "代码 code", "sentence": "说明 why"}
    terminal.show_list(answers, columns, title="审批 approval", empty="", as_json=as_json)


@app.command()
def share(unit: terminal.UnitCode = "", as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Show the share of prepay accounts by unit (费控用户占比)."""
    found = queries.share(terminal.scope(terminal.acting(as_person), unit))
    columns = {"unit_code": "单位 unit", "unit_name": "名称 name", "accounts": "户数 accounts", "prepay": "费控 prepay",
               "share_e4": "占比(万分) share", "low": "余额不足 low", "cut": "已停电 cut"}  # fmt: skip
    terminal.show_list(found, columns, title="费控占比 share", empty="", as_json=as_json)


@app.command()
def trueup(
    month: Annotated[str, typer.Option("--month", "-m", help="YYYY-MM; default: all.")] = "",
    unit: terminal.UnitCode = "",
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List true-ups (费控清算): the last estimate against the bill, the largest difference first."""
    scope = terminal.scope(terminal.acting(as_person), unit)
    rows = queries.true_up_rows(scope, month=Month.parse(month) if month else None)
    found = sorted(rows.order_by("-month_index", "id")[:10_000], key=lambda row: -abs(row["difference_fen"]))[:limit]
    terminal.show_rows(found, _TRUE_UPS, title="清算 true-ups", empty="没有清算 none", as_json=as_json)
