"""Readers of the dated price rules: which price codes there are, and what a contract under one needs to state."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from wandeng.domains.tariffs.types import PriceCode, PriceCodeUnknown, StructureFacts, SuspensionTooShort
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.conventions import TwoPart
from wandeng.infra.effective.topics.plans import PricePlan, PricePlans
from wandeng.infra.effective.topics.residential import Residential
from wandeng.kernel.errors import NoRuleInForce

RESIDENTIAL_NAMES = {
    "residential": ("居民生活用电 阶梯", "Residential, tiered"),
    "residential.shared": ("居民生活用电 合表", "Residential, shared meter"),
    "residential.tou": ("居民生活用电 阶梯 峰谷", "Residential, tiered, time of use"),
}


CYCLE_MONTHS = {"month": 1, "year": 12}


def has_residential_plan(body: Residential, plan: str) -> bool:
    """Whether a residential file offers the plan: tiers always, the other two where it prices them."""
    if plan == "residential.shared":
        return body.shared is not None
    return plan == "residential" or body.time_of_use is not None


def find_plan(library: RuleLibrary, territory: str, plan: str, on: date) -> PricePlan | None:
    """The plan as declared on a day, ``None`` when the file of the day does not have it.

    Raises :class:`NoRuleInForce` when no file is in force.
    """
    body = library.version(PricePlans, on=on, territory=territory).body
    return next((row for row in body.plans if row.code == plan), None)


def split_code(code: str) -> tuple[str, str]:
    """A price code as territory and plan.

    >>> split_code("hunan.residential.tou")
    ('hunan', 'residential.tou')

    Raises :class:`PriceCodeUnknown` when it is not of that form.
    """
    territory, _, plan = code.partition(".")
    if not territory or not plan:
        raise PriceCodeUnknown(f"a price code is written territory.plan, not '{code}'", code=code)
    return territory, plan


def is_residential(plan: str) -> bool:
    """Whether a plan is one of the residential ones, which are priced by tiers."""
    return plan in RESIDENTIAL_NAMES


def declared_plans(library: RuleLibrary, territory: str, from_on: date, to_on: date) -> tuple[str, ...]:
    """Plans of a territory's own files that are declared on some day of ``from_on`` ≤ day < ``to_on``, sorted."""
    found: set[str] = set()
    if library.home(Residential.topic_name, territory) == territory:
        for homes in library.versions(Residential, territory):
            if homes.effective_from < to_on and homes.effective_to > from_on:
                found |= {plan for plan in RESIDENTIAL_NAMES if has_residential_plan(homes.body, plan)}
    if library.home(PricePlans.topic_name, territory) == territory:
        for others in library.versions(PricePlans, territory):
            if others.effective_from < to_on and others.effective_to > from_on:
                found |= {row.code for row in others.body.plans}
    return tuple(sorted(found))


def territory_codes(library: RuleLibrary, territory: str, from_on: date, to_on: date) -> tuple[str, ...]:
    """Price codes a territory may use in a window: its own, and those of ancestors it inherits the topic from."""
    return tuple(
        sorted(
            f"{home}.{plan}"
            for home in library.chain(territory)
            for plan in declared_plans(library, home, from_on, to_on)
            if _may_use(library, territory, home, is_residential(plan))
        )
    )


def _may_use(library: RuleLibrary, territory: str, home: str, residential_plan: bool) -> bool:
    """Whether every territory on the way up to ``home`` inherits the plan's topic."""
    topic = Residential.topic_name if residential_plan else PricePlans.topic_name
    chain = library.chain(territory)
    return all(topic in library.territories[code].inherits for code in chain[: chain.index(home)])


def price_codes(library: RuleLibrary, territory: str, on: date) -> tuple[PriceCode, ...]:
    """The price codes a territory may use on a day, with the names people choose by.

    Raises :class:`wandeng.infra.effective.problems.TerritoryUnknown`.
    """
    return tuple(_describe(library, code, on) for code in _codes_on(library, territory, on))


def _codes_on(library: RuleLibrary, territory: str, on: date) -> Iterator[str]:
    yield from territory_codes(library, territory, on, date.fromordinal(on.toordinal() + 1))


