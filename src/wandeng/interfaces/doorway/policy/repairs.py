"""Repairs: the dispatch board, crews, incidents, permits to work.

A crew's own people say where it is and finish the steps of its incident; whoever directs crews may too. The action looks.
"""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import FIELD, FRONT, MANAGERS, NOBODY, OVERSIGHT, Rule

_DIRECTING = MANAGERS | {Role.DISPATCHER}
_FOUNDERS = frozenset({Role.DISPATCHER, Role.COUNTY_MANAGER})
_CREWS = _DIRECTING | FIELD
_SEES = _CREWS | FRONT | OVERSIGHT | {Role.ACCOUNT_MANAGER}
_WRITERS = frozenset({Role.CELL_MANAGER, Role.ACCOUNT_MANAGER, Role.DISPATCHER, Role.COUNTY_MANAGER})

POLICY = {
    "console:repairs-board": Rule(_SEES),
    "console:repairs-map": Rule(_SEES),
    "console:repairs-times": Rule(_DIRECTING | OVERSIGHT),
    "console:repairs-crews": Rule(_SEES),
    "console:repairs-crew": Rule(_SEES),
    "console:repairs-crew-new": Rule(_FOUNDERS, _FOUNDERS),
    "console:repairs-crew-act": Rule(NOBODY, _CREWS),
    "console:repairs-part": Rule(_SEES),
    "console:repairs-send": Rule(NOBODY, _DIRECTING),
    "console:repairs-incidents": Rule(_SEES),
    "console:repairs-incident": Rule(_SEES),
    "console:repairs-incident-act": Rule(NOBODY, _CREWS),
    "console:repairs-known": Rule(_SEES),
    "console:repairs-permits": Rule(_SEES),
    "console:repairs-permit": Rule(_SEES),
    "console:repairs-permit-sheet": Rule(_SEES),
    "console:repairs-permit-new": Rule(_WRITERS, _WRITERS),
    "console:repairs-permit-act": Rule(NOBODY, _WRITERS),
    "console:repairs-claim": Rule(_SEES),
}
