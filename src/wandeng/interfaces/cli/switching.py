"""``wandeng switch``: record what was switched."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from wandeng.domains.network import actions, queries
from wandeng.interfaces.cli import terminal
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.periods import BILLING_ZONE


def switch(
    code: Annotated[str, typer.Argument(metavar="SWITCH", help="Code of the switch (开关编码).")],
    open_: Annotated[bool, typer.Option("--open", help="It was opened (断开).")] = False,
    close: Annotated[bool, typer.Option("--close", help="It was closed (合上).")] = False,
    at: Annotated[str, typer.Option("--at", help="When, YYYY-MM-DDTHH:MM local time; default: now.")] = "",
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Record a switching (开关操作); 'wandeng trace' says beforehand what would follow."""
    if open_ == close:
        raise InvalidInput("choose one of --open and --close")
    actor = terminal.acting(as_person)
    found = queries.switch_view(terminal.scope(actor, ""), code, on=terminal.today())
    made = actions.record_switching(switch=found.id, is_open=open_, at=_moment(at), actor=actor, reason=reason)
    stands = "open" if made.is_open else "closed"
    facts = {"switch": made.switch_code, "is_open": made.is_open, "at": made.at}
    terminal.done(f"switch {made.switch_code} stands {stands} since {made.at.isoformat()}", facts, as_json=as_json)


def _moment(text: str) -> datetime:
    if not text:
        return terminal.now()
    try:
        given = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"a time is written YYYY-MM-DDTHH:MM, not '{text}'") from None
    return given if given.tzinfo is not None else given.replace(tzinfo=BILLING_ZONE)
