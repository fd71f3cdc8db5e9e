"""``wandeng notices``: the outbox, the templates, who wants no more, and delivering what is due."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from wandeng.domains.notices import actions, queries
from wandeng.flows import bill_notices, notice_delivery, notice_letters
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import terminal
from wandeng.kernel.periods import BILLING_ZONE, Month

IDLE_SECONDS = 1.0

app = typer.Typer(no_args_is_help=True, help="Notices (通知): outbox, templates, letters, opt-outs.")

_Id = Annotated[int, typer.Argument(metavar="ID", help="Number in the outbox (编号).")]
_Account = Annotated[str, typer.Argument(metavar="ACCOUNT", help="Account number (户号).")]
_Purpose = Annotated[str, typer.Argument(metavar="PURPOSE", help="PAYMENT, BILL, PREPAY, … (用途).")]
_Follow = Annotated[bool, typer.Option("--follow", help="Go on for ever: a worker for notices alone.")]


@app.command("list")
def list_(
    state: Annotated[str, typer.Option("--state", help="WAITING, SENT, DELIVERED, UNKNOWN, FAILED, … (状态).")] = "",
    template: Annotated[str, typer.Option("--template", help="Code of a template (模板).")] = "",
    account: Annotated[str, typer.Option("--account", help="Account number (户号).")] = "",
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List what was to be told (发件箱), newest first."""
    rows = queries.recipient_rows(Scope.of(terminal.acting(as_person)), account_number=account)
    if state:
        rows = rows.filter(state=state)
    if template:
        rows = rows.filter(template_code=template)
    columns = {"id": "编号 id", "template_code": "模板 template", "account_number": "户号 account",
               "person_code": "工号 person", "channel": "渠道 channel", "state": "状态 state", "why": "原因 why",
               "reached_at": "送达 reached"}  # fmt: skip
    found = [row | {"reached_at": _moment(row["reached_at"])} for row in rows.order_by("-id")[:limit]]
    terminal.show_rows(found, columns, title="发件箱 outbox", empty="没有通知 no notices", as_json=as_json)


@app.command()
def show(notice: _Id, as_person: terminal.AsPerson = "") -> None:
    """Show one notice as JSON (详情): what it says, every attempt, every step."""
    scope = Scope.of(terminal.acting(as_person))
    terminal.show_json(queries.recipient(scope, notice, library=terminal.rules()))


