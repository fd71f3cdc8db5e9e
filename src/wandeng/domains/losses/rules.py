"""Reader of the dated rule of line loss."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from wandeng.calc.area_loss import LossBands
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.line_loss import LineLoss

TERRITORY = "national"


def line_loss(on: date, *, territory: str = TERRITORY, library: RuleLibrary | None = None) -> LineLoss:
    """The rule in force on a day. Raises ``NoRuleInForce``, ``TerritoryUnknown``."""
    return (library or current.library()).version(LineLoss, on=on, territory=territory).body


def bands(rule: LineLoss) -> LossBands:
    """The rule as whole numbers of 10⁻⁴."""
    return LossBands(
        high_e4=_e4(rule.bands.high_percent, 100),
        very_high_e4=_e4(rule.bands.very_high_percent, 100),
        negative_e4=_e4(rule.bands.negative_percent, 100),
        collection_e4=_e4(rule.computable.collection_percent, 100),
        untimed_e4=_e4(rule.computable.untimed_percent, 100),
        hours=rule.computable.hours,
        ratios_e4=tuple(_e4(one, 10_000) for one in rule.ratios.factors),
        ratio_tolerance_e4=_e4(rule.ratios.tolerance_percent, 100),
    )


def _e4(value: Decimal, times: int) -> int:
    return int((value * times).to_integral_value(ROUND_HALF_UP))
