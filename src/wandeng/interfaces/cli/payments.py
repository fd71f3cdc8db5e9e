"""``wandeng pay``: payments, what is open, and decisions about money."""

from __future__ import annotations

import secrets
from typing import Annotated

import typer
from rich.console import Console

from wandeng.domains.payments import queries
from wandeng.domains.payments.types import Decided, Standing
from wandeng.flows import account_money, credit_use
from wandeng.flows import payments as flow
from wandeng.interfaces.cli import terminal
from wandeng.interfaces.cli.terminal import Table
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import fen, format_yuan
from wandeng.kernel.periods import BILLING_ZONE

app = typer.Typer(no_args_is_help=True, help="Payments (收费): take, show, reverse, refund, waive, write off, plans.")
plan = typer.Typer(no_args_is_help=True, help="Instalment plans (分期付款).")
app.add_typer(plan, name="plan")

Account = Annotated[str, typer.Argument(metavar="ACCOUNT", help="Account number (户号).")]
Amount = Annotated[str, typer.Argument(metavar="YUAN", help="Amount (金额).")]
Bill = Annotated[int, typer.Argument(metavar="BILL", help="Number of the bill (账单编号).")]
Key = Annotated[str, typer.Option("--key", help="The same key does it once; default: a new one.")]
TenderOf = Annotated[str, typer.Option("--tender", help="CASH, CARD, QR, CHEQUE, TRANSFER, DEBIT, ONLINE (结算方式).")]
ChannelOf = Annotated[str, typer.Option("--channel", help="TILL, AGENT, WECHAT, BANK_DEBIT, … (收费渠道).")]

_PAYMENTS = {"id": "编号 no", "received_on": "日期 day", "account_number": "户号 account", "channel": "渠道 channel",
             "tender": "方式 tender", "amount": "金额 amount", "state": "状态 state"}  # fmt: skip
_DECISIONS = {"decision_id": "编号 no", "kind": "类型 kind", "account_number": "户号 account", "amount_fen": "分 fen",
              "state": "状态 state", "maker": "经办 maker", "checker": "复核 checker", "reason": "原因 reason"}  # fmt: skip
_PLANS = {"plan_id": "编号 no", "state": "状态 state", "owed_fen": "分 fen", "paid_fen": "已付 paid", "made_on": "日期 day",
          "made_by": "经办 maker", "reason": "原因 reason"}  # fmt: skip


