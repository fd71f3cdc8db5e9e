"""Month plans of outages: who arranges them, who reads."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import MANAGERS, OVERSIGHT, Rule

_PLANNERS = frozenset({Role.DISPATCHER, Role.COUNTY_MANAGER})
_READERS = _PLANNERS | MANAGERS | OVERSIGHT | {Role.CELL_MANAGER, Role.ACCOUNT_MANAGER}

POLICY = {
    "console:outages-months": Rule(_READERS),
    "console:outages-month": Rule(_READERS),
    "console:outages-month-progress": Rule(_READERS),
    "console:outages-month-job": Rule(_READERS, _PLANNERS),
    "console:outages-month-new": Rule(_PLANNERS, _PLANNERS),
    "console:outages-month-gather": Rule(_PLANNERS, _PLANNERS),
    "console:outages-month-solve": Rule(_PLANNERS, _PLANNERS),
    "console:outages-month-adopt": Rule(_PLANNERS, _PLANNERS),
    "console:outages-month-reopen": Rule(_PLANNERS, _PLANNERS),
}
