"""The life of a community board."""

from __future__ import annotations

from wandeng.infra.transitions import StateTable

BOARD = StateTable(
    name="community board", start="SHOWN", moves={"withdraw": ("SHOWN", "WITHDRAWN")}, final=("WITHDRAWN",)
)
"""公示栏. A board that was withdrawn answers to nobody; a new one has another address."""
