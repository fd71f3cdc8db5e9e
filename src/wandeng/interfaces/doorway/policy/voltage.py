"""Voltage: who reads it, and who works on it."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import FIELD, FRONT, OVERSIGHT, Rule

_WORK = frozenset({Role.DISPATCHER, Role.CELL_MANAGER, Role.COUNTY_MANAGER})
_READERS = _WORK | FRONT | FIELD | OVERSIGHT | {Role.ACCOUNT_MANAGER}

POLICY = {
    "console:voltage-analysis": Rule(_READERS),
    "console:voltage-points": Rule(_READERS),
    "console:voltage-days": Rule(_READERS),
    "console:voltage-remedies": Rule(_READERS),
    "console:voltage-point": Rule(_READERS),
    "console:voltage-open": Rule(_WORK, _WORK),
    "console:voltage-act": Rule(_WORK, _WORK),
}
