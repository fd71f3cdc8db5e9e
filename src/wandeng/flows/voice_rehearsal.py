"""A call to the telephone menu that never was (语音导航试听): the keys are pressed in order on the real menu and data, what is said is told,
and everything is undone, so that no conversation is kept and no case is opened."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from wandeng.domains.cases.types import Charter
from wandeng.flows import voice
from wandeng.flows.voice import VoiceAnswer
from wandeng.infra.effective.library import RuleLibrary

MOST_KEYS = 40


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A turn: what was pressed (empty for nothing, and for the first), and what the telephone did."""

    pressed: str
    answer: VoiceAnswer


def rehearse(
    *, phone: str, keys: Sequence[str], at: datetime, library: RuleLibrary | None = None,
    charter: Callable[[], Charter] = Charter.current,
) -> tuple[Rehearsed, ...]:  # fmt: skip
    """Call, press one after another, at most :data:`MOST_KEYS`, until the call is over. Raises as ``voice.take``."""
    named, turns = uuid.uuid4().hex, list[Rehearsed]()
    with transaction.atomic():
        for number, pressed in enumerate(["", *keys[:MOST_KEYS]]):
            answer = voice.take(
                call=named, number=number, phone=phone, digits=pressed, at=at, library=library, charter=charter
            )
            turns.append(Rehearsed(pressed, answer))
            if answer.then != "GATHER":
                break
        transaction.set_rollback(True)
    return tuple(turns)
