"""``wandeng till``: the cash desk from the command line: tills, sessions, money taken, receipts, the day-end."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Annotated

import typer

from wandeng.domains.payments.actions import tills
from wandeng.domains.payments.actions.tills import Pieces, Slips
from wandeng.domains.payments.queries import tills as queries
from wandeng.flows import cash_desk
from wandeng.flows.cash_desk import Purpose
from wandeng.flows.receipt_documents import pages
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import terminal
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import fen, format_yuan

app = typer.Typer(no_args_is_help=True, help="Cash desk (柜面收费): tills, sessions, receipts, day-end.")

Session = Annotated[str, typer.Argument(metavar="SESSION", help="Number of the session (班次号).")]
Receipt = Annotated[str, typer.Argument(metavar="RECEIPT", help="Number of the receipt (收据编号).")]
TillCode = Annotated[str, typer.Argument(metavar="TILL", help="Code of the till (收费台).")]

_TILLS = {"code": "编码 code", "name": "名称 name", "kind": "类型 kind", "unit_name": "单位 unit",
          "is_active": "启用 in use", "session_number": "班次 session", "cashier": "收费员 cashier"}  # fmt: skip
_SESSIONS = {"number": "班次 session", "till_name": "收费台 till", "cashier": "收费员 cashier", "state": "状态 state",
             "cash_expected_fen": "应有 expected", "cash_counted_fen": "实点 counted", "difference_fen": "长短款 over/short",
             "deposited_fen": "缴存 deposit", "confirmed_by": "复核 confirmed"}  # fmt: skip

_AMOUNTS = ("cash_expected_fen", "cash_counted_fen", "difference_fen", "deposited_fen")


@app.command("list")
def list_tills(
    unit: terminal.UnitCode = "", as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False
) -> None:
    """List the tills (收费台)."""
    rows = queries.tills(terminal.scope(terminal.acting(as_person), unit))
    terminal.show_list(rows, _TILLS, title="收费台 tills", empty="no tills yet: wandeng till add", as_json=as_json)


@app.command()
def add(
    code: TillCode,
    name: Annotated[str, typer.Argument(help="Name (名称).")],
    unit: Annotated[str, typer.Option("--unit", "-u", metavar="CODE", help="Unit (单位).")],
    kind: Annotated[
        str, typer.Option("--kind", help="COUNTER (柜台), VEHICLE (流动收费车), VILLAGE (村级代收点).")
    ] = "COUNTER",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Set up a till (建立收费台)."""
    actor = terminal.acting(as_person)
    tills.add_till(code=code, name=name, unit_code=unit, kind=kind.upper(), actor=actor, at=terminal.now())
    terminal.done(f"till {code} is set up", {"till": code}, as_json=as_json)


@app.command("open")
def open_session(
    till: TillCode,
    float_yuan: Annotated[str, typer.Option("--float", metavar="YUAN", help="Float (备用金).")] = "0",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Open a till (开班); prints the session's number."""
    number = tills.open_session(
        till_code=till, float_fen=fen(float_yuan), actor=terminal.acting(as_person), at=terminal.now()
    )
    terminal.done(number, {"session": number}, as_json=as_json)


@app.command()
def take(
    session: Session,
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="Account number (户号).")],
    amount: Annotated[str, typer.Argument(metavar="YUAN", help="Amount (金额).")],
    tender: Annotated[str, typer.Option("--tender", help="CASH (现金), CARD (刷卡), QR (扫码).")] = "CASH",
    purpose: Annotated[str, typer.Option("--purpose", help="FULL (缴清), PART (部分), ADVANCE (预存).")] = "FULL",
    tendered: Annotated[str, typer.Option("--tendered", metavar="YUAN", help="Cash handed over (收到现金).")] = "",
    key: Annotated[str, typer.Option("--key", help="The same key takes money once; default: a new one.")] = "",
    payer: Annotated[str, typer.Option("--payer", help="Who pays for somebody else (交款人).")] = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Take money over the counter (收费) and issue the receipt."""
    taken = cash_desk.take(
        session_number=session, client_key=key or secrets.token_hex(12), account_number=account, amount_fen=fen(amount),
        tender=tender.upper(), purpose=_purpose(purpose), tendered_fen=fen(tendered) if tendered else None, payer=payer,
        actor=terminal.acting(as_person), at=terminal.now(),
    )  # fmt: skip
    if as_json:
        terminal.show_json(taken)
        return
    told = f"收据 receipt {taken.receipt_number}: {format_yuan(taken.amount_fen)}"
    told += f", 找零 change {format_yuan(taken.change_fen)}" if taken.change_fen else ""
    told += f", 预存 in advance {format_yuan(taken.credit_fen)}" if taken.credit_fen else ""
    told += f", 尚欠 still owed {format_yuan(taken.owed_fen_after)}" if taken.owed_fen_after else ""
    terminal.done(told + ("  (taken before 已收过)" if taken.is_repeat else ""), {}, as_json=False)


@app.command()
def void(
    receipt: Receipt,
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Void a receipt of one's own open session (作废)."""
    done = cash_desk.void(receipt_number=receipt, reason=reason, actor=terminal.acting(as_person), at=terminal.now())
    told = "is void" if done.state == "DONE" else "waits for a second person (待第二人同意)"
    terminal.done(f"receipt {receipt} {told}", {"receipt": receipt, "state": done.state}, as_json=as_json)


