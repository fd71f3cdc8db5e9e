"""Who does what with appointments."""

from __future__ import annotations

BOOKERS = (
    "CALL_CLERK", "HALL_CLERK", "CELL_MANAGER", "ACCOUNT_MANAGER", "DISPATCHER", "COUNTY_MANAGER",
)  # fmt: skip
"""Who books, books again and cancels for customers."""
SERVERS = (*BOOKERS, "METER_READER")
"""Who serves: marks what was kept or missed, drives a run."""
KEEPERS = ("DISPATCHER", "COUNTY_MANAGER")
"""Who keeps the register: places and their hours, vehicles, routes; closes slots, cancels runs, takes marks back."""
