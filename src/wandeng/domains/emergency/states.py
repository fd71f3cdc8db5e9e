"""The life of a storm mode and of an emergency generator, as a dispatcher could read them."""

from __future__ import annotations

from wandeng.infra.transitions import StateTable

STORM = StateTable(name="storm mode", start="ON", moves={"end": ("ON", "OFF")}, final=("OFF",))
"""风暴模式."""

GENERATOR = StateTable(
    name="emergency generator",
    start="FREE",
    moves={
        "send": ("FREE", "ON_THE_WAY"),
        "supply": ("ON_THE_WAY", "SUPPLYING"),
        "release": (("ON_THE_WAY", "SUPPLYING"), "FREE"),
        "fail": (("FREE", "ON_THE_WAY", "SUPPLYING"), "OUT_OF_ORDER"),
        "mend": ("OUT_OF_ORDER", "FREE"),
    },
)
"""应急发电车."""
