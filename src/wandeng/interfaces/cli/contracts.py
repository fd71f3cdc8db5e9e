"""``wandeng contracts``: supply agreements (供用电合同), one by one and by campaign."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import polars as pl
import typer
from rich.console import Console

from wandeng.domains.customers import actions, queries
from wandeng.interfaces.cli import terminal
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import parse_scaled

_LateFee = Annotated[
    str,
    typer.Option("--late-fee-rate", metavar="PER_MILLE", help="Agreed late fee a day (约定违约金) in ‰, such as 1.5."),
]

app = typer.Typer(no_args_is_help=True, help="Supply agreements (供用电合同): due, drafted, signed, renewed.")

_DUE = {
    "account_number": "户号 account",
    "unit_code": "单位 unit",
    "number": "合同 agreement",
    "valid_to": "到期 ends",
    "renewed_by": "续签 renewed by",
}
_DAYS = {"day": "日期 day", "unit_code": "单位 unit", "unit_name": "名称 name", "signed": "签订 signed"}


@app.command()
def due(
    days: Annotated[int, typer.Option("--days", help="Agreements that end within so many days.")] = 60,
    without: Annotated[bool, typer.Option("--without", help="Accounts without a signed agreement instead.")] = False,
    unit: terminal.UnitCode = "",
    limit: terminal.Limit = 200,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """List agreements that end soon (即将到期), or accounts that have none (无合同)."""
    scope, on = terminal.scope(terminal.acting(as_person), unit), terminal.today()
    if without:
        rows = queries.accounts_without_agreement(scope, on=on, limit=limit)
        empty = "every open account has a signed agreement"
    else:
        rows = queries.agreements_due(scope, on=on, until=on + timedelta(days=days), limit=limit)
        empty = f"no agreement ends within {days} days"
    terminal.show_list(rows, _DUE, title="合同到期 due", empty=empty, as_json=as_json)


@app.command()
def draft(
    valid_from: Annotated[str, typer.Option("--from", help="First day, YYYY-MM-DD.")],
    valid_to: Annotated[str, typer.Option("--to", help="First day after the last, YYYY-MM-DD.")],
    account: Annotated[str, typer.Option("--account", help="Account (户号) of a single draft.")] = "",
    number: Annotated[str, typer.Option("--number", help="Number of a single draft.")] = "",
    missing: Annotated[
        bool, typer.Option("--missing", help="One for every open account of --unit without any.")
    ] = False,
    late_fee_rate: _LateFee = "",
    unit: terminal.UnitCode = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Draft an agreement (起草), or all that a unit's accounts lack."""
    actor, at = terminal.acting(as_person), terminal.now()
    start, end = terminal.day(valid_from), terminal.day(valid_to)
    if missing:
        if not unit:
            raise InvalidInput("name the --unit whose missing agreements are to be drafted")
        if late_fee_rate:
            raise InvalidInput("a late fee is agreed with one customer: name --account and --number, not --missing")
        path = terminal.scope(actor, unit).prefix
        count = actions.draft_missing(unit_path=path, valid_from=start, valid_to=end, actor=actor, at=at)
        terminal.done(f"{count} agreements drafted", {"drafted": count}, as_json=as_json)
        return
    if not account or not number:
        raise InvalidInput("name --account and --number, or ask for all --missing ones of a --unit")
    actions.draft_agreement(
        number=number,
        account_number=account,
        valid_from=start,
        valid_to=end,
        late_fee_rate_e4=_rate_e4(late_fee_rate),
        library=terminal.rules(),
        actor=actor,
        at=at,
    )
    terminal.done(f"agreement {number} drafted", {"number": number}, as_json=as_json)


@app.command()
def sign(
    number: Annotated[str, typer.Argument(help="Agreement number; none with --file.")] = "",
    on: Annotated[str, typer.Option("--on", help="Day of signing; default: today.")] = "",
    file: Annotated[Path | None, typer.Option("--file", help="CSV with columns number, signed_on.")] = None,
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Sign a draft (签订), or all that a file names."""
    actor, at = terminal.acting(as_person), terminal.now()
    if file is None:
        if not number:
            raise InvalidInput("name an agreement or a --file")
        signed_on = terminal.day(on) if on else terminal.today()
        actions.sign_agreement(number=number, signed_on=signed_on, actor=actor, at=at, reason=reason)
        terminal.done(f"agreement {number} signed on {signed_on}", {"signed": 1, "refused": []}, as_json=as_json)
        return
    signed, refused = actions.sign_many(signings=_signings(file), actor=actor, at=at, reason=reason)
    if as_json:
        terminal.show_json({"signed": signed, "refused": refused.to_pylist()})
        return
    console = Console()
    console.print(f"{signed} signed, {refused.num_rows} refused")
    for row in refused.to_pylist():
        console.print(f"  ✗ {row['number']}: {row['code']}", highlight=False)


@app.command()
def renew(
    number: Annotated[str, typer.Argument(help="The agreement that ends.")],
    new_number: Annotated[str, typer.Argument(help="Number of the one that follows.")],
    valid_to: Annotated[str, typer.Option("--to", help="First day after the new one, YYYY-MM-DD.")],
    late_fee_rate: _LateFee = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Draft the agreement that follows another (续签); it keeps the late fee of the old one unless another is given."""
    actor, at = terminal.acting(as_person), terminal.now()
    actions.renew_agreement(
        number=number,
        new_number=new_number,
        valid_to=terminal.day(valid_to),
        late_fee_rate_e4=_rate_e4(late_fee_rate),
        library=terminal.rules(),
        actor=actor,
        at=at,
    )
    terminal.done(f"agreement {new_number} drafted to follow {number}", {"number": new_number}, as_json=as_json)


@app.command()
def campaign(
    from_on: Annotated[str, typer.Option("--from", help="First day of the campaign.")],
    to_on: Annotated[str, typer.Option("--to", help="First day after it.")],
    unit: terminal.UnitCode = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Show how a signing campaign (签约活动) gets on, by unit and day."""
    scope = terminal.scope(terminal.acting(as_person), unit)
    progress = queries.campaign_progress(scope, from_on=terminal.day(from_on), to_on=terminal.day(to_on))
    if as_json:
        terminal.show_json(progress)
        return
    terminal.show_list(
        progress.days, _DAYS, title="签约 signed", empty="nothing was signed in this time", as_json=False
    )
    Console().print(f"signed {progress.signed}, drafts waiting {progress.waiting}")


def _rate_e4(permille: str) -> int | None:
    """A rate in ‰ as typed, in 10⁻⁴."""
    return parse_scaled(permille, 1, what="late fee in ‰") if permille else None


def _signings(file: Path) -> object:
    try:
        read = pl.read_csv(file, schema_overrides={"number": pl.String, "signed_on": pl.Date})
    except (OSError, pl.exceptions.PolarsError) as error:
        raise InvalidInput(f"{file}: {error}") from None
    missing = {"number", "signed_on"} - set(read.columns)
    if missing:
        raise InvalidInput(f"{file}: column {', '.join(sorted(missing))} is missing")
    return read.select("number", "signed_on").to_arrow()
