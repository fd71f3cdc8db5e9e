"""Trial bills and their parts: a case becomes one account, is rated as in a bill run, and is explained step by step.

Prices come from the price book of the rule files or are written in the case; the conventions always come from the
rules in force, unless the case asks for another published one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import TypeVar

from wandeng.calc.rating import shard as rating
from wandeng.calc.rating.frames import Book, Conventions, Item, Kind, Rated, Shard, Version
from wandeng.calc.trial import bill_steps, bills, frames, single_rows
from wandeng.calc.trial.bills import BillCase, ExcessBase, LossPeriod, LossUnit
from wandeng.calc.trial.conventions import choose
from wandeng.calc.trial.single_rows import (
    BasicChargeCase,
    DemandFormula,
    DemandTerms,
    LossOnlyCase,
    PowerFactorCase,
)
from wandeng.calc.trial.steps import (
    Convention,
    Outcome,
    Source,
    Step,
    fixed,
    kwh,
    money,
    number,
    percent,
    price,
    summed,
)
from wandeng.domains.tariffs import frames as tariffs
from wandeng.domains.tariffs.frames.charges import VersionTable, bill_items
from wandeng.domains.tariffs.frames.conventions import power_factor_table, share_e4
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.conventions import BillChecks, Losses, RatingConventions, TwoPart
from wandeng.infra.effective.topics.power_factor import PowerFactor
from wandeng.infra.effective.values import TopicModel
from wandeng.infra.effective.versions import RuleVersion
from wandeng.kernel.errors import InvalidInput
from wandeng.kernel.money import FEN_PER_YUAN, divide_half_up
from wandeng.kernel.units import CKWH_PER_KWH, E4_PER_ONE

Body = TypeVar("Body", bound=TopicModel)

CASE_PRICES = Version(0, "", "", "", "price written in the case", "")
"""What a line refers to whose price no rule file holds."""


@dataclass(frozen=True, slots=True)
class Frame:
    """What every rated case needs of the rules: the items of a bill, the conventions and where they stand."""

    items: tuple[Item, ...]
    versions: tuple[Version, ...]
    conventions: Conventions
    two_part: RuleVersion[TwoPart]
    losses: RuleVersion[Losses]
    factors: RuleVersion[PowerFactor]

    @property
    def item_ids(self) -> dict[str, int]:
        return {item.code: item.item_id for item in self.items}

    def book(self, rows: list[frames.Row], structures: tuple[str, ...] = ("case",)) -> Book:
        """A book of the prices of the case."""
        return Book(frames.prices(rows), self.items, self.versions, structures, self.conventions)

    @staticmethod
    def source_of(version: RuleVersion[Body]) -> Source:
        """A rule file as the source of an answer."""
        return Source(
            version.topic,
            version.path,
            version.effective_from.isoformat(),
            version.content_hash,
            version.citation,
            version.status,
        )


def bill(case: BillCase, library: RuleLibrary) -> Outcome:
    """A whole bill, every line explained.

    Raises :class:`~wandeng.calc.trial.bill_steps.CaseNotPriced` with the findings that stop it.
    """
    book = _book_of(case, library)
    conventions, by_loss = _with_loss(book.conventions, case.convention.loss_period, case.convention.loss_unit)
    conventions, by_demand = _with_excess(conventions, case.convention.excess_base)
    book = replace(book, conventions=conventions)
    rated = rating.rate(bills.shard_of(case, book.structures), book)
    bill_steps.refuse_unpriced(rated)
    lines, measured = bill_steps.lines_of(rated), bill_steps.measured_of(rated)
    steps = [
        *bill_steps.reading_steps(case),
        *bill_steps.energy_steps(measured),
        *bill_steps.line_steps(lines, book),
    ]
    results = {"energy_ckwh": measured["total_ckwh"], **bill_steps.line_results(lines, book)}
    lossy = any(terms.loss.method != "none" or terms.loss.line_percent for terms in case.terms)
    contracted = any(terms.basic_charge == "contract_demand" for terms in case.terms)
    chosen = (*(by_loss if lossy else ()), *(by_demand if contracted else ()))
    sources = bill_steps.sources_of(lines, book)
    return Outcome("bill", tuple(steps), results, chosen, sources, bill_steps.held(rated))


def power_factor(case: PowerFactorCase, library: RuleLibrary) -> Outcome:
    """The adjustment of one month; with a corrected reactive energy, what is to be added or refunded (WE-01)."""
    frame = _frame(library, case.territory, case.on)
    rate, steps = _factor(case, case.reactive_kvarh, frame, "")
    if case.base is None:
        charged = case.bill_with_adjustment or 0
        exact = single_rows.base_of_bill(charged, rate)
        base = divide_half_up(exact.numerator, exact.denominator)
        divisor = f"(1 {bill_steps.rate_percent(rate)})"
        steps.append(Step("Base (计算基数)", f"{money(charged)} / {divisor} = {money(base)}"))
    else:
        base = case.base
    adjustment, line = _adjustment(case, base, case.reactive_kvarh, frame)
    steps += line
    results: bill_steps.Results = {"rate_e8": rate, "base_fen": base, "adjustment_fen": adjustment}
    if case.corrected_kvarh is not None:
        again, more = _factor(case, case.corrected_kvarh, frame, ", corrected 更正")
        corrected, line = _adjustment(case, base, case.corrected_kvarh, frame)
        billed = adjustment if case.base is not None else (case.bill_with_adjustment or 0) - base
        steps += [*more, *line]
        difference = f"{money(corrected)} − {money(billed)} = {money(corrected - billed)}"
        steps.append(Step("To add or refund (退补)", difference))
        results |= {"corrected_rate_e8": again, "corrected_fen": corrected, "total_fen": corrected - billed}
    return Outcome("power-factor", tuple(steps), results, (), (frame.source_of(frame.factors),))


def basic_charge(case: BasicChargeCase, library: RuleLibrary) -> Outcome:
    """The basic charge of a period and of its parts."""
    frame = _frame(library, case.territory, case.to_on - timedelta(days=1))
    rule = frame.two_part.body.contract_demand
    formula, by_formula = choose("demand_formula", case.convention.demand_formula, DemandFormula(rule.formula))
    lower = None if rule.band_lower_share is None else share_e4(rule.band_lower_share)
    terms = DemandTerms(formula, share_e4(rule.free_share), lower)
    shard, rows = single_rows.basic_charge_rows(case, terms, frame.item_ids)
    conventions, chosen = _with_excess(frame.conventions, case.convention.excess_base)
    if formula is DemandFormula.BAND:
        conventions = replace(conventions, demand_free_share_e4=E4_PER_ONE, demand_excess_base="contract")
    book = replace(frame.book(rows), conventions=conventions)
    lines = _priced_lines(shard, book)
    steps = [*_utilization(case, lines, frame), *(_basic_step(line, book, frame) for line in lines)]
    steps.append(Step("Basic charge (基本电费合计)", summed([line["amount_fen"] for line in lines])))
    used: tuple[Convention, ...] = ()
    if case.method == "contract_demand":
        used = (by_formula,) if formula is DemandFormula.BAND else (by_formula, *chosen)
    results = bill_steps.line_results(lines, book)
    return Outcome("basic-charge", tuple(steps), results, used, (frame.source_of(frame.two_part),))


def loss(case: LossOnlyCase, library: RuleLibrary) -> Outcome:
    """Transformer and line loss of a period, and the billed energy."""
    frame = _frame(library, case.territory, case.to_on - timedelta(days=1))
    shard, rows = single_rows.loss_rows(case, frame.item_ids)
    conventions, (_, by_unit) = _with_loss(frame.conventions, None, case.convention.loss_unit)
    rated = rating.rate(shard, replace(frame.book(rows), conventions=conventions))
    bill_steps.refuse_unpriced(rated)
    measured = bill_steps.measured_of(rated)
    steps = [_loss_step(case, measured, conventions, frame)]
    if case.loss.line_percent:
        carried = kwh(measured["read_ckwh"] + measured["transformer_loss_ckwh"])
        line_loss = f"{carried} × {percent(case.loss.line_percent)} = {kwh(measured['line_loss_ckwh'])}"
        steps.append(Step("Line loss (线损)", line_loss))
    steps += bill_steps.energy_steps(measured)
    names = ("read_ckwh", "transformer_loss_ckwh", "line_loss_ckwh", "total_ckwh", "reactive_ckvarh")
    results: bill_steps.Results = {name: measured[name] for name in names}
    return Outcome("loss", tuple(steps), results, (by_unit,), (frame.source_of(frame.losses),))


def _frame(library: RuleLibrary, territory: str, on: date) -> Frame:
    two_part = library.version(TwoPart, on=on, territory=territory)
    losses = library.version(Losses, on=on, territory=territory)
    rule = library.version(RatingConventions, on=on, territory=territory)
    checks = library.version(BillChecks, on=on, territory=territory)
    factors = library.version(PowerFactor, on=on, territory=territory)
    versions = VersionTable()
    factor_id = versions.id_of((versions.note(factors),)) + 1
    decided_id = versions.id_of(tuple(versions.note(one) for one in (two_part, losses, rule, checks))) + 1
    demand, use = two_part.body.contract_demand, two_part.body.utilization
    conventions = Conventions(
        month_days=two_part.body.part_month.month_days,
        demand_free_share_e4=share_e4(demand.free_share),
        demand_excess_factor=demand.excess_factor,
        demand_excess_base=demand.excess_base,
        demand_utilization_ckwh=use.kwh_per_kva * CKWH_PER_KWH,
        demand_utilization_share_e4=share_e4(use.share),
        loss_period=losses.body.rules.period,
        loss_whole_kwh=losses.body.rules.whole_kwh,
        tier_split=rule.body.tier_split.manner,
        jump_factor_e4=share_e4(checks.body.jump.factor),
        jump_floor_ckwh=checks.body.jump.floor_kwh * CKWH_PER_KWH,
        zero_held=checks.body.zero.held,
        capacity_hours_per_day=checks.body.capacity.hours_per_day,
        power_factor=power_factor_table(factors.body),
        power_factor_version_id=factor_id,
        conventions_version_id=decided_id,
    )
    numbered = tuple(replace(one, version_id=one.version_id + 1) for one in versions.entries())
    return Frame(bill_items(library), (CASE_PRICES, *numbered), conventions, two_part, losses, factors)


def _book_of(case: BillCase, library: RuleLibrary) -> Book:
    """The book of the case's own prices, or of the rule files for its price codes."""
    if not case.prices:
        return tariffs.book(
            library,
            territory=case.territory,
            from_on=case.from_on,
            to_on=case.to_on,
            price_codes=case.price_names(),
        )
    frame = _frame(library, case.territory, case.to_on - timedelta(days=1))
    contracted = any(terms.basic_charge == "contract_demand" for terms in case.terms)
    if contracted and frame.two_part.body.contract_demand.formula == "band":
        raise InvalidInput(
            "a contract demand of that day goes by the band formula: calculate it with the kind basic-charge"
        )
    items = frame.item_ids
    unknown = sorted({row.item for rows in case.prices.values() for row in rows} - set(items))
    if unknown:
        raise InvalidInput(f"prices: no bill item {', '.join(unknown)}; there are {', '.join(items)}")
    return frame.book(bills.price_rows(case, items), case.price_names())


