"""Reader of the dated rule of self-service."""

from __future__ import annotations

from datetime import datetime, timedelta

from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.self_service import SelfService
from wandeng.kernel.periods import BILLING_ZONE

TERRITORY = "national"


def self_service(at: datetime, *, library: RuleLibrary | None = None) -> SelfService:
    """Limits on codes, sessions, look-ups and reports in force at a time. Raises ``NoRuleInForce``."""
    on = at.astimezone(BILLING_ZONE).date()
    return (library or current.library()).version(SelfService, on=on, territory=TERRITORY).body


def checked_since(at: datetime, *, library: RuleLibrary | None = None) -> datetime:
    """Since when a contact must have been found right to show by itself whose account it is. Raises ``NoRuleInForce``."""
    return at - timedelta(days=self_service(at, library=library).contacts.prove_for_days)
