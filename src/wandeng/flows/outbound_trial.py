"""What customers would do when called (外呼试拨): for trials and demonstrations without an exchange. Which of them answers what follows from
the name of the call, so that the same calls come out the same."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from datetime import datetime, timedelta

from wandeng.domains.conversations.types import CallResult, Dialed
from wandeng.flows import outbound_calls

KEYS = ("1", "1", "1", "2", "1", "3", "1", "1", "")
"""What is pressed, in turn; empty for nothing until the call ends."""
UNANSWERED = {3: CallResult.NO_ANSWER, 7: CallResult.BUSY}
OF = 9


class SimulatedExchange:
    """An exchange that rings nobody: it takes each call, and :func:`play` says what people would have done."""

    code = "simulated"

    def __init__(self) -> None:
        self.dialed: list[str] = []

    def dial(self, call: str, phone: str, purpose: str) -> Dialed:
        """Keep the name of the call."""
        self.dialed.append(call)
        return Dialed.TAKEN


def play(calls: Iterable[str], *, at: datetime) -> int:
    """Take up each of these calls, or not, press a key, and end it; says how many were answered. Raises as ``outbound_calls.take``."""
    answered = 0
    for name in calls:
        chance = zlib.crc32(name.encode()) % OF
        call_id, told = outbound_calls.call_id_of(name), UNANSWERED.get(chance)
        if told is None:
            answered += 1
            _answer(name, KEYS[chance], at)
        outbound_calls.ended(call_id=call_id, told=told or CallResult.REACHED, at=at + timedelta(seconds=40))
    return answered


def _answer(name: str, key: str, at: datetime) -> None:
    said = outbound_calls.take(call=name, number=0, at=at + timedelta(seconds=8))
    if said.then == "GATHER" and key:
        outbound_calls.take(call=name, number=1, digits=key, at=at + timedelta(seconds=20))
