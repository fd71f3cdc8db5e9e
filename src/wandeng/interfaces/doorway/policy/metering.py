"""Metering: routes and entry, held readings, orders to read again, meters and their exchange."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import BILLING, FIELD, FRONT, NOBODY, OVERSIGHT, Rule

_READING = FIELD | BILLING
"""Who enters readings and decides about doubtful ones."""
_READERS = _READING | OVERSIGHT
_METERS = _READERS | FRONT | {Role.ACCOUNT_MANAGER}
"""Who is asked what a meter showed."""
_DECIDERS = BILLING | FIELD

POLICY = {
    "console:metering-routes": Rule(_READERS),
    "console:metering-route": Rule(_READERS),
    "console:metering-enter": Rule(NOBODY, _READING),
    "console:metering-held": Rule(_READERS, _DECIDERS),
    "console:metering-held-reading": Rule(_METERS),
    "console:metering-decide": Rule(NOBODY, _DECIDERS),
    "console:metering-rereads": Rule(_READERS, _READING),
    "console:metering-reread": Rule(_READERS, _READING),
    "console:metering-late": Rule(_READERS),
    "console:metering-meters": Rule(_METERS),
    "console:metering-stock": Rule(_READERS),
    "console:metering-meter": Rule(_METERS),
    "console:metering-curve": Rule(_METERS),
    "console:metering-exchange": Rule(_READING, _READING),
}
