"""An outage as it takes place: off, back area by area, over; the interruption is written as it happens."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from wandeng.domains.outages import loading
from wandeng.domains.outages.events import OutageEnded, OutageStarted
from wandeng.domains.outages.models import PlannedOutage, PlannedOutageVersion
from wandeng.domains.outages.roles import DISPATCHERS
from wandeng.domains.outages.states import PLAN
from wandeng.domains.outages.types.plans import LiveLine
from wandeng.domains.reliability import actions as reliability
from wandeng.domains.reliability import queries as interruptions
from wandeng.domains.reliability.types import Cause, Facts, InterruptionKind, Step
from wandeng.infra import audit, events
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput

_KINDS = {"MAINTENANCE": "OVERHAUL", "CONSTRUCTION": "CONSTRUCTION", "CUSTOMER": "REQUEST", "OTHER_LEVEL": "OVERHAUL"}
_CAUSES = {
    "MAINTENANCE": Cause.OVERHAUL, "CONSTRUCTION": Cause.CONSTRUCTION, "CUSTOMER": Cause.CUSTOMER_REQUEST,
    "OTHER_LEVEL": Cause.UPSTREAM,
}  # fmt: skip


EARLIEST = timedelta(hours=2)
"""Nobody begins so long before what people were told; an earlier time is a slip of the pen."""


@transaction.atomic
def start(*, number: str, off_at: datetime, actor: Actor, at: datetime) -> int:
    """Supply went off: the areas of the version that stands are interrupted from ``off_at`` on, under the plan's number. Returns
    how many; none where the work is done live.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput` for a time ahead, ``MoveRefused`` unless it is published.
    """
    row = loading.locked(actor, number)
    require(actor, *DISPATCHERS, unit_path=row.unit.path)
    version = loading.standing(row)
    if off_at > at:
        raise InvalidInput("supply went off at a time that has come")
    if off_at < version.starts_at - EARLIEST:
        raise InvalidInput("supply does not go off hours before the time that was told")
    move(row, PLAN, "start", actor=actor, at=at)
    off = list(version.outage_areas.values_list("transformer_id", flat=True).order_by("transformer_id"))
    if version.live_line == LiveLine.CHOSEN:
        off = []
    if off:
        steps = (Step(off_at.replace(microsecond=0), None, transformers=off),)
        reliability.record(number=row.number, facts=_facts(row, version), steps=steps, actor=actor, at=at)
    events.publish(OutageStarted(row.number, row.unit.path), at=at)
    _log("outage.start", row, {"areas": len(off)}, actor, at)
    return len(off)


@transaction.atomic
def restore(*, number: str, on_at: datetime, actor: Actor, at: datetime, areas: Sequence[str] = ()) -> int:
    """Supply is back to these areas (codes), or to all that are still off. Returns how many stay off.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput` for a time ahead or before it went off,
    :class:`Conflict` when nobody of them is off.
    """
    row = loading.locked(actor, number)
    require(actor, *DISPATCHERS, unit_path=row.unit.path)
    if on_at > at:
        raise InvalidInput("supply came back at a time that has come")
    chosen = interruptions.still_off(Scope.of(actor), row.number, areas)
    left = reliability.restore(
        number=row.number, on_at=on_at.replace(microsecond=0), transformers=chosen, actor=actor, at=at
    )
    _log("outage.restore", row, {"left": left}, actor, at)
    return left


@transaction.atomic
def finish(*, number: str, actor: Actor, at: datetime) -> None:
    """The outage is over; those who expected it hear that supply is back.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`Conflict` while somebody is still off, ``MoveRefused`` unless it runs.
    """
    row = loading.locked(actor, number)
    require(actor, *DISPATCHERS, unit_path=row.unit.path)
    if row.state == "RUNNING" and still_off(Scope.of(actor), row.number):
        raise Conflict(f"somebody of {number} is still off: supply comes back first", outage=number)
    move(row, PLAN, "end", actor=actor, at=at, ended_at=at)
    events.publish(OutageEnded(row.number, row.unit.path), at=at)
    _log("outage.finish", row, {}, actor, at)


def still_off(scope: Scope, number: str) -> int:
    """How many areas of an outage are off now; 0 before it began."""
    rows = interruptions.interruptions_rows(scope).filter(number=number, on_at__isnull=True)
    if not rows.exists():
        return 0
    return sum(step.on_at is None for step in interruptions.interruption(scope, number).steps)


def _facts(row: PlannedOutage, version: PlannedOutageVersion) -> Facts:
    kind = InterruptionKind(f"{row.category}_{_KINDS[row.reason]}")
    return Facts(
        kind, _CAUSES[row.reason], row.unit.code, feeder_code=version.feeder.code if version.feeder else "",
        belongs_to=f"outages.plan:{row.number}", note=row.title,
    )  # fmt: skip


def _log(action: str, row: PlannedOutage, facts: dict[str, object], actor: Actor, at: datetime) -> None:
    audit.record(actor=actor, action=action, subject=row, facts=facts, at=at, unit_path=row.unit.path)
