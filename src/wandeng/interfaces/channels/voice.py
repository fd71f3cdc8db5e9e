"""Where a telephone exchange asks what to do with a call: ``POST /channels/ivr/`` ``{"call", "turn", "from", "digits"}``, signed.

``turn`` 0 begins a call with empty digits; each further one brings what was pressed, empty for nothing in time. Answered
``{"node", "say": [{"code", "text"}], "then": "GATHER" | "TRANSFER" | "HANGUP", "digits", "seconds"}``. A turn that comes again is
answered the same.

Of calls that the product has dialed (自动外呼) the exchange asks ``POST /channels/ivr/outbound/`` ``{"call", "turn", "digits"}``, answered in
the same way, and tells the end to ``POST /channels/ivr/outbound/ended/`` ``{"call", "result"}``, ``result`` REACHED, NO_ANSWER, BUSY or FAILED;
answered ``{"new"}``, false for what was told before. A call that was never dialed is 404.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from wandeng.domains.conversations.types import CallResult
from wandeng.flows import outbound_calls, voice
from wandeng.interfaces.channels.requests import Told, signed
from wandeng.kernel.errors import InvalidInput

TOLD = frozenset({CallResult.REACHED, CallResult.NO_ANSWER, CallResult.BUSY, CallResult.FAILED})
"""What an exchange may say of a call."""


@signed(voice.GATEWAY, call=str, turn=int, from_=str, digits=str)
def take(told: Told, at: datetime) -> dict[str, Any]:
    """A turn of a call that came in."""
    return asdict(voice.take(call=told["call"], number=told["turn"], phone=told["from_"], digits=told["digits"], at=at))


@signed(outbound_calls.GATEWAY, call=str, turn=int, digits=str)
def take_outbound(told: Told, at: datetime) -> dict[str, Any]:
    """A turn of a call that was dialed."""
    return asdict(outbound_calls.take(call=told["call"], number=told["turn"], digits=told["digits"], at=at))


@signed(outbound_calls.GATEWAY, call=str, result=str)
def end_outbound(told: Told, at: datetime) -> dict[str, Any]:
    """How a call ended that was dialed."""
    if told["result"] not in TOLD:
        raise InvalidInput("an exchange says no such result")
    call = outbound_calls.call_id_of(told["call"])
    return {"new": outbound_calls.ended(call_id=call, told=CallResult(told["result"]), at=at)}
