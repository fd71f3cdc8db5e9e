"""Prices: the price book, who is priced by what, trial calculation."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import ACCOUNTING, BILLING, EVERYBODY, FIELD, FRONT, OVERSIGHT, Rule

_CUSTOMERS = BILLING | ACCOUNTING | OVERSIGHT | FRONT | FIELD | {Role.ACCOUNT_MANAGER}

POLICY = {
    "console:prices-list": Rule(EVERYBODY),
    "console:prices-code": Rule(EVERYBODY),
    "console:prices-rule": Rule(EVERYBODY),
    "console:prices-trial": Rule(EVERYBODY),
    "console:prices-calculate": Rule(EVERYBODY),
    "console:prices-accounts": Rule(_CUSTOMERS),
    "console:prices-terms": Rule(_CUSTOMERS),
    "console:prices-change": Rule(BILLING, BILLING),
}
