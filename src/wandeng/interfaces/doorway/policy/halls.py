"""Queues in halls: who serves, who reads; kiosk and screen are opened by the key in their address."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import ANYBODY, EVERYBODY, FRONT, OVERSIGHT, Rule

_SERVE = frozenset({Role.HALL_CLERK, Role.CELL_MANAGER, Role.COUNTY_MANAGER})
_READ = FRONT | OVERSIGHT | {Role.CELL_MANAGER}

POLICY = {
    "console:halls": Rule(_READ),
    "console:hall": Rule(_READ),
    "console:hall-act": Rule(_SERVE, _SERVE),
    "console:hall-tickets": Rule(_READ),
    "console:hall-ticket": Rule(_READ),
    "console:hall-figures": Rule(_READ),
    "hall:kiosk": ANYBODY,
    "hall:sheet": Rule(EVERYBODY, public=True),
    "hall:screen": Rule(EVERYBODY, public=True),
}
