"""Trial calculation 试算: a case, the rules of its day, and the answer with its steps; reads no database.

The rules of the law are read here and handed to the arithmetic as plain parameters; bills are priced by the functions
that price a bill run. One entry, :func:`calculate`; the table below it says which rule each kind of case needs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from wandeng.calc.back_billing import EnergyRounding
from wandeng.calc.charged_days import DayCount
from wandeng.calc.compensation import AgeCounting, ApplianceTerms
from wandeng.calc.late_fee import CrossYear, LateFeeTerms, RateBand
from wandeng.calc.penalties import PenaltyRounding
from wandeng.calc.trial import (
    back_billings,
    breaches,
    compensations,
    late_fees,
    line_losses,
    outage_plans,
    reliabilities,
    thefts,
)
from wandeng.calc.trial.bills import BillCase
from wandeng.calc.trial.fields import Case
from wandeng.calc.trial.kinds import kind_named
from wandeng.calc.trial.single_rows import BasicChargeCase, LossOnlyCase, PowerFactorCase
from wandeng.calc.trial.steps import Outcome, Source
from wandeng.flows import trial_rating
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.arrears import BackBilling, BreachAndTheft, LateFee
from wandeng.infra.effective.topics.conventions import Losses, TwoPart
from wandeng.infra.effective.topics.service import ApplianceCompensation, Reliability, SupplyCompensation
from wandeng.infra.effective.values import Group, TopicModel
from wandeng.infra.effective.versions import RuleVersion
from wandeng.kernel.money import fen, parse_scaled

Body = TypeVar("Body", bound=TopicModel)


def calculate(kind_name: str, text: str, library: RuleLibrary) -> Outcome:
    """Answer the case in ``text`` (JSON) by the rules of its territory and day.

    Raises :class:`~wandeng.calc.trial.validation.CaseInvalid`, ``NotFound`` for an unknown kind, ``NoRuleInForce``,
    ``TerritoryUnknown`` and ``InvalidInput`` for values that contradict each other.
    """
    kind = kind_named(kind_name)
    return _CALCULATIONS[kind.name](kind.read(text), library)


def source_of(version: RuleVersion[Body], group: Group | None = None) -> Source:
    """Where a value came from: the file, and the citation of the group in it that holds the value."""
    cited: Group = group or version.body
    return Source(
        version.topic,
        version.path,
        version.effective_from.isoformat(),
        version.content_hash,
        cited.citation,
        cited.status,
    )


def _late_fee(case: Case, library: RuleLibrary) -> Outcome:
    assert isinstance(case, late_fees.LateFeeCase)
    versions = [library.version(LateFee, on=bill.due_on, territory=case.territory) for bill in case.bills]
    terms = [_late_fee_terms(version.body, case.customer_class == "residential") for version in versions]
    bands = [RateBand(_e4(body.agreed.least), _e4(body.agreed.most)) for body in (one.body for one in versions)]
    told = case.agreed_permille is not None
    sources = [source_of(one, one.body.agreed if told else one.body.rates) for one in versions]
    return late_fees.calculate(case, terms, bands, sources)


def _late_fee_terms(body: LateFee, residential: bool) -> LateFeeTerms:
    rates = body.rates
    return LateFeeTerms(
        rate_e4=_e4(rates.residential if residential else rates.other),
        carried_rate_e4=_e4(rates.residential if residential else rates.carried_over),
        minimum_fen=fen(body.minimum.yuan),
        cap_share_e4=None if body.cap is None else _e4(body.cap.share),
        cross_year=CrossYear(body.cross_year.method),
    )


def _theft(case: Case, library: RuleLibrary) -> Outcome:
    assert isinstance(case, thefts.TheftCase)
    version = library.version(BreachAndTheft, on=case.on, territory=case.territory)
    theft = version.body.theft
    rules = thefts.TheftRules(
        multiple=theft.penalty_multiple,
        multiple_is_maximum=version.body.multiples_are_maximum,
        unknown_days=theft.unknown_days,
        hours_per_day=_hours(version.body),
        rounding=PenaltyRounding(version.body.rounding.base),
    )
    return thefts.calculate(case, rules, source_of(version, theft))


def _breach(case: Case, library: RuleLibrary) -> Outcome:
    assert isinstance(case, breaches.BreachCase)
    version = library.version(BreachAndTheft, on=case.on, territory=case.territory)
    two_part = library.version(TwoPart, on=case.on, territory=case.territory).body
    rules, group = _breach_rules(case.breach, version.body, two_part.part_month.month_days)
    return breaches.calculate(case, rules, source_of(version, group))


def _breach_rules(breach: str, body: BreachAndTheft, month_days: int) -> tuple[breaches.BreachRules, Group]:
    """The parameters of one breach, and the group of the rule file they stand in."""
    misuse, over, sealed = body.class_misuse, body.over_capacity, body.sealed_equipment
    private = DayCount.START_INCLUDED if over.start_day_counted else DayCount.START_EXCLUDED
    multiples = {"class_misuse": misuse.penalty_multiple, "over_capacity_two_part": over.two_part_penalty_multiple,
                 "sealed_two_part": sealed.two_part_penalty_multiple}  # fmt: skip
    amounts = {"over_capacity": over.other_yuan_per_kw, "sealed": sealed.other_yuan_per_kw,
               "tampering": body.tampering.other_yuan, "unauthorized_source": body.unauthorized_source.yuan_per_kw}  # fmt: skip
    groups: dict[str, Group] = {
        "class_misuse": misuse,
        "over_capacity_two_part": over,
        "over_capacity": over,
        "sealed_two_part": sealed,
        "sealed": sealed,
        "tampering": body.tampering,
        "unauthorized_source": body.unauthorized_source,
    }
    rules = breaches.BreachRules(
        rounding=PenaltyRounding(body.rounding.base),
        day_count=DayCount(sealed.day_count) if breach == "sealed_two_part" else private,
        month_days=month_days,
        multiple=multiples.get(breach, 0),
        multiple_is_maximum=body.multiples_are_maximum,
        unknown_days=misuse.unknown_months * misuse.month_days,
        unknown_days_terms=f"{misuse.unknown_months} months × {misuse.month_days} d",
        hours_per_day=_hours(body),
        per_unit_fen=fen(amounts.get(breach, Decimal(0))),
        residential_fen=fen(body.tampering.residential_yuan),
    )
    return rules, groups[breach]


def _hours(body: BreachAndTheft) -> dict[str, int]:
    return {"power": body.theft.power_hours_per_day, "lighting": body.theft.lighting_hours_per_day}


def _back_billing(case: Case, library: RuleLibrary) -> Outcome:
    assert isinstance(case, back_billings.BackBillingCase)
    version = library.version(BackBilling, on=case.on, territory=case.territory)
    row = next(row for row in version.body.cases if row.code == case.cause)
    rules = back_billings.BackBillingRules(Fraction(row.time_share), EnergyRounding(version.body.energy.rounding))
    return back_billings.calculate(case, rules, source_of(version, row))


def _reliability(case: Case, library: RuleLibrary) -> Outcome:
    assert isinstance(case, reliabilities.ReliabilityCase)
    version = library.version(Reliability, on=case.from_on, territory=case.territory)
    body = version.body
    rules = reliabilities.ReliabilityRules(body.sustained.over_minutes, body.decimals.percent)
    group = body.sustained if isinstance(case, reliabilities.EventsCase) else None
    return reliabilities.calculate(case, rules, source_of(version, group))


def _line_loss(case: Case, library: RuleLibrary) -> Outcome:
    assert isinstance(case, line_losses.LineLossCase)
    version = library.version(Losses, on=case.on, territory=case.territory)
    rules = line_losses.LineLossRules(version.body.rate.decimals)
    return line_losses.calculate(case, rules, source_of(version, version.body.rate))


def _outage_plan(case: Case, _library: RuleLibrary) -> Outcome:
    """A plan by the limits that stand in the case."""
    assert isinstance(case, outage_plans.OutagePlanCase)
    return outage_plans.calculate(case)


def _compensation(case: Case, library: RuleLibrary) -> Outcome:
    if isinstance(case, compensations.ApplianceCase):
        return _appliance(case, library)
    assert isinstance(case, compensations.OutageCase | compensations.QualityCase)
    version = library.version(SupplyCompensation, on=case.on, territory=case.territory)
    body = version.body
    two_part = isinstance(case, compensations.OutageCase) and case.tariff == "two_part"
    quality = body.frequency if case.damage == "frequency" else body.voltage
    rules = compensations.SupplyRules(
        outage_factor=body.outage.two_part if two_part else body.outage.single_rate,
        quality_share_e4=_e4(quality.share),
    )
    group = body.outage if isinstance(case, compensations.OutageCase) else quality
    return compensations.calculate(case, rules, source_of(version, group))


def _appliance(case: compensations.ApplianceCase, library: RuleLibrary) -> Outcome:
    version = library.version(ApplianceCompensation, on=case.damaged_on, territory=case.territory)
    body = version.body
    terms = ApplianceTerms(
        full_price_months=body.full_price.months,
        floor_share_e4=_e4(body.residual.least_share),
        claim_days=body.terms.claim_days,
        service_years=next(life.years for life in body.lives if life.kind == case.appliance),
        age_counting=AgeCounting(body.age.counting),
    )
    return compensations.calculate(case, terms, source_of(version, body.residual))


def _e4(share: Decimal) -> int:
    return parse_scaled(share, 4, what="share")


def _bill(case: Case, library: RuleLibrary) -> Outcome:
    assert isinstance(case, BillCase)
    return trial_rating.bill(case, library)


def _power_factor(case: Case, library: RuleLibrary) -> Outcome:
    assert isinstance(case, PowerFactorCase)
    return trial_rating.power_factor(case, library)


def _basic_charge(case: Case, library: RuleLibrary) -> Outcome:
    assert isinstance(case, BasicChargeCase)
    return trial_rating.basic_charge(case, library)


def _loss(case: Case, library: RuleLibrary) -> Outcome:
    assert isinstance(case, LossOnlyCase)
    return trial_rating.loss(case, library)


_CALCULATIONS: Mapping[str, Callable[[Case, RuleLibrary], Outcome]] = {
    "bill": _bill,
    "power-factor": _power_factor,
    "basic-charge": _basic_charge,
    "loss": _loss,
    "late-fee": _late_fee,
    "theft": _theft,
    "breach": _breach,
    "back-billing": _back_billing,
    "reliability": _reliability,
    "line-loss": _line_loss,
    "outage-plan": _outage_plan,
    "compensation": _compensation,
}
