"""One action at a time on a case: its row is locked first, before anything about it is read."""

from __future__ import annotations

from django.db import transaction

from wandeng.domains.cases.models import Case
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import Actor


def locked_case(actor: Actor | None, number: str) -> Case:
    """The case under its lock, as the actor may see it; ``None``: the product itself asks.

    Raises :class:`NotFound`, also outside the actor's scope.
    """
    scope = Scope.of(actor) if actor else Scope.everywhere()
    rows = Case.objects.select_related("unit", "account", "transformer")
    if transaction.get_connection().features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    return scope.one(rows, "unit__path", "case", number=number)
