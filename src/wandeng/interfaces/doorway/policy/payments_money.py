"""Payments, receivables, an account's money, and decisions about it."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import ACCOUNTING, FIELD, FRONT, NOBODY, OVERSIGHT, Rule

_READERS = FRONT | FIELD | ACCOUNTING | OVERSIGHT | {Role.ACCOUNT_MANAGER}
_TAKERS = FIELD | ACCOUNTING | {Role.HALL_CLERK}
_MAKERS = ACCOUNTING | {Role.HALL_CLERK}
_CHECKERS = ACCOUNTING | {Role.COUNTY_MANAGER}
_PLANNERS = _MAKERS | {Role.COUNTY_MANAGER}

POLICY = {
    "console:payments-list": Rule(_READERS),
    "console:payments-payment": Rule(_READERS),
    "console:payments-payment-reverse": Rule(NOBODY, _MAKERS),
    "console:payments-receivables": Rule(_READERS),
    "console:payments-account": Rule(_READERS, _TAKERS),
    "console:payments-account-refund": Rule(_MAKERS, _MAKERS),
    "console:payments-account-waive": Rule(_MAKERS, _MAKERS),
    "console:payments-account-write-off": Rule(ACCOUNTING, ACCOUNTING),
    "console:payments-account-transfer": Rule(_MAKERS, _MAKERS),
    "console:payments-account-deposit": Rule(_MAKERS, _MAKERS),
    "console:payments-account-release": Rule(ACCOUNTING, ACCOUNTING),
    "console:payments-account-plan": Rule(_PLANNERS, _PLANNERS),
    "console:payments-plan-cancel": Rule(NOBODY, _PLANNERS),
    "console:payments-decisions": Rule(_READERS),
    "console:payments-decision": Rule(_READERS),
    "console:payments-decision-decide": Rule(NOBODY, _CHECKERS),
}
