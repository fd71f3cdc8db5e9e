"""Payments online. What a provider calls and what the demo cashier shows is open to anybody: a provider has no account
here and is believed by its signature, and the cashier exists in demonstrations only."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import ACCOUNTING, ANYBODY, FRONT, NOBODY, OVERSIGHT, Rule

_ASKERS = FRONT | ACCOUNTING | {Role.CELL_MANAGER, Role.ACCOUNT_MANAGER}
_KEEPERS = ACCOUNTING | {Role.COUNTY_MANAGER}
_LOOK = _ASKERS | OVERSIGHT

POLICY = {
    "channels:payment": ANYBODY,
    "channels:cashier": ANYBODY,
    "channels:cashier-play": ANYBODY,
    "console:payments-online": Rule(_LOOK),
    "console:payments-online-new": Rule(_ASKERS, _ASKERS),
    "console:payments-online-order": Rule(_LOOK),
    "console:payments-online-query": Rule(NOBODY, _ASKERS),
    "console:payments-online-close": Rule(NOBODY, _ASKERS),
    "console:payments-online-refund": Rule(NOBODY, _KEEPERS),
    "console:payments-online-refunds": Rule(_KEEPERS | OVERSIGHT),
    "console:payments-online-approve": Rule(NOBODY, _KEEPERS),
    "console:payments-online-reject": Rule(NOBODY, _KEEPERS),
    "console:payments-online-again": Rule(NOBODY, _KEEPERS),
    "console:payments-online-alarms": Rule(_KEEPERS | OVERSIGHT, _KEEPERS),
    "console:payments-online-channels": Rule(ACCOUNTING | OVERSIGHT),
    "console:payments-online-settle": Rule(NOBODY, ACCOUNTING | {Role.PROVINCIAL_MANAGER}),
}
