"""A rated account as steps: reading, losses, billed energy, and every line with its quantity, price and source."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from wandeng.calc.rating.frames import Book, FindingCode, Kind, Measure, Rated
from wandeng.calc.trial import frames
from wandeng.calc.trial.bills import BillCase, ReadingCase
from wandeng.calc.trial.steps import Source, Step, joined, kwh, money, number, price, summed
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.units import E8_PER_YUAN

Line = Mapping[str, Any]
Results = dict[str, int | str | None]

MEASURE_NAMES = {
    Measure.SHARP: "sharp 尖",
    Measure.PEAK: "peak 峰",
    Measure.FLAT: "flat 平",
    Measure.VALLEY: "valley 谷",
    Measure.DEEP: "deep 深谷",
}
UNITS = {Kind.CAPACITY: "kVA", Kind.DEMAND: "kW"}
REGISTER_UNITS = {"reactive": "kvarh", "reactive_export": "kvarh"}


class CaseNotPriced(InvalidInput):
    """The inputs do not allow a bill; the findings say why, with the codes a bill run uses."""

    code = "CASE_NOT_PRICED"


def refuse_unpriced(rated: Rated) -> None:
    """Raises :class:`CaseNotPriced` when a finding stops the account from being priced."""
    found = [finding for finding in rated.findings.to_pylist() if finding["code"] in FindingCode.BLOCKING]
    if found:
        told = "; ".join(_finding(finding) for finding in found)
        raise CaseNotPriced(f"the case cannot be priced: {told}", findings=[one["code"] for one in found])


def held(rated: Rated) -> tuple[str, ...]:
    """Findings that would make a bill run wait for a person, as notes."""
    found = [finding for finding in rated.findings.to_pylist() if finding["code"] in FindingCode.HELD]
    return tuple(f"a bill run would hold this: {_finding(finding)}" for finding in found)


def lines_of(rated: Rated) -> list[Line]:
    """The lines of the one account in bill order."""
    return list(rated.lines.to_pylist())


def measured_of(rated: Rated) -> Line:
    """What was measured at the billed point."""
    rows: list[Line] = rated.measured.to_pylist()
    return next(row for row in rows if row["usage_point_id"] == frames.POINT)


def reading_steps(case: BillCase) -> list[Step]:
    """Every register of every meter: end − start, times the multiplier."""
    steps = []
    for one in case.readings:
        for name, (start, end) in one.registers().items():
            arithmetic = _advance(one, start, end, REGISTER_UNITS.get(name, "kWh"))
            sub = " (sub-meter 扣减)" if one.deducted else ""
            steps.append(Step(f"{one.meter}: {name}{sub}", arithmetic))
    return steps


def energy_steps(measured: Line) -> list[Step]:
    """From what the meters read to what is billed, where the two differ, and the power factor."""
    losses = {"transformer loss 变损": measured["transformer_loss_ckwh"], "line loss 线损": measured["line_loss_ckwh"]}
    terms = [kwh(measured["read_ckwh"]), *(f"{kwh(loss)} {name}" for name, loss in losses.items() if loss)]
    text = joined(terms) + (f" − {kwh(measured['deducted_ckwh'])}" if measured["deducted_ckwh"] else "")
    steps = []
    if len(terms) > 1 or measured["deducted_ckwh"]:
        steps.append(Step("Billed energy (结算电量)", f"{text} = {kwh(measured['total_ckwh'])}"))
    if measured["pf_hundredths"] is not None:
        shown = f"{number(Fraction(measured['pf_hundredths'], 100))}"
        steps.append(Step("Power factor (功率因数)", f"cos φ = P / √(P² + Q²) = {shown}"))
    return steps


def line_steps(lines: Sequence[Line], book: Book) -> list[Step]:
    """The lines and their sum."""
    steps = [line_step(line, book) for line in lines]
    return [*steps, Step("Bill (电费合计)", summed([line["amount_fen"] for line in lines]))]


def line_step(line: Line, book: Book) -> Step:
    """One line as quantity × price = amount, with days and tier, and the citation of its price."""
    item, kind = book.items[line["item_id"]], Kind(line["kind"])
    labels = [item.name_zh]
    if Measure(line["measure"]) in MEASURE_NAMES:
        labels.append(MEASURE_NAMES[Measure(line["measure"])])
    if line["tier"]:
        labels.append(f"tier {line['tier']} 第{line['tier']}档")
    amount = money(line["amount_fen"])
    if kind is Kind.POWER_FACTOR:
        arithmetic = f"{money(line['quantity'])} × {rate_percent(line['price_e8'])} = {amount}"
    else:
        quantity = f"{number(Fraction(line['quantity'], 100))} {UNITS.get(kind, 'kWh')}"
        days = f" × {line['days']}/{book.conventions.month_days}" if line["days"] else ""
        arithmetic = f"{quantity} × {price(line['price_e8'])}{days} = {amount}"
    return Step(" ".join(labels), arithmetic, book.versions[line["version_id"]].citation)


def rate_percent(rate_e8: int) -> str:
    """A power-factor rate with its sign.

    >>> rate_percent(-750_000), rate_percent(5_000_000)
    ('-0.75 %', '+5 %')
    """
    return f"{'+' if rate_e8 > 0 else ''}{number(Fraction(rate_e8 * 100, E8_PER_YUAN))} %"


def line_results(lines: Sequence[Line], book: Book) -> Results:
    """The amount of every line by its place and item, and the total, in fen."""
    results: Results = {
        f"line_{place}_{book.items[line['item_id']].code}_fen": line["amount_fen"]
        for place, line in enumerate(lines, 1)
    }
    return results | {"total_fen": sum(line["amount_fen"] for line in lines)}


def sources_of(lines: Sequence[Line], book: Book) -> tuple[Source, ...]:
    """The versions the lines and the conventions refer to, each once; prices of the case itself are no rule."""
    ids = dict.fromkeys([*(line["version_id"] for line in lines), book.conventions.conventions_version_id])
    used = [book.versions[version_id] for version_id in ids]
    return tuple(
        Source("rating", one.path, one.effective_from, one.content_hash, one.citation, one.status)
        for one in used
        if one.path
    )


def _advance(one: ReadingCase, start: int, end: int, unit: str) -> str:
    rolled = (one.modulus_kwh or 0) if end < start else 0
    energy = (end - start + rolled) * one.multiplier
    over = f" + {number(Fraction(rolled, 100))}" if rolled else ""
    difference = f"{number(Fraction(end, 100))} − {number(Fraction(start, 100))}{over}"
    return f"({difference}) × {one.multiplier} = {number(Fraction(energy, 100))} {unit}"


def _finding(finding: Mapping[str, Any]) -> str:
    facts = [f"found {finding['found']}"] if finding["found"] is not None else []
    facts += [f"limit {finding['limit']}"] if finding["limit"] is not None else []
    facts += [f"on {finding['on']}"] if finding["on"] is not None else []
    return str(finding["code"]) + (f" ({', '.join(facts)})" if facts else "")
