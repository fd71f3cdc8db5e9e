"""``wandeng bill explain``: every line of a bill, from the reading to the rounding."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from wandeng.domains.billing import queries
from wandeng.domains.billing.queries import incomplete
from wandeng.domains.billing.types import BillExplanation, LineShown, PointShown
from wandeng.infra.scope import Scope
from wandeng.interfaces.cli import terminal
from wandeng.interfaces.cli.terminal import Table
from wandeng.kernel.money import format_scaled, format_yuan
from wandeng.kernel.periods import Month


def explain(
    account: Annotated[str, typer.Argument(metavar="ACCOUNT", help="Account number (户号).")],
    month: Annotated[str, typer.Argument(metavar="YYYY-MM", help="Bill month (电费年月).")],
    revision: Annotated[int, typer.Option("--revision", help="This revision; default: the bill that stands.")] = -1,
    as_person: terminal.AsPerson = "",
    as_json: terminal.AsJson = False,
) -> None:
    """Explain a bill (电费说明): readings, losses, tiers, periods, prices with their published source, rounding."""
    found = queries.explain(
        Scope.of(terminal.acting(as_person)),
        account_number=account,
        month=Month.parse(month),
        revision=None if revision < 0 else revision,
    )
    if as_json:
        terminal.show_json(found)
        return
    console = Console()
    _head(console, found)
    for point in found.points:
        _point(console, point)
    _lines(console, found)
    tell_incomplete_days(console, incomplete.days_of(found))
    _history(console, found)


def tell_incomplete_days(console: Console, price_codes: Sequence[str]) -> None:
    """Say of which prices the list of special days may lack some, if there are such."""
    if price_codes:
        codes = ", ".join(price_codes)
        console.print(
            f"尖峰日等特殊日清单可能不全，曲线的分时电量可能有变 the list of special days may lack some: {codes}",
            style="yellow", highlight=False,
        )  # fmt: skip


def _head(console: Console, bill: BillExplanation) -> None:
    console.print(
        f"[bold]{bill.kind_zh}[/]  {bill.month}  户号 {bill.account_number}  {bill.account_name}", highlight=False
    )
    console.print(f"用电地址 {bill.address}  供电单位 {bill.unit_name}", highlight=False)
    console.print(
        f"计费期 {bill.period_from} 至 {bill.period_to}(不含)  交费期限 {bill.due_on}  批次 {bill.run_id} {bill.run_state}",
        highlight=False,
    )
    if bill.reason:
        console.print(f"退补原因 {bill.reason}", highlight=False)


def _point(console: Console, point: PointShown) -> None:
    codes = ", ".join(f"{part.price_code} ({part.from_on}…{part.to_on})" for part in point.terms)
    table = Table(
        "表号 meter",
        "示数类型 register",
        "抄表计算 reading",
        title=f"计量点 {point.code}  {codes}",
        title_justify="left",
    )
    for reading in point.readings:
        marks = ("  翻转" if reading.rolled_over else "") + ("  估抄" if reading.estimated else "")
        table.add_row(reading.asset_number, reading.register_zh, Text(reading.arithmetic + marks))
    console.print(table)
    console.print("  " + "  ".join(_energy_facts(point)), highlight=False)


def _energy_facts(point: PointShown) -> list[str]:
    """Reading + losses − deductions = billed energy, then periods, demand, power factor and the tier year."""
    facts = [f"抄见电量 {_kwh(point.read_ckwh)}"]
    for value, sign, name in (
        (point.transformer_loss_ckwh, "+", "变损"),
        (point.line_loss_ckwh, "+", "线损"),
        (point.deducted_ckwh, "−", "扣减"),
    ):
        if value:
            facts.append(f"{sign} {name} {_kwh(value)}")
    facts.append(f"= 结算电量 [bold]{_kwh(point.total_ckwh)} kWh[/]")
    facts += [f"{name} {_kwh(energy)}" for _, name, energy in point.periods]
    if point.export_ckwh:
        facts.append(f"上网电量 {_kwh(point.export_ckwh)}")
    if point.demand_ckw is not None:
        facts.append(f"最大需量 {format_scaled(point.demand_ckw, 2)} kW")
    if point.pf_hundredths is not None:
        facts.append(f"无功 {_kwh(point.reactive_ckvarh)} kvarh, 功率因数 {format_scaled(point.pf_hundredths, 2)}")
    if point.tier_base_ckwh:
        facts.append(f"本年此前累计 {_kwh(point.tier_base_ckwh)}")
    return facts


def _lines(console: Console, bill: BillExplanation) -> None:
    table = Table(title="费用明细 lines", title_justify="left")
    for heading in ("项目 item", "计算 arithmetic", "金额 yuan", "依据 source"):
        table.add_column(heading, overflow="fold", justify="right" if "金额" in heading else "left")
    for line in bill.lines:
        table.add_row(_item(line), Text(line.arithmetic), format_scaled(line.amount_fen, 2), _source(line))
    table.add_section()
    table.add_row("合计 total", f"{_kwh(bill.energy_ckwh)} kWh", f"[bold]{format_yuan(bill.amount_fen)}[/]", "")
    console.print(table)


def _item(line: LineShown) -> str:
    parts = [line.item_zh, line.measure_zh if line.measure_zh != "总" else ""]
    if line.tier:
        upper = "以上" if line.tier_to_ckwh is None else f"至 {_kwh(line.tier_to_ckwh)}"
        parts.append(f"第{line.tier}档 ({_kwh(line.tier_from_ckwh or 0)} {upper} kWh)")
    if line.days:
        parts.append(f"{line.days} 天")
    return "\n".join([" ".join(part for part in parts if part), f"{line.seg_from}…{line.seg_to}"])


def _source(line: LineShown) -> Text:
    return Text.assemble(f"{line.citation} [{line.status}]\n", (line.source_path, "dim"))


def _history(console: Console, bill: BillExplanation) -> None:
    if len(bill.history) < 2:
        return
    table = Table(
        "次 rev", "类别 kind", "批次 run", "电量 kWh", "金额 amount", "原因 reason", title="本月全部账单 history"
    )
    for one in bill.history:
        table.add_row(
            str(one.revision), one.kind_zh, f"{one.run_id} {one.run_state}", _kwh(one.energy_ckwh),
            format_yuan(one.amount_fen), one.reason,
        )  # fmt: skip
    console.print(table)


def _kwh(value: int) -> str:
    return format_scaled(value, 2)