def _describe(library: RuleLibrary, code: str, on: date) -> PriceCode:
    territory, plan = split_code(code)
    place = library.territories[territory]
    if is_residential(plan):
        name_zh, name_en = RESIDENTIAL_NAMES[plan]
        status = library.version(Residential, on=on, territory=territory).status
    else:
        found = _plan(library, code, on)
        name_zh, name_en, status = found.name_zh, found.name_en, found.status
    return PriceCode(code, territory, f"{place.name_zh} {name_zh}", f"{place.name_en}: {name_en}", status)


def _plan(library: RuleLibrary, code: str, on: date) -> PricePlan:
    territory, plan = split_code(code)
    found = find_plan(library, territory, plan, on)
    if found is None:
        raise NoRuleInForce(f"price code {code}", on, territory)
    return found


def structure_facts(library: RuleLibrary, code: str, on: date) -> StructureFacts:
    """What a price code is like on a day.

    Raises :class:`NoRuleInForce` when the code is not declared that day, :class:`PriceCodeUnknown` when never.
    """
    require_known(library, code)
    territory, plan = split_code(code)
    described = _describe(library, code, on)
    if is_residential(plan):
        body = library.version(Residential, on=on, territory=territory).body
        if not has_residential_plan(body, plan):
            raise NoRuleInForce(f"price code {code}", on, territory)
        tiered = plan != "residential.shared"
        schedule = body.time_of_use.schedule if plan == "residential.tou" and body.time_of_use else ""
        return StructureFacts(
            code=code,
            name_zh=described.name_zh,
            name_en=described.name_en,
            customer_class="residential",
            two_part=False,
            tiered=tiered,
            tier_cycle=CYCLE_MONTHS[body.cycle.cycle] if tiered else 0,
            reading_month_season=tiered and body.cycle.month_basis == "reading_month",
            schedule=schedule,
            may_adjust_power_factor=False,
            feed_in=False,
        )
    found = _plan(library, code, on)
    return StructureFacts(
        code=code,
        name_zh=described.name_zh,
        name_en=described.name_en,
        customer_class=found.customer_class,
        two_part=found.billing == "two_part",
        tiered=False,
        tier_cycle=0,
        reading_month_season=False,
        schedule=found.schedule,
        may_adjust_power_factor=found.power_factor,
        feed_in=bool(found.feed_in_code),
    )


def require_known(library: RuleLibrary, code: str) -> None:
    """Refuse a code that no file declares on any day.

    Raises :class:`PriceCodeUnknown`.
    """
    territory, plan = split_code(code)
    if territory not in library.territories or plan not in declared_plans(library, territory, date.min, date.max):
        raise PriceCodeUnknown(f"no rule file declares the price code '{code}'", code=code)


@dataclass(frozen=True, slots=True)
class SuspensionRule:
    """How long a suspension of capacity (暂停) lasts at least, and what becomes of a shorter one; ``source`` is the file
    that says so."""

    least_days: int
    short_is_charged: bool
    source: str

    def require(self, usage_point: str, from_on: date, to_on: date) -> None:
        """Raises ``SuspensionTooShort``."""
        days, least, rule = (to_on - from_on).days, self.least_days, self.source
        if days < least:
            message = f"a suspension lasts at least {least} days ({rule}); {usage_point} asks for {days}"
            raise SuspensionTooShort(message, usage_point=usage_point, days=days, least=least, rule=rule)

    def charged_from(self, from_on: date, ended_on: date) -> date:
        """From which day the capacity is charged again that rested from ``from_on`` and ran again on ``ended_on``."""
        is_short = (ended_on - from_on).days < self.least_days
        return from_on if is_short and self.short_is_charged else ended_on


def suspension_rule(library: RuleLibrary, price_code: str, on: date) -> SuspensionRule:
    """The rule of the price code's territory on the first day of a suspension. Raises :class:`NoRuleInForce`."""
    territory, _ = split_code(price_code)
    version = library.version(TwoPart, on=on, territory=territory)
    rule = version.body.suspension
    return SuspensionRule(rule.least_days, rule.short_is_charged, version.path)
