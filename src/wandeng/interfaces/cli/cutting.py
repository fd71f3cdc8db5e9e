"""``wandeng cut`` and ``wandeng restore``: orders to cut off and to give supply back, the halt, the gateway."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from wandeng.domains.collections import queries
from wandeng.domains.collections.actions import disconnection, halt, reconnection
from wandeng.domains.collections.types import GATEWAY, OUR_KEY
from wandeng.flows import disconnection as flow
from wandeng.flows.order_documents import pages
from wandeng.infra import signed_files
from wandeng.interfaces.cli import terminal
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import BILLING_ZONE

cut = typer.Typer(no_args_is_help=True, help="Disconnection orders (停电单): propose, approve, send, confirm, halt.")
restore = typer.Typer(no_args_is_help=True, help="Reconnection orders (复电单): what is open, and power is back.")

_Order = Annotated[str, typer.Argument(metavar="ORDER", help="Number of the order (停电单号).")]
_At = Annotated[str, typer.Option("--at", metavar="TIME", help="Local time YYYY-MM-DDTHH:MM; default: now.")]
_ORDERS = {
    "number": "停电单 order", "state": "状态 state", "account_number": "户号 account", "demanded_fen": "欠费(分) owed",
    "proposed_by": "提出 by", "approver": "审批 approved", "dispatched_at": "发出 sent", "cut_at": "停电 cut",
}  # fmt: skip
_RETURNS = {
    "number": "复电单 order", "state": "状态 state", "account_number": "户号 account", "cause": "起因 cause",
    "due_from": "交清 paid", "due_at": "须复电 due", "is_late": "超时 late", "restored_at": "复电 back",
}  # fmt: skip


def _moment(text: str) -> datetime:
    if not text:
        return terminal.now()
    try:
        return datetime.fromisoformat(text).replace(tzinfo=BILLING_ZONE)
    except ValueError:
        raise InvalidInput(f"a time is written YYYY-MM-DDTHH:MM, not '{text}'") from None


@cut.command("list")
def list_(
    state: Annotated[str, typer.Option("--state", help="Only this state (状态), as APPROVED.")] = "",
    unit: terminal.UnitCode = "",
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List disconnection orders, newest first (停电单)."""
    scope = terminal.scope(terminal.acting(as_person), unit)
    rows = queries.order_rows(scope, states=(state,) if state else ()).order_by("-id")[:limit]
    terminal.show_rows(list(rows), _ORDERS, title="停电单 orders", empty="没有停电单 no orders", as_json=as_json)


@cut.command()
def propose(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="Account number (户号).")],
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Propose to cut an account off (提出停电); refused while anything stands against it."""
    number = disconnection.propose(
        account_number=account, reason=reason, actor=terminal.acting(as_person), at=terminal.now(),
        library=terminal.rules(),
    )  # fmt: skip
    terminal.done(f"停电单 {number} 已提出 proposed", {"number": number}, as_json=as_json)


@cut.command()
def approve(order: _Order, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Approve an order (批准), as another person than proposed it."""
    answer = disconnection.approve(
        order=order, actor=terminal.acting(as_person), at=terminal.now(), library=terminal.rules()
    )
    terminal.done(f"{answer.number}: {answer.state}", {"number": answer.number, "state": answer.state}, as_json=as_json)


@cut.command()
def refuse(order: _Order, reason: terminal.Reason = "", as_person: terminal.AsPerson = "") -> None:
    """Refuse an order (驳回) with the reason."""
    disconnection.refuse(order=order, reason=reason, actor=terminal.acting(as_person), at=terminal.now())
    Console().print(f"{order} 已驳回 refused")


@cut.command()
def withdraw(order: _Order, reason: terminal.Reason = "", as_person: terminal.AsPerson = "") -> None:
    """Take an order back before it is sent (撤销)."""
    disconnection.withdraw(order=order, reason=reason, actor=terminal.acting(as_person), at=terminal.now())
    Console().print(f"{order} 已撤销 withdrawn")


