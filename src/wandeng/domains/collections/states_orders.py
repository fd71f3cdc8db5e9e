"""The life of a disconnection order, of a reconnection order and of a halt, as a dispatcher could read them."""

from __future__ import annotations

from wandeng.infra.transitions import StateTable

DISCONNECTION = StateTable(
    name="disconnection order",
    start="PROPOSED",
    moves={
        "approve": ("PROPOSED", "APPROVED"),
        "approve_first": ("PROPOSED", "SECOND_WANTED"),
        "approve_second": ("SECOND_WANTED", "APPROVED"),
        "refuse": (("PROPOSED", "SECOND_WANTED"), "REFUSED"),
        "withdraw": (("PROPOSED", "SECOND_WANTED", "APPROVED"), "WITHDRAWN"),
        "dispatch": ("APPROVED", "DISPATCHED"),
        "fail": ("DISPATCHED", "FAILED"),
        "recall": ("DISPATCHED", "RECALLED"),
        "cut": (("DISPATCHED", "RECALLED"), "CUT"),
        "spare": ("RECALLED", "SPARED"),
        "restore": ("CUT", "RESTORED"),
    },
    final=("REFUSED", "WITHDRAWN", "FAILED", "SPARED", "RESTORED"),
)
"""停电单. ``recall``: paid while the instruction was on its way; supply counts as off until somebody has seen it on, which
is ``spare`` when it never went off and ``cut`` then ``restore`` when it did."""

RECONNECTION = StateTable(
    name="reconnection order",
    start="ORDERED",
    moves={"restore": ("ORDERED", "RESTORED")},
    final=("RESTORED",),
)
"""复电单. No state waits for approval, and none ends without power."""

HALT = StateTable(name="disconnection halt", start="PULLED", moves={"lift": ("PULLED", "LIFTED")}, final=("LIFTED",))
"""停电闸."""
