"""Trial of theft (窃电): connected equipment or the meter's capacity, the time if known, price and
penalty."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from pydantic import Field, model_validator

from wandeng.calc import penalties
from wandeng.calc.penalties import Load, Penalty, PenaltyRounding
from wandeng.calc.trial.conventions import choose, one_of
from wandeng.calc.trial.fields import (
    Case,
    CountAboveZero,
    Day,
    ExactAboveZero,
    Facts,
    Kwh,
    Milliamperes,
    Price,
    Watts,
)
from wandeng.calc.trial.steps import Outcome, Source, Step, exact_money, joined, kwh, money, number, price
from wandeng.kernel.errors import InvalidInput

USE = '"power" or "lighting": which hours a day count while the time is unknown'
HOURS = "hours of use a day where they are known, above 0 and at most 24"
PRICE = 'a price in yuan/kWh with at most 8 decimals, such as "0.40"'


class LoadCase(Case):
    """Connected equipment of one kind."""

    name: str = Field(default="equipment", description="what it is, as text")
    power_kw: Watts = Field(description='rated power of one in kW, at most 3 decimals, such as "2"')
    count: CountAboveZero = Field(default=1, description="how many, a whole number above 0")
    use: Literal["power", "lighting"] = Field(default="power", description=USE)
    hours_per_day: ExactAboveZero | None = Field(default=None, description=HOURS)


class MeterCase(Case):
    """The meter whose rated current stands for the capacity when the equipment is not known."""

    rated_current_a: Milliamperes = Field(description='rated current in A, such as "5"')
    phase_voltage_v: CountAboveZero = Field(default=220, description="phase voltage in V, a whole number")
    phases: Literal[1, 3] = Field(default=1, description="1 or 3")
    ratio: ExactAboveZero = Field(default=Fraction(1), description='transformer ratio, such as "100/5"')
    use: Literal["power", "lighting"] = Field(default="power", description=USE)
    hours_per_day: ExactAboveZero | None = Field(default=None, description=HOURS)


class PenaltyConvention(Case):
    rounding: PenaltyRounding | None = Field(default=None, description=one_of(PenaltyRounding))


class TheftCase(Case):
    territory: str = Field(default="national", description="a folder name under rules/, as text")
    on: Day = Field(description="the day the theft was found, YYYY-MM-DD: it selects the rule")
    loads: tuple[LoadCase, ...] = Field(default=(), description="a list of equipment, each with power_kw")
    meter: MeterCase | None = Field(default=None, description="an object with rated_current_a, instead of loads")
    days: CountAboveZero | None = Field(default=None, description="days the theft lasted; left out when not known")
    recorded_kwh: Kwh = Field(default=0, description="kWh the meter recorded in that time, already billed")
    price: Price = Field(description=PRICE)
    multiple: CountAboveZero | None = Field(
        default=None, description="the multiple agreed in the contract, a whole number"
    )
    convention: PenaltyConvention = Field(default=PenaltyConvention(), description='an object with "rounding"')

    @model_validator(mode="before")
    @classmethod
    def _equipment_or_meter(cls, facts: Facts) -> Facts:
        if isinstance(facts, dict) and bool(facts.get("loads")) == bool(facts.get("meter")):
            raise ValueError('either "loads" with at least one entry or "meter", not both')
        return facts


@dataclass(frozen=True, slots=True)
class TheftRules:
    """The dated parameters: multiple of the penalty and whether it is a maximum, days of an unknown time,
    hours a day of power and lighting use, and what the multiple is taken of."""

    multiple: int
    multiple_is_maximum: bool
    unknown_days: int
    hours_per_day: dict[str, int]
    rounding: PenaltyRounding


def calculate(case: TheftCase, rules: TheftRules, source: Source) -> Outcome:
    """The stolen energy, its price, the penalty, and both together.

    Raises :class:`InvalidInput` for a contract's multiple the rule does not allow.
    """
    rounding, convention = choose("rounding", case.convention.rounding, rules.rounding)
    multiple = agreed_multiple(case.multiple, rules.multiple, rules.multiple_is_maximum)
    days = case.days or rules.unknown_days
    loads = [load_of(load, rules.hours_per_day) for load in case.loads] or [_meter_load(case, rules)]
    energy = penalties.connected_energy(loads, days)
    penalty = penalties.theft(energy, case.recorded_kwh, case.price, multiple, rounding)
    steps = []
    if case.days is None:
        steps.append(Step("Time unknown (时间不明)", f"{days} d", source.citation))
    if case.meter:
        watts = number(Fraction(loads[0].power_w, 1000))
        meter = case.meter
        sign = f"{number(Fraction(meter.rated_current_a, 1000))} A × {meter.phase_voltage_v} V × {meter.phases}"
        steps.append(Step("Capacity of the meter (kVA as kW)", f"{sign} × {number(meter.ratio)} = {watts} kW"))
    steps.append(Step("Energy stolen (窃电量)", f"{energy_terms(loads, days)} = {kwh(energy)}", source.citation))
    stolen = energy - case.recorded_kwh
    if case.recorded_kwh:
        steps.append(
            Step("Less what was billed (扣减已计电量)", f"{kwh(energy)} − {kwh(case.recorded_kwh)} = {kwh(stolen)}")
        )
    steps.append(
        Step("Price of it (补交电费)", f"{kwh(stolen)} × {price(case.price)} = {exact_money(penalty.exact_base_fen)}")
    )
    steps += penalty_steps(penalty, rounding, source)
    results: dict[str, int | str | None] = {"energy_ckwh": number_of_hundredths(stolen), **penalty_results(penalty)}
    return Outcome("theft", tuple(steps), results, (convention,), (source,))


def agreed_multiple(agreed: int | None, by_rule: int, is_maximum: bool) -> int:
    """The rule's multiple, or the contract's where the rule lets it be lower."""
    if agreed is None or agreed == by_rule:
        return by_rule
    if not is_maximum or agreed > by_rule:
        limit = f"at most {by_rule}" if is_maximum else f"{by_rule}, no other"
        raise InvalidInput(f"multiple: the rule of that day asks for {limit}, the case says {agreed}")
    return agreed


def load_of(load: LoadCase, hours_per_day: dict[str, int]) -> Load:
    """Equipment with its hours a day: the known ones, else those of the rule for its use."""
    return Load(Fraction(load.power_kw), load.count, load.hours_per_day or Fraction(hours_per_day[load.use]))


def energy_terms(loads: list[Load], days: int) -> str:
    """The arithmetic of connected energy in kW, hours and days."""
    terms = (
        f"{number(Fraction(load.power_w, 1000))} kW"
        + (f" × {load.count}" if load.count > 1 else "")
        + f" × {number(load.hours_per_day)} h × {days} d"
        for load in loads
    )
    return joined(terms)


def penalty_steps(penalty: Penalty, rounding: PenaltyRounding, source: Source) -> list[Step]:
    """Penalty and sum, written with the base that was really multiplied."""
    rounded = rounding is PenaltyRounding.ROUNDED_BASE
    base = money(penalty.base_fen) if rounded else exact_money(penalty.exact_base_fen)
    return [
        Step(
            "Penalty (违约使用电费)",
            f"{base} × {penalty.multiple} = {money(penalty.penalty_fen)}",
            source.citation,
        ),
        Step(
            "Together (合计)", f"{money(penalty.base_fen)} + {money(penalty.penalty_fen)} = {money(penalty.total_fen)}"
        ),
    ]


def penalty_results(penalty: Penalty) -> dict[str, int | str | None]:
    """The amounts of a penalty in fen."""
    return {"base_fen": penalty.base_fen, "penalty_fen": penalty.penalty_fen, "total_fen": penalty.total_fen}


def number_of_hundredths(energy_ckwh: Fraction) -> int | str:
    """Hundredths of a kWh as an integer; as the exact quotient where they are none."""
    return energy_ckwh.numerator if energy_ckwh.denominator == 1 else str(energy_ckwh)


def _meter_load(case: TheftCase, rules: TheftRules) -> Load:
    meter = case.meter
    if meter is None:
        raise InvalidInput("neither equipment nor a meter is given")
    watts = penalties.meter_power_w(meter.rated_current_a, meter.phase_voltage_v, meter.phases, meter.ratio)
    hours = meter.hours_per_day or Fraction(rules.hours_per_day[meter.use])
    return Load(watts, 1, hours)
