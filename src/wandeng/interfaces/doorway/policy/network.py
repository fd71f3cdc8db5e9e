"""The network: who looks at it, and who records switchings."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import BILLING, FIELD, FRONT, NOBODY, OVERSIGHT, Rule

_DISPATCH = frozenset({Role.DISPATCHER})
_READERS = _DISPATCH | FRONT | FIELD | OVERSIGHT | BILLING | {Role.ACCOUNT_MANAGER}
"""Whoever is asked which houses are behind a switch."""

POLICY = {
    "console:network-overview": Rule(_READERS),
    "console:network-map": Rule(_READERS),
    "console:network-geojson": Rule(_READERS),
    "console:network-substations": Rule(_READERS),
    "console:network-feeders": Rule(_READERS),
    "console:network-feeder": Rule(_READERS),
    "console:network-transformers": Rule(_READERS),
    "console:network-transformer": Rule(_READERS),
    "console:network-transformer-panel": Rule(_READERS),
    "console:network-switches": Rule(_READERS),
    "console:network-switch": Rule(_READERS),
    "console:network-switch-panel": Rule(_READERS),
    "console:network-what-if": Rule(_READERS),
    "console:network-operate": Rule(NOBODY, _DISPATCH),
    "console:network-operations": Rule(_READERS),
    "console:network-points": Rule(_READERS),
}
