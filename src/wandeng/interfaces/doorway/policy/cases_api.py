"""Cases, as programs call them; each action decides by the step, the unit and whose hands a case is in."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import BILLING, FIELD, FRONT, MANAGERS, NOBODY, OVERSIGHT, Rule

_TAKERS = FRONT | FIELD | OVERSIGHT - {Role.PROVINCIAL_MANAGER} | {Role.DISPATCHER, Role.ACCOUNT_MANAGER}
_WORKERS = _TAKERS | BILLING | MANAGERS
_READERS = _WORKERS | OVERSIGHT

POLICY = {
    "api:case": Rule(_READERS),
    "api:case-open": Rule(NOBODY, _TAKERS),
    **{
        f"api:case-{verb}": Rule(NOBODY, _WORKERS)
        for verb in (
            "assign", "finish", "send-back", "pause", "resume", "fill", "hand-in", "press", "supervise", "transfer",
            "reclassify", "note", "join", "merge", "split", "withdraw", "call-back", "not-reached", "reopen",
        )
    },
}  # fmt: skip
