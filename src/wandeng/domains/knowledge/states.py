"""The life of an article's version."""

from __future__ import annotations

from wandeng.infra.transitions import StateTable

VERSION = StateTable(
    name="article version",
    start="DRAFT",
    moves={"approve": ("DRAFT", "APPROVED"), "withdraw": (("DRAFT", "APPROVED"), "WITHDRAWN")},
    final=("WITHDRAWN",),
)
"""An approved version is withdrawn only before its first day."""
