"""The life of a prepay agreement and of an episode of low balance, as a dispatcher could read them."""

from __future__ import annotations

from wandeng.infra.transitions import StateTable

PREPAY_AGREEMENT = StateTable(
    name="prepay agreement", start="ACTIVE", moves={"end": ("ACTIVE", "ENDED")}, final=("ENDED",)
)
"""费控协议. Who comes back signs a new one."""

PREPAY_EPISODE = StateTable(
    name="prepay episode",
    start="WARNED",
    moves={
        "overdraw": ("WARNED", "OVERDRAWN"),
        "recover": ("OVERDRAWN", "WARNED"),
        "close": (("WARNED", "OVERDRAWN"), "CLOSED"),
    },
    final=("CLOSED",),
)
"""余额不足事件. Cut ordered, cut and restored are states of the disconnection order that belongs to it, and of nothing
else: there is no second record that could differ from it."""
