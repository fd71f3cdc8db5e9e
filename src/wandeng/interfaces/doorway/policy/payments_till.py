"""The cash desk: hall clerks take money, accountants and managers see, confirm and set up."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import ACCOUNTING, NOBODY, OVERSIGHT, Rule

_CASHIERS = frozenset({Role.HALL_CLERK})
_READERS = _CASHIERS | ACCOUNTING | OVERSIGHT
_CONFIRMERS = ACCOUNTING | {Role.COUNTY_MANAGER}
"""A count that differs is confirmed by somebody who is no cashier."""

POLICY = {
    "console:payments-desk": Rule(_CASHIERS, _CASHIERS),
    "console:payments-till-open": Rule(_CASHIERS, _CASHIERS),
    "console:payments-sessions": Rule(_READERS),
    "console:payments-session-mine": Rule(_CASHIERS),
    "console:payments-session": Rule(_READERS),
    "console:payments-session-count": Rule(_CASHIERS | ACCOUNTING, _CASHIERS | ACCOUNTING),
    "console:payments-session-confirm": Rule(NOBODY, _CONFIRMERS),
    "console:payments-session-send-back": Rule(NOBODY, _CONFIRMERS),
    "console:payments-receipts": Rule(_READERS),
    "console:payments-receipt": Rule(_READERS),
    "console:payments-receipt-pdf": Rule(_READERS),
    "console:payments-receipt-void": Rule(NOBODY, _CASHIERS),
    "console:payments-tills": Rule(_READERS, _CONFIRMERS),
    "console:payments-till-new": Rule(_CONFIRMERS, _CONFIRMERS),
}
