"""Outlets and payment circles: who reads them, who keeps them, who computes."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import EVERYBODY, FIELD, FRONT, MANAGERS, OVERSIGHT, Rule

_KEEP = frozenset({Role.COUNTY_MANAGER, Role.CELL_MANAGER, Role.HALL_CLERK})
_READERS = FRONT | FIELD | OVERSIGHT | {Role.ACCOUNT_MANAGER}

POLICY = {
    "console:outlets": Rule(_READERS),
    "console:outlet": Rule(_READERS),
    "console:outlet-act": Rule(_KEEP, _KEEP),
    "console:circles": Rule(_READERS),
    "console:circle-settlements": Rule(_READERS),
    "console:circle": Rule(_READERS),
    "console:circle-compute": Rule(MANAGERS, MANAGERS),
    "outlets:near": Rule(EVERYBODY, public=True),
    "outlets:data": Rule(EVERYBODY, public=True),
}
