"""Withdrawing the link by which a customer follows a case."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from wandeng.domains.cases import log, recording, tracking
from wandeng.domains.cases.actions.work import HANDING_IN
from wandeng.domains.cases.locking import locked_case
from wandeng.domains.cases.types import Done
from wandeng.infra.scope import require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput


@transaction.atomic
def withdraw_link(*, number: str, reason: str, actor: Actor, at: datetime) -> Done:
    """Withdraw the link that was given away, for a stated reason: it opens nothing any more, and the case has another.

    Raises :class:`InvalidInput` without a reason, :class:`NotFound`, ``NotAllowed``.
    """
    row = locked_case(actor, number)
    require(actor, *(str(role) for role in HANDING_IN), unit_path=row.unit.path)
    if not reason.strip():
        raise InvalidInput("say why the link is withdrawn")
    written = log.Log.of(row)
    written.add("NOTED", at=at, noted_at=at, actor=actor, what=tracking.LINK, note=reason)
    written.keep()
    recording.record("case.withdraw_link", row, {}, actor, at, reason)
    return recording.done(row)
