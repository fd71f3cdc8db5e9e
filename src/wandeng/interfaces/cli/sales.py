"""``wandeng sales``: purchase, sale, price and revenue of a month."""

from __future__ import annotations

from typing import Annotated

import typer

from wandeng.domains.purchases import actions
from wandeng.domains.purchases.types import Source
from wandeng.flows import purchase_and_sale
from wandeng.flows.purchase_and_sale import By
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import terminal
from wandeng.kernel.money import fen, parse_scaled
from wandeng.kernel.periods import Month

app = typer.Typer(no_args_is_help=True, help="Purchase and sale (购售量价费): the statement of a month, purchases.")

UnitOption = Annotated[str, typer.Option("--unit", "-u", metavar="CODE", help="The unit (单位) and all below it.")]
MonthOption = Annotated[str, typer.Option("--month", "-m", metavar="YYYY-MM", help="The month (月份).")]
Energy = Annotated[str, typer.Option("--kwh", help="Energy in kWh.")]
Amount = Annotated[str, typer.Option("--yuan", help="Amount in yuan.")]
Document = Annotated[str, typer.Option("--document", help="Number of the settlement (结算单号).")]


@app.command()
def show(
    unit: UnitOption,
    month: MonthOption,
    by: Annotated[
        By, typer.Option("--by", help="Sold by price code (电价), class of customer (用户分类), or both.")
    ] = By.PRICE,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Show what was bought, sold, billed, collected and lost in a month. Exit code 1 when it does not tie to the ledger."""
    scope = Scope.of(terminal.acting(as_person))
    found = purchase_and_sale.statement(scope, unit_code=unit, month=Month.parse(month), by=by)
    if as_json:
        terminal.show_json(found)
    else:
        rows: list[dict[str, object]] = [
            {"what": f"{what} {code}", **_cells(amount)}
            for what, part in (
                ("购电", found.now.bought),
                ("售电", found.now.at_price),
                ("售电", {} if by == By.PRICE else found.now.sold),
            )
            for code, amount in part.items()
        ]
        rows += [
            {"what": "购电合计", **_cells(found.now.all_bought)},
            {"what": "售电合计", **_cells(found.now.all_sold)},
        ]
        columns = {"what": "项目 item", "kwh": "电量 0.01 kWh", "fen": "金额 fen", "price": "均价 10⁻⁴ yuan/kWh"}
        title = (
            f"{unit} {month}  回收率 collected {found.now.collected_e4}‱  线损率 loss {found.now.loss_e4}‱  "
            f"未收 open {found.now.open_fen} fen"
        )
        terminal.show_rows(rows, columns, title=title, empty="", as_json=False)
    if not all(tie.holds for tie in found.ties):
        raise typer.Exit(1)


def _cells(amount: purchase_and_sale.Amount) -> dict[str, object]:
    return {"kwh": amount.energy_ckwh, "fen": amount.amount_fen, "price": amount.price_e4}


@app.command()
def buy(
    unit: UnitOption,
    month: MonthOption,
    source: Annotated[Source, typer.Option("--source", help="Where it comes from (购电来源).")],
    supplier: Annotated[str, typer.Option("--supplier", help="Who delivered (供电方).")],
    kwh: Energy,
    yuan: Amount,
    document: Document,
    as_person: terminal.AsPerson = "",
) -> None:
    """Record a purchase (登记购电结算)."""
    actions.record(
        unit_code=unit, month=Month.parse(month), source=source, supplier=supplier,
        energy_ckwh=parse_scaled(kwh, 2, what="energy"), amount_fen=fen(yuan), document_number=document,
        actor=terminal.acting(as_person), at=terminal.now(),
    )  # fmt: skip


@app.command()
def correct(
    purchase: Annotated[int, typer.Argument(help="Id of the purchase.")],
    kwh: Energy,
    yuan: Amount,
    document: Document,
    reason: terminal.Reason,
    as_person: terminal.AsPerson = "",
) -> None:
    """Correct a purchase (更正购电结算): the old entry is reversed."""
    actions.correct(
        purchase_id=purchase, energy_ckwh=parse_scaled(kwh, 2, what="energy"), amount_fen=fen(yuan),
        document_number=document, reason=reason, actor=terminal.acting(as_person), at=terminal.now(),
    )  # fmt: skip
