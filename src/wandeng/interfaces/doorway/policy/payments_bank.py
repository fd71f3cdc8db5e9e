"""Bank files, suspense and reconciliation: accountants do, billing and oversight look. Counters sign agreements."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import ACCOUNTING, BILLING, NOBODY, OVERSIGHT, Rule

_READERS = ACCOUNTING | BILLING | OVERSIGHT
_SIGNERS = ACCOUNTING | {Role.HALL_CLERK}
_LOOK = Rule(_READERS)
_DO = Rule(ACCOUNTING, ACCOUNTING)
_ONLY_DO = Rule(NOBODY, ACCOUNTING)

POLICY = {
    "console:payments-bank-files": _LOOK,
    "console:payments-bank-file-new": _DO,
    "console:payments-bank-request": _DO,
    "console:payments-bank-file": _LOOK,
    "console:payments-bank-file-progress": _LOOK,
    "console:payments-bank-file-post": _ONLY_DO,
    "console:payments-bank-file-discard": _ONLY_DO,
    "console:payments-bank-file-fetch": _ONLY_DO,
    "console:payments-bank-rows": _LOOK,
    "console:payments-bank-agreements": Rule(_READERS | _SIGNERS),
    "console:payments-bank-agreement-new": Rule(_SIGNERS, _SIGNERS),
    "console:payments-bank-agreement-end": Rule(NOBODY, _SIGNERS),
    "console:payments-suspense": _LOOK,
    "console:payments-suspense-item": _LOOK,
    "console:payments-suspense-match": _ONLY_DO,
    "console:payments-suspense-return": _ONLY_DO,
    "console:payments-suspense-leave": _ONLY_DO,
    "console:payments-suspense-decide": Rule(NOBODY, ACCOUNTING | {Role.COUNTY_MANAGER}),
    "console:payments-reconciliation": _LOOK,
    "console:payments-reconciliation-day": _LOOK,
    "console:payments-reconciliation-decide": _ONLY_DO,
    "console:payments-differences": _LOOK,
}
