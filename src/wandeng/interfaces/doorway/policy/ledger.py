"""The books: balances, entries, closing a month."""

from __future__ import annotations

from wandeng.interfaces.doorway.policy.rules import ACCOUNTING, BILLING, NOBODY, OVERSIGHT, Rule

_READERS = ACCOUNTING | BILLING | OVERSIGHT

POLICY = {
    "console:ledger-balance": Rule(_READERS),
    "console:ledger-export": Rule(ACCOUNTING | OVERSIGHT),
    "console:ledger-close": Rule(NOBODY, ACCOUNTING),
    "console:ledger-entries": Rule(_READERS),
    "console:ledger-entry": Rule(_READERS),
    "console:ledger-sales": Rule(_READERS),
    "console:ledger-purchases": Rule(_READERS),
    "console:ledger-purchase-new": Rule(ACCOUNTING, ACCOUNTING),
    "console:ledger-purchase-correct": Rule(ACCOUNTING, ACCOUNTING),
}
