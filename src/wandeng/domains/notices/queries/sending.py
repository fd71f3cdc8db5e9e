"""When a notice may leave, by the dated rule."""

from __future__ import annotations

from datetime import datetime

from wandeng.domains.notices import rules
from wandeng.domains.notices.types import SendingRule
from wandeng.infra.effective.library import RuleLibrary


def rule(library: RuleLibrary, *, at: datetime, territory: str) -> SendingRule:
    """The rule of sending in force. Raises ``NoRuleInForce``, ``TerritoryUnknown``."""
    return rules.sending_rule(library, at=at, territory=territory)


def allowed_from(library: RuleLibrary, *, at: datetime, territory: str, purpose: str) -> datetime:
    """The first moment from ``at`` on at which a notice of the purpose may leave. Raises as :func:`rule`."""
    found = rules.sending_rule(library, at=at, territory=territory)
    calendar = rules.calendar_around(library, at=at, territory=territory)
    return rules.allowed_from(found, calendar, at=at, purpose=purpose)
