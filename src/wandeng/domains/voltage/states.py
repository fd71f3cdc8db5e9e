"""The life of a remedy of bad voltage."""

from __future__ import annotations

from wandeng.infra.transitions import StateTable

REMEDY = StateTable(
    name="voltage remedy",
    start="OPEN",
    moves={
        "assign": (("OPEN", "ASSIGNED"), "ASSIGNED"),
        "finish": ("ASSIGNED", "DONE"),
        "verify": ("DONE", "VERIFIED"),
        "reopen": ("DONE", "OPEN"),
        "drop": (("OPEN", "ASSIGNED"), "DROPPED"),
    },
    final=("VERIFIED", "DROPPED"),
)
"""电压治理. What was done is verified by the readings of the days after; what did not help is open again."""
