"""Reader of the dated rule of community boards."""

from __future__ import annotations

from datetime import date

from wandeng.infra.effective import current
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.community_boards import CommunityBoardRule


def shown_on(on: date, territory: str, *, library: RuleLibrary | None = None) -> CommunityBoardRule:
    """What a board of a territory shows on a day. Raises ``NoRuleInForce``."""
    return (library or current.library()).version(CommunityBoardRule, on=on, territory=territory).body
