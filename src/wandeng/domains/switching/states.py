"""The life of a switching sheet."""

from __future__ import annotations

from wandeng.infra.transitions import StateTable

SHEET = StateTable(
    name="switching sheet",
    start="DRAFT",
    moves={
        "check": ("DRAFT", "CHECKED"),
        "send_back": ("CHECKED", "DRAFT"),
        "issue": ("CHECKED", "ISSUED"),
        "begin": (("ISSUED", "EXECUTING"), "EXECUTING"),
        "finish": ("EXECUTING", "DONE"),
        "void": (("DRAFT", "CHECKED", "ISSUED", "EXECUTING"), "VOIDED"),
    },
    final=("DONE", "VOIDED"),
)
"""操作票. Begun again is handed over to two other persons; a sheet given up on the way keeps the steps that were done."""
