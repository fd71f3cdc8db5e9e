"""What customers open by a link that they were given: open to anybody, because the link is the key."""

from __future__ import annotations

from wandeng.interfaces.doorway.policy.rules import EVERYBODY, Rule

POLICY = {
    "portal:track": Rule(EVERYBODY, public=True),
    "portal:track-data": Rule(EVERYBODY, public=True),
}
