"""Conversations. What gateways call is open to anybody: they have no account here and are believed by their signature."""

from __future__ import annotations

from wandeng.interfaces.doorway.policy.rules import ANYBODY

POLICY = {
    "channels:ivr": ANYBODY,
    "channels:sms": ANYBODY,
}
