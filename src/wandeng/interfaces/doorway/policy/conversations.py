"""Conversations. What gateways call is open to anybody: they have no account here and are believed by their signature."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import ADMINISTRATORS, ANYBODY, FRONT, OVERSIGHT, Rule

_READ = FRONT | OVERSIGHT | {Role.CELL_MANAGER, Role.ACCOUNT_MANAGER}

POLICY = {
    "console:conversations": Rule(_READ),
    "console:conversation": Rule(_READ),
    "console:outbound-calls": Rule(_READ),
    # Whoever may call as anybody hears what anybody hears: nobody but administrators.
    "console:ivr-rehearsal": Rule(ADMINISTRATORS, ADMINISTRATORS),
    "console:ivr-sound": Rule(ADMINISTRATORS),
    "channels:ivr": ANYBODY,
    "channels:ivr-outbound": ANYBODY,
    "channels:ivr-outbound-ended": ANYBODY,
    "channels:sms": ANYBODY,
}
