"""The lives of a slot, an appointment, what is told of it, a run and its stops."""

from __future__ import annotations

from wandeng.infra.transitions import StateTable

SLOT = StateTable(name="service slot", start="OPEN", moves={"close": ("OPEN", "CLOSED"), "open": ("CLOSED", "OPEN")})
"""时段. A closed one takes no more appointments."""

APPOINTMENT = StateTable(
    name="appointment",
    start="BOOKED",
    moves={
        "keep": ("BOOKED", "KEPT"),
        "customer_missed": ("BOOKED", "MISSED_BY_CUSTOMER"),
        "we_missed": ("BOOKED", "MISSED_BY_US"),
        "cancel": ("BOOKED", "CANCELLED"),
        "rebook": ("BOOKED", "REBOOKED"),
        "take_back": (("KEPT", "MISSED_BY_CUSTOMER", "MISSED_BY_US"), "BOOKED"),
    },
    final=("CANCELLED", "REBOOKED"),
)
"""预约. 爽约 is missed by the customer, 失约 by us. What was marked in error is taken back for a reason."""

TELLING = StateTable(
    name="appointment telling",
    start="WANTED",
    moves={
        "send": ("WANTED", "TOLD"),
        "call": ("WANTED", "TO_CALL"),
        "called": ("TO_CALL", "TOLD"),
        "drop": (("WANTED", "TO_CALL"), "DROPPED"),
    },
    final=("TOLD", "DROPPED"),
)
"""预约告知."""

RUN = StateTable(
    name="route run",
    start="PLANNED",
    moves={
        "start": ("PLANNED", "UNDER_WAY"),
        "finish": ("UNDER_WAY", "DONE"),
        "cancel": (("PLANNED", "UNDER_WAY"), "CANCELLED"),
    },
    final=("DONE", "CANCELLED"),
)
"""出车."""

STOP = StateTable(
    name="run stop",
    start="AHEAD",
    moves={"arrive": ("AHEAD", "HERE"), "leave": ("HERE", "SERVED"), "skip": (("AHEAD", "HERE"), "SKIPPED")},
    final=("SERVED", "SKIPPED"),
)
"""停靠点."""
