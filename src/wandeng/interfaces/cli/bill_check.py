"""``wandeng bill check``: whether bills, lines and ledger agree."""

from __future__ import annotations

import typer
from rich.console import Console

from wandeng.domains.billing.queries import faults as found_in
from wandeng.interfaces.cli import terminal


def check(as_json: terminal.AsJson = False) -> None:
    """Recompute from the rows what must always hold of bills (账单检查). Exit code 1 when anything does not."""
    faults = found_in.faults()
    if faults or as_json:
        columns = {"bill_id": "账单 bill", "fault": "问题 fault"}
        terminal.show_list(faults, columns, title="账单检查 bill check", empty="", as_json=as_json)
    else:
        Console().print("账单、明细与总账一致 bills, lines and ledger agree", highlight=False)
    if faults:
        raise typer.Exit(1)
