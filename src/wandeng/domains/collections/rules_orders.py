"""Readers of the dated rules of cutting off and of giving supply back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.supply import Disconnection, Reconnection
from wandeng.kernel.money import fen

ORDINARY, HIGH_VOLTAGE, IMPORTANT = "ordinary", "high_voltage", "important"


@dataclass(frozen=True, slots=True)
class Level:
    """Who approves orders for a kind of account: posts over units of these kinds."""

    code: str
    unit_kinds: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CutRule:
    """The rule of disconnection in force on a day, and the file it comes from."""

    approval_valid: timedelta
    levels: tuple[Level, ...]
    per_hour: int
    bulk: int
    instruction_valid: timedelta
    path: str

    def level(self, code: str) -> Level:
        return next(level for level in self.levels if level.code == code)


@dataclass(frozen=True, slots=True)
class BackRule:
    """The rule of reconnection in force on a day: hours by locality, what must be paid, and the file."""

    hours: dict[str, int]
    paid: str
    least_fen: int
    path: str

    def due(self, paid_at: datetime, locality: str) -> datetime:
        return paid_at + timedelta(hours=self.hours[locality])


def level_of(customer_class: str, importance: str) -> str:
    """Which kind of account it is for an approver.

    >>> level_of("RESIDENTIAL", ""), level_of("HIGH_VOLTAGE", ""), level_of("LOW_VOLTAGE", "SECOND")
    ('ordinary', 'high_voltage', 'important')
    """
    if importance:
        return IMPORTANT
    return HIGH_VOLTAGE if customer_class == "HIGH_VOLTAGE" else ORDINARY


def cut_rule(territory: str, on: date, library: RuleLibrary | None = None) -> CutRule:
    """The rule of disconnection. Raises ``NoRuleInForce``, ``TerritoryUnknown``."""
    version = (library or current.library()).version(Disconnection, on=on, territory=territory)
    body = version.body
    return CutRule(
        approval_valid=timedelta(days=body.approval.valid_days),
        levels=tuple(Level(one.accounts, one.unit_kinds) for one in body.approval.levels),
        per_hour=body.radius.per_hour,
        bulk=body.radius.bulk,
        instruction_valid=timedelta(hours=body.instruction.valid_hours),
        path=version.path,
    )


def back_rule(territory: str, on: date, library: RuleLibrary | None = None) -> BackRule:
    """The rule of reconnection. Raises ``NoRuleInForce``, ``TerritoryUnknown``."""
    version = (library or current.library()).version(Reconnection, on=on, territory=territory)
    within = version.body.within
    hours = {"URBAN": within.urban_hours, "RURAL": within.rural_hours, "REMOTE": within.remote_hours}
    demand = version.body.demand
    return BackRule(hours=hours, paid=demand.paid, least_fen=fen(demand.least_yuan), path=version.path)