def _with_loss(
    conventions: Conventions, period: LossPeriod | None, unit: LossUnit | None
) -> tuple[Conventions, tuple[Convention, Convention]]:
    by_rule = LossUnit.WHOLE_KWH if conventions.loss_whole_kwh else LossUnit.HUNDREDTH_KWH
    used_period, first = choose("loss_period", period, LossPeriod(conventions.loss_period))
    used_unit, second = choose("loss_unit", unit, by_rule)
    whole = used_unit is LossUnit.WHOLE_KWH
    return replace(conventions, loss_period=used_period.value, loss_whole_kwh=whole), (first, second)


def _with_excess(conventions: Conventions, base: ExcessBase | None) -> tuple[Conventions, tuple[Convention, ...]]:
    used, choice = choose("excess_base", base, ExcessBase(conventions.demand_excess_base))
    return replace(conventions, demand_excess_base=used.value), (choice,)


def _factor(case: PowerFactorCase, reactive_ckvarh: int, frame: Frame, which: str) -> tuple[int, list[Step]]:
    """The rate in 10⁻⁸, found by rating one yuan, and the steps to it."""
    shard, rows = single_rows.power_factor_rows(case, FEN_PER_YUAN, reactive_ckvarh, frame.item_ids)
    rated = rating.rate(shard, frame.book(rows))
    bill_steps.refuse_unpriced(rated)
    hundredths = bill_steps.measured_of(rated)["pf_hundredths"]
    if hundredths is None:
        raise InvalidInput("neither active nor reactive energy: there is no power factor")
    rate = next((line["price_e8"] for line in _adjustments(rated)), 0)
    active, reactive = number(Fraction(case.active_kwh, 100)), number(Fraction(reactive_ckvarh, 100))
    shown = f"{active} / √({active}² + {reactive}²) = {fixed(Fraction(hundredths, 100), 2)}"
    standard = fixed(Fraction(case.standard, 100), 2)
    citation = frame.factors.body.citation
    return rate, [
        Step(f"Power factor (功率因数{which})", shown, citation),
        Step(f"Rate (调整率{which})", f"standard {standard}: {bill_steps.rate_percent(rate)}", citation),
    ]


