"""Line loss: who reads the days, who follows odd areas up, who may learn whom a lead names."""

from __future__ import annotations

from wandeng.domains.losses.types import LEAD_READERS, LOOKERS
from wandeng.domains.organization.types import Role
from wandeng.interfaces.doorway.policy.rules import OVERSIGHT, Rule

_READERS = frozenset(LOOKERS) | OVERSIGHT | {Role.DISPATCHER}
_LOOKERS = frozenset(LOOKERS)
_LEADS = frozenset(LEAD_READERS)
"""A lead names a customer who may have done nothing: inspection, review of bills and the county's manager only."""

POLICY = {
    "console:losses-overview": Rule(_READERS),
    "console:losses-days": Rule(_READERS),
    "console:losses-area": Rule(_READERS),
    "console:losses-compute": Rule(_LOOKERS, _LOOKERS),
    "console:losses-work": Rule(_READERS),
    "console:losses-work-one": Rule(_READERS, _LOOKERS),
    "console:losses-leads": Rule(_LEADS),
    "console:losses-settle": Rule(_LEADS, _LEADS & {Role.BILLING_REVIEWER}),
    "console:losses-lead": Rule(_LEADS, _LEADS & {Role.AUDITOR, Role.COUNTY_MANAGER}),
}
