"""New connections: the board, one project and what is decided on it, what the network lacks."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import FRONT, NOBODY, OVERSIGHT, Rule

_WORKERS = frozenset({Role.HALL_CLERK, Role.CELL_MANAGER, Role.ACCOUNT_MANAGER, Role.COUNTY_MANAGER})
_READERS = _WORKERS | FRONT | OVERSIGHT
_BUILDERS = frozenset({Role.CELL_MANAGER, Role.ACCOUNT_MANAGER, Role.COUNTY_MANAGER})

POLICY = {
    "console:connections-board": Rule(_READERS),
    "console:connections-needs": Rule(_READERS),
    "console:connections-need": Rule(NOBODY, _BUILDERS),
    "console:connections-project": Rule(_READERS),
    "console:connections-appoint": Rule(NOBODY, _WORKERS),
    "console:connections-draft": Rule(NOBODY, _WORKERS),
    "console:connections-choose": Rule(NOBODY, _WORKERS),
    "console:connections-sources": Rule(NOBODY, _WORKERS),
    "console:connections-terms": Rule(NOBODY, _WORKERS),
}
