"""Cases: intake, the page of one, everything done to it, its papers.

Who may do what to a step follows from the definition of its process, which may name any role: the action itself looks.
"""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import FRONT, MANAGERS, NOBODY, OVERSIGHT, Rule

_STAFF = frozenset(Role) - {Role.ADMINISTRATOR, Role.SECURITY_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR}
_TAKERS = (
    FRONT
    | OVERSIGHT - {Role.PROVINCIAL_MANAGER}
    | {Role.DISPATCHER, Role.CELL_MANAGER, Role.ACCOUNT_MANAGER, Role.METER_READER}
)
_PRESSERS = FRONT | MANAGERS | {Role.DISPATCHER}
_ANSWERABLE = OVERSIGHT | {Role.DISPATCHER}

POLICY = {
    "console:cases-intake": Rule(_TAKERS, _TAKERS),
    "console:cases-sheet": Rule(_TAKERS),
    "console:cases-detail": Rule(_STAFF),
    "console:cases-contacts": Rule(_STAFF),
    "console:cases-form": Rule(_TAKERS),
    "console:cases-paper": Rule(_STAFF),
    "console:cases-finish": Rule(NOBODY, _STAFF),
    "console:cases-assign": Rule(NOBODY, _STAFF),
    "console:cases-take": Rule(NOBODY, _STAFF),
    "console:cases-back": Rule(NOBODY, _STAFF),
    "console:cases-pause": Rule(NOBODY, _STAFF),
    "console:cases-resume": Rule(NOBODY, _STAFF),
    "console:cases-fill": Rule(NOBODY, _STAFF),
    "console:cases-hand-in": Rule(NOBODY, _STAFF - {Role.BILLING_REVIEWER, Role.ACCOUNTANT, Role.PROVINCIAL_MANAGER}),
    "console:cases-note": Rule(NOBODY, _STAFF),
    "console:cases-press": Rule(NOBODY, _PRESSERS),
    "console:cases-answer-contact": Rule(NOBODY, _TAKERS),
    "console:cases-hand-over": Rule(NOBODY, _TAKERS),
    "console:cases-supervise": Rule(NOBODY, _ANSWERABLE),
    "console:cases-transfer": Rule(NOBODY, _STAFF),
    "console:cases-reclassify": Rule(NOBODY, _STAFF),
    "console:cases-merge": Rule(NOBODY, _STAFF),
    "console:cases-withdraw": Rule(NOBODY, _STAFF),
    "console:cases-withdraw-link": Rule(NOBODY, _TAKERS),
    "console:cases-call-back": Rule(NOBODY, _STAFF),
    "console:cases-not-reached": Rule(NOBODY, _STAFF),
    "console:cases-reopen": Rule(NOBODY, _ANSWERABLE | {Role.CALL_CLERK}),
    "console:cases-reveal": Rule(NOBODY, _STAFF - {Role.BILLING_REVIEWER, Role.ACCOUNTANT}),
}
