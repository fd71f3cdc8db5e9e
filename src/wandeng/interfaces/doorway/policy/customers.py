"""Customers: finding anything, accounts, agreements, contacts."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import (
    ACCOUNTING,
    BILLING,
    EVERYBODY,
    FIELD,
    FRONT,
    NOBODY,
    OVERSIGHT,
    Rule,
)

READERS = FRONT | FIELD | BILLING | ACCOUNTING | OVERSIGHT | {Role.ACCOUNT_MANAGER, Role.DISPATCHER}
"""Who serves, visits, bills, restores or audits a customer."""
_TALKERS = FRONT | {Role.CELL_MANAGER, Role.ACCOUNT_MANAGER}
"""Who talks with customers and hears their numbers."""
_CALLERS = _TALKERS | {Role.DISPATCHER, Role.METER_READER}
"""Who has to ring somebody up, and so may see a number in the clear, for a reason."""
_SIGNERS = frozenset({Role.HALL_CLERK, Role.ACCOUNT_MANAGER})
"""Who makes contracts."""

POLICY = {
    "console:search": Rule(EVERYBODY),
    "console:customers-list": Rule(READERS),
    "console:customers-detail": Rule(READERS),
    "console:customers-part": Rule(READERS),
    "console:customers-agreements": Rule(READERS, _SIGNERS),
    "console:customers-without": Rule(READERS, _SIGNERS),
    "console:customers-contacts": Rule(READERS, _TALKERS),
    "console:customers-contact-add": Rule(_TALKERS, _TALKERS),
    "console:customers-contact-check": Rule(NOBODY, _TALKERS),
    "console:customers-contact-correct": Rule(_TALKERS, _TALKERS),
    "console:customers-contact-reveal": Rule(NOBODY, _CALLERS),
    "console:customers-agreement-draft": Rule(_SIGNERS, _SIGNERS),
    "console:customers-agreement-sign": Rule(_SIGNERS, _SIGNERS),
    "console:customers-agreement-renew": Rule(_SIGNERS, _SIGNERS),
    "console:customers-agreement-end": Rule(_SIGNERS, _SIGNERS),
}
