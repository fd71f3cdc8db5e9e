"""Telling people of outages: who reads what was told, and who tells by hand."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import FIELD, FRONT, OVERSIGHT, Rule

_TELLERS = frozenset(
    {
        Role.DISPATCHER, Role.CELL_MANAGER, Role.ACCOUNT_MANAGER, Role.CALL_CLERK, Role.HALL_CLERK, Role.COUNTY_MANAGER,
    }
)  # fmt: skip
_READERS = _TELLERS | FRONT | FIELD | OVERSIGHT

POLICY = {
    "console:outages-notices": Rule(_READERS),
    "console:outages-gaps": Rule(_READERS),
    "console:outages-calls": Rule(_READERS),
    "console:outages-notices-hand": Rule(_TELLERS, _TELLERS),
    "console:outages-letters": Rule(_TELLERS),
    "console:outages-call": Rule(_TELLERS, _TELLERS),
}
