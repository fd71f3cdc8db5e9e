"""Outage plans: who plans, who decides, who reads."""

from __future__ import annotations

from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import FIELD, FRONT, MANAGERS, OVERSIGHT, Rule

_PLANNERS = frozenset({Role.DISPATCHER, Role.CELL_MANAGER, Role.ACCOUNT_MANAGER, Role.COUNTY_MANAGER})
_DECIDERS = frozenset({Role.CELL_MANAGER, Role.DISPATCHER}) | MANAGERS
_PUBLISHERS = frozenset({Role.DISPATCHER, Role.COUNTY_MANAGER})
_READERS = _PLANNERS | _DECIDERS | FRONT | FIELD | OVERSIGHT
"""Whoever is asked when the power will be off."""

POLICY = {
    "console:outages-plans": Rule(_READERS),
    "console:outages-plan": Rule(_READERS),
    "console:outages-differences": Rule(_READERS),
    "console:outages-geojson": Rule(_READERS),
    "console:outages-fairness": Rule(_READERS),
    "console:outages-fulfilment": Rule(_READERS),
    "console:outages-new": Rule(_PLANNERS, _PLANNERS),
    "console:outages-preview": Rule(_PLANNERS, _PLANNERS),
    "console:outages-change": Rule(_PLANNERS, _PLANNERS),
    "console:outages-submit": Rule(_PLANNERS, _PLANNERS),
    "console:outages-acknowledge": Rule(_PLANNERS, _PLANNERS),
    "console:outages-review": Rule(_PLANNERS | _DECIDERS, _PLANNERS | _DECIDERS),
    "console:outages-approve": Rule(_DECIDERS, _DECIDERS),
    "console:outages-send-back": Rule(_DECIDERS, _DECIDERS),
    "console:outages-withdraw": Rule(_PLANNERS, _PLANNERS),
    "console:outages-publish": Rule(_PUBLISHERS, _PUBLISHERS),
    "console:outages-run": Rule(frozenset({Role.DISPATCHER}), frozenset({Role.DISPATCHER})),
    "console:outages-cancel": Rule(_PLANNERS, _PLANNERS),
}
