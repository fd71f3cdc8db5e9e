"""The lives of a payment, of a decision about money and of an instalment plan, as tables."""

from __future__ import annotations

from wandeng.domains.payments.states_online import ONLINE_REFUND, PAYMENT_ALARM, PAYMENT_ORDER
from wandeng.infra.transitions import StateTable

__all__ = ["DECISION", "ONLINE_REFUND", "PAYMENT", "PAYMENT_ALARM", "PAYMENT_ORDER", "PLAN", "TILL_SESSION"]

PAYMENT = StateTable(
    name="payment",
    start="RECEIVED",
    moves={"reverse": ("RECEIVED", "REVERSED")},
    final=("REVERSED",),
)
"""收费记录. A reversed payment stays; what it settled is open again."""

DECISION = StateTable(
    name="payment decision",
    start="PROPOSED",
    moves={"carry_out": ("PROPOSED", "DONE"), "reject": ("PROPOSED", "REJECTED")},
    final=("DONE", "REJECTED"),
)
"""账务处理. Where one person suffices it is carried out in the transaction that proposes it."""

PLAN = StateTable(
    name="instalment plan",
    start="ACTIVE",
    moves={
        "keep": ("ACTIVE", "KEPT"),
        "break": ("ACTIVE", "BROKEN"),
        "cancel": ("ACTIVE", "CANCELLED"),
    },
    final=("KEPT", "BROKEN", "CANCELLED"),
)
"""分期付款协议."""

TILL_SESSION = StateTable(
    name="till session",
    start="OPEN",
    moves={
        "count": ("OPEN", "COUNTED"),
        "recount": ("COUNTED", "OPEN"),
        "close": ("COUNTED", "CLOSED"),
    },
    final=("CLOSED",),
)
"""班次. A count that agrees with the books closes at once; one that differs waits for a second person."""
