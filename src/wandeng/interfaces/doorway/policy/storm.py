"""Storms: who sees the board, who switches storm mode, who confirms a device, who sends generators."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import FIELD, FRONT, NOBODY, OVERSIGHT, Rule

_DISPATCH = frozenset({Role.DISPATCHER})
_SWITCHING = _DISPATCH | {Role.COUNTY_MANAGER}
_SAYING = _DISPATCH | {Role.COUNTY_MANAGER, Role.PROVINCIAL_MANAGER}
_KNOWING = _DISPATCH | {Role.ACCOUNT_MANAGER, Role.CELL_MANAGER}
_SEES = _DISPATCH | FIELD | FRONT | OVERSIGHT | {Role.ACCOUNT_MANAGER}
_WEIGHS = _DISPATCH | FIELD | OVERSIGHT

POLICY = {
    "console:storm-board": Rule(_SEES),
    "console:storm-part": Rule(_SEES),
    "console:storm-storms": Rule(_SEES),
    "console:storm-switch": Rule(_SWITCHING, _SWITCHING),
    "console:storm-probable": Rule(_WEIGHS),
    "console:storm-confirm": Rule(NOBODY, _DISPATCH),
    "console:storm-resupply": Rule(_WEIGHS),
    "console:storm-ratings": Rule(_WEIGHS),
    "console:storm-incident": Rule(_SEES),
    "console:storm-estimate": Rule(NOBODY, _SAYING),
    "console:storm-restore": Rule(NOBODY, _DISPATCH),
    "console:storm-generators": Rule(_SEES),
    "console:storm-generator-list": Rule(_SEES),
    "console:storm-generator-new": Rule(_DISPATCH, _DISPATCH),
    "console:storm-generator-act": Rule(NOBODY, _DISPATCH),
    "console:storm-backup": Rule(_KNOWING, _KNOWING),
}
