"""Prepay: who sees balances, signs customers up, runs a day, and approves the day's list."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import ACCOUNTING, FIELD, FRONT, MANAGERS, NOBODY, OVERSIGHT, Rule

_ENROLLERS = frozenset({Role.HALL_CLERK, Role.CELL_MANAGER, Role.ACCOUNT_MANAGER, Role.ACCOUNTANT, Role.COUNTY_MANAGER})
_READERS = _ENROLLERS | FRONT | FIELD | OVERSIGHT | frozenset({Role.DISPATCHER})
_RUNNERS = ACCOUNTING | frozenset({Role.COUNTY_MANAGER})

POLICY = {
    "console:prepay-overview": Rule(_READERS),
    "console:prepay-agreements": Rule(_READERS),
    "console:prepay-low": Rule(_READERS),
    "console:prepay-days": Rule(_READERS),
    "console:prepay-true-ups": Rule(_READERS),
    "console:prepay-account": Rule(_READERS),
    "console:prepay-explained": Rule(_READERS),
    "console:prepay-enroll": Rule(_ENROLLERS, _ENROLLERS),
    "console:prepay-warning": Rule(NOBODY, _ENROLLERS),
    "console:prepay-end": Rule(NOBODY, _ENROLLERS),
    "console:prepay-run": Rule(NOBODY, _RUNNERS),
    "console:prepay-approve": Rule(_READERS, MANAGERS),
}
