"""Reader of the dated rule of storms."""

from __future__ import annotations

from datetime import datetime

from wandeng.calc.probable_device import Sureness
from wandeng.calc.supply_events import Believing
from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.emergency import Emergency
from wandeng.kernel.periods import BILLING_ZONE

TERRITORY = "national"


def emergency(at: datetime, *, territory: str = TERRITORY, library: RuleLibrary | None = None) -> Emergency:
    """The rule in force. Raises ``NoRuleInForce``, ``TerritoryUnknown``."""
    on = at.astimezone(BILLING_ZONE).date()
    return (library or current.library()).version(Emergency, on=on, territory=territory).body


def believing(rule: Emergency) -> Believing:
    """How far events are believed, as arithmetic takes it."""
    one = rule.believing
    return Believing(
        one.momentary_seconds, one.dark_hours, one.lit_minutes, one.flaps, one.flap_minutes, one.ahead_seconds
    )


def sureness(rule: Emergency) -> Sureness:
    """When a probable device is sure, as arithmetic takes it."""
    one = rule.sureness
    return Sureness(one.high_share, one.high_reports, one.medium_share, one.medium_reports)
