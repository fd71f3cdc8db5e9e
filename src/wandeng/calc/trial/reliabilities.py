"""Trial of reliability: a published pair, the events of a period, or the equivalent hours of a rationing."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from pydantic import Field, model_validator

from wandeng.calc import reliability
from wandeng.calc.reliability import Indices, Interruption, Served
from wandeng.calc.trial.fields import Case, Count, CountAboveZero, Day, ExactAboveZero, ExactNotNegative, Facts
from wandeng.calc.trial.steps import Outcome, Source, Step, fixed, number

HOURS_DECIMALS = 2
INDEX_DECIMALS = 4


class ReliabilityCase(Case):
    """What every reliability case has."""

    territory: str = Field(default="national", description="a folder name under rules/, as text")
    given: str = Field(description="what is given")
    from_on: Day = Field(description="the first day of the period, YYYY-MM-DD")
    to_on: Day = Field(description="the day after the last of the period, YYYY-MM-DD")


class PairCase(ReliabilityCase):
    """One of ASAI and SAIDI, and SAIFI where it is known."""

    saidi_hours: ExactNotNegative | None = Field(
        default=None, description='hours a customer was without, such as "7.83"'
    )
    asai_percent: ExactNotNegative | None = Field(default=None, description='reliability in percent, such as "99.911"')
    saifi: ExactAboveZero | None = Field(default=None, description='times a customer was interrupted, such as "2.30"')

    @model_validator(mode="before")
    @classmethod
    def _one_of_the_pair(cls, facts: Facts) -> Facts:
        if isinstance(facts, dict) and ("saidi_hours" in facts) == ("asai_percent" in facts):
            raise ValueError('either "saidi_hours" or "asai_percent", not both')
        return facts


class EventCase(Case):
    """One interruption."""

    minutes: ExactNotNegative = Field(description="how long in minutes")
    customers: Count = Field(description="customers interrupted, a whole number")
    capacity_kva: ExactNotNegative | None = Field(default=None, description="kVA interrupted, where it is known")


class EventsCase(ReliabilityCase):
    """Interruptions of a period and who was served."""

    events: tuple[EventCase, ...] = Field(description="a list of interruptions, each with minutes and customers")
    customers_served: CountAboveZero = Field(description="customers served, a whole number above 0")
    capacity_served_kva: ExactAboveZero | None = Field(default=None, description="kVA served, where it is known")
    customers_hit: CountAboveZero | None = Field(
        default=None, description="different customers interrupted, where known"
    )
    sustained_minutes: ExactNotNegative | None = Field(
        default=None, description="longer than this is a sustained interruption, instead of the rule's minutes"
    )


class RationingCase(ReliabilityCase):
    """Equivalent outage hours of a rationing (限电)."""

    hours: ExactNotNegative = Field(description="hours of the rationing")
    allowed_power: ExactNotNegative = Field(description="power allowed during the rationing")
    power_before: ExactAboveZero = Field(description="power before it, in the same unit")


SCHEMAS: dict[str, type[ReliabilityCase]] = {"pair": PairCase, "events": EventsCase, "rationing": RationingCase}


@dataclass(frozen=True, slots=True)
class ReliabilityRules:
    """Minutes above which an interruption is sustained, and decimals of a printed percentage."""

    sustained_minutes: int
    percent_decimals: int


def calculate(case: ReliabilityCase, rules: ReliabilityRules, source: Source) -> Outcome:
    """The indices, rounded half up for the answer, with the exact quotients beside the steps."""
    if isinstance(case, RationingCase):
        hours = reliability.rationing_equivalent(case.hours, case.allowed_power, case.power_before)
        quotient = f"{number(case.allowed_power)} / {number(case.power_before)}"
        step = Step("Equivalent hours (等效停电时间)", f"{number(case.hours)} h × (1 − {quotient}) = {number(hours)} h")
        return Outcome("reliability", (step,), {"equivalent_hours": fixed(hours, INDEX_DECIMALS)}, (), (source,))
    hours_of_period = reliability.period_hours(case.from_on, case.to_on)
    days = hours_of_period // reliability.HOURS_PER_DAY
    period = Step("Hours of the period (统计期间)", f"{days} d × 24 h = {hours_of_period:,} h")
    if isinstance(case, PairCase):
        return _pair(case, hours_of_period, rules, source, period)
    if isinstance(case, EventsCase):
        return _events(case, hours_of_period, rules, source, period)
    raise TypeError(f"no arithmetic for {type(case).__name__}")


def _pair(case: PairCase, hours: int, rules: ReliabilityRules, source: Source, period: Step) -> Outcome:
    steps = [period]
    results: dict[str, int | str | None] = {"period_hours": hours}
    if case.saidi_hours is not None:
        saidi = case.saidi_hours
        asai = reliability.asai_from_saidi(saidi, hours)
        shown = fixed(asai * 100, rules.percent_decimals)
        steps.append(Step("ASAI (供电可靠率)", f"1 − {number(saidi)} h / {hours:,} h = {shown} %", source.citation))
    else:
        asai = (case.asai_percent or Fraction(0)) / 100
        saidi = reliability.saidi_from_asai(asai, hours)
        shown = f"(1 − {number(asai * 100)} %) × {hours:,} h = {fixed(saidi, HOURS_DECIMALS)} h"
        steps.append(Step("SAIDI (用户平均停电时间)", shown, source.citation))
    results |= {
        "asai_percent": fixed(asai * 100, rules.percent_decimals),
        "saidi_hours": fixed(saidi, HOURS_DECIMALS),
    }
    if case.saifi is not None:
        caidi = reliability.caidi(saidi, case.saifi)
        shown = f"{number(saidi)} h / {number(case.saifi)} = {fixed(caidi, HOURS_DECIMALS)} h"
        steps.append(Step("CAIDI (每次平均停电时间)", shown, source.citation))
        results |= {"saifi": fixed(case.saifi, INDEX_DECIMALS), "caidi_hours": fixed(caidi, HOURS_DECIMALS)}
    return Outcome("reliability", tuple(steps), results, (), (source,))


def _events(case: EventsCase, hours: int, rules: ReliabilityRules, source: Source, period: Step) -> Outcome:
    given = case.sustained_minutes
    threshold = Fraction(rules.sustained_minutes) if given is None else given
    served = Served(case.customers_served, case.capacity_served_kva, case.customers_hit)
    events = [Interruption(event.minutes, event.customers, event.capacity_kva) for event in case.events]
    found = reliability.indices(events, served, hours, threshold)
    sustained = [event for event in events if event.minutes > threshold]
    hits = sum(event.customers for event in sustained)
    minutes = found.customer_hours * reliability.MINUTES_PER_HOUR
    base = f"{case.customers_served:,}"
    whose = "the rule file" if given is None else "the case file"
    steps = [
        period,
        Step(
            "Sustained interruptions (持续停电)",
            f"longer than {number(threshold)} min by {whose}: {len(sustained)} of {len(events)}",
            source.citation,
        ),
        Step("SAIFI (用户平均停电次数)", f"{hits:,} / {base} = {number(found.saifi)}"),
        Step("SAIDI (用户平均停电时间)", f"{number(minutes)} min / {base} = {number(found.saidi_minutes)} min"),
        Step(
            "ASAI (供电可靠率)",
            f"1 − {number(minutes)} min / ({base} × {hours * 60:,} min)"
            f" = {fixed(found.asai * 100, rules.percent_decimals)} %",
        ),
    ]
    steps += _further_steps(found, minutes, hits, case)
    return Outcome("reliability", tuple(steps), _index_results(found, rules), (), (source,))


def _further_steps(found: Indices, minutes: Fraction, hits: int, case: EventsCase) -> list[Step]:
    steps = []
    if found.caidi_minutes is not None:
        shown = f"{number(minutes)} min / {hits:,} = {number(found.caidi_minutes)} min"
        steps.append(Step("CAIDI (每次平均停电时间)", shown))
    if found.caifi is not None and found.ctaidi_minutes is not None and case.customers_hit is not None:
        steps.append(Step("CAIFI", f"{hits:,} / {case.customers_hit:,} = {number(found.caifi)}"))
        shown = f"{number(minutes)} min / {case.customers_hit:,} = {number(found.ctaidi_minutes)} min"
        steps.append(Step("CTAIDI", shown))
    if found.asifi is not None and found.asidi_minutes is not None:
        steps.append(Step("ASIFI", f"interrupted kVA / served kVA = {number(found.asifi, 6)}"))
        steps.append(Step("ASIDI", f"interrupted kVA·min / served kVA = {number(found.asidi_minutes)} min"))
    steps.append(Step("MAIFI", f"momentary customers / served = {number(found.maifi)}"))
    return steps


def _index_results(found: Indices, rules: ReliabilityRules) -> dict[str, int | str | None]:
    def shown(value: Fraction | None, decimals: int = INDEX_DECIMALS) -> str | None:
        return None if value is None else fixed(value, decimals)

    return {
        "saifi": shown(found.saifi),
        "saidi_minutes": shown(found.saidi_minutes),
        "caidi_minutes": shown(found.caidi_minutes),
        "asai_percent": shown(found.asai * 100, rules.percent_decimals),
        "asai": shown(found.asai, 6),
        "customer_hours": shown(found.customer_hours),
        "caifi": shown(found.caifi),
        "ctaidi_minutes": shown(found.ctaidi_minutes),
        "asifi": shown(found.asifi, 5),
        "asidi_minutes": shown(found.asidi_minutes),
        "maifi": shown(found.maifi),
    }
