"""Switching sheets: who writes and executes them, who reads them."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import FIELD, FRONT, MANAGERS, OVERSIGHT, Rule

_WORK = frozenset({Role.DISPATCHER, Role.CELL_MANAGER})
_ALARMS = frozenset({Role.DISPATCHER, Role.COUNTY_MANAGER})
_READERS = _WORK | MANAGERS | OVERSIGHT

POLICY = {
    "console:outages-today": Rule(_READERS | FRONT | FIELD),
    "console:outages-overrun": Rule(_ALARMS, _ALARMS),
    "console:switching-sheets": Rule(_READERS),
    "console:switching-sheet": Rule(_READERS),
    "console:switching-new": Rule(_WORK, _WORK),
    "console:switching-rewrite": Rule(_WORK, _WORK),
    "console:switching-act": Rule(_WORK, _WORK),
}
