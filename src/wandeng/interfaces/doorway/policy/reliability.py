"""Reliability: who reads what happened, and who corrects it."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import FIELD, FRONT, OVERSIGHT, Rule

_DISPATCH = frozenset({Role.DISPATCHER})
_READERS = _DISPATCH | FRONT | FIELD | OVERSIGHT | {Role.ACCOUNT_MANAGER}
"""Whoever is asked why the power was off."""

POLICY = {
    "console:reliability-analysis": Rule(_READERS),
    "console:reliability-standouts": Rule(_READERS),
    "console:reliability-interruptions": Rule(_READERS),
    "console:reliability-interruption": Rule(_READERS),
    "console:reliability-record": Rule(_DISPATCH, _DISPATCH),
    "console:reliability-restore": Rule(_DISPATCH, _DISPATCH),
    "console:reliability-correct": Rule(_DISPATCH, _DISPATCH),
}
