"""Reader of the dated rule of queues in halls."""

from __future__ import annotations

from datetime import date

from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.hall_queue import HallQueueRule

TERRITORY = "national"


def queue(on: date, *, library: RuleLibrary | None = None) -> HallQueueRule:
    """Waiting limit, who goes first, and appointments, in force on a day. Raises ``NoRuleInForce``."""
    return (library or current.library()).version(HallQueueRule, on=on, territory=TERRITORY).body
