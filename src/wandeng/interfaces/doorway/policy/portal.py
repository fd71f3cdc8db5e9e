"""What customers open: by a link that they were given, which is the key; or what anybody may know of supply at a place."""

from __future__ import annotations

from wandeng.interfaces.doorway.policy.rules import ANYBODY, EVERYBODY, Rule

POLICY = {
    "portal:track": Rule(EVERYBODY, public=True),
    "portal:track-data": Rule(EVERYBODY, public=True),
    "power:ask": Rule(EVERYBODY, public=True),
    "power:find": ANYBODY,
    "power:places": Rule(EVERYBODY, public=True),
    "power:planned": Rule(EVERYBODY, public=True),
    "power:planned-data": Rule(EVERYBODY, public=True),
    "power:calendar": Rule(EVERYBODY, public=True),
    "power:answer": Rule(EVERYBODY, public=True),
    "power:data": Rule(EVERYBODY, public=True),
    "status:file": Rule(EVERYBODY, public=True),
}
