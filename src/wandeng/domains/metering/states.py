"""The lives of a meter, of a reading, and of an order to read again."""

from __future__ import annotations

from wandeng.infra.transitions import StateTable

METER = StateTable(
    name="meter",
    start="IN_STOCK",
    moves={
        "install": ("IN_STOCK", "INSTALLED"),
        "remove": ("INSTALLED", "REMOVED"),
        "restock": ("REMOVED", "IN_STOCK"),
        "scrap": (("IN_STOCK", "REMOVED"), "SCRAPPED"),
    },
    final=("SCRAPPED",),
)
"""A removed meter hangs again only after a test: passing it restocks."""

READING = StateTable(
    name="reading",
    start="HELD",
    moves={"release": ("HELD", "ACCEPTED"), "refuse": ("HELD", "REFUSED")},
    final=("ACCEPTED", "REFUSED"),
)
"""A sound reading is born ACCEPTED. A correction moves nothing: it is a new reading that supersedes the old one."""

REREAD = StateTable(
    name="re-read order",
    start="ORDERED",
    moves={
        "take": ("ORDERED", "TAKEN"),
        "give_back": ("TAKEN", "ORDERED"),
        "complete": (("ORDERED", "TAKEN"), "DONE"),
        "cancel": (("ORDERED", "TAKEN"), "CANCELLED"),
    },
    final=("DONE", "CANCELLED"),
)
"""An order ends when somebody has read the meter again, or when the reading was decided without it."""
