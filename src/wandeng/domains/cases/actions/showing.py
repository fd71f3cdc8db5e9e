"""Photos that the customer sends of what is wrong (客户照片): kept with the case, apart from what staff prove their steps by."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from wandeng.domains.cases import evidence, log, recording
from wandeng.domains.cases.actions.work import HANDING_IN
from wandeng.domains.cases.locking import locked_case
from wandeng.domains.cases.types import Done, Proof
from wandeng.infra.processes.parts import START
from wandeng.infra.scope import require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict


@transaction.atomic
def show_photos(*, number: str, photos: Sequence[Proof], most: int, actor: Actor, at: datetime) -> Done:
    """Keep a customer's photos with an open case, ``most`` of one sender altogether; a photo that is there already is not kept twice.

    They are papers of the beginning, so none of them stands for the photo that a step wants of its crew. Raises
    :class:`NotFound`, :class:`Conflict` for a case that is worked on no more or has its photos, ``InvalidInput`` for a file that is
    not taken.
    """
    row = locked_case(actor, number)
    require(actor, *(str(role) for role in HANDING_IN), unit_path=row.unit.path)
    if row.state != "OPEN":
        raise Conflict("photos are taken while a case is worked on", state=row.state)
    here = set(evidence.own_photos(number, actor.code).values_list("file_hash", flat=True))
    fresh = {hashlib.sha256(one.content).hexdigest(): one for one in photos}
    left = [one for digest, one in fresh.items() if digest not in here]
    if len(here) + len(left) > most:
        raise Conflict(f"{most} photos go with a case at most", most=most)
    if not left:
        return recording.done(row, is_new=False)
    taken = evidence.take(row, START, left, actor, at)
    written = log.Log.of(row)
    written.add("ATTACHED", at=at, noted_at=at, actor=actor, what=row.step, facts={"papers": taken})
    written.keep()
    recording.record("case.hand_in", row, {"papers": taken}, actor, at, "")
    return recording.done(row)
