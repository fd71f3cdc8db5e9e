"""Knowledge: read by everybody, written by whoever serves customers, approved and reviewed by those who answer for it."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import (
    ADMINISTRATORS,
    BILLING,
    EVERYBODY,
    FRONT,
    MANAGERS,
    NOBODY,
    OVERSIGHT,
    Rule,
)

_WRITE = FRONT | BILLING | OVERSIGHT | ADMINISTRATORS | {Role.DISPATCHER, Role.CELL_MANAGER, Role.ACCOUNT_MANAGER}
_APPROVE = OVERSIGHT | ADMINISTRATORS | {Role.BILLING_REVIEWER}
"""Of two persons one at least is of these."""
_REVIEW = MANAGERS | ADMINISTRATORS | {Role.AUDITOR, Role.ACCOUNT_MANAGER, Role.BILLING_REVIEWER}

POLICY = {
    "console:knowledge-search": Rule(EVERYBODY),
    "console:knowledge-list": Rule(EVERYBODY),
    "console:knowledge-beside": Rule(EVERYBODY),
    "console:knowledge-article": Rule(EVERYBODY),
    "console:knowledge-changes": Rule(EVERYBODY),
    "console:knowledge-new": Rule(_WRITE, _WRITE),
    "console:knowledge-draft": Rule(_WRITE, _WRITE),
    "console:knowledge-approvals": Rule(_WRITE | _APPROVE),
    "console:knowledge-approve": Rule(NOBODY, _APPROVE),
    "console:knowledge-withdraw": Rule(NOBODY, _WRITE),
    "console:knowledge-retire": Rule(NOBODY, _APPROVE),
    "console:knowledge-install": Rule(NOBODY, ADMINISTRATORS),
    "console:knowledge-used": Rule(NOBODY, EVERYBODY),
    "console:knowledge-say": Rule(NOBODY, EVERYBODY),
    "console:knowledge-opinions": Rule(_WRITE | _APPROVE),
    "console:knowledge-answer": Rule(NOBODY, _WRITE | _APPROVE),
    "console:knowledge-standards": Rule(EVERYBODY),
    "console:knowledge-standard": Rule(EVERYBODY),
    "console:knowledge-review": Rule(NOBODY, _REVIEW),
}
