"""Orders as they are stored, under their lock."""

from __future__ import annotations

from wandeng.domains.rationing.models import RationingOrder, RationingShare
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import NotFound


def locked(actor: Actor, number: str) -> RationingOrder:
    """An order under its lock. Raises :class:`NotFound`, also outside the actor's scope."""
    rows = RationingOrder.objects.select_for_update(of=("self",)).select_related("scheme__unit")
    return Scope.of(actor).one(rows, "scheme__unit__path", "rationing order", number=number)


def share(row: RationingOrder, code: str) -> RationingShare:
    """The share of a participant. Raises :class:`NotFound`."""
    found = row.shares.select_related("participant").filter(participant__code=code).first()
    if found is None:
        raise NotFound(f"there is no participant {code} in {row.number}")
    return found
