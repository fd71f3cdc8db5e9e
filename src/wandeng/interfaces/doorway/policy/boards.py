"""Community boards: who keeps them, who reads them; a board itself is everybody's who has its address."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import EVERYBODY, FRONT, OVERSIGHT, Rule

_KEEP = frozenset({Role.CELL_MANAGER, Role.COUNTY_MANAGER})
_READ = FRONT | OVERSIGHT | {Role.CELL_MANAGER}

POLICY = {
    "console:boards": Rule(_READ),
    "console:board": Rule(_READ),
    "console:board-act": Rule(_KEEP, _KEEP),
    "console:boards-manage": Rule(_KEEP),
    "console:boards-do": Rule(_KEEP, _KEEP),
    "console:service-cards": Rule(_READ),
    "console:service-card": Rule(_KEEP, _KEEP),
    "board:show": Rule(EVERYBODY, public=True),
    "board:photo": Rule(EVERYBODY, public=True),
}
