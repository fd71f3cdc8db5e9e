"""The halt (停电闸): anybody who sees something wrong pulls it for their unit; it takes another person to lift it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from wandeng.domains.collections.models import DisconnectionHalt, DisconnectionQuota
from wandeng.domains.collections.states_orders import HALT
from wandeng.domains.collections.types_orders import ApproverSame
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import Role
from wandeng.infra import audit
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput, NotFound

PULLERS = (
    Role.CALL_CLERK, Role.HALL_CLERK, Role.DISPATCHER, Role.CELL_MANAGER, Role.ACCOUNT_MANAGER, Role.ACCOUNTANT,
    Role.AUDITOR, Role.COUNTY_MANAGER, Role.PROVINCIAL_MANAGER,
)  # fmt: skip
LIFTERS = (Role.COUNTY_MANAGER, Role.PROVINCIAL_MANAGER)
SETTERS = LIFTERS


@transaction.atomic
def pull(*, unit_code: str, reason: str, is_drill: bool = False, actor: Actor, at: datetime) -> int:
    """Stop every dispatch of a unit and all below it, now. Pulling a pulled one changes nothing. Returns its id.

    A drill stops as well: it is a drill of the people, not of the switch.
    """
    place = organization.unit(Scope.of(actor), unit_code)
    require(actor, *PULLERS, unit_path=place.path)
    if not reason.strip():
        raise InvalidInput("say why cutting is halted")
    known = DisconnectionHalt.objects.filter(unit_id=place.unit_id, state="PULLED").first()
    if known is not None:
        return int(known.pk)
    halt = DisconnectionHalt.objects.create(
        unit_id=place.unit_id, is_drill=is_drill, reason=reason, pulled_by=actor.code, pulled_at=at
    )
    _log("disconnection_halt.pull", place.code, {"drill": int(is_drill)}, actor, at, reason, place.path)
    return int(halt.pk)


@transaction.atomic
def lift(*, unit_code: str, reason: str, actor: Actor, at: datetime) -> None:
    """Let orders leave again: by another person than pulled it. Raises :class:`ApproverSame`, :class:`NotFound`."""
    place = organization.unit(Scope.of(actor), unit_code)
    require(actor, *LIFTERS, unit_path=place.path)
    if not reason.strip():
        raise InvalidInput("say why cutting may go on")
    halt = DisconnectionHalt.objects.select_for_update().filter(unit_id=place.unit_id, state="PULLED").first()
    if halt is None:
        raise NotFound(f"the halt of {unit_code} is not pulled")
    if halt.pulled_by == actor.code:
        raise ApproverSame(f"{actor.code} pulled the halt of {unit_code}: another person lifts it")
    move(halt, HALT, "lift", actor=actor, at=at, reason=reason, lifted_by=actor.code, lifted_at=at)
    _log("disconnection_halt.lift", place.code, {"pulled_by": halt.pulled_by}, actor, at, reason, place.path)


@transaction.atomic
def set_quota(*, unit_code: str, per_hour: int | None, reason: str, actor: Actor, at: datetime) -> None:
    """How many orders may leave for a unit and all below it within sixty minutes; ``None``: as the dated rule says."""
    place = organization.unit(Scope.of(actor), unit_code)
    require(actor, *SETTERS, unit_path=place.path)
    if per_hour is not None and not 0 <= per_hour <= 1_000:
        raise InvalidInput("a quota lies between 0 and 1000 orders an hour")
    DisconnectionQuota.objects.update_or_create(
        unit_id=place.unit_id, defaults={"per_hour": per_hour, "set_by": actor.code, "set_at": at}
    )
    _log("disconnection_quota.set", place.code, {"per_hour": per_hour}, actor, at, reason, place.path)


def _log(
    action: str, code: str, facts: dict[str, object], actor: Actor, at: datetime, reason: str, unit_path: str
) -> None:
    audit.record(actor=actor, action=action, subject=("organization.Unit", code), facts=facts, at=at, reason=reason,
                 unit_path=unit_path)  # fmt: skip
