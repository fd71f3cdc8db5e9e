"""The life of a supply agreement (供用电合同), as a dispatcher could read it."""

from __future__ import annotations

from wandeng.infra.transitions import StateTable

AGREEMENT = StateTable(
    name="agreement",
    start="DRAFT",
    moves={
        "sign": ("DRAFT", "SIGNED"),
        "withdraw": ("DRAFT", "WITHDRAWN"),
        "expire": ("SIGNED", "EXPIRED"),
        "terminate": ("SIGNED", "TERMINATED"),
    },
    final=("EXPIRED", "TERMINATED", "WITHDRAWN"),
)
"""Renewing moves nothing: it drafts a new agreement that names the old one, and the old one runs to its last day."""
