"""Pages of residents: logging in is open to anybody, everything else to whoever holds a session of residents. Staff see who
holds what, and end it."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import ANYBODY, FRONT, OVERSIGHT, RESIDENT, Rule

_KEEP = FRONT | {Role.CELL_MANAGER, Role.COUNTY_MANAGER}
_READ = _KEEP | OVERSIGHT | {Role.ACCOUNT_MANAGER}

POLICY = {
    "console:residents": Rule(_READ),
    "console:resident": Rule(_READ),
    "console:resident-act": Rule(_KEEP, _KEEP),
    "my:login": ANYBODY,
    "my:code": ANYBODY,
    "my:version": ANYBODY,
    "my:forget": RESIDENT,
    "my:home": RESIDENT,
    "my:logout": RESIDENT,
    "my:data": RESIDENT,
    "my:data-all": RESIDENT,
    "my:data-file": RESIDENT,
    "my:token-end": RESIDENT,
    "my:accounts": RESIDENT,
    "my:proof": RESIDENT,
    "my:unbind": RESIDENT,
    "my:account": RESIDENT,
    "my:bills": RESIDENT,
    "my:bill": RESIDENT,
    "my:bill-pdf": RESIDENT,
    "my:usage": RESIDENT,
    "my:pay": RESIDENT,
    "my:order": RESIDENT,
    "my:payments": RESIDENT,
    "my:report": RESIDENT,
    "my:cases": RESIDENT,
    "my:case": RESIDENT,
    "my:case-rate": RESIDENT,
    "my:case-photos": RESIDENT,
    "my:case-photo": RESIDENT,
    "my:ways": RESIDENT,
    "my:ask": RESIDENT,
    "my:wishes": RESIDENT,
}
