"""Appointments: the day board, booking, what came of it; places, vehicles, routes and runs."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import FIELD, FRONT, NOBODY, OVERSIGHT, Rule

_KEEPERS = frozenset({Role.DISPATCHER, Role.COUNTY_MANAGER})
_BOOKERS = FRONT | _KEEPERS | {Role.CELL_MANAGER, Role.ACCOUNT_MANAGER}
_SERVERS = _BOOKERS | FIELD
_READERS = _SERVERS | OVERSIGHT

POLICY = {
    "console:appointments-day": Rule(_READERS),
    "console:appointments-list": Rule(_READERS),
    "console:appointments-calls": Rule(_BOOKERS),
    "console:appointments-figures": Rule(_READERS),
    "console:appointments-book": Rule(_BOOKERS, _BOOKERS),
    "console:appointments-detail": Rule(_READERS),
    "console:appointments-rebook": Rule(_BOOKERS, _BOOKERS),
    "console:appointments-act": Rule(NOBODY, _SERVERS),
    "console:appointments-part": Rule(_READERS),
    "console:appointments-places": Rule(_READERS),
    "console:appointments-place": Rule(_READERS),
    "console:appointments-place-new": Rule(_KEEPERS, _KEEPERS),
    "console:appointments-place-act": Rule(NOBODY, _KEEPERS),
    "console:appointments-vehicles": Rule(_READERS),
    "console:appointments-vehicle": Rule(_READERS),
    "console:appointments-vehicle-new": Rule(_KEEPERS, _KEEPERS),
    "console:appointments-vehicle-retire": Rule(NOBODY, _KEEPERS),
    "console:appointments-routes": Rule(_READERS),
    "console:appointments-route": Rule(_READERS),
    "console:appointments-route-new": Rule(_KEEPERS, _KEEPERS),
    "console:appointments-route-act": Rule(NOBODY, _KEEPERS),
    "console:appointments-runs": Rule(_READERS),
    "console:appointments-run": Rule(_READERS),
    "console:appointments-run-sheet": Rule(_READERS),
    "console:appointments-run-act": Rule(NOBODY, _SERVERS),
}
