"""Disconnection and the return of supply: approval desk, orders, field tasks, returns, halt, quotas, receipts."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import ACCOUNTING, FRONT, MANAGERS, NOBODY, OVERSIGHT, Rule

_FIELD = frozenset({Role.CELL_MANAGER, Role.METER_READER, Role.DISPATCHER})
_PROPOSERS = frozenset({Role.CELL_MANAGER, Role.ACCOUNT_MANAGER}) | ACCOUNTING
_SENDERS = frozenset({Role.DISPATCHER, Role.CELL_MANAGER}) | MANAGERS
_READERS = _FIELD | _PROPOSERS | FRONT | OVERSIGHT
_EVERY = _READERS

POLICY = {
    "console:disconnection-desk": Rule(_READERS, MANAGERS),
    "console:disconnection-orders": Rule(_READERS, _SENDERS),
    "console:disconnection-order": Rule(_READERS),
    "console:disconnection-propose": Rule(_PROPOSERS, _PROPOSERS),
    "console:disconnection-approve": Rule(NOBODY, MANAGERS),
    "console:disconnection-refuse": Rule(NOBODY, MANAGERS),
    "console:disconnection-withdraw": Rule(NOBODY, _PROPOSERS | MANAGERS),
    "console:disconnection-announce": Rule(NOBODY, _SENDERS),
    "console:disconnection-dispatch": Rule(NOBODY, _SENDERS),
    "console:disconnection-paper": Rule(_READERS),
    "console:disconnection-tasks": Rule(_READERS),
    "console:disconnection-task": Rule(_READERS, _FIELD),
    "console:disconnection-failed": Rule(NOBODY, _FIELD),
    "console:disconnection-back": Rule(NOBODY, _READERS - {Role.AUDITOR, Role.METER_READER}),
    "console:disconnection-returns": Rule(_READERS),
    "console:disconnection-return": Rule(_READERS, _FIELD),
    "console:disconnection-return-paper": Rule(_READERS),
    "console:disconnection-halt": Rule(_EVERY),
    "console:disconnection-halt-pull": Rule(NOBODY, _EVERY - {Role.METER_READER}),
    "console:disconnection-halt-lift": Rule(NOBODY, MANAGERS),
    "console:disconnection-quota": Rule(NOBODY, MANAGERS),
    "console:disconnection-receipts": Rule(frozenset({Role.DISPATCHER}) | OVERSIGHT),
    "console:disconnection-quarter": Rule(_READERS),
}
