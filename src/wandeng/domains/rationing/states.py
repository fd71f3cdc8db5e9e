"""The life of a scheme, of an order and of a call, as a dispatcher could read them."""

from __future__ import annotations

from wandeng.infra.transitions import StateTable

SCHEME = StateTable(
    name="rationing scheme",
    start="DRAFT",
    moves={"approve": ("DRAFT", "APPROVED"), "replace": ("APPROVED", "REPLACED")},
    final=("REPLACED",),
)
"""有序用电方案. One version of a unit and year is approved; orders are made by it."""

ORDER = StateTable(
    name="rationing order",
    start="DRAFT",
    moves={
        "approve": ("DRAFT", "APPROVED"),
        "edit": (("DRAFT", "APPROVED", "PUBLISHED"), "DRAFT"),
        "publish": ("APPROVED", "PUBLISHED"),
        "start": ("PUBLISHED", "RUNNING"),
        "end": ("RUNNING", "DONE"),
        "cancel": (("DRAFT", "APPROVED", "PUBLISHED"), "CANCELED"),
    },
    final=("DONE", "CANCELED"),
)
"""限电指令. One that is changed after publication is approved and published again; until then those told keep what they know."""

CALL = StateTable(
    name="call about rationing",
    start="TO_CALL",
    moves={"confirm": ("TO_CALL", "CONFIRMED"), "drop": ("TO_CALL", "DROPPED")},
    final=("CONFIRMED", "DROPPED"),
)
"""重要用户限电告知. A call that nobody answered stays to be made; one that a newer telling replaces is dropped."""
