"""``wandeng online``: orders for payment through WeChat Pay, Alipay, UnionPay or the demo cashier, and their refunds."""

from __future__ import annotations

import json
import secrets
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from wandeng.domains.payments.actions import online as actions
from wandeng.domains.payments.queries import online as queries
from wandeng.flows.online_payments import daily, orders, refunds
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import terminal
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import fen, format_yuan

app = typer.Typer(no_args_is_help=True, help="Payments online (线上缴费): orders, questions, refunds, channels.")

_Order = Annotated[str, typer.Argument(metavar="ORDER", help="Order number (订单号).")]
_Refund = Annotated[str, typer.Argument(metavar="REFUND", help="Refund number (退款单号).")]
_Channel = Annotated[str, typer.Option("--channel", "-c", metavar="CODE", help="Payment channel (渠道).")]
_File = Annotated[Path, typer.Option("--file", "-f", exists=True, dir_okay=False, help="JSON: facts and secrets.")]


@app.command()
def order(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="Account number (户号).")],
    amount: Annotated[str, typer.Argument(metavar="YUAN", help="Amount in yuan (金额).")],
    channel: _Channel,
    key: Annotated[str, typer.Option("--key", help="The same key again is the same order.")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Open an order (收款码): prints the link that the QR code says."""
    opened = orders.open_order(
        key=key or f"cli:{secrets.token_hex(12)}", account_number=account, amount_fen=fen(amount), channel=channel,
        actor=terminal.acting(as_person), at=terminal.now(),
    )  # fmt: skip
    facts = {"order": opened.number, "state": opened.state, "amount_fen": opened.amount_fen, "pay_url": opened.pay_url}
    link = opened.pay_url or "平台未应答，稍后用同一 --key 再试 no answer yet: ask again with the same --key"
    terminal.done(f"订单 order {opened.number}  {format_yuan(opened.amount_fen)}\n{link}", facts, as_json=as_json)


@app.command()
def show(order: _Order, as_person: terminal.AsPerson = "") -> None:
    """Show an order as JSON (订单详情): messages of the provider, refunds, alarms."""
    terminal.show_json(queries.order(Scope.of(terminal.acting(as_person)), order))


@app.command("list")
def list_(
    state: Annotated[str, typer.Option("--state", help="Only orders in this state.")] = "",
    account: Annotated[str, typer.Option("--account", metavar="ACCOUNT", help="Only this account (户号).")] = "",
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List orders (支付订单), newest first."""
    rows = queries.order_rows(Scope.of(terminal.acting(as_person)))
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(account__account_number=account) if account else rows
    columns = {"number": "订单 order", "account_number": "户号 account", "amount_fen": "分 fen", "channel_code": "渠道 channel",
               "state": "状态 state", "opened_at": "下单 opened", "paid_at": "付款 paid"}  # fmt: skip
    terminal.show_rows(
        list(rows[:limit]), columns, title="支付订单 orders", empty="没有订单 no orders", as_json=as_json
    )


@app.command()
def query(order: _Order, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Ask the provider about an order now (查询)."""
    said = orders.query(number=order, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"平台应答 the provider says {said}", {"order": order, "said": said}, as_json=as_json)


@app.command()
def close(order: _Order, reason: terminal.Reason, as_person: terminal.AsPerson = "") -> None:
    """Close an order that nobody has paid (关闭)."""
    orders.close(number=order, reason=reason, actor=terminal.acting(as_person), at=terminal.now())
    Console().print("已关闭 closed")


@app.command()
def refund(
    order: _Order,
    reason: terminal.Reason,
    amount: Annotated[
        str, typer.Option("--amount", metavar="YUAN", help="A part (退款金额); all that is left without.")
    ] = "",
    key: Annotated[str, typer.Option("--key", help="The same key again is the same refund.")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Ask for a refund of a paid order, whole or of a part (退款); above the limit a second person agrees."""
    number = refunds.refund(
        key=key or f"cli:{secrets.token_hex(12)}", number=order, amount_fen=fen(amount) if amount else None, reason=reason,
        actor=terminal.acting(as_person), at=terminal.now(),
    )  # fmt: skip
    (made,) = (one for one in queries.order(Scope.everywhere(), order).refunds if one.number == number)
    facts = {"refund": number, "state": made.state, "amount_fen": made.amount_fen}
    terminal.done(f"退款 refund {number} {format_yuan(made.amount_fen)} {made.state}", facts, as_json=as_json)


@app.command()
def approve(refund: _Refund, as_person: terminal.AsPerson = "") -> None:
    """Agree to a refund, as the second person (同意退款)."""
    refunds.approve(number=refund, actor=terminal.acting(as_person), at=terminal.now())
    Console().print("已同意，由后台发出 agreed: a worker sends it")


@app.command()
def reject(refund: _Refund, reason: terminal.Reason, as_person: terminal.AsPerson = "") -> None:
    """Reject a refund that waits (驳回)."""
    refunds.reject(number=refund, reason=reason, actor=terminal.acting(as_person), at=terminal.now())
    Console().print("已驳回 rejected")


@app.command()
def again(refund: _Refund, as_person: terminal.AsPerson = "") -> None:
    """Send a refund again that the provider refused, under its number (重新发出)."""
    refunds.again(number=refund, actor=terminal.acting(as_person), at=terminal.now())
    Console().print("已排队 back in line")


@app.command()
def alarms(
    every: Annotated[bool, typer.Option("--all", help="Handled ones too.")] = False,
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List alarms (支付告警), newest first."""
    rows = queries.alarm_rows(Scope.of(terminal.acting(as_person)))
    rows = rows if every else rows.filter(state="OPEN")
    columns = {"id": "编号 id", "kind": "告警 alarm", "order_number": "订单 order", "amount_fen": "分 fen",
               "state": "状态 state", "raised_at": "时间 raised", "note": "结果 note"}  # fmt: skip
    terminal.show_rows(
        list(rows[:limit]), columns, title="支付告警 alarms", empty="没有告警 no alarms", as_json=as_json
    )


@app.command()
def handle(
    alarm: Annotated[int, typer.Argument(metavar="ALARM", help="Number of the alarm (编号).")],
    reason: terminal.Reason,
    as_person: terminal.AsPerson = "",
) -> None:
    """Say what became of an alarm (处理告警)."""
    actions.handle_alarm(alarm_id=alarm, note=reason, actor=terminal.acting(as_person), at=terminal.now())
    Console().print("已处理 handled")


@app.command()
def settle(
    channel: _Channel,
    day: Annotated[str, typer.Option("--day", metavar="YYYY-MM-DD", help="Which day of the provider.")],
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Fetch a channel's detail of a day and hold it against ours (对账)."""
    found = daily.settle_day(
        channel=channel, day=terminal.day(day), actor=terminal.acting(as_person), at=terminal.now()
    )  # fmt: skip
    facts = {"channel": channel, "day": day, "even": found.is_even, "theirs": found.theirs,
             "theirs_fen": found.theirs_fen, "ours_fen": found.ours_fen, "settled": found.settled,
             "missing": found.missing, "unknown": found.unknown, "refunds": found.refunds,
             "refunded_fen": found.refunded_fen, "ours_refunded_fen": found.ours_refunded_fen,
             "refunds_apart": found.refunds_apart}  # fmt: skip
    sentence = (
        f"{day}  平台 theirs {format_yuan(found.theirs_fen)}  系统 ours {format_yuan(found.ours_fen)}  "
        f"对上 settled {found.settled}  长款 missing here {found.missing}  短款 missing there {found.unknown}  "
        f"退款 refunds {found.refunds} / {format_yuan(found.refunded_fen)}  不符 apart {found.refunds_apart}"
    )
    terminal.done(sentence, facts, as_json=as_json)


@app.command()
def channels(as_json: terminal.AsJson = False) -> None:
    """List the channels (渠道), with the names of the keys that each has."""
    columns = {"code": "编码 code", "kind": "类型 kind", "name": "名称 name", "merchant": "商户 merchant",
               "keys": "密钥 keys", "is_active": "启用 on"}  # fmt: skip
    terminal.show_list(queries.channels_shown(), columns, title="线上渠道 channels", empty="没有渠道 no channels",
                       as_json=as_json)  # fmt: skip


@app.command()
def channel(
    code: Annotated[str, typer.Argument(metavar="CODE", help="Its code, part of the call-back address (编码).")],
    kind: Annotated[str, typer.Option("--kind", help="WECHAT, ALIPAY or UNIONPAY.")],
    name: Annotated[str, typer.Option("--name", help="What people call it (名称).")],
    merchant: Annotated[str, typer.Option("--merchant", help="Merchant number at the provider (商户号).")],
    file: _File,
    off: Annotated[bool, typer.Option("--off", help="Switched off: no new orders.")] = False,
    as_person: terminal.AsPerson = "",
) -> None:
    """Set up a channel, or change it (登记渠道). Secrets are sealed; a file without any leaves those it has."""
    try:
        given = json.loads(file.read_text("utf-8"))
        facts, kept = dict(given["facts"]), dict(given.get("secrets", {}))
    except (ValueError, KeyError, TypeError):
        raise InvalidInput('the file holds {"facts": {…}, "secrets": {…}}, texts only') from None
    if not all(isinstance(value, str) for value in [*facts.values(), *kept.values()]):
        raise InvalidInput('the file holds {"facts": {…}, "secrets": {…}}, texts only')
    actions.set_up_channel(
        code=code, kind=kind, name=name, merchant=merchant, facts=facts, secrets=kept, is_active=not off,
        actor=terminal.acting(as_person), at=terminal.now(),
    )  # fmt: skip
    Console().print(f"已登记 {code} is set up")
