"""Cases: the work queue, lists, call-backs, the field."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import FRONT, MANAGERS, OVERSIGHT, Rule

_FIELD = frozenset({Role.CELL_MANAGER, Role.ACCOUNT_MANAGER, Role.METER_READER})
_DESKS = FRONT | {Role.DISPATCHER, Role.BILLING_CLERK, Role.AUDITOR}
_WORKERS = _FIELD | _DESKS
"""Whoever has steps of cases to do."""
_READERS = _WORKERS | OVERSIGHT
_CALLERS = frozenset({Role.CALL_CLERK, Role.AUDITOR, Role.COUNTY_MANAGER})

POLICY = {
    "console:cases-queue": Rule(_READERS, _WORKERS | MANAGERS),
    "console:cases-list": Rule(_READERS),
    "console:cases-clocks": Rule(_READERS),
    "console:cases-clock-runs": Rule(_READERS),
    "console:cases-evidence": Rule(OVERSIGHT, OVERSIGHT),
    "console:cases-callbacks": Rule(_CALLERS | OVERSIGHT),
    "console:cases-callback": Rule(_CALLERS | OVERSIGHT, _CALLERS),
    "console:cases-field": Rule(_FIELD),
    "console:cases-field-case": Rule(_FIELD, _FIELD),
}