def _adjustment(case: PowerFactorCase, base_fen: int, reactive_ckvarh: int, frame: Frame) -> tuple[int, list[Step]]:
    """The adjustment of the whole base in fen, and its line."""
    shard, rows = single_rows.power_factor_rows(case, base_fen, reactive_ckvarh, frame.item_ids)
    book = frame.book(rows)
    lines = _adjustments(rating.rate(shard, book))
    steps = [bill_steps.line_step(line, book) for line in lines]
    return sum(line["amount_fen"] for line in lines), steps


def _adjustments(rated: Rated) -> list[bill_steps.Line]:
    return [line for line in bill_steps.lines_of(rated) if line["kind"] == Kind.POWER_FACTOR]


def _priced_lines(shard: Shard, book: Book) -> list[bill_steps.Line]:
    """The lines that charge something, without the row that stands for energy."""
    rated = rating.rate(shard, book)
    bill_steps.refuse_unpriced(rated)
    return [line for line in bill_steps.lines_of(rated) if line["kind"] != Kind.ENERGY]


def _basic_step(line: bill_steps.Line, book: Book, frame: Frame) -> Step:
    """A line under its days, with the citation of what made it: days of a month, or the rule of demands."""
    rule = frame.two_part.body
    by_demand = Kind(line["kind"]) is Kind.DEMAND
    cited = rule.part_month.citation if line["days"] else frame.two_part.citation
    when = f"{line['seg_from']} to before {line['seg_to']}"
    step = bill_steps.line_step(line, book)
    return replace(step, what=when, citation=rule.contract_demand.citation if by_demand else cited)


