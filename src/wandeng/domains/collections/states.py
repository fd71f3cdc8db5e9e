"""The lives of a dunning case, a step, a promise and a protection, as tables."""

from __future__ import annotations

from wandeng.domains.collections.states_orders import DISCONNECTION, HALT, RECONNECTION
from wandeng.infra.transitions import StateTable

__all__ = ["CASE", "DISCONNECTION", "HALT", "PROMISE", "PROTECTION", "RECONNECTION", "STEP"]

CASE = StateTable(
    name="dunning case",
    start="OPEN",
    moves={
        "promise": ("OPEN", "PROMISED"),
        "release": ("PROMISED", "OPEN"),
        "cut": (("OPEN", "PROMISED"), "CUT"),
        "close": (("OPEN", "PROMISED", "CUT"), "CLOSED"),
    },
    final=("CLOSED",),
)
"""催费单. A promise holds the ladder; a broken one releases it. A case ends when nothing is overdue any more."""

STEP = StateTable(
    name="dunning step",
    start="PENDING",
    moves={
        "reach": ("PENDING", "REACHED"),
        "miss": ("PENDING", "MISSED"),
        "cancel": ("PENDING", "CANCELLED"),
    },
    final=("REACHED", "MISSED", "CANCELLED"),
)
"""催费步骤. What reached nobody counts for no legal clock."""

PROMISE = StateTable(
    name="promise to pay",
    start="HOLDING",
    moves={"keep": ("HOLDING", "KEPT"), "break": ("HOLDING", "BROKEN"), "withdraw": ("HOLDING", "WITHDRAWN")},
    final=("KEPT", "BROKEN", "WITHDRAWN"),
)
"""承诺缴费."""

PROTECTION = StateTable(
    name="protection",
    start="PROPOSED",
    moves={
        "approve": ("PROPOSED", "APPROVED"),
        "refuse": ("PROPOSED", "REFUSED"),
        "end": (("PROPOSED", "APPROVED"), "ENDED"),
    },
    final=("REFUSED", "ENDED"),
)
"""不停电保护. Until somebody has decided, a proposed one keeps the account from being cut as well."""
