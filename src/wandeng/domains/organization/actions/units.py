"""A unit is closed when nothing belongs to it any more; its code, its name and its history stay."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from wandeng.domains.organization.models import Unit
from wandeng.domains.organization.queries import staff
from wandeng.domains.organization.types import Role, UnitInUse
from wandeng.infra import audit
from wandeng.infra.scope import Scope, require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput
from wandeng.kernel.periods import BILLING_ZONE


@transaction.atomic
def close_unit(*, unit_code: str, on: date, reason: str, actor: Actor, at: datetime) -> None:
    """Close a unit: ``on`` is the first day without it. Nobody is appointed, taken in or founded below it afterwards.

    What other domains still have there is asked by ``flows.unit_closing``, which calls this. Raises :class:`UnitInUse`
    while an open unit, an active person or a post lies in it or below, :class:`Conflict` for one that is closed,
    :class:`InvalidInput` without a reason or for a day to come, :class:`NotFound` outside the actor's scope.
    """
    unit = Scope.of(actor).one(Unit.objects.select_for_update(), "path", "unit", code=unit_code)
    require(actor, Role.ADMINISTRATOR, unit_path=unit.path)
    if not reason.strip():
        raise InvalidInput("a unit is closed for a stated reason")
    if on > at.astimezone(BILLING_ZONE).date():
        raise InvalidInput(f"a unit is closed when it is empty, not ahead of time for {on}")
    if unit.closed_on is not None:
        raise Conflict(f"unit {unit_code} is closed since {unit.closed_on}")
    held = staff.unit_held(Scope(unit.path), on=on)
    if held.units or held.people or held.posts:
        raise UnitInUse(f"unit {unit_code} is not empty yet")
    Unit.objects.filter(pk=unit.pk).update(closed_on=on)
    facts = {"unit": unit_code, "on": on}
    audit.record(actor=actor, action="unit.close", subject=unit, facts=facts, at=at, reason=reason, unit_path=unit.path)
