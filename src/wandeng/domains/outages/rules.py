"""Readers of the dated rules of planning, and the moments that follow from them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime, time, timedelta

from wandeng.domains.outages.types.plans import Level, OutageCategory
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.outage_months import OutageMonths
from wandeng.infra.effective.topics.outage_planning import Notice, OutagePlanning
from wandeng.infra.effective.topics.outage_running import OutageRunning, Overrun
from wandeng.infra.effective.topics.outage_telling import OutageTelling
from wandeng.infra.effective.topics.reliability import Frequent, ReliabilityStandards
from wandeng.kernel.periods import BILLING_ZONE

TERRITORY = "national"


def planning(on: date, *, territory: str = TERRITORY, library: RuleLibrary | None = None) -> OutagePlanning:
    """The rule in force on a day. Raises ``NoRuleInForce``, ``TerritoryUnknown``."""
    return (library or current.library()).version(OutagePlanning, on=on, territory=territory).body


def months(on: date, *, territory: str = TERRITORY, library: RuleLibrary | None = None) -> OutageMonths:
    """How a month is arranged, by the rule in force on a day. Raises ``NoRuleInForce``, ``TerritoryUnknown``."""
    return (library or current.library()).version(OutageMonths, on=on, territory=territory).body


def telling(on: date, *, territory: str = TERRITORY, library: RuleLibrary | None = None) -> OutageTelling:
    """Time limits of telling people, by the rule in force on a day. Raises ``NoRuleInForce``, ``TerritoryUnknown``."""
    return (library or current.library()).version(OutageTelling, on=on, territory=territory).body


def doors(on: date, *, library: RuleLibrary | None = None) -> dict[str, timedelta]:
    """Territory → how shortly before a deadline somebody goes to the door, of those that have a rule in force on a day."""
    found = (library or current.library()).in_force(OutageTelling, on=on)
    return {territory: timedelta(hours=rule.door.hours_before) for territory, rule in found.items()}


def notice_by(notice: Notice, category: str, starts_at: datetime) -> datetime:
    """By when everyone affected must have been told: whole days before, or hours before a temporary outage."""
    if category == OutageCategory.TEMPORARY:
        return starts_at - timedelta(hours=notice.temporary_hours)
    return starts_at - timedelta(days=notice.planned_days)


def internal_by(notice: Notice, category: str, starts_at: datetime) -> datetime:
    """By when a plan must be published within the utility, so that there is time to tell."""
    if category == OutageCategory.TEMPORARY:
        return starts_at - timedelta(hours=notice.temporary_hours)
    return starts_at - timedelta(days=notice.internal_days)


def local_day(at: datetime) -> date:
    """The local day of a moment."""
    return at.astimezone(BILLING_ZONE).date()


def midnight(day: date) -> datetime:
    """Where a local day begins."""
    return datetime.combine(day, time(), BILLING_ZONE)


def overrun(on: date, *, library: RuleLibrary | None = None) -> Overrun:
    """When an outage that still runs is told of, by the rule in force on a day (``outage_running``). Raises ``NoRuleInForce``."""
    return (library or current.library()).version(OutageRunning, on=on, territory=TERRITORY).body.overrun


def frequent(on: date, *, territory: str = TERRITORY, library: RuleLibrary | None = None) -> Frequent:
    """What frequent interruptions are on a day (``reliability_standards``). Raises ``NoRuleInForce``."""
    return (library or current.library()).version(ReliabilityStandards, on=on, territory=territory).body.frequent


SHORT = "TEMPORARY_SHORT"
"""What a temporary outage is warned of that is told later than the rule wants."""


OWN_LEVEL: Mapping[str, Level] = {"COUNTY": Level.COUNTY, "CITY": Level.CITY, "PROVINCE": Level.CITY}
"""The level that decides first on a plan of such a unit itself: no station is below it whose manager could."""


def levels(
    rule: OutagePlanning, *, unit_kind: str, category: str, customers: int, important: int, warnings: Collection[str]
) -> tuple[Level, ...]:
    """Who decides, the lowest level first. ``warnings``: what has to be answered for. A temporary outage is decided so many levels
    above a planned one of its size as the rule says, and higher still when it is told late (从严审批临时停电). A unit above the
    stations decides itself where the rule wants a level below its own."""
    order = [one.level for one in rule.levels.steps]
    needed = {
        one.level
        for one in rule.levels.steps
        if customers >= one.from_customers or (one.from_important and important >= one.from_important)
    }
    if category == OutageCategory.TEMPORARY:
        above = max(order.index(level) for level in needed) + rule.levels.temporary_above
        needed |= {rule.levels.temporary, order[min(above, len(order) - 1)]}
        if SHORT in warnings:
            needed.add(rule.levels.temporary_short)
    if warnings:
        needed.add(rule.levels.warned)
    own = OWN_LEVEL.get(unit_kind)
    first = next((place for place, level in enumerate(order) if level == own), 0)
    top = max(first, *(order.index(level) for level in needed))
    return tuple(Level(level) for level in order[first : top + 1])
