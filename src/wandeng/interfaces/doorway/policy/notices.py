"""Notices: the outbox for whoever serves customers, the texts for those who answer for them."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.customers import READERS
from wandeng.interfaces.doorway.policy.rules import (
    ACCOUNTING,
    ADMINISTRATORS,
    BILLING,
    EVERYBODY,
    FRONT,
    MANAGERS,
    NOBODY,
    OVERSIGHT,
    Rule,
)

_READ = READERS | ACCOUNTING | ADMINISTRATORS
_KEEP = FRONT | MANAGERS | ACCOUNTING | {Role.CELL_MANAGER, Role.ACCOUNT_MANAGER, Role.BILLING_CLERK}
"""Who looks after what was not delivered."""
_TALK = FRONT | {Role.CELL_MANAGER, Role.ACCOUNT_MANAGER, Role.COUNTY_MANAGER}
"""Who hears that a customer wants no more."""
_WRITE = MANAGERS | ADMINISTRATORS | {Role.BILLING_REVIEWER}
"""Who writes and approves texts; two of them for each."""
_PRINT = ACCOUNTING | {Role.HALL_CLERK, Role.CELL_MANAGER, Role.BILLING_CLERK, Role.COUNTY_MANAGER}
_ANNOUNCE = BILLING | ACCOUNTING | MANAGERS

POLICY = {
    "console:notices-list": Rule(_READ, _KEEP),
    "console:notices-detail": Rule(_READ),
    "console:notices-cancel": Rule(NOBODY, _KEEP),
    "console:notices-again": Rule(NOBODY, _KEEP),
    "console:notices-settle": Rule(NOBODY, _KEEP),
    "console:notices-templates": Rule(EVERYBODY),
    "console:notices-template": Rule(EVERYBODY),
    "console:notices-template-draft": Rule(_WRITE, _WRITE),
    "console:notices-template-approve": Rule(NOBODY, _WRITE),
    "console:notices-template-withdraw": Rule(NOBODY, _WRITE),
    "console:notices-opt-outs": Rule(_READ),
    "console:notices-opt-out": Rule(_TALK, _TALK),
    "console:notices-opt-in": Rule(NOBODY, _TALK),
    "console:notices-preference": Rule(_TALK, _TALK),
    "console:notices-letters": Rule(_READ),
    "console:notices-letters-print": Rule(NOBODY, _PRINT),
    "console:notices-letters-file": Rule(_PRINT | OVERSIGHT),
    "console:notices-announce": Rule(_ANNOUNCE, _ANNOUNCE),
}
