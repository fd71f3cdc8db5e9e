"""Webhooks and the doctor: administrators only; what is the whole installation's is held by the actions."""

from __future__ import annotations

from wandeng.interfaces.doorway.policy.rules import ADMINISTRATORS, NOBODY, Rule

_LOOK = Rule(ADMINISTRATORS)
_DO = Rule(ADMINISTRATORS, ADMINISTRATORS)
_ONLY_DO = Rule(NOBODY, ADMINISTRATORS)

POLICY = {
    "console:integrations-list": _LOOK,
    "console:integrations-new": _DO,
    "console:integrations-detail": _LOOK,
    "console:integrations-change": _DO,
    "console:integrations-switch": _ONLY_DO,
    "console:integrations-rotate": _ONLY_DO,
    "console:integrations-ping": _ONLY_DO,
    "console:integrations-replay-range": _ONLY_DO,
    "console:integrations-deliveries": _DO,
    "console:integrations-delivery": _LOOK,
    "console:integrations-replay": _ONLY_DO,
    "console:integrations-doctor": _LOOK,
}
