"""Whose work switching sheets are."""

from __future__ import annotations

from wandeng.domains.organization.types import Role

WRITERS = (Role.DISPATCHER, Role.CELL_MANAGER)
ISSUERS = (Role.DISPATCHER,)
"""Also who may skip a step, and record steps of others."""
