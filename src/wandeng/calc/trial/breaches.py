"""Trial of breach of contract (违约用电), the kinds of 供电营业规则 1996 art. 100."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from pydantic import Field, StrictBool, model_validator

from wandeng.calc import penalties
from wandeng.calc.charged_days import DayCount, MonthDays, charged_days, total_days
from wandeng.calc.penalties import Penalty, PenaltyRounding
from wandeng.calc.trial.conventions import choose, one_of
from wandeng.calc.trial.fields import Capacity, Case, CountAboveZero, Day, Facts, Kwh, Price
from wandeng.calc.trial.steps import (
    Convention,
    Outcome,
    Source,
    Step,
    exact_money,
    joined,
    kwh,
    money,
    number,
    price,
)
from wandeng.calc.trial.thefts import (
    PRICE,
    LoadCase,
    agreed_multiple,
    energy_terms,
    load_of,
    number_of_hundredths,
    penalty_results,
    penalty_steps,
)

MULTIPLE = "the multiple agreed in the contract, a whole number"


class BreachConvention(Case):
    rounding: PenaltyRounding | None = Field(default=None, description=one_of(PenaltyRounding))
    day_count: DayCount | None = Field(default=None, description=one_of(DayCount))


class BreachCase(Case):
    """What every breach has."""

    territory: str = Field(default="national", description="a folder name under rules/, as text")
    breach: str = Field(description="the kind of breach")
    on: Day = Field(description="the day the breach was found, YYYY-MM-DD: it selects the rule")


class ClassMisuseCase(BreachCase):
    """高价低接: dearer-class equipment on a cheaper-class line."""

    loads: tuple[LoadCase, ...] = Field(default=(), description="a list of equipment, each with power_kw")
    energy_kwh: Kwh | None = Field(default=None, description="kWh used that way, instead of loads")
    days: CountAboveZero | None = Field(default=None, description="days it lasted; left out when not known")
    paid_price: Price = Field(description=PRICE)
    due_price: Price = Field(description=PRICE)
    multiple: CountAboveZero | None = Field(default=None, description=MULTIPLE)
    convention: BreachConvention = Field(default=BreachConvention(), description='an object with "rounding"')

    @model_validator(mode="before")
    @classmethod
    def _loads_or_energy(cls, facts: Facts) -> Facts:
        if isinstance(facts, dict) and bool(facts.get("loads")) == ("energy_kwh" in facts):
            raise ValueError('either "loads" with at least one entry or "energy_kwh", not both')
        return facts


class BasicChargeCase(BreachCase):
    """私自增容 or 擅自启封 by a two-part user: capacity, its price, and from when to when."""

    capacity_kva: Capacity = Field(description="kVA added or reopened, above 0, at most 2 decimals")
    price: Price = Field(description='the basic charge in yuan per kVA and month, such as "15"')
    from_on: Day = Field(description="the first day of it, or the day it was sealed when the start is not known")
    to_on: Day = Field(description="the day it was found or removed, YYYY-MM-DD")
    multiple: CountAboveZero | None = Field(default=None, description=MULTIPLE)
    convention: BreachConvention = Field(
        default=BreachConvention(), description='an object with "rounding" and "day_count"'
    )


class CapacityCase(BreachCase):
    """The fixed amounts per kW of other users: 私自增容, 擅自启封, 擅自引入或供出电源."""

    capacity_kw: Capacity = Field(description="kW (kVA counts as kW) above 0, at most 2 decimals")
    times: CountAboveZero = Field(default=1, description="how many times, a whole number above 0")


class TamperingCase(BreachCase):
    """擅自操作计量装置, load-control or supply equipment."""

    residential: StrictBool = Field(description="true for a household, false for any other user")
    times: CountAboveZero = Field(default=1, description="how many times, a whole number above 0")


SCHEMAS: dict[str, type[BreachCase]] = {
    "class_misuse": ClassMisuseCase,
    "over_capacity_two_part": BasicChargeCase,
    "over_capacity": CapacityCase,
    "sealed_two_part": BasicChargeCase,
    "sealed": CapacityCase,
    "tampering": TamperingCase,
    "unauthorized_source": CapacityCase,
}


@dataclass(frozen=True, slots=True)
class BreachRules:
    """The dated parameters of the breach in question. Which are set depends on it: a multiple with the
    rounding (and the counting of days on ``month_days``), or an amount per kW or per time in fen."""

    rounding: PenaltyRounding
    day_count: DayCount
    month_days: int
    multiple: int = 0
    multiple_is_maximum: bool = False
    unknown_days: int = 0
    hours_per_day: dict[str, int] | None = None
    per_unit_fen: int = 0
    residential_fen: int = 0
    unknown_days_terms: str = ""


def calculate(case: BreachCase, rules: BreachRules, source: Source) -> Outcome:
    """The answer for any of the breaches; the class of the case decides the arithmetic."""
    if isinstance(case, ClassMisuseCase):
        return _class_misuse(case, rules, source)
    if isinstance(case, BasicChargeCase):
        return _basic_charge(case, rules, source)
    if isinstance(case, TamperingCase):
        amount = (rules.residential_fen if case.residential else rules.per_unit_fen) * case.times
        each = money(rules.residential_fen if case.residential else rules.per_unit_fen)
        return _fixed(f"{each} × {case.times} = {money(amount)}", amount, source)
    if isinstance(case, CapacityCase):
        amount = penalties.unit_penalty(case.capacity_kw, rules.per_unit_fen, case.times)
        size = f"{number(Fraction(case.capacity_kw, 100))} kW × {money(rules.per_unit_fen)}"
        times = f" × {case.times}" if case.times > 1 else ""
        return _fixed(f"{size}{times} = {money(amount)}", amount, source)
    raise TypeError(f"no arithmetic for {type(case).__name__}")


def _class_misuse(case: ClassMisuseCase, rules: BreachRules, source: Source) -> Outcome:
    rounding, convention = choose("rounding", case.convention.rounding, rules.rounding)
    multiple = agreed_multiple(case.multiple, rules.multiple, rules.multiple_is_maximum)
    steps = []
    if case.energy_kwh is None:
        days = case.days or rules.unknown_days
        if case.days is None:
            terms = f"{rules.unknown_days_terms} = {days} d"
            steps.append(Step("Time unknown (时间不明)", terms, source.citation))
        loads = [load_of(load, rules.hours_per_day or {}) for load in case.loads]
        energy = penalties.connected_energy(loads, days)
        steps.append(Step("Energy (用电量)", f"{energy_terms(loads, days)} = {kwh(energy)}"))
    else:
        energy = Fraction(case.energy_kwh)
    penalty = penalties.class_misuse(energy, case.paid_price, case.due_price, multiple, rounding)
    difference = f"{kwh(energy)} × ({price(case.due_price)} − {price(case.paid_price)})"
    paid_back = f"{difference} = {exact_money(penalty.exact_base_fen)}"
    steps.append(Step("Price difference (差额电费)", paid_back, source.citation))
    results: dict[str, int | str | None] = {"energy_ckwh": number_of_hundredths(energy)}
    return _with_penalty(steps, results, penalty, rounding, (convention,), source)


def _basic_charge(case: BasicChargeCase, rules: BreachRules, source: Source) -> Outcome:
    rounding, rounded = choose("rounding", case.convention.rounding, rules.rounding)
    day_count, counted = choose("day_count", case.convention.day_count, rules.day_count)
    multiple = agreed_multiple(case.multiple, rules.multiple, rules.multiple_is_maximum)
    months = charged_days(case.from_on, case.to_on, day_count, month_days=rules.month_days)
    days = total_days(months)
    penalty = penalties.basic_charge_breach(case.capacity_kva, case.price, days, rules.month_days, multiple, rounding)
    size = f"{number(Fraction(case.capacity_kva, 100))} kVA × {price(case.price)}"
    steps = [
        Step("Days of each month (天数)", f"{_month_terms(months)} = {days} d"),
        Step(
            "Basic charge (补交基本电费)",
            f"{size} × {days}/{rules.month_days} = {exact_money(penalty.exact_base_fen)}",
            source.citation,
        ),
    ]
    return _with_penalty(steps, {"days": days}, penalty, rounding, (rounded, counted), source)


def _month_terms(months: tuple[MonthDays, ...]) -> str:
    return joined(f"{part.month}: {part.days}" for part in months) or "0"


def _with_penalty(
    steps: list[Step],
    results: dict[str, int | str | None],
    penalty: Penalty,
    rounding: PenaltyRounding,
    conventions: tuple[Convention, ...],
    source: Source,
) -> Outcome:
    steps = steps + penalty_steps(penalty, rounding, source)
    return Outcome("breach", tuple(steps), results | penalty_results(penalty), conventions, (source,))


def _fixed(arithmetic: str, amount_fen: int, source: Source) -> Outcome:
    step = Step("Penalty (违约使用电费)", arithmetic, source.citation)
    return Outcome("breach", (step,), {"penalty_fen": amount_fen, "total_fen": amount_fen}, (), (source,))
