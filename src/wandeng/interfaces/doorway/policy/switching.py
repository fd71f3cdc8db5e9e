"""Switching sheets: who writes and executes them, who reads them."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import MANAGERS, OVERSIGHT, Rule

_WORK = frozenset({Role.DISPATCHER, Role.CELL_MANAGER})
_READERS = _WORK | MANAGERS | OVERSIGHT

POLICY = {
    "console:switching-sheets": Rule(_READERS),
    "console:switching-sheet": Rule(_READERS),
    "console:switching-new": Rule(_WORK, _WORK),
    "console:switching-rewrite": Rule(_WORK, _WORK),
    "console:switching-act": Rule(_WORK, _WORK),
}
