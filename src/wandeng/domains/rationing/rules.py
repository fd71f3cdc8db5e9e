"""Readers of the dated rules of rationing, and what follows from them."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.rationing import Rationing, RationingStep
from wandeng.kernel.periods import BILLING_ZONE

TERRITORY = "national"


def rationing(on: date, *, territory: str = TERRITORY, library: RuleLibrary | None = None) -> Rationing:
    """The rule in force on a day. Raises ``NoRuleInForce``, ``TerritoryUnknown``."""
    return (library or current.library()).version(Rationing, on=on, territory=territory).body


def doors(on: date, *, library: RuleLibrary | None = None) -> dict[str, timedelta]:
    """Territory → how shortly before a deadline somebody goes to the door, of those that have a rule in force on a day."""
    found = (library or current.library()).in_force(Rationing, on=on)
    return {territory: timedelta(hours=rule.door.hours_before) for territory, rule in found.items()}


def level_of(rule: Rationing, *, gap_kw: int, max_demand_kw: int) -> RationingStep:
    """The level of a gap: the gravest whose share of the highest demand it exceeds."""
    return next(
        one for one in rule.levels.steps if gap_kw * 100 > one.over_percent * max_demand_kw or not one.over_percent
    )


def ready_kw(step: RationingStep, max_demand_kw: int) -> int:
    """What a scheme has ready for a level, whole kW, up."""
    return -int(-(step.ready_percent * max_demand_kw) // 100)


def notice_by(rule: Rationing, starts_at: datetime) -> datetime:
    """By when everyone affected must have been told."""
    return starts_at - timedelta(days=rule.notice.days)


def local_day(at: datetime) -> date:
    """The local day of a moment."""
    return at.astimezone(BILLING_ZONE).date()
