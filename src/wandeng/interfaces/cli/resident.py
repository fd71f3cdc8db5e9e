"""``wandeng resident``: who holds which account at the portal; bind, unbind, end sessions."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from wandeng.domains.residents import actions, queries
from wandeng.interfaces.cli import terminal

app = typer.Typer(no_args_is_help=True, help="Residents at the portal (自助用户): who holds which account.")

Resident = Annotated[int, typer.Argument(metavar="RESIDENT", help="Number of the resident (自助用户).")]
Account = Annotated[str, typer.Argument(metavar="ACCOUNT", help="Account number (户号).")]
Binding = Annotated[int, typer.Argument(metavar="BINDING", help="Number of the binding (绑定).")]
Token = Annotated[int, typer.Argument(metavar="TOKEN", help="Number of the personal token (个人令牌).")]
Reason = Annotated[str, typer.Option("--reason", help="Why (原因).")]

_COLUMNS = {
    "id": "绑定 binding", "resident_id": "自助用户 resident", "account_number": "户号 account", "proof": "证明 proof",
    "bound_at": "绑定于 from", "ended_at": "解绑于 to", "ended_by": "由 by", "unit_name": "单位 unit",
}  # fmt: skip
_SHOWN = {
    "id": "绑定 binding", "masked": "手机 phone", "account_number": "户号 account", "proof": "证明 proof",
    "bound_at": "绑定于 from", "ended_at": "解绑于 to", "ended_by": "由 by", "unit_name": "单位 unit",
}  # fmt: skip


_TOKENS = {
    "id": "令牌 token", "label": "用途 for", "hint": "开头 begins", "made_at": "建于 made", "ends_at": "有效至 until",
    "used_at": "用于 used", "ended_at": "作废于 ended", "ended_by": "由 by",
}  # fmt: skip


@app.command("list")
def list_(
    account: Annotated[str, typer.Option("--account", help="Of one account (户号).")] = "",
    unit: terminal.UnitCode = "", as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False,
) -> None:  # fmt: skip
    """List bindings (户号绑定), the newest first."""
    rows = queries.binding_rows(terminal.scope(terminal.acting(as_person), unit)).order_by("-bound_at", "-id")
    found = list(rows.filter(account__account_number=account) if account else rows)
    terminal.show_rows(found, _COLUMNS, title="户号绑定 bindings", empty="没有 none", as_json=as_json)


@app.command()
def show(resident: Resident, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """Show what a resident holds and held (自助用户)."""
    found = queries.bindings_of(terminal.scope(terminal.acting(as_person), ""), resident_id=resident)
    rows = [asdict(one) for one in found]
    terminal.show_rows(rows, _SHOWN, title=f"自助用户 resident {resident}", empty="没有 none", as_json=as_json)


@app.command()
def bind(resident: Resident, account: Account, reason: Reason, as_person: terminal.AsPerson = "") -> None:
    """Bind an account of which the resident's phone is a contact (代为绑定)."""
    actions.bind_for(
        resident_id=resident, account_number=account, reason=reason, actor=terminal.acting(as_person), at=terminal.now()
    )
    typer.echo(f"已绑定 bound {account}")


@app.command()
def unbind(binding: Binding, reason: Reason, as_person: terminal.AsPerson = "") -> None:
    """End a binding (解绑)."""
    actions.revoke(binding_id=binding, reason=reason, actor=terminal.acting(as_person), at=terminal.now())
    typer.echo(f"已解绑 ended {binding}")


tokens = typer.Typer(no_args_is_help=True, help="Personal tokens of residents (个人令牌).")
app.add_typer(tokens, name="tokens")


@tokens.command("list")
def tokens_(resident: Resident, as_person: terminal.AsPerson = "", as_json: terminal.AsJson = False) -> None:
    """List personal tokens of a resident, never what they are (个人令牌)."""
    found = queries.resident(terminal.scope(terminal.acting(as_person), ""), resident, now=terminal.now())
    rows = [asdict(one) for one in found.tokens]
    terminal.show_rows(rows, _TOKENS, title=f"个人令牌 tokens of {resident}", empty="没有 none", as_json=as_json)


@tokens.command("end")
def end_token(resident: Resident, token: Token, reason: Reason, as_person: terminal.AsPerson = "") -> None:
    """End a personal token (作废个人令牌)."""
    actions.end_token(
        resident_id=resident, token_id=token, reason=reason, actor=terminal.acting(as_person), at=terminal.now()
    )
    typer.echo(f"已作废 ended {token}")


sessions = typer.Typer(no_args_is_help=True, help="Sessions of residents (登录).")
app.add_typer(sessions, name="sessions")


@sessions.command("end")
def end(resident: Resident, reason: Reason, as_person: terminal.AsPerson = "") -> None:
    """End every session of a resident: a lost telephone (结束登录)."""
    ended = actions.end_sessions(
        resident_id=resident, reason=reason, actor=terminal.acting(as_person), at=terminal.now()
    )
    typer.echo(f"已结束 ended {ended}")
