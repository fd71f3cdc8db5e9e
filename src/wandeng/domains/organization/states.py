"""The life of a parameter value and of an announcement, as tables."""

from __future__ import annotations

from wandeng.infra.transitions import StateTable

PARAMETER = StateTable(
    name="parameter value",
    start="DRAFT",
    moves={"approve": ("DRAFT", "APPROVED"), "withdraw": (("DRAFT", "APPROVED"), "WITHDRAWN")},
    final=("WITHDRAWN",),
)
"""参数取值. An approved one is withdrawn only before its first day: what has been used is not taken back, it is followed
by another."""

ANNOUNCEMENT = StateTable(
    name="announcement",
    start="DRAFT",
    moves={"publish": ("DRAFT", "PUBLISHED"), "recall": (("DRAFT", "PUBLISHED"), "RECALLED")},
    final=("RECALLED",),
)
"""通知公告. A recalled one stays on record."""
