"""Whose work outage plans are, and who decides at each level."""

from __future__ import annotations

from collections.abc import Mapping

from wandeng.domains.organization.types import Role
from wandeng.domains.outages.types.plans import Level

PLANNERS = (Role.DISPATCHER, Role.CELL_MANAGER, Role.ACCOUNT_MANAGER, Role.COUNTY_MANAGER)
PUBLISHERS = (Role.DISPATCHER, Role.COUNTY_MANAGER)
DISPATCHERS = (Role.DISPATCHER,)
DECIDERS: Mapping[Level, tuple[Role, ...]] = {
    Level.STATION: (Role.CELL_MANAGER, Role.DISPATCHER),
    Level.COUNTY: (Role.COUNTY_MANAGER,),
    Level.CITY: (Role.PROVINCIAL_MANAGER,),
}
