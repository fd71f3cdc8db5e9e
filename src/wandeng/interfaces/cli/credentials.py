"""``wandeng people set-password`` and ``wandeng people token``: how people and programs come in. Nobody has a password by
default; the first administrator gets theirs here."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from wandeng.domains.organization import actions
from wandeng.interfaces.cli import terminal

_Code = Annotated[str, typer.Argument(help="Person (工号).")]
_MustChange = Annotated[bool, typer.Option("--must-change/--keep", help="To be changed at the first login (首次须改).")]


def password(
    code: _Code,
    secret: Annotated[
        str,
        typer.Option(
            "--password", prompt="密码 password", hide_input=True, confirmation_prompt=True, envvar="WANDENG_PASSWORD"
        ),
    ],
    must_change: _MustChange = True,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Give a person a password (设置密码); asked for without showing it, or taken from WANDENG_PASSWORD."""
    try:
        actions.set_password(
            person_code=code,
            password=secret,
            actor=terminal.acting(as_person),
            at=terminal.now(),
            must_change=must_change,
        )
    except actions.WeakPassword as weak:
        weak.message = "；".join(weak.reasons)
        raise
    terminal.done(
        f"密码已设置 password of {code} is set", {"person": code, "must_change": must_change}, as_json=as_json
    )


def token(
    code: _Code,
    label: Annotated[str, typer.Option("--label", help="What it is for (用途).")],
    days: Annotated[int, typer.Option("--days", min=1, max=366, help="How long it holds (有效天数).")] = 90,
    write: Annotated[
        bool, typer.Option("--write/--read-only", help="Whether it may change things (允许写入).")
    ] = False,
    unit: terminal.UnitCode = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Issue a token for the API (接口令牌) that acts as this person. It is shown this once."""
    at = terminal.now()
    issued = actions.issue_token(
        label=label,
        may_write=write,
        expires_at=at + timedelta(days=days),
        actor=terminal.acting(code),
        at=at,
        unit_code=unit,
    )
    facts = {"token": issued.secret, "expires_at": issued.expires_at, "may_write": write}
    terminal.done(issued.secret, facts, as_json=as_json)
