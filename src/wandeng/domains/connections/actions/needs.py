"""What becomes of a reinforcement that a connection made necessary."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from wandeng.domains.connections.models import ReinforcementNeed
from wandeng.domains.organization.types import Role
from wandeng.infra import audit
from wandeng.infra.scope import Scope, require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput

NEED_UNIT = "transformer__unit__path"


@transaction.atomic
def follow_need(
    *, need_id: int, actor: Actor, at: datetime, note: str, planned_on: date | None = None, done_on: date | None = None
) -> None:  # fmt: skip
    """Say for which day a reinforcement is planned, or on which day it was done.

    Raises :class:`NotFound`, :class:`Conflict` for one that is done, :class:`InvalidInput` when neither day or no word is given.
    """
    rows = ReinforcementNeed.objects.select_related("transformer__unit", "project__case")
    need = Scope.of(actor).one(rows, NEED_UNIT, "reinforcement need", pk=need_id)
    path = need.transformer.unit.path
    require(actor, Role.CELL_MANAGER, Role.ACCOUNT_MANAGER, Role.COUNTY_MANAGER, unit_path=path)
    if need.done_on is not None:
        raise Conflict(f"the reinforcement was done on {need.done_on}")
    if (planned_on is None and done_on is None) or not note.strip():
        raise InvalidInput("say for which day it is planned or when it was done, and what")
    changes = {name: day for name, day in (("planned_on", planned_on), ("done_on", done_on)) if day is not None}
    ReinforcementNeed.objects.filter(pk=need.pk).update(**changes, note=note)
    facts = {"transformer": need.transformer.code, "case": need.project.case.number, **changes}
    audit.record(
        actor=actor, action="reinforcement.follow", subject=need, facts=facts, at=at, reason=note, unit_path=path
    )
