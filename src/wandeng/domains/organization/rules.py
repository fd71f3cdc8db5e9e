"""Reader of the dated rule that organization goes by: which roles one person may not hold together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache

from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.roots import default_root
from wandeng.infra.effective.topics.duties import RoleConflicts

TERRITORY = "national"


@dataclass(frozen=True, slots=True)
class RolePair:
    """Two roles kept apart, the reason in both languages, and its source."""

    roles: frozenset[str]
    reason_zh: str
    reason_en: str
    citation: str


@cache
def _shipped() -> RuleLibrary:
    return RuleLibrary.load(default_root())


def role_pairs(on: date, library: RuleLibrary | None = None) -> tuple[RolePair, ...]:
    """The pairs in force on a day. Raises :class:`NoRuleInForce` before the first version of the rule."""
    body = (library or _shipped()).version(RoleConflicts, on=on, territory=TERRITORY).body
    return tuple(RolePair(frozenset(pair.roles), pair.reason_zh, pair.reason_en, pair.citation) for pair in body.pairs)
