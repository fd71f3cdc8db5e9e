"""The life of a queue ticket."""

from __future__ import annotations

from wandeng.infra.transitions import StateTable

TICKET = StateTable(
    name="queue ticket",
    start="WAITING",
    moves={
        "call": ("WAITING", "CALLED"),
        "recall": (("CALLED", "NO_SHOW"), "CALLED"),
        "no_show": ("CALLED", "NO_SHOW"),
        "done": ("CALLED", "SERVED"),
        "transfer": ("CALLED", "WAITING"),
        "leave": (("WAITING", "CALLED", "NO_SHOW"), "LEFT"),
    },
    final=("SERVED", "LEFT"),
)
"""排队号. Who was missed (过号) and comes back is called again; who is handed to another counter waits for it; who goes home has left."""
