"""The lives of a payment order, of an online refund and of an alarm, as tables."""

from __future__ import annotations

from wandeng.infra.transitions import StateTable

PAYMENT_ORDER = StateTable(
    name="payment order",
    start="CREATED",
    moves={
        "pay": (("CREATED", "CLOSED", "SUSPENDED"), "PAID"),
        "suspend": (("CREATED", "CLOSED"), "SUSPENDED"),
        "settle": ("PAID", "SETTLED"),
        "close": ("CREATED", "CLOSED"),
        "refund": (("PAID", "SETTLED", "PART_REFUNDED"), "REFUNDING"),
        "keep": ("REFUNDING", "PAID"),
        "part": ("REFUNDING", "PART_REFUNDED"),
        "refunded": ("REFUNDING", "REFUNDED"),
    },
    final=("REFUNDED",),
)
"""支付订单. Closed and suspended orders can still be paid: what a customer has paid is taken, however late it is told."""

ONLINE_REFUND = StateTable(
    name="online refund",
    start="PROPOSED",
    moves={
        "approve": ("PROPOSED", "SENDING"),
        "reject": ("PROPOSED", "REJECTED"),
        "confirm": (("SENDING", "FAILED"), "DONE"),
        "fail": ("SENDING", "FAILED"),
        "again": ("FAILED", "SENDING"),
    },
    final=("DONE", "REJECTED"),
)
"""线上退款. One that failed is sent again under the same number, so that the provider pays at most once."""

PAYMENT_ALARM = StateTable(
    name="payment alarm",
    start="OPEN",
    moves={"handle": ("OPEN", "HANDLED")},
    final=("HANDLED",),
)
"""支付告警."""
