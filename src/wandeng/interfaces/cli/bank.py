"""``wandeng bank``: files to and from banks, money nobody knows, and channels' days."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from wandeng.domains.payments.actions import bank_agreements, reconciliation, suspense
from wandeng.domains.payments.frames import clearing
from wandeng.domains.payments.queries import bank_files as files
from wandeng.domains.payments.queries import reconciliation as days
from wandeng.domains.payments.queries import suspense as items
from wandeng.domains.payments.queries.bank_values import BankFileFacts
from wandeng.flows import bank_files, bank_requests
from wandeng.flows import suspense as matching
from wandeng.infra.columns import ColumnStore
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import terminal
from wandeng.interfaces.cli.terminal import Table
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import format_yuan

app = typer.Typer(
    no_args_is_help=True,
    help="Bank files (银行文件), suspense (待查款) and reconciliation (渠道对账).",
)
_Bank = Annotated[str, typer.Option("--bank", "-b", metavar="CODE", help="Bank or provider (银行), e.g. 102.")]
_Unit = Annotated[str, typer.Option("--unit", "-u", metavar="CODE", help="The unit (单位) that sends or receives.")]
_On = Annotated[str, typer.Option("--on", metavar="YYYY-MM-DD", help="Debts as of this day (default: today).")]
_Item = Annotated[int, typer.Argument(metavar="ITEM", help="Number of the item, as its list shows it.")]
_LOOKED_BACK = timedelta(days=31)


@app.command("export")
def export(
    kind: Annotated[
        str, typer.Argument(metavar="KIND", help="01 debit (代扣), 07 collection (托收), 06 arrears (欠费).")
    ],
    bank: _Bank,
    unit: _Unit,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FOLDER", help="Where the file goes.")] = Path(),
    on: _On = "",
    answers: Annotated[
        int, typer.Option("--answers", metavar="FILE", help="With 06: the customer query (客户查询) it answers.")
    ] = 0,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Make a file of what is open, in the bank's layout (生成代扣、托收、欠费文件). Bank accounts stand in it in the clear."""
    made = bank_requests.export(
        kind=kind, bank=bank, unit_code=unit, on=terminal.day(on) if on else terminal.today(),
        answers=answers or None, actor=terminal.acting(as_person), at=terminal.now(),
    )  # fmt: skip
    path = output / made.file_name
    path.touch(mode=0o600)
    path.write_bytes(made.content)
    terminal.done(
        f"{path}: {made.rows:,} 笔 rows, {format_yuan(made.total_fen)}, 文件 file {made.file_id}",
        {"file": made.file_id, "path": str(path), "rows": made.rows, "total_fen": made.total_fen},
        as_json=as_json,
    )


@app.command("import")
def import_(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="A file as the bank sent it.")],
    bank: _Bank,
    unit: _Unit,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Judge every row; book nothing (核对).")] = False,
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Bring a bank's file, judge it and book it (带入、核对、入账). Exit code 2 when the whole file is refused, 1 when rows are
    rejected or wait in suspense. The same file twice is once."""
    actor = terminal.acting(as_person)
    if not path.is_file():
        raise InvalidInput(f"there is no file {path}")
    with path.open("rb") as file:
        made = bank_files.receive(
            bank=bank, file_name=path.name, chunks=iter(lambda: file.read(1 << 20), b""), unit_code=unit, actor=actor,
            at=terminal.now(),
        )  # fmt: skip
    facts = bank_files.check_now(made, at=terminal.now())
    if facts.state == "CHECKED" and not dry_run:
        bank_files.post(file_id=made, reason=reason, actor=actor, at=terminal.now())
        facts = _booked(facts, made, actor=as_person, quiet=as_json)
    _show(facts, as_json=as_json)
    if facts.state == "REFUSED":
        raise typer.Exit(2)
    if {"REJECTED", "SUSPENSE", "TO_SUSPENSE"} & set(facts.verdicts):
        raise typer.Exit(1)


@app.command("post")
def post(
    file: Annotated[int, typer.Argument(metavar="FILE", help="Number of a checked file.")],
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Book a file that was brought and checked (入账)."""
    actor = terminal.acting(as_person)
    facts = files.bank_file(Scope.of(actor), file)
    bank_files.post(file_id=file, reason=reason, actor=actor, at=terminal.now())
    _show(_booked(facts, file, actor=as_person, quiet=as_json), as_json=as_json)