@app.command()
def take(
    account: Account,
    amount: Amount,
    tender: TenderOf = "CASH",
    channel: ChannelOf = "TILL",
    on: Annotated[str, typer.Option("--on", metavar="DAY", help="Day of payment (收费日期); default today.")] = "",
    bills: Annotated[list[int] | None, typer.Option("--bill", help="Settle this bill first (指定账单).")] = None,
    payer: Annotated[str, typer.Option("--payer", help="Who pays for somebody else (交款人).")] = "",
    key: Key = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Take a payment (收费): the oldest bill first with its late fee, the rest is credit."""
    receipt = flow.take(
        key=_key(key), account_number=account, amount_fen=fen(amount), tender=tender.upper(), channel=channel.upper(),
        received_on=terminal.day(on) if on else terminal.today(), at=terminal.now(), actor=terminal.acting(as_person),
        bills=bills or (), payer=payer,
    )  # fmt: skip
    if as_json:
        terminal.show_json(receipt)
        return
    console = Console()
    console.print(f"{receipt.payment_id}: {format_yuan(receipt.amount_fen)}", highlight=False)
    for part in receipt.settled:
        console.print(f"  {part.kind} {part.bill_id or ''} {format_yuan(part.amount_fen)}", highlight=False)
    console.print(f"  尚欠 still owed {format_yuan(receipt.owed_fen_after)}", highlight=False)


@app.command()
def show(
    account: Account,
    on: Annotated[str, typer.Option("--on", metavar="DAY", help="With late fees to this day; default today.")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Show what an account owes and has paid in advance (欠费与预收), with late fees to the day."""
    scope = terminal.scope(terminal.acting(as_person), "")
    found = queries.standing(scope, account, on=terminal.day(on) if on else terminal.today())
    if as_json:
        terminal.show_json(found)
        return
    _show(found)


@app.command("list")
def list_payments(
    account: Annotated[str, typer.Option("--account", help="Only this account (户号).")] = "",
    unit: terminal.UnitCode = "",
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List payments (收费记录), newest first."""
    rows = queries.payment_rows(terminal.scope(terminal.acting(as_person), unit))
    rows = rows.filter(account__account_number=account) if account else rows
    shown = [{**row, "amount": format_yuan(row["amount_fen"])} for row in rows[:limit]]
    terminal.show_rows(shown, _PAYMENTS, title="收费记录 payments", empty="no payments", as_json=as_json)


@app.command()
def owing(
    unit: terminal.UnitCode = "",
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List accounts that owe (欠费客户)."""
    rows = queries.receivable_rows(terminal.scope(terminal.acting(as_person), unit)).order_by("account_number")[:limit]
    shown = [{**row, "amount": format_yuan(row["open_fen"])} for row in rows]
    columns = {"account_number": "户号 account", "name": "户名 name", "unit_name": "单位 unit", "amount": "欠费 open"}
    terminal.show_rows(shown, columns, title="应收余额 receivables", empty="nobody owes anything", as_json=as_json)


@app.command()
def reverse(
    payment: Annotated[int, typer.Argument(metavar="PAYMENT", help="Number of the payment (收费编号).")],
    reason: terminal.Reason = "",
    key: Key = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Reverse a payment (冲正); above the limit a second person decides."""
    made = account_money.reverse(
        key=_key(key), payment_id=payment, reason=reason, actor=terminal.acting(as_person), at=terminal.now()
    )
    _told(made, as_json)


@app.command()
def refund(
    account: Account,
    amount: Amount,
    tender: TenderOf = "CASH",
    channel: ChannelOf = "TILL",
    reason: terminal.Reason = "",
    key: Key = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Pay credit back (退费); above the limit a second person decides."""
    made = account_money.refund(
        key=_key(key), account_number=account, amount_fen=fen(amount), tender=tender.upper(), channel=channel.upper(),
        reason=reason, actor=terminal.acting(as_person), at=terminal.now(),
    )  # fmt: skip
    _told(made, as_json)


@app.command()
def waive(
    account: Account,
    bill: Bill,
    amount: Amount,
    reason: terminal.Reason = "",
    key: Key = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Waive late fee of a bill (违约金减免); above the limit a second person decides."""
    made = account_money.waive(
        key=_key(key), account_number=account, bill_id=bill, amount_fen=fen(amount), reason=reason,
        actor=terminal.acting(as_person), at=terminal.now(),
    )  # fmt: skip
    _told(made, as_json)


@app.command("write-off")
def write_off(
    account: Account,
    bill: Bill,
    amount: Amount,
    reason: terminal.Reason = "",
    key: Key = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Give up what is open of a bill (坏账核销); a manager decides."""
    made = account_money.write_off(
        key=_key(key), account_number=account, bill_id=bill, amount_fen=fen(amount), reason=reason,
        actor=terminal.acting(as_person), at=terminal.now(),
    )  # fmt: skip
    _told(made, as_json)


@app.command()
def transfer(
    account: Account,
    to: Annotated[str, typer.Argument(metavar="TO", help="The customer's other account (转入户号).")],
    amount: Amount,
    reason: terminal.Reason = "",
    key: Key = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Move credit to another account of the customer (预收转账)."""
    made = account_money.transfer(
        key=_key(key), account_number=account, to_account_number=to, amount_fen=fen(amount), reason=reason,
        actor=terminal.acting(as_person), at=terminal.now(),
    )  # fmt: skip
    _told(made, as_json)


@app.command()
def waiting(as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """List decisions that wait for a second person (待复核)."""
    rows = account_money.waiting(terminal.scope(terminal.acting(as_person), ""))
    terminal.show_list(rows, _DECISIONS, title="待复核 waiting", empty="nothing waits", as_json=as_json)


@app.command()
def decide(
    decision: Annotated[int, typer.Argument(metavar="DECISION", help="Number of the decision (处理编号).")],
    reject: Annotated[bool, typer.Option("--reject", help="Reject it (驳回) instead of agreeing.")] = False,
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Agree as the second person (复核), or reject."""
    made = account_money.decide(
        decision_id=decision, agree=not reject, reason=reason, actor=terminal.acting(as_person), at=terminal.now()
    )
    _told(made, as_json)


@app.command()
def deposit(
    account: Account,
    amount: Amount,
    release: Annotated[bool, typer.Option("--release", help="Give it to the account's credit (退还转预收).")] = False,
    tender: TenderOf = "CASH",
    channel: ChannelOf = "TILL",
    reason: terminal.Reason = "",
    key: Key = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Take a deposit (电费保证金), or give it back to the credit."""
    actor, told = terminal.acting(as_person), _key(key)
    if release:
        done = account_money.release_deposit(
            key=told, account_number=account, amount_fen=fen(amount), reason=reason, actor=actor, at=terminal.now()
        )
    else:
        done = account_money.take_deposit(
            key=told, account_number=account, amount_fen=fen(amount), tender=tender.upper(), channel=channel.upper(),
            reason=reason, actor=actor, at=terminal.now(),
        )  # fmt: skip
    terminal.done("done" if done else "done before", {"key": told, "done": done}, as_json=as_json)


@app.command("apply-credit")
def apply_credit(
    unit: Annotated[str, typer.Option("--unit", "-u", metavar="CODE", help="The unit (单位) and all below it.")],
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Lay credit on open bills now (预收冲抵); a published run does it by itself."""
    scope = terminal.scope(terminal.acting(as_person), unit)
    used = credit_use.apply_credit(unit_path=scope.unit_path, key=f"hand:{secrets.token_hex(6)}", at=terminal.now())
    terminal.done(f"{used.accounts} 户 accounts, {format_yuan(used.amount_fen)}", {"accounts": used.accounts,
                  "amount_fen": used.amount_fen}, as_json=as_json)  # fmt: skip


@plan.command("make")
def make_plan(
    account: Account,
    parts: Annotated[list[str], typer.Argument(metavar="DAY=YUAN…", help="Last day and amount of each part.")],
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Agree on instalments (分期) that add up to the arrears of today."""
    split = [part.partition("=") for part in parts]
    if any(not mark for _, mark, _ in split):
        raise InvalidInput("a part is written DAY=YUAN, such as 2026-04-25=100.00")
    number = account_money.make_plan(
        account_number=account, parts=[(terminal.day(day), fen(yuan)) for day, _, yuan in split], reason=reason,
        actor=terminal.acting(as_person), at=terminal.now(),
    )  # fmt: skip
    terminal.done(f"plan {number}", {"plan": number}, as_json=as_json)


@plan.command("list")
def list_plans(account: Account, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """List the plans of an account."""
    rows = queries.plans_of(terminal.scope(terminal.acting(as_person), ""), account)
    terminal.show_list(rows, _PLANS, title="分期付款 plans", empty="no plans", as_json=as_json)


@plan.command("cancel")
def cancel_plan(
    number: Annotated[int, typer.Argument(metavar="PLAN", help="Number of the plan (协议编号).")],
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """End a plan before its time (终止)."""
    account_money.cancel_plan(plan_id=number, reason=reason, actor=terminal.acting(as_person), at=terminal.now())
    terminal.done(f"plan {number} is over", {"plan": number}, as_json=as_json)


def _key(given: str) -> str:
    return given or f"cli:{terminal.now().astimezone(BILLING_ZONE):%Y%m%d}:{secrets.token_hex(8)}"


def _told(made: Decided, as_json: bool) -> None:
    if as_json:
        terminal.show_json(made)
        return
    said = {"DONE": "已办 done", "PROPOSED": "待另一人复核 waits for a second person", "REJECTED": "已驳回 rejected"}
    Console().print(f"{made.decision_id}: {format_yuan(made.amount_fen)} {said[made.state]}", highlight=False)


def _show(found: Standing) -> None:
    console = Console()
    if found.open_bills:
        table = Table(title=f"{found.account_number} {found.on}", title_justify="left")
        for heading in ("账单 bill", "月份 month", "应交日 due", "欠费 open", "违约金 late fee", "逾期天数 days late"):
            table.add_column(heading)
        for bill in found.open_bills:
            table.add_row(str(bill.bill_id), str(bill.month), str(bill.due_on), format_yuan(bill.open_fen),
                          format_yuan(bill.late_fee_fen), str(bill.days_late))  # fmt: skip
        console.print(table)
    console.print(
        f"应交 to pay {format_yuan(found.to_pay_fen)}  预收 credit {format_yuan(found.credit_fen)}  "
        f"保证金 deposit {format_yuan(found.deposit_fen)}", highlight=False,
    )  # fmt: skip
