"""A bill explanation as the data of the bill template, and as PDF."""

from __future__ import annotations

from datetime import date, timedelta
from importlib import resources
from typing import Any

import cn2an

from wandeng.domains.billing.queries import incomplete
from wandeng.domains.billing.types import BillExplanation, LineShown, PointShown, ReadingShown
from wandeng.domains.tariffs import queries as tariffs
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.typesetting import Typesetter, qr_svg
from wandeng.kernel.money import format_scaled, format_yuan, yuan

PERIOD_NAMES = frozenset({"尖", "峰", "平", "谷", "深谷"})
REGISTER_UNITS = {"reactive": "kvarh", "reactive_export": "kvarh"}
FOOT = (
    "每行金额 = 数量 × 单价，按分四舍五入；合计为各行之和。计费期间从首日零点至末日二十四点。"
    "对账单有疑问，可凭户号向供电单位查询；同一批抄表示数与电价规则可随时重算，结果逐字相同。"
)


class BillPrinter:
    """Prints bills; keep one for many bills. Price codes are named by the rule library."""

    def __init__(self, library: RuleLibrary) -> None:
        self._library = library
        self._names: dict[tuple[str, date], dict[str, str]] = {}
        template = resources.files("wandeng.flows.bill_documents").joinpath("bill.typ").read_text("utf-8")
        self._typesetter = Typesetter(template)

    def pdf(self, bill: BillExplanation) -> bytes:
        """The bill as PDF; the same bill gives the same bytes. Raises ``FontMissing`` without a Chinese font."""
        return self._typesetter.pdf(data(bill, self._class_names(bill)), made_on=bill.period_to)

    def _class_names(self, bill: BillExplanation) -> list[str]:
        """Chinese names of the price codes of the bill, each once."""
        names = []
        for code in dict.fromkeys(part.price_code for point in bill.points for part in point.terms):
            key = (code.partition(".")[0], bill.period_from)
            if key not in self._names:
                self._names[key] = {one.code: one.name_zh for one in tariffs.price_codes(self._library, *key)}
            names.append(self._names[key].get(code, code))
        return names


def amount_in_words(amount_fen: int) -> str:
    """大写金额.

    >>> amount_in_words(28598), amount_in_words(-1230)
    ('贰佰捌拾伍元玖角捌分', '负壹拾贰元叁角')
    """
    return str(cn2an.an2cn(f"{yuan(amount_fen):f}", "rmb"))


def data(bill: BillExplanation, class_names: list[str]) -> dict[str, Any]:
    """What the template shows, all of it as text."""
    marks: dict[tuple[str, str, str, str], int] = {}
    lines = [_line(line, marks) for line in bill.lines]
    return {
        "utility": bill.unit_name,
        "title": bill.kind_zh,
        "account_number": bill.account_number,
        "month_zh": f"{bill.month.year}年{bill.month.number}月",
        "bill_number": f"{bill.bill_id}-{bill.revision}",
        "name": bill.account_name,
        "address": bill.address,
        "class_zh": "；".join(class_names) or "—",
        "period": _days(bill.period_from, bill.period_to),
        "due_on": bill.due_on.isoformat(),
        "amount_label": "本期应交电费" if bill.amount_fen >= 0 else "本期应退电费",
        "amount": format_yuan(bill.amount_fen),
        "amount_capital": amount_in_words(bill.amount_fen),
        "qr": qr_svg(f"wandeng:bill:{bill.account_number}:{bill.month}:{bill.revision}:{bill.amount_fen}"),
        "note": _note(bill),
        "readings": _readings(bill),
        "measured": [row for point in bill.points for row in _measured(point, len(bill.points) > 1)],
        "lines": lines,
        "sources": [{"mark": str(mark), "text": _source(*named)} for named, mark in marks.items()],
        "foot": FOOT,
    }