@cut.command()
def announce(order: _Order, at: _At = "", as_person: terminal.AsPerson = "") -> None:
    """Tell the customer again when power will be cut (停电前再次通知)."""
    disconnection.announce(order=order, cut_at=_moment(at), actor=terminal.acting(as_person), at=terminal.now())
    Console().print(f"{order} 已再次通知 told again")


@cut.command()
def dispatch(
    orders: Annotated[list[str], typer.Argument(metavar="ORDER...", help="Numbers of approved orders.")],
    remote: Annotated[bool, typer.Option("--remote", help="To the remote-control gateway (远程费控).")] = False,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Send approved orders (发单): each only if every guard holds at this moment."""
    answers = flow.dispatch_each(
        orders=orders, remote=remote, actor=terminal.acting(as_person), at=terminal.now(), library=terminal.rules()
    )
    columns = {"number": "停电单 order", "is_done": "已发 sent", "code": "原因 code", "sentence": "说明 why not"}
    terminal.show_list(answers, columns, title="发单 dispatch", empty="没有 none", as_json=as_json)


@cut.command()
def confirm(order: _Order, at: _At = "", as_person: terminal.AsPerson = "") -> None:
    """Supply is off (回填停电)."""
    state = disconnection.confirm_cut(
        order=order, cut_at=_moment(at), actor=terminal.acting(as_person), at=terminal.now()
    )
    Console().print(f"{order}: {state}")


@cut.command()
def failed(order: _Order, reason: terminal.Reason = "", as_person: terminal.AsPerson = "") -> None:
    """It could not be cut, supply is on (未能停电)."""
    disconnection.report_failure(order=order, reason=reason, actor=terminal.acting(as_person), at=terminal.now())
    Console().print(f"{order} 未能停电 failed")


@cut.command("pdf")
def print_(
    order: _Order,
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="Where the PDF goes.")],
    as_person: terminal.AsPerson = "",
) -> None:
    """Print the order for whoever goes (工作单), with its signed instruction as a code."""
    output.write_bytes(pages.cut_pdf(terminal.scope(terminal.acting(as_person), ""), order))
    Console().print(str(output), highlight=False)


@cut.command("halt")
def pull(
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="The unit (单位); everything below it as well.")],
    reason: terminal.Reason = "",
    drill: Annotated[bool, typer.Option("--drill", help="A drill (演练): it stops all the same.")] = False,
    lift: Annotated[bool, typer.Option("--lift", help="Lift it (解除), as another person than pulled it.")] = False,
    as_person: terminal.AsPerson = "",
) -> None:
    """Pull the halt (停电闸): nothing is sent any more; or lift it."""
    actor = terminal.acting(as_person)
    if lift:
        halt.lift(unit_code=unit, reason=reason, actor=actor, at=terminal.now())
    else:
        halt.pull(unit_code=unit, reason=reason, is_drill=drill, actor=actor, at=terminal.now())
    Console().print(f"{unit}: {'已解除 lifted' if lift else '已拉闸 halted'}")


@cut.command()
def quota(
    unit: Annotated[str, typer.Argument(metavar="UNIT", help="The unit (单位).")],
    per_hour: Annotated[
        int | None, typer.Option("--per-hour", help="Orders an hour; without it: as the rule says.")
    ] = None,
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
) -> None:
    """How many orders may leave for a unit within sixty minutes (停电限额)."""
    halt.set_quota(
        unit_code=unit, per_hour=per_hour, reason=reason, actor=terminal.acting(as_person), at=terminal.now()
    )
    Console().print(f"{unit}: {'按规则 by rule' if per_hour is None else per_hour}")


@cut.command()
def trust(
    key_file: Annotated[Path, typer.Argument(metavar="FILE", help="Public key of the gateway, 32 bytes in hex.")],
) -> None:
    """Believe the receipts of a gateway from now on (信任网关), and show our own public key for it to believe."""
    try:
        public = bytes.fromhex(key_file.read_text().strip())
    except (OSError, ValueError):
        raise InvalidInput(f"{key_file} holds no public key in hex") from None
    if len(public) != 32:
        raise InvalidInput(f"{key_file} holds no public key in hex")
    signed_files.trust(GATEWAY, public)
    Console().print(signed_files.Signer(OUR_KEY).public.hex(), highlight=False, soft_wrap=True)


@cut.command()
def exchange(as_json: terminal.AsJson = False) -> None:
    """Hand instructions over to the gateway's folder and take its receipts (交换指令与回执), as the worker does each minute."""
    done = flow.exchange(flow.gateway(), clock=terminal.now)
    told = f"送出 out {done.handed_over}, 采信 taken {done.taken}, 拒收 refused {done.refused}"
    facts: dict[str, object] = {"handed_over": done.handed_over, "taken": done.taken, "refused": done.refused}
    terminal.done(told, facts, as_json=as_json)


@cut.command()
def simulate() -> None:
    """Play the gateway (模拟网关): obey what lies in the exchange folder, and answer. For trials only; its key is trusted."""
    obeyed, refused = flow.simulate(terminal.now())
    Console().print(f"执行 obeyed {obeyed}, 拒绝 refused {', '.join(refused) or 0}")


@restore.command("list")
def list_returns(
    late: Annotated[bool, typer.Option("--late", help="Only those past their time (超时).")] = False,
    every: Annotated[bool, typer.Option("--all", help="Also those that have power (含已复电).")] = False,
    unit: terminal.UnitCode = "",
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List reconnection orders, the most urgent first (复电单)."""
    rows = queries.reconnection_rows(terminal.scope(terminal.acting(as_person), unit), now=terminal.now())
    rows = rows if every else rows.filter(state="ORDERED")
    rows = rows.filter(is_late=True) if late else rows
    found = list(rows.order_by("state", "due_at")[:limit])
    terminal.show_rows(found, _RETURNS, title="复电单 returns", empty="没有待复电 none", as_json=as_json)


@restore.command("order")
def order_back(order: _Order, reason: terminal.Reason = "", as_person: terminal.AsPerson = "") -> None:
    """Give supply back although the debt stands (下达复电), by a person's decision."""
    number = reconnection.order_by_person(
        order=order, reason=reason, actor=terminal.acting(as_person), at=terminal.now(), library=terminal.rules()
    )
    Console().print(f"复电单 {number} 已下达 ordered")


@restore.command("confirm")
def confirm_back(
    order: Annotated[str, typer.Argument(metavar="ORDER", help="Number of the reconnection order (复电单号).")],
    at: _At = "",
    as_person: terminal.AsPerson = "",
) -> None:
    """Power is back (回填复电); says the minutes since the payment."""
    minutes = reconnection.confirm(
        order=order, restored_at=_moment(at), actor=terminal.acting(as_person), at=terminal.now()
    )
    Console().print(f"{order}: {minutes} 分钟 minutes")


@restore.command()
def sweep(as_json: terminal.AsJson = False) -> None:
    """Give supply back where a debt went away without a payment (核对), as by a write-off or a correction."""
    changed = flow.sweep(at=terminal.now(), library=terminal.rules())
    terminal.done(f"{changed} 张工单变动 orders changed", {"changed": changed}, as_json=as_json)


@restore.command()
def quarter(
    which: Annotated[str, typer.Argument(metavar="YYYY-N", help="Quarter (季度); default: this one.")] = "",
    unit: terminal.UnitCode = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Cuts and returns of a quarter by unit (停复电季报)."""
    year, number = queries.quarter_of(terminal.today())
    if which:
        head, _dash, tail = which.partition("-")
        if not (head.isascii() and head.isdecimal() and tail.isascii() and tail.isdecimal()):
            raise InvalidInput("a quarter is written YYYY-N")
        year, number = int(head), int(tail)
    scope = terminal.scope(terminal.acting(as_person), unit)
    columns = {"unit_name": "单位 unit", "cut": "停电 cut", "restored": "复电 back", "in_time": "按时 in time",
               "late": "超时 late", "still_off": "未复电 off", "mean_minutes": "平均分钟 mean",
               "longest_minutes": "最长分钟 longest"}  # fmt: skip
    rows = queries.quarter(scope, year=year, number=number, now=terminal.now())
    terminal.show_list(rows, columns, title=f"{year} Q{number}", empty="没有停复电 none", as_json=as_json)
