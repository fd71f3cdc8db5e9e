"""Trial of metering corrections (计量差错退补), by cause, as 供电营业规则 1996 art. 80–81 lists them."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from pydantic import Field, model_validator

from wandeng.calc import back_billing
from wandeng.calc.back_billing import FOUR_WIRE_COEFFICIENTS, EnergyRounding, FourWireFault, PricedShare
from wandeng.calc.trial.conventions import choose, one_of
from wandeng.calc.trial.fields import (
    Case,
    CountAboveZero,
    Day,
    Exact,
    ExactAboveZero,
    ExactNotNegative,
    Facts,
    Kwh,
    Price,
    SignedKwh,
)
from wandeng.calc.trial.steps import Outcome, Source, Step, kwh, money, number, price, summed

RECORDED = 'kWh recorded from the last test or installation to the correction, such as "9800"'


class EnergyConvention(Case):
    energy_rounding: EnergyRounding | None = Field(default=None, description=one_of(EnergyRounding))


class PriceCase(Case):
    """A price and how large a part of the corrected energy it takes."""

    name: str = Field(default="energy", description="what the price is for, as text")
    price: Price = Field(description='a price in yuan/kWh with at most 8 decimals, such as "0.6"')
    weight: CountAboveZero = Field(default=1, description="the part of the energy, a whole number above 0")


class BackBillingCase(Case):
    """What every correction has."""

    territory: str = Field(default="national", description="a folder name under rules/, as text")
    cause: str = Field(description="the cause")
    on: Day = Field(description="the day of the correction, YYYY-MM-DD: it selects the rule")
    prices: tuple[PriceCase, ...] = Field(min_length=1, description="a list of at least one price")
    convention: EnergyConvention = Field(default=EnergyConvention(), description='an object with "energy_rounding"')


class ToleranceCase(BackBillingCase):
    """互感器或电能表误差超差."""

    recorded_kwh: Kwh = Field(description=RECORDED)
    error_percent: Exact = Field(description='measured error in percent, negative for a slow meter, such as "-2"')
    tolerance_percent: ExactNotNegative = Field(
        default=Fraction(0), description="allowed error in percent; within it nothing is corrected"
    )


class LeadDropCase(BackBillingCase):
    """计量回路连接线电压降超差."""

    recorded_kwh: Kwh = Field(description="kWh recorded since the leads or the load were installed")
    drop_percent: ExactNotNegative = Field(description="measured voltage drop in percent of the rated voltage")
    allowed_percent: ExactNotNegative = Field(description="allowed voltage drop in percent of the rated voltage")


class WiringCase(BackBillingCase):
    """计费计量装置接线错误."""

    recorded_kwh: SignedKwh = Field(description=RECORDED + "; negative for a meter that ran backwards")
    fault: FourWireFault | None = Field(default=None, description=one_of(FourWireFault) + " (three phases, four wires)")
    correct_power: Exact | None = Field(default=None, description="power with correct wiring, instead of fault")
    wrong_power: Exact | None = Field(
        default=None, description="power as registered, in the unit of correct_power, not 0"
    )

    @model_validator(mode="before")
    @classmethod
    def _fault_or_powers(cls, facts: Facts) -> Facts:
        if isinstance(facts, dict):
            powers = [key in facts for key in ("correct_power", "wrong_power")]
            if any(powers) == ("fault" in facts) or any(powers) != all(powers):
                raise ValueError('either "fault" or both "correct_power" and "wrong_power"')
            if str(facts.get("wrong_power", "1")).strip("0.") == "":
                raise ValueError('a "wrong_power" other than 0: with none recorded use vt_fuse_blown or other_causes')
        return facts


class RatioCase(BackBillingCase):
    """倍率或铭牌倍率与实际不符."""

    billed_kwh: Kwh = Field(description="kWh billed with the wrong multiplier")
    billed_multiplier: ExactAboveZero = Field(description='the multiplier billed with, such as "100/5"')
    true_multiplier: ExactAboveZero = Field(description='the true multiplier, such as "150/5"')


class NormalUseCase(BackBillingCase):
    """其他非人为原因, 电压互感器保险熔断: the normal month's use less what was recorded."""

    normal_month_kwh: Kwh = Field(description="kWh of a normal month")
    recorded_kwh: Kwh = Field(default=0, description="kWh recorded during the fault")
    months: ExactAboveZero = Field(default=Fraction(1), description='months the fault lasted, such as "1" or "12/30"')