def _note(bill: BillExplanation) -> str:
    """What a reader must know first: that this bill corrects another, or that a reading was estimated."""
    notes = []
    if bill.corrects_id is not None:
        notes.append(f"本账单更正账单 {bill.corrects_id}" + (f"：{bill.reason}" if bill.reason else ""))
    if any(reading.estimated for point in bill.points for reading in point.readings):
        notes.append("本期含估抄示数，实抄后多退少补")
    if incomplete.days_of(bill):
        notes.append("特殊日（尖峰日）清单可能不全，分时电量以补充后的清单为准")
    return "；".join(notes)


def _readings(bill: BillExplanation) -> list[list[str]]:
    """Each register of each meter once, also where a sub-meter is shown under its parent too."""
    shown: dict[tuple[str, str, date], list[str]] = {}
    for point in bill.points:
        for reading in point.readings:
            shown.setdefault((reading.asset_number, reading.register, reading.from_on), _reading(reading))
    return list(shown.values())


def _reading(reading: ReadingShown) -> list[str]:
    remark = ("（翻转）" if reading.rolled_over else "") + ("（估）" if reading.estimated else "")
    unit = REGISTER_UNITS.get(reading.register, "kWh")
    return [
        reading.asset_number,
        reading.register_zh + remark,
        "曲线" if reading.from_curve else _number(reading.start_ckwh),
        _number(reading.end_ckwh),
        str(reading.multiplier),
        f"{_number(reading.energy_ckwh)} {unit}",
    ]


def _measured(point: PointShown, named: bool) -> list[list[str]]:
    """From the reading to the billed energy, with what follows from it: periods, demand, power factor."""
    steps = [f"抄见 {_number(point.read_ckwh)}"]
    steps += [f"+ 变损 {_number(point.transformer_loss_ckwh)}"] if point.transformer_loss_ckwh else []
    steps += [f"+ 线损 {_number(point.line_loss_ckwh)}"] if point.line_loss_ckwh else []
    steps += [f"− 扣减 {_number(point.deducted_ckwh)}"] if point.deducted_ckwh else []
    label = f"结算电量 {point.code}" if named else "结算电量"
    rows = [[label, " ".join(steps), f"{_number(point.total_ckwh)} kWh"]]
    if len(point.periods) > 1:
        rows.append(["分时电量", "  ".join(f"{name} {_number(energy)}" for _, name, energy in point.periods), ""])
    if point.tier_base_ckwh:
        rows.append(["阶梯累计", "本阶梯年度此前已计", f"{_number(point.tier_base_ckwh)} kWh"])
    if point.demand_ckw is not None:
        rows.append(["最大需量", "", f"{_number(point.demand_ckw)} kW"])
    if point.pf_hundredths is not None:
        basis = f"有功 {_number(point.total_ckwh)}，无功 {_number(point.reactive_ckvarh)} kvarh"
        rows.append(["功率因数", basis, format_scaled(point.pf_hundredths, 2)])
    if point.export_ckwh:
        rows.append(["上网电量", "", f"{_number(point.export_ckwh)} kWh"])
    return rows


def _line(line: LineShown, marks: dict[tuple[str, str, str, str], int]) -> list[str]:
    mark = marks.setdefault((line.citation, line.source_path, line.source_from, line.status), len(marks) + 1)
    part = f"（{line.days} 天）" if line.days else ""
    tier = f" 第{'一二三四五六'[line.tier - 1]}档" if line.tier else ""
    period = f" {line.measure_zh}" if line.measure_zh in PERIOD_NAMES else ""
    return [
        line.item_zh + tier + period,
        _days(line.seg_from, line.seg_to, short=True) + part,
        f"{_number(line.quantity)} {line.unit}",
        line.price_text,
        _number(line.amount_fen),
        str(mark),
    ]


def _source(citation: str, path: str, since: str, status: str) -> str:
    return f"{citation}（{path}，自 {since} 起，核实程度 {status}）"


def _days(start: date, end: date, *, short: bool = False) -> str:
    """A half-open period as people read it: first and last day."""
    last = end - timedelta(days=1)
    return f"{start:%m-%d} 至 {last:%m-%d}" if short else f"{start} 至 {last}"


def _number(hundredths: int) -> str:
    whole, part = divmod(abs(hundredths), 100)
    return f"{'−' if hundredths < 0 else ''}{whole:,}.{part:02d}"