@app.command("files")
def list_files(limit: terminal.Limit = 20, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """List bank files, newest first (银行文件)."""
    rows = list(files.file_rows(Scope.of(terminal.acting(as_person))).order_by("-id")[:limit])
    columns = {"id": "编号 id", "direction": "方向", "kind": "类别 kind", "bank": "银行 bank", "batch": "批次 batch", "day": "日期 day",
               "state": "状态 state", "rows": "笔数 rows", "total_fen": "金额(分) fen"}  # fmt: skip
    terminal.show_rows(rows, columns, title="银行文件 bank files", empty="没有文件 no files", as_json=as_json)


@app.command("agreement")
def agreement(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="Account number (户号).")],
    bank: _Bank,
    number: Annotated[str, typer.Option("--number", help="Number of the agreement (协议号).")],
    bank_account: Annotated[str, typer.Option("--bank-account", help="Bank account (银行账号); stored sealed.")],
    holder: Annotated[str, typer.Option("--holder", help="Its holder (银行户名).")],
    kind: Annotated[str, typer.Option("--kind", help="DEBIT (代扣) or COLLECTION (托收).")] = "DEBIT",
    as_person: terminal.AsPerson = "",
) -> None:
    """Write down an agreement by which an account is debited (登记代扣协议)."""
    bank_agreements.sign_bank_agreement(
        number=number, bank=bank, account_number=account, kind=kind, bank_account=bank_account, holder=holder,
        signed_on=terminal.today(), actor=terminal.acting(as_person), at=terminal.now(),
    )  # fmt: skip
    Console().print(f"{account}: {bank} {number}", highlight=False)


