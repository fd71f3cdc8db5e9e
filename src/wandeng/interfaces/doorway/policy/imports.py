"""The import desk: administrators bring everything, others the kinds of their work (``Kind.roles`` holds that line)."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import ADMINISTRATORS, NOBODY, Rule

IMPORTERS = ADMINISTRATORS | {
    Role.ACCOUNTANT,
    Role.ACCOUNT_MANAGER,
    Role.AUDITOR,
    Role.BILLING_CLERK,
    Role.CELL_MANAGER,
    Role.COUNTY_MANAGER,
    Role.DISPATCHER,
    Role.HALL_CLERK,
    Role.METER_READER,
    Role.PROVINCIAL_MANAGER,
}

_LOOK = Rule(IMPORTERS)
_DO = Rule(IMPORTERS, IMPORTERS)
_ONLY_DO = Rule(NOBODY, IMPORTERS)

POLICY = {
    "console:imports-list": _LOOK,
    "console:imports-new": _DO,
    "console:imports-kind": _LOOK,
    "console:imports-template": _LOOK,
    "console:imports-upload": _LOOK,
    "console:imports-upload-progress": _LOOK,
    "console:imports-upload-findings": _LOOK,
    "console:imports-land": _ONLY_DO,
    "console:imports-discard": _ONLY_DO,
    "console:imports-batch": _LOOK,
    "console:imports-batch-progress": _LOOK,
    "console:imports-row": _DO,
    "console:imports-row-reveal": _ONLY_DO,
    "console:imports-retry": _ONLY_DO,
    "console:imports-export": _ONLY_DO,
    "console:imports-corrected": _ONLY_DO,
}