@app.command()
def close(
    session: Session,
    pieces: Annotated[
        list[str] | None, typer.Option("--cash", help="FACE=PIECES in yuan, e.g. 100=3 (券别=张数).")
    ] = None,
    slips: Annotated[list[str] | None, typer.Option("--slips", help="TENDER=YUAN, e.g. CARD=80.00 (单据合计).")] = None,
    deposit_number: Annotated[str, typer.Option("--deposit-number", help="Paying-in slip (缴款单号).")] = "",
    deposit: Annotated[
        str, typer.Option("--deposit", metavar="YUAN", help="What the slip says; default: all but the float (缴存).")
    ] = "",
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Count the drawer at the day's end (日结); without a difference the session is closed."""
    actor = terminal.acting(as_person)
    drawer = [Pieces(fen(face), _whole(number)) for face, number in map(_pair, pieces or [])]
    told = [Slips(tender.upper(), fen(amount)) for tender, amount in map(_pair, slips or [])]
    counted = sum(one.face_fen * one.pieces for one in drawer)
    held = queries.session_facts(Scope.of(actor), session).float_fen
    state = tills.count_session(
        session_number=session, drawer=drawer, slips=told, deposit_fen=fen(deposit) if deposit else counted - held,
        deposit_number=deposit_number, reason=reason, actor=actor, at=terminal.now(),
    )  # fmt: skip
    next_step = "" if state == "CLOSED" else ": a second person confirms, wandeng till confirm"
    terminal.done(f"session {session} {state}{next_step}", {"session": session, "state": state}, as_json=as_json)


@app.command()
def confirm(
    session: Session,
    back: Annotated[bool, typer.Option("--send-back", help="Have it counted again (退回重点).")] = False,
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Confirm as the second person what is over or short (复核长短款)."""
    decide = tills.send_back if back else tills.confirm_session
    decide(session_number=session, reason=reason, actor=terminal.acting(as_person), at=terminal.now())
    told = "is counted again" if back else "is closed"
    terminal.done(f"session {session} {told}", {"session": session}, as_json=as_json)


@app.command()
def sessions(
    unit: terminal.UnitCode = "",
    limit: terminal.Limit = 50,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List the sessions (班次), newest first."""
    rows = list(queries.session_rows(terminal.scope(terminal.acting(as_person), unit))[:limit])
    for row in rows if not as_json else ():
        for name in _AMOUNTS:
            row[name] = "" if row[name] is None else format_yuan(row[name])
    terminal.show_rows(
        rows, _SESSIONS, title="班次 sessions", empty="no sessions yet: wandeng till open", as_json=as_json
    )


@app.command()
def receipt(
    number: Receipt,
    check: Annotated[str, typer.Option("--check", metavar="CODE", help="Verify the code on a paper (核验码).")] = "",
    pdf: Annotated[Path | None, typer.Option("--pdf", metavar="FILE", help="Write the document there.")] = None,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Show a receipt (收据), verify its code, write it as PDF."""
    found = cash_desk.receipt(Scope.of(terminal.acting(as_person)), number)
    if check and not cash_desk.is_proved(found, check):
        raise InvalidInput(f"'{check}' is not the code of receipt {number}")
    if pdf is not None:
        pdf.write_bytes(pages.pdf(found))
    state = "作废 void" if found.is_void else "有效 good"
    told = f"{number} {found.account_number} {format_yuan(found.amount_fen)} {state} 核验码 code {found.check_code}"
    if as_json:
        terminal.show_json(found)
    else:
        terminal.done(told, {}, as_json=False)


def _purpose(text: str) -> Purpose:
    match text.upper():
        case "FULL":
            return "FULL"
        case "PART":
            return "PART"
        case "ADVANCE":
            return "ADVANCE"
    raise InvalidInput(f"a purpose is FULL, PART or ADVANCE, not '{text}'")


def _pair(text: str) -> tuple[str, str]:
    name, mark, value = text.partition("=")
    if not mark:
        raise InvalidInput(f"'{text}' is written NAME=VALUE")
    return name.strip(), value.strip()


def _whole(text: str) -> int:
    if not text.isdigit():
        raise InvalidInput(f"'{text}' is no number of pieces")
    return int(text)
