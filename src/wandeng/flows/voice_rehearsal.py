"""A call to the telephone menu that never was (语音导航试听): the keys are pressed in order on the real menu and data, what is said is told,
and everything is undone, so that no conversation is kept and no case is opened."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from wandeng.domains.cases.types import Charter
from wandeng.domains.organization import queries as organization
from wandeng.flows import voice
from wandeng.flows.voice import VoiceAnswer
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope, require
from wandeng.kernel.actors import Actor

MOST_KEYS = 40


@dataclass(frozen=True, slots=True)
class Rehearsed:
    """A turn: what was pressed (empty for nothing, and for the first), and what the telephone did."""

    pressed: str
    answer: VoiceAnswer


def rehearse(
    *, phone: str, keys: Sequence[str], actor: Actor, at: datetime, library: RuleLibrary | None = None,
    charter: Callable[[], Charter] = Charter.current,
) -> tuple[Rehearsed, ...]:  # fmt: skip
    """Call, press one after another, at most :data:`MOST_KEYS`, until the call is over. The line serves every unit, so only an
    administrator of all of them may call as anybody. Raises :class:`NotAllowed`, and as ``voice.take``."""
    require(actor, "ADMINISTRATOR", unit_path=organization.unit_tree(Scope.everywhere())[0].path)
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