SCHEMAS: dict[str, type[BackBillingCase]] = {
    "out_of_tolerance": ToleranceCase,
    "lead_voltage_drop": LeadDropCase,
    "wrong_wiring": WiringCase,
    "wrong_ratio": RatioCase,
    "vt_fuse_blown": NormalUseCase,
    "other_causes": NormalUseCase,
}


@dataclass(frozen=True, slots=True)
class BackBillingRules:
    """The share of the time that is corrected, exact, and to what the energy is rounded."""

    time_share: Fraction
    energy_rounding: EnergyRounding


def calculate(case: BackBillingCase, rules: BackBillingRules, source: Source) -> Outcome:
    """Energy and money to add (positive) or refund (negative)."""
    rounding, convention = choose("energy_rounding", case.convention.energy_rounding, rules.energy_rounding)
    exact, arithmetic = _correction(case, rules)
    energy = back_billing.round_energy(exact, rounding)
    steps = [Step("Energy to correct (退补电量)", f"{arithmetic} = {kwh(exact)}", source.citation)]
    if energy != exact:
        steps.append(Step("Rounded (取整)", f"{kwh(exact)} → {kwh(energy)}"))
    shares = [PricedShare(one.weight, one.price) for one in case.prices]
    correction = back_billing.price_correction(energy, shares)
    for one, (part, price_e8, amount) in zip(case.prices, correction.shares, strict=True):
        steps.append(Step(one.name, f"{kwh(part)} × {price(price_e8)} = {money(amount)}"))
    what = "To refund (退还)" if correction.amount_fen < 0 else "To add (补收)"
    steps.append(Step(what, summed([amount for _, _, amount in correction.shares])))
    results: dict[str, int | str | None] = {"energy_ckwh": energy, "total_fen": correction.amount_fen}
    notes = ("until the error is put right the customer pays the normal bill",)
    return Outcome("back-billing", tuple(steps), results, (convention,), (source,), notes)


def _correction(case: BackBillingCase, rules: BackBillingRules) -> tuple[Fraction, str]:
    """The exact energy in hundredths, and how it was found."""
    if isinstance(case, ToleranceCase):
        return _tolerance(case, rules)
    if isinstance(case, LeadDropCase):
        drop, allowed = case.drop_percent, case.allowed_percent
        exact = back_billing.voltage_drop_correction(case.recorded_kwh, drop / 100, allowed / 100)
        excess = f"({number(drop)} % − {number(allowed)} %)"
        return exact, f"{kwh(case.recorded_kwh)} × " + (excess if drop > allowed else f"{excess}, within the allowance")
    if isinstance(case, WiringCase):
        if case.fault is not None:
            coefficient = FOUR_WIRE_COEFFICIENTS[case.fault]
        else:
            coefficient = (case.correct_power or Fraction(0)) / (case.wrong_power or Fraction(1))
        exact = back_billing.wiring_correction(case.recorded_kwh, coefficient)
        return exact, f"{kwh(case.recorded_kwh)} × ({number(coefficient)} − 1)"
    if isinstance(case, RatioCase):
        exact = back_billing.multiplier_correction(case.billed_kwh, case.billed_multiplier, case.true_multiplier)
        ratios = f"({number(case.true_multiplier)} / {number(case.billed_multiplier)} − 1)"
        return exact, f"{kwh(case.billed_kwh)} × {ratios}"
    if isinstance(case, NormalUseCase):
        exact = back_billing.normal_use_correction(case.normal_month_kwh, case.recorded_kwh, case.months)
        return exact, f"{kwh(case.normal_month_kwh)} × {number(case.months)} − {kwh(case.recorded_kwh)}"
    raise TypeError(f"no arithmetic for {type(case).__name__}")


def _tolerance(case: ToleranceCase, rules: BackBillingRules) -> tuple[Fraction, str]:
    error = case.error_percent
    if abs(error) <= case.tolerance_percent:
        return Fraction(0), f"{number(error)} % is within ± {number(case.tolerance_percent)} %: nothing"
    exact = back_billing.error_correction(case.recorded_kwh, error / 100, rules.time_share)
    sign = "−" if error < 0 else "+"
    factor = f"(1 / (1 {sign} {number(abs(error))} %) − 1)"
    return exact, f"{kwh(case.recorded_kwh)} × {number(rules.time_share)} of the time × {factor}"
