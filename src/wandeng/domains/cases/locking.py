"""One action at a time on a case: its row is locked first, before anything about it is read."""

from __future__ import annotations

from django.db import connection
from django.db.models import QuerySet

from wandeng.domains.cases.models import Case
from wandeng.infra.scope import Scope
from wandeng.infra.statements import Reading
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import NotFound


def locked_case(actor: Actor | None, number: str) -> Case:
    """The case under its lock, as the actor may see it; ``None``: the product itself asks.

    Raises :class:`NotFound`, also outside the actor's scope.
    """
    scope = Scope.of(actor) if actor else Scope.everywhere()
    row = _LOCKED.first(number)
    if row is None or not scope.covers(row.unit.path):
        raise NotFound(f"there is no case {number}")
    return row


def _locked(number: str) -> QuerySet[Case]:
    rows = Case.objects.select_related("unit", "account", "transformer").filter(number=number)
    if connection.features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    return rows


_LOCKED: Reading[Case] = Reading(_locked, str)
