"""Trial of compensation by the utility: damaged appliances, outages by its accident, voltage and
frequency."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from pydantic import Field

from wandeng.calc import compensation
from wandeng.calc.compensation import AgeCounting, Appliance, ApplianceTerms, Compensation
from wandeng.calc.trial.conventions import choose, one_of
from wandeng.calc.trial.fields import Case, Day, ExactAboveZero, Kwh, Price, Yuan, YuanAboveZero
from wandeng.calc.trial.steps import Outcome, Source, Step, kwh, money, number, percent, price

PRICE = 'a price in yuan/kWh with at most 8 decimals, such as "0.60"'


class AgeConvention(Case):
    age_counting: AgeCounting | None = Field(default=None, description=one_of(AgeCounting))


class CompensationCase(Case):
    """What every compensation has."""

    territory: str = Field(default="national", description="a folder name under rules/, as text")
    damage: str = Field(description="what happened")


class ApplianceCase(CompensationCase):
    """A damaged home appliance (居民家用电器)."""

    appliance: Literal["electronic", "motor", "resistance", "lamp"] = Field(
        description='"electronic", "motor", "resistance" or "lamp": it selects the service life'
    )
    price: YuanAboveZero = Field(description='the invoice price in yuan, such as "3000.00"')
    bought_on: Day = Field(description="the day of the invoice, YYYY-MM-DD")
    damaged_on: Day = Field(description="the day of the damage, YYYY-MM-DD: it selects the rule")
    claimed_on: Day = Field(description="the day of the claim, YYYY-MM-DD")
    repair_cost: Yuan | None = Field(default=None, description="the repair bill in yuan, when it can be repaired")
    convention: AgeConvention = Field(default=AgeConvention(), description='an object with "age_counting"')


class OutageCase(CompensationCase):
    """An outage by the utility's operating accident."""

    on: Day = Field(description="the day of the outage, YYYY-MM-DD: it selects the rule")
    tariff: Literal["two_part", "single_rate"] = Field(description='"two_part" or "single_rate"')
    normal_kwh: Kwh = Field(description="kWh used in a normal period")
    normal_hours: ExactAboveZero = Field(description="hours of that normal period, above 0")
    outage_hours: ExactAboveZero = Field(description="hours of the outage, above 0")
    price: Price = Field(description=PRICE)


class QualityCase(CompensationCase):
    """Voltage or frequency out of range."""

    on: Day = Field(description="a day of the time out of range, YYYY-MM-DD: it selects the rule")
    energy_kwh: Kwh = Field(description="kWh used while out of range")
    average_price: Price = Field(description="the user's average price of the month in yuan/kWh")


SCHEMAS: dict[str, type[CompensationCase]] = {
    "appliance": ApplianceCase,
    "outage": OutageCase,
    "voltage": QualityCase,
    "frequency": QualityCase,
}


@dataclass(frozen=True, slots=True)
class SupplyRules:
    """Factor of the price of an outage, by tariff; share of the price for bad quality in 10⁻⁴."""

    outage_factor: int
    quality_share_e4: int


def calculate(case: CompensationCase, rules: ApplianceTerms | SupplyRules, source: Source) -> Outcome:
    """What the utility pays, in fen; the class of the case decides the arithmetic."""
    if isinstance(case, ApplianceCase) and isinstance(rules, ApplianceTerms):
        return _appliance(case, rules, source)
    if isinstance(case, OutageCase) and isinstance(rules, SupplyRules):
        amount = compensation.outage(
            case.normal_kwh, case.normal_hours, case.outage_hours, case.price, rules.outage_factor
        )
        possible = case.normal_kwh / case.normal_hours * case.outage_hours
        hourly = f"{kwh(case.normal_kwh)} / {number(case.normal_hours)} h × {number(case.outage_hours)} h"
        steps = (
            Step("Possible energy (可能用电量)", f"{hourly} = {kwh(possible)}"),
            Step(
                "Compensation (赔偿)",
                f"{kwh(possible)} × {price(case.price)} × {rules.outage_factor} = {money(amount)}",
                source.citation,
            ),
        )
        return Outcome("compensation", steps, {"total_fen": amount}, (), (source,))
    if isinstance(case, QualityCase) and isinstance(rules, SupplyRules):
        amount = compensation.quality(case.energy_kwh, case.average_price, rules.quality_share_e4)
        share = percent(rules.quality_share_e4)
        arithmetic = f"{kwh(case.energy_kwh)} × {price(case.average_price)} × {share} = {money(amount)}"
        step = Step("Compensation (赔偿)", arithmetic, source.citation)
        return Outcome("compensation", (step,), {"total_fen": amount}, (), (source,))
    raise TypeError(f"no arithmetic for {type(case).__name__} with {type(rules).__name__}")


def _appliance(case: ApplianceCase, terms: ApplianceTerms, source: Source) -> Outcome:
    counting, convention = choose("age_counting", case.convention.age_counting, terms.age_counting)
    chosen = ApplianceTerms(
        terms.full_price_months, terms.floor_share_e4, terms.claim_days, terms.service_years, counting
    )
    damage = Appliance(case.price, case.bought_on, case.damaged_on, case.claimed_on, case.repair_cost)
    found = compensation.appliance(damage, chosen)
    step = Step("Compensation (赔偿)", _appliance_arithmetic(case, chosen, found), source.citation)
    results: dict[str, int | str | None] = {"total_fen": found.amount_fen, "ground": found.ground}
    return Outcome("compensation", (step,), results, (convention,), (source,))


def _appliance_arithmetic(case: ApplianceCase, terms: ApplianceTerms, found: Compensation) -> str:
    amount = money(found.amount_fen)
    if found.ground == "late_claim":
        days = (case.claimed_on - case.damaged_on).days
        return f"claimed {days} d after the damage, more than {terms.claim_days} d: lost = {amount}"
    if found.ground == "repair":
        return f"repaired = {amount}"
    if found.ground == "full_price":
        return f"bought at most {terms.full_price_months} months before: invoice price = {amount}"
    residual = f"{money(case.price)} × ({found.life} − {found.used}) / {found.life}"
    if found.ground == "residual":
        return f"{residual} = {amount}"
    return f"{residual} is below {money(case.price)} × {percent(terms.floor_share_e4)} = {amount}"
