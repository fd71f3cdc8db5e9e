"""The life of an outbound call."""

from __future__ import annotations

from wandeng.infra.transitions import StateTable

CALL = StateTable(
    name="outbound call", start="PLACED", moves={"end": ("PLACED", "ENDED")}, final=("ENDED",)
)  # fmt: skip
"""自动外呼. PLACED from before the exchange is asked to dial; what came of it stands in its result."""
