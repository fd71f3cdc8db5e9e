"""Bills: runs, exceptions, single bills, corrections."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import ACCOUNTING, BILLING, FIELD, FRONT, NOBODY, OVERSIGHT, Rule

_DESK = BILLING | ACCOUNTING | OVERSIGHT
"""Who sees runs and what they came to."""
_READERS = _DESK | FRONT | FIELD | {Role.ACCOUNT_MANAGER}
"""Who explains a bill to a customer."""
_REVIEWERS = frozenset({Role.BILLING_REVIEWER})

POLICY = {
    "console:bills-list": Rule(_READERS),
    "console:bills-bill": Rule(_READERS),
    "console:bills-pdf": Rule(_READERS),
    "console:bills-compare": Rule(_READERS),
    "console:bills-correct": Rule(BILLING, BILLING),
    "console:bills-runs": Rule(_DESK),
    "console:bills-new": Rule(BILLING, BILLING),
    "console:bills-preview": Rule(_DESK),
    "console:bills-run": Rule(_DESK),
    "console:bills-run-progress": Rule(_DESK),
    "console:bills-run-figures": Rule(_DESK),
    "console:bills-exceptions": Rule(_DESK, BILLING),
    "console:bills-run-accept": Rule(NOBODY, BILLING),
    "console:bills-run-retake": Rule(NOBODY, BILLING),
    "console:bills-run-verify": Rule(NOBODY, _DESK),
    "console:bills-run-override": Rule(NOBODY, _REVIEWERS),
    "console:bills-run-approve": Rule(NOBODY, _REVIEWERS),
    "console:bills-run-post": Rule(NOBODY, BILLING),
    "console:bills-run-publish": Rule(NOBODY, BILLING),
    "console:bills-run-discard": Rule(NOBODY, BILLING),
}
