"""Reader of the dated rule of counting: the named standards, and what is frequent, repeated and lasting."""

from __future__ import annotations

from datetime import date

from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.reliability import ReliabilityStandards, Standard
from wandeng.kernel.errors import NotFound

TERRITORY = "national"


def standards(on: date, *, territory: str = TERRITORY, library: RuleLibrary | None = None) -> ReliabilityStandards:
    """The rule in force on a day. Raises ``NoRuleInForce``, ``TerritoryUnknown``."""
    return (library or current.library()).version(ReliabilityStandards, on=on, territory=territory).body


def standard(rule: ReliabilityStandards, code: str) -> Standard:
    """A standard by its code. Raises :class:`NotFound` naming those there are."""
    for found in rule.standards:
        if found.code == code:
            return found
    raise NotFound(f"there is no standard {code}: {', '.join(one.code for one in rule.standards)}")
