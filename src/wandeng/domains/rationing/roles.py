"""Whose work rationing is, and who decides."""

from __future__ import annotations

from wandeng.domains.organization.types import Role

PLANNERS = (Role.DISPATCHER, Role.ACCOUNT_MANAGER, Role.COUNTY_MANAGER)
DECIDERS = (Role.COUNTY_MANAGER, Role.PROVINCIAL_MANAGER)
DISPATCHERS = (Role.DISPATCHER,)
TELLERS = (
    Role.DISPATCHER,
    Role.CELL_MANAGER,
    Role.ACCOUNT_MANAGER,
    Role.CALL_CLERK,
    Role.HALL_CLERK,
    Role.COUNTY_MANAGER,
)
