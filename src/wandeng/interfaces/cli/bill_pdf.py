"""``wandeng bill pdf``: bills as documents."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from wandeng.domains.billing import queries
from wandeng.flows.bill_documents.pages import BillPrinter
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import terminal
from wandeng.kernel.periods import Month


def pdf(
    accounts: Annotated[list[str], typer.Argument(metavar="ACCOUNT…", help="Account numbers (户号).")],
    month: Annotated[str, typer.Option("--month", "-m", metavar="YYYY-MM", help="Bill month (电费年月).")],
    output: Annotated[Path, typer.Option("-o", "--output", metavar="FOLDER", help="Where the files go.")] = Path("."),
    as_person: terminal.AsPerson = "",
) -> None:
    """Print bills as PDF (电费账单), one file each, with every line, its source, 大写 and a QR code."""
    paths = write(accounts, Month.parse(month), output, Scope.of(terminal.acting(as_person)))
    for path in paths:
        Console().print(str(path), highlight=False, soft_wrap=True)


def write(accounts: list[str], month: Month, folder: Path, scope: Scope) -> list[Path]:
    """Write the bills that stand; returns the files in order. Raises ``NotFound`` for an account without a bill."""
    folder.mkdir(parents=True, exist_ok=True)
    printer = BillPrinter(terminal.rules())
    paths = []
    for account in accounts:
        bill = queries.explain(scope, account_number=account, month=month)
        path = folder / f"{account}-{month}.pdf"
        path.write_bytes(printer.pdf(bill))
        paths.append(path)
    return paths
