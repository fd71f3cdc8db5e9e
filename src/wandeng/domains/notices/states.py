"""The life of a template's version, and how far telling a recipient has come, as a dispatcher could read it."""

from __future__ import annotations

from wandeng.infra.transitions import StateTable

VERSION = StateTable(
    name="template version",
    start="DRAFT",
    moves={"approve": ("DRAFT", "APPROVED"), "withdraw": (("DRAFT", "APPROVED"), "WITHDRAWN")},
    final=("WITHDRAWN",),
)
"""An approved version is withdrawn only before its first day."""

RECIPIENT = StateTable(
    name="notice recipient",
    start="WAITING",
    moves={
        "begin": ("WAITING", "SENDING"),
        "accept": (("SENDING", "UNKNOWN"), "SENT"),
        "deliver": (("SENDING", "SENT", "UNKNOWN"), "DELIVERED"),
        "lose": ("SENDING", "UNKNOWN"),
        "give_back": (("SENDING", "UNKNOWN"), "WAITING"),
        "fall_back": (("SENDING", "SENT", "UNKNOWN"), "WAITING"),
        "fail": (("WAITING", "SENDING", "SENT", "UNKNOWN"), "FAILED"),
        "opt_out": ("WAITING", "OPTED_OUT"),
        "cancel": ("WAITING", "CANCELLED"),
        "send_again": (("UNKNOWN", "FAILED", "CANCELLED"), "WAITING"),
    },
    final=("DELIVERED", "OPTED_OUT"),
)
"""``begin`` is committed before the gateway is called: what stands at SENDING after a crash is asked about, never called
again. ``give_back``: the gateway surely has it not. ``lose``: nobody knows."""
