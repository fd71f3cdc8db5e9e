"""One action at a time on a case: its row is locked first, before anything about it is read."""

from __future__ import annotations

from django.db import connection
from django.db.models import QuerySet

from wandeng.domains.cases import reach
from wandeng.domains.cases.models import Case
from wandeng.infra.statements import Reading
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import NotAllowed, NotFound


def locked_case(actor: Actor | None, number: str, *, in_hand: bool = False, key: str = "") -> Case:
    """The case under its lock, as the actor may see it; ``None``: the product itself asks.

    ``in_hand``: what the work on it needs, which whoever has it in hand does from another office too; the rest is done by its
    own. ``key``: that somebody told it before under the key is enough to tell it again.

    Raises :class:`NotFound`, also out of the actor's reach, and :class:`NotAllowed` for the rest.
    """
    row = _LOCKED.first(number)
    if row is None or not (actor is None or reach.covers(actor, row) or reach.did(actor, row, key)):
        raise NotFound(f"there is no case {number}")
    if actor is not None and not in_hand and not reach.is_over(actor, row):
        raise NotAllowed(f"case {number} lies with another office: only the work on it is yours")
    return row


def _locked(number: str) -> QuerySet[Case]:
    rows = Case.objects.select_related("unit").filter(number=number)
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    return rows


_LOCKED: Reading[Case] = Reading(_locked, str)
