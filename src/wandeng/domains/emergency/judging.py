"""The probable devices at a moment, by ids: for pages and for whoever confirms one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from wandeng.calc import probable_device
from wandeng.calc.probable_device import Judged
from wandeng.domains.emergency import rules
from wandeng.domains.emergency.frames import evidence
from wandeng.domains.emergency.frames.evidence import Gathered
from wandeng.domains.network.queries import now as network
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.kernel.periods import BILLING_ZONE


@dataclass(frozen=True, slots=True)
class Sight:
    """What was gathered and judged; ``supplied`` accounts of each transformer."""

    gathered: Gathered
    judged: Judged
    supplied: dict[int, int]


def look(*, at: datetime, library: RuleLibrary) -> Sight:
    """Judge the whole installation. Raises ``NoRuleInForce``, :class:`InvalidInput` for a network that cannot be traced."""
    rule = rules.emergency(at, library=library)
    now = network.current(at.astimezone(BILLING_ZONE).date())
    with ColumnStore() as store:
        gathered = evidence.gather(store, at=at, rule=rule, library=library)
    judged = probable_device.judge(now.topology, gathered.evidence, tripped=gathered.tripped)
    return Sight(gathered, judged, dict(now.supplied))