def _utilization(case: BasicChargeCase, lines: list[bill_steps.Line], frame: Frame) -> list[Step]:
    """Whether the demand price was lowered for good use of the capacity, where a rule in force does so."""
    rule = frame.two_part.body.utilization
    if case.method == "capacity" or not rule.kwh_per_kva or not case.contract_capacity_kva:
        return []
    lowered = any(line["price_e8"] < case.price for line in lines)
    used = number(Fraction(case.energy_kwh, case.contract_capacity_kva))
    share = percent(share_e4(rule.share) if lowered else E4_PER_ONE)
    verdict = f"{'at least' if lowered else 'below'} {rule.kwh_per_kva}: {share} of {price(case.price)}"
    return [Step("Use of the capacity (负荷利用)", f"{used} kWh per kVA, {verdict}", rule.citation)]


def _loss_step(case: LossOnlyCase, measured: bill_steps.Line, conventions: Conventions, frame: Frame) -> Step:
    """How the transformer loss came about, in the words of its method."""
    terms, part = case.loss, case.part
    found = kwh(measured["transformer_loss_ckwh"])
    citation = frame.losses.body.rules.citation
    if terms.method == "formula":
        load = f"({number(Fraction(case.active_kwh, 100))}² + {number(Fraction(case.reactive_kvarh, 100))}²)"
        copper = f"{number(Fraction(terms.k, 100))} × {terms.pk_w} W × {load}"
        formula = f"{terms.p0_w} W × T + {copper} / ({number(Fraction(terms.sn_kva or 0, 100))}² kVA² × T)"
        return Step("Transformer loss (变损)", f"{formula} = {found}", frame.losses.body.formula.citation)
    share = "" if part == case.period else f" from {part.from_on} to before {part.to_on}, on {conventions.month_days} d"
    return Step("Transformer loss (变损)", f"{kwh(terms.active_kwh)} a month{share} = {found}", citation)
