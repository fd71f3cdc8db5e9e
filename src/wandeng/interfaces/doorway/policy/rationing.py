"""Rationing: who plans, who decides, who runs it, who tells, who reads."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import FIELD, FRONT, MANAGERS, OVERSIGHT, Rule

_PLANNERS = frozenset({Role.DISPATCHER, Role.ACCOUNT_MANAGER, Role.COUNTY_MANAGER})
_RUNNERS = frozenset({Role.DISPATCHER})
_TELLERS = frozenset(
    {
        Role.DISPATCHER, Role.CELL_MANAGER, Role.ACCOUNT_MANAGER, Role.CALL_CLERK, Role.HALL_CLERK, Role.COUNTY_MANAGER,
    }
)  # fmt: skip
_READERS = _PLANNERS | _TELLERS | MANAGERS | FRONT | FIELD | OVERSIGHT

POLICY = {
    **{
        f"console:rationing-{page}": Rule(_READERS)
        for page in ("orders", "order", "schemes", "scheme", "saved", "burdens", "notices", "gaps", "calls")
    },
    **{
        f"console:rationing-{page}": Rule(_PLANNERS, _PLANNERS)
        for page in (
            "new",
            "scheme-new",
            "scheme-take-in",
            "scheme-drop",
            "change",
            "swap",
            "publish",
            "cancel",
            "allow",
        )
    },
    "console:rationing-scheme-approve": Rule(MANAGERS, MANAGERS),
    "console:rationing-approve": Rule(MANAGERS, MANAGERS),
    "console:rationing-run": Rule(_RUNNERS, _RUNNERS),
    "console:rationing-notices-hand": Rule(_TELLERS, _TELLERS),
    "console:rationing-call": Rule(_TELLERS, _TELLERS),
}
