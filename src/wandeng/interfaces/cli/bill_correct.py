"""``wandeng bill cancel``, ``rebill``, ``adjust``: corrections, each made by one person and approved by another."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from wandeng.domains.billing.actions.corrections import Decision
from wandeng.flows import bill_correction
from wandeng.flows.bill_correction import Corrected
from wandeng.flows.bill_run import Workshop
from wandeng.interfaces.cli import terminal
from wandeng.kernel.money import fen, format_scaled, format_yuan, parse_scaled
from wandeng.kernel.periods import Month

Account = Annotated[str, typer.Argument(metavar="ACCOUNT", help="Account number (户号).")]
OfMonth = Annotated[str, typer.Argument(metavar="YYYY-MM", help="Bill month (电费年月).")]


def cancel(
    account: Account,
    month: OfMonth,
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Cancel (冲销) the bill of a month that stands; a second person approves it."""
    made = bill_correction.cancel(
        account_number=account,
        month=Month.parse(month),
        reason=reason,
        actor=terminal.acting(as_person),
        at=terminal.now(),
        shop=Workshop.default(),
    )
    _show(made, as_json=as_json)


def rebill(
    account: Account,
    month: OfMonth,
    reason: terminal.Reason = "",
    cascade: Annotated[bool, typer.Option("--cascade", help="Later months of an annual tier year as well.")] = False,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Cancel a bill and price its month again (重算) from the inputs as they are now, by the rules of its own time."""
    made = bill_correction.rebill(
        account_number=account,
        month=Month.parse(month),
        reason=reason,
        cascade=cascade,
        actor=terminal.acting(as_person),
        at=terminal.now(),
        shop=Workshop.default(),
    )
    _show(made, as_json=as_json)


def adjust(
    account: Account,
    month: OfMonth,
    case: Annotated[
        str, typer.Option("--case", help="Case of the back-billing rules (退补类型), e.g. out_of_tolerance.")
    ],
    document: Annotated[str, typer.Option("--document", help="Number of the deciding document (文号).")],
    energy_kwh: Annotated[str, typer.Option("--energy-kwh", help="Energy to add; negative to refund.")] = "",
    amount: Annotated[str, typer.Option("--amount", metavar="YUAN", help="Money to add; negative to refund.")] = "",
    reason: terminal.Reason = "",
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Add or refund energy or money (追补、退还电费) on a month's bill; 'wandeng calc' says how much energy."""
    decision = Decision(
        action="ADJUST",
        account_number=account,
        months=(Month.parse(month),),
        reason=reason,
        case_code=case,
        document_number=document,
        energy_ckwh=parse_scaled(energy_kwh, 2, what="energy in kWh") if energy_kwh else None,
        amount_fen=fen(amount) if amount else None,
    )
    made = bill_correction.adjust(
        decision=decision, actor=terminal.acting(as_person), at=terminal.now(), shop=Workshop.default()
    )
    _show(made, as_json=as_json)


def _show(made: Corrected, *, as_json: bool) -> None:
    if as_json:
        terminal.show_json(made)
        return
    console, run = Console(), made.run
    console.print(
        f"批次 run {run.run_id} {run.state}: {run.totals.bills} bills, {format_scaled(run.totals.energy_ckwh, 2)} kWh, "
        f"{format_yuan(run.totals.amount_fen)}",
        highlight=False,
    )
    if made.later:
        months = ", ".join(map(str, made.later))
        console.print(
            f"年阶梯 annual tiers: {months} stand on this month and must be billed again (--cascade)", style="yellow"
        )
    console.print(f"next: wandeng bill approve {run.run_id} --as …, then post and publish", style="dim")