@app.command()
def templates(
    code: Annotated[str, typer.Argument(metavar="[CODE]", help="One template, with its texts (模板).")] = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List templates (模板), or show one."""
    if code:
        terminal.show_json(queries.template(code, on=terminal.today()))
        return
    columns = {"code": "代码 code", "name": "名称 name", "purpose": "用途 purpose", "audience": "对象 audience",
               "channels": "渠道 channels", "version_number": "版本 version", "valid_from": "起用 from",
               "drafts": "待批 drafts"}  # fmt: skip
    rows = list(queries.template_rows(on=terminal.today()).order_by("code"))
    terminal.show_rows(
        rows, columns, title="模板 templates", empty="没有模板：wandeng notices install", as_json=as_json
    )


@app.command()
def install(as_person: terminal.AsPerson = "") -> None:
    """Put the product's own templates in place, those that are missing (安装默认模板)."""
    count = actions.install_defaults(actor=terminal.acting(as_person), at=terminal.now())
    Console().print(f"已安装 installed {count}")


@app.command()
def approve(
    version: Annotated[int, typer.Argument(metavar="VERSION", help="Id of a drafted version.")],
    as_person: terminal.AsPerson = "",
) -> None:
    """Approve a drafted text (审批); by somebody else than its author."""
    actions.approve_version(version_id=version, actor=terminal.acting(as_person), at=terminal.now())
    Console().print("已批准 approved")


@app.command()
def deliver(follow: _Follow = False) -> None:
    """Deliver what is due (发送): ask about what is open, hand over what waits. Any number may run at once."""
    console = Console()
    while True:
        moved = notice_delivery.deliver_due(clock=terminal.now)
        if moved:
            console.print(f"{terminal.now():%H:%M:%S} 通知 notices {moved}", highlight=False)
        elif not follow:
            return
        else:
            time.sleep(IDLE_SECONDS)


@app.command("bills")
def announce_bills(
    unit: Annotated[str, typer.Option("--unit", "-u", metavar="CODE", help="The unit (单位); all below it as well.")],
    month: Annotated[str, typer.Option("--month", "-m", metavar="YYYY-MM", help="Bill month (电费年月).")],
    most: Annotated[int | None, typer.Option("--most", min=1, help="At most so many accounts.")] = None,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Tell the customers of a unit of their published bills (电费通知); nobody is told of a month twice."""
    sent = bill_notices.announce(
        unit_code=unit, month=Month.parse(month), actor=terminal.acting(as_person), at=terminal.now(), most=most
    )
    facts: dict[str, object] = {"notice": int(sent.notice_id), "recipients": sent.recipients}
    terminal.done(f"{sent.recipients} 户待通知 accounts will be told", facts, as_json=as_json)


@app.command()
def letters(
    unit: Annotated[str, typer.Option("--unit", "-u", metavar="CODE", help="The unit (单位); all below it as well.")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FILE", help="Where the PDF goes.")],
    batch: Annotated[int | None, typer.Option("--batch", help="Print this batch again.")] = None,
    as_person: terminal.AsPerson = "",
) -> None:
    """Print the letters that wait (打印信函) as one PDF."""
    actor = terminal.acting(as_person)
    number, count = (batch, 0) if batch else notice_letters.print_batch(
        unit_code=unit, actor=actor, at=terminal.now(), library=terminal.rules()
    )  # fmt: skip
    if not number:
        Console().print("没有待打印的信函 no letters wait")
        return
    output.write_bytes(notice_letters.document(Scope.of(actor), number, library=terminal.rules()))
    Console().print(f"批次 batch {number}, {count or ''} → {output}", highlight=False, soft_wrap=True)


@app.command("opt-out")
def opt_out(
    account: _Account,
    purpose: _Purpose,
    source: Annotated[str, typer.Option("--source", help="REPLY, HALL, PHONE, ONLINE (来源).")] = "HALL",
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
) -> None:
    """An account wants no more notices of a purpose (退订)."""
    actions.opt_out(
        account_number=account, purpose=purpose, source=source, actor=terminal.acting(as_person), at=terminal.now(),
        reason=reason,
    )  # fmt: skip
    Console().print("已退订 opted out")


@app.command("opt-in")
def opt_in(
    account: _Account, purpose: _Purpose, reason: terminal.Reason = "", as_person: terminal.AsPerson = ""
) -> None:
    """Take an opt-out back (恢复订阅)."""
    actions.opt_in(
        account_number=account, purpose=purpose, actor=terminal.acting(as_person), at=terminal.now(), reason=reason
    )
    Console().print("已恢复 opted in")


@app.command()
def preference(account: _Account, as_person: terminal.AsPerson = "") -> None:
    """What an account wants to be told, by which channel first, and when not (联系偏好)."""
    actor = terminal.acting(as_person)
    found = queries.contact_preference(Scope.of(actor), account, now=terminal.now(), library=terminal.rules())
    console = Console()
    for one in found.messages:
        state = "法定 required" if one.is_required else "已退订 off" if one.is_off else "接收 on"
        console.print(f"{one.purpose:<14} {state}", highlight=False)
    console.print(f"优先渠道 channel: {found.channel or '—'}  免打扰 quiet: {found.quiet or '—'}", highlight=False)


@app.command()
def prefer(
    account: _Account,
    channel: Annotated[
        str, typer.Option("--channel", help="SMS, VOICE, WECHAT, EMAIL; none: as the texts say (优先渠道).")
    ] = "",
    quiet: Annotated[str, typer.Option("--quiet", metavar="21:00-07:00", help="Quiet hours (免打扰时段).")] = "",
    source: Annotated[str, typer.Option("--source", help="REPLY, HALL, PHONE (来源).")] = "HALL",
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
) -> None:
    """Write down by which channel an account is told first, and when not (设置联系偏好)."""
    actions.prefer(
        account_number=account, channel=channel, quiet_hours=quiet, source=source, reason=reason,
        actor=terminal.acting(as_person), at=terminal.now(), library=terminal.rules(),
    )  # fmt: skip
    Console().print("已保存 saved")


@app.command()
def cancel(notice: _Id, reason: terminal.Reason = "", as_person: terminal.AsPerson = "") -> None:
    """Take a notice that waits out of line (取消)."""
    actions.cancel(recipient_id=notice, reason=reason, actor=terminal.acting(as_person), at=terminal.now())
    Console().print("已取消 cancelled")


@app.command("send-again")
def send_again(notice: _Id, reason: terminal.Reason = "", as_person: terminal.AsPerson = "") -> None:
    """Send a notice again that failed or that nobody knows of (重发)."""
    actions.send_again(recipient_id=notice, reason=reason, actor=terminal.acting(as_person), at=terminal.now())
    Console().print("已排队 back in line")


@app.command()
def settle(
    notice: _Id,
    reached: Annotated[bool, typer.Option("--reached/--not-reached", help="What was found out.")],
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
) -> None:
    """Say what became of a notice nobody knows of (认定)."""
    actions.settle_unknown(
        recipient_id=notice, was_reached=reached, reason=reason, actor=terminal.acting(as_person), at=terminal.now()
    )
    Console().print("已认定 settled")


@app.command()
def address(
    channel: Annotated[str, typer.Argument(metavar="CHANNEL", help="SMS, WECHAT, VOICE, EMAIL (渠道).")],
    value: Annotated[str, typer.Argument(metavar="ADDRESS", help="Number or address (号码或地址).")],
    person: Annotated[str, typer.Option("--person", help="A member of staff (工号).")] = "",
    account: Annotated[str, typer.Option("--account", help="Account number (户号).")] = "",
    as_person: terminal.AsPerson = "",
) -> None:
    """Say where staff, or an account besides its telephones, are reached (送达地址)."""
    actions.set_address(
        channel=channel, address=value, person=person, account_number=account, actor=terminal.acting(as_person),
        at=terminal.now(),
    )  # fmt: skip
    Console().print("已登记 set")


def _moment(value: object) -> str:
    return value.astimezone(BILLING_ZONE).strftime("%m-%d %H:%M") if hasattr(value, "astimezone") else ""