@app.command("suspense")
def list_suspense(
    item: Annotated[int, typer.Option("--item", metavar="ITEM", help="One item, with whose it may be.")] = 0,
    every: Annotated[bool, typer.Option("--all", help="Also what has been decided.")] = False,
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List money nobody knows (待查款), or the accounts that one item may belong to."""
    scope = Scope.of(terminal.acting(as_person))
    if item:
        found = items.suggestions(scope, items.suspense_item(scope, item))
        columns = {
            "account_number": "户号 account",
            "name": "户名 name",
            "owed_fen": "欠费(分) owes",
            "reasons": "依据 why",
        }
        terminal.show_list(found, columns, title=f"待查款 {item}", empty="没有相近的户 nobody like it", as_json=as_json)
        return
    rows = items.suspense_rows(scope).order_by("-id")
    chosen = list((rows if every else rows.filter(state="OPEN"))[:limit])
    columns = {"id": "编号 id", "received_on": "到账 on", "channel": "渠道 channel", "amount_fen": "金额(分) fen", "payer": "付款人 payer",
               "account_number": "来文户号 told", "reason": "原因 reason", "state": "状态 state"}  # fmt: skip
    terminal.show_rows(chosen, columns, title="待查款 suspense", empty="没有待查款 nothing waits", as_json=as_json)


@app.command("match")
def match(
    item: _Item,
    account: Annotated[str, typer.Option("--account", metavar="NUMBER", help="Whose it is (户号).")] = "",
    give_back: Annotated[str, typer.Option("--return", metavar="DOCUMENT", help="Give it back by this transfer.")] = "",
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Decide money nobody knows: an account's (认领), given back (退回), or left with a note (继续挂账)."""
    actor, at = terminal.acting(as_person), terminal.now()
    if account:
        receipt = matching.match(item_id=item, account_number=account, reason=reason, actor=actor, at=at)
        told = f"{format_yuan(receipt.amount_fen)} → {account}, 尚欠 still owed {format_yuan(receipt.owed_fen_after)}"
    elif give_back:
        state = suspense.give_back(item_id=item, document=give_back, reason=reason, actor=actor, at=at)
        waits = "等另一人复核 waits for a second person: wandeng bank decide-return"
        told = f"待查款 {item} {waits if state == 'RETURNING' else '已退回 given back'}"
    else:
        suspense.leave(item_id=item, on=terminal.today(), reason=reason, actor=actor, at=at)
        told = f"待查款 {item} 继续挂账 left"
    terminal.done(told, {"item": item, "account": account}, as_json=as_json)


@app.command("decide-return")
def decide_return(
    item: _Item,
    reject: Annotated[bool, typer.Option("--reject", help="Leave it in suspense (驳回).")] = False,
    reason: Annotated[str, typer.Option("--reason", "-r", help="Why not, where it is rejected.")] = "",
    as_person: terminal.AsPerson = "",
) -> None:
    """Agree, as the second person, that money nobody knows is given back (复核退回)."""
    state = suspense.decide_return(
        item_id=item, agree=not reject, reason=reason, actor=terminal.acting(as_person), at=terminal.now()
    )
    terminal.done(f"待查款 {item} {state}", {"item": item, "state": state}, as_json=False)


@app.command("reconcile")
def reconcile(
    decide: Annotated[int, typer.Option("--decide", metavar="ITEM", help="Decide this difference.")] = 0,
    move: Annotated[str, typer.Option("--move", help="to_suspense, book or reverse.")] = "",
    reason: terminal.Reason = "",
    limit: terminal.Limit = 31,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Show channels' days and what waits (渠道对账), or decide a difference (长款、短款). A day is reconciled by importing its
    detail file (03)."""
    actor = terminal.acting(as_person)
    if decide:
        _decide(decide, move, reason, as_person)
        terminal.done(f"差异 {decide}: {move}", {"item": decide, "move": move}, as_json=as_json)
        return
    scope = Scope.of(actor)
    rows = list(days.day_rows(scope).order_by("-day", "channel")[:limit])
    columns = {"id": "编号 id", "day": "日期 day", "channel": "渠道 channel", "ours_fen": "我方(分) ours", "theirs_fen": "渠道(分) theirs",
               "matched": "对平 matched", "differences": "差异 items", "undecided": "待处理 open", "state": "状态 state"}  # fmt: skip
    terminal.show_rows(rows, columns, title="渠道对账 reconciliation", empty="还没有对过账 no day yet", as_json=as_json)
    waiting = days.waiting_days(scope, since=terminal.today() - _LOOKED_BACK, before=terminal.today())
    if waiting and not as_json:
        told = {"channel": "渠道 channel", "day": "日期 day"}
        terminal.show_list(waiting, told, title="等对账明细 wait for their detail", empty="", as_json=False)


@app.command("check")
def check(as_json: terminal.AsJson = False) -> None:
    """Recompute whether every fen on the banks' clearing accounts is explained (在途核对). Exit code 1 when one is not."""
    with ColumnStore() as store:
        found = clearing.unexplained(store)
    columns = {"channel": "渠道 channel", "ledger_fen": "总账(分) ledger", "explained_fen": "可解释(分) explained"}
    terminal.show_list(
        found, columns, title="在途核对 clearing", empty="每一分钱都有去处 every fen is explained", as_json=as_json
    )
    if found:
        raise typer.Exit(1)


def _decide(item: int, move: str, reason: str, as_person: str) -> None:
    actor, at = terminal.acting(as_person), terminal.now()
    if move == "to_suspense":
        reconciliation.to_suspense(item_id=item, reason=reason, actor=actor, at=at)
    elif move == "book":
        reconciliation.book(item_id=item, reason=reason, actor=actor, at=at)
    elif move == "reverse":
        reconciliation.settle_reversed(item_id=item, reason=reason, actor=actor, at=at)
    else:
        raise InvalidInput("choose what becomes of the difference")


def _booked(facts: BankFileFacts, file_id: int, *, actor: str, quiet: bool) -> BankFileFacts:
    """Book in this process, with a bar."""
    with _bar(quiet=quiet) as bar:
        task = bar.add_task(facts.file_name, total=facts.rows)
        return bank_files.post_now(
            file_id, actor=terminal.acting(actor), clock=terminal.now, tell=lambda rows: bar.advance(task, rows)
        )


def _bar(*, quiet: bool) -> Progress:
    """A progress bar on the terminal, none in JSON."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    return Progress(*columns, console=Console(stderr=True), transient=True, disable=quiet)


def _show(facts: BankFileFacts, *, as_json: bool) -> None:
    if as_json:
        terminal.show_json(facts)
        return
    console = Console()
    head = f"文件 file {facts.file_id} {facts.kind} {facts.bank} {facts.batch}: {facts.state}"
    console.print(f"{head}, {facts.rows:,} 笔 rows, {format_yuan(facts.total_fen)}", highlight=False)
    if facts.refusal:
        console.print(f"[bold red]✗[/] {facts.refusal['message']}", highlight=False)
    table = Table("结果 verdict", "原因 reason", "笔数 rows", "金额 amount", box=None)
    for verdict, reason, found in facts.reasons:
        table.add_row(verdict, reason, f"{found.rows:,}", format_yuan(found.amount_fen))
    if facts.unread:
        table.add_row("金额读不出 unreadable", "", f"{facts.unread:,}", format_yuan(facts.unread_fen))
    if facts.reasons:
        console.print(table)
