"""Dunning: the board, one case, visits to make, promises, protected customers, the ladder."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import ACCOUNTING, FRONT, MANAGERS, NOBODY, OVERSIGHT, Rule

_FIELD = frozenset({Role.CELL_MANAGER, Role.ACCOUNT_MANAGER, Role.METER_READER})
_DUNNERS = frozenset({Role.CELL_MANAGER, Role.ACCOUNT_MANAGER}) | FRONT | ACCOUNTING
"""Who talks to customers about what they owe."""
_READERS = _FIELD | _DUNNERS | OVERSIGHT
_PROPOSERS = frozenset({Role.CELL_MANAGER, Role.ACCOUNT_MANAGER, Role.COUNTY_MANAGER}) | FRONT
_COUNTY = frozenset({Role.COUNTY_MANAGER})

POLICY = {
    "console:dunning-board": Rule(_READERS, _DUNNERS),
    "console:dunning-closed": Rule(_READERS),
    "console:dunning-run": Rule(NOBODY, ACCOUNTING | _COUNTY),
    "console:dunning-case": Rule(_READERS),
    "console:dunning-call": Rule(NOBODY, _DUNNERS),
    "console:dunning-promise": Rule(NOBODY, _DUNNERS),
    "console:dunning-withdraw": Rule(NOBODY, _DUNNERS),
    "console:dunning-assign": Rule(NOBODY, ACCOUNTING | _COUNTY | {Role.CELL_MANAGER}),
    "console:dunning-tasks": Rule(_READERS),
    "console:dunning-task": Rule(_READERS, _FIELD),
    "console:dunning-promises": Rule(_READERS),
    "console:dunning-protected": Rule(_READERS),
    "console:dunning-protect": Rule(_PROPOSERS, _PROPOSERS),
    "console:dunning-protection": Rule(_READERS, _COUNTY),
    "console:dunning-ladder": Rule(_READERS | MANAGERS),
}
