"""An outage as it takes place: off, back area by area, over; the interruption is written as it happens.

There is one truth of it. Without a switching sheet people say when it starts, returns and ends (``start``, ``restore``,
``finish``); once a sheet of the plan is issued these are refused, and the steps say it (``begun``, ``over``,
called by ``flows.switching_sheets``).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from wandeng.domains.outages import loading, rules
from wandeng.domains.outages.events import OutageEnded, OutageStarted
from wandeng.domains.outages.models import PlannedOutage, PlannedOutageVersion
from wandeng.domains.outages.roles import DISPATCHERS
from wandeng.domains.outages.states import PLAN
from wandeng.domains.outages.types.plans import LiveLine
from wandeng.domains.reliability import actions as reliability
from wandeng.domains.reliability import queries as interruptions
from wandeng.domains.reliability.types import Cause, Facts, InterruptionKind, Step
from wandeng.domains.switching import queries as switching
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


class SheetRunsIt(Conflict):
    """An issued switching sheet says how this outage runs."""

    code = "SHEET_RUNS_IT"


@transaction.atomic
def start(*, number: str, off_at: datetime, actor: Actor, at: datetime) -> int:
    """Supply went off: the areas of the version that stands are interrupted from ``off_at`` on, under the plan's number. Returns
    how many; none where the work is done live.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput` for a time ahead or hours before the one told,
    ``MoveRefused`` unless it is published, :class:`SheetRunsIt`, ``NoRuleInForce``.
    """
    row = _by_hand(actor, number)
    version = loading.standing(row)
    if off_at > at:
        raise InvalidInput("supply went off at a time that has come")
    _in_time(version, off_at)
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
    :class:`Conflict` when nobody of them is off, :class:`SheetRunsIt`.
    """
    row = _by_hand(actor, number)
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

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`Conflict` while somebody is still off, ``MoveRefused`` unless it runs,
    :class:`SheetRunsIt` while a sheet of it is to be executed.
    """
    row = _by_hand(actor, number, is_end=True)
    if row.state == "RUNNING" and still_off(Scope.of(actor), row.number):
        raise Conflict(f"somebody of {number} is still off: supply comes back first", outage=number)
    _end(row, actor, at)


def begun(*, number: str, off_at: datetime, transformers: Sequence[int], actor: Actor, at: datetime) -> None:
    """A step of its sheet was executed at ``off_at``: the first one starts the plan; what it switched off is interrupted under the
    plan's number. Within the step's transaction.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput` hours before the time that was told, ``MoveRefused``
    for a plan that is not published and does not run.
    """
    row = loading.locked(actor, number)
    require(actor, *DISPATCHERS, unit_path=row.unit.path)
    version = loading.standing(row)
    if row.state != "RUNNING":
        _in_time(version, off_at)
        move(row, PLAN, "start", actor=actor, at=at)
        events.publish(OutageStarted(row.number, row.unit.path), at=at)
        _log("outage.start", row, {"areas": len(transformers)}, actor, at)
    if not transformers:
        return
    steps = (Step(off_at.replace(microsecond=0), transformers=tuple(transformers)),)
    if interruptions.interruptions_rows(Scope.of(actor)).filter(number=row.number).exists():
        reliability.extend(number=row.number, steps=steps, actor=actor, at=at)
    else:
        reliability.record(number=row.number, facts=_facts(row, version), steps=steps, actor=actor, at=at)


def _in_time(version: PlannedOutageVersion, off_at: datetime) -> None:
    """Nobody begins so long before what people were told as the rule in force then says: an earlier time is a slip of the pen."""
    earliest = rules.telling(rules.local_day(off_at)).started.earliest_minutes
    if off_at < version.starts_at - timedelta(minutes=earliest):
        raise InvalidInput("supply does not go off hours before the time that was told")


def over(*, number: str, actor: Actor, at: datetime) -> bool:
    """The last sheet of a plan is executed: the plan is over, unless somebody is off or a sheet is still to come, or none put
    supply back. Returns whether it is. Within the step's transaction; raises :class:`NotFound`, :class:`NotAllowed`."""
    row = loading.locked(actor, number)
    require(actor, *DISPATCHERS, unit_path=row.unit.path)
    known = interruptions.interruptions_rows(Scope.of(actor)).filter(number=row.number)
    if row.state != "RUNNING" or switching.open_of(number) or not known.filter(on_at__isnull=False).exists():
        return False
    _end(row, actor, at)
    return True


def told_areas(scope: Scope, number: str) -> tuple[int, ...]:
    """Transformers of the version that stands: whose users were told, or will be. Raises :class:`NotFound`."""
    row = scope.one(PlannedOutage.objects.all(), "unit__path", "outage", number=number)
    return tuple(loading.standing(row).outage_areas.values_list("transformer_id", flat=True).order_by("transformer_id"))


def _by_hand(actor: Actor, number: str, *, is_end: bool = False) -> PlannedOutage:
    """The plan under its lock, for a dispatcher who says what happened; its end also when all its sheets are done."""
    row = loading.locked(actor, number)
    require(actor, *DISPATCHERS, unit_path=row.unit.path)
    if switching.open_of(number) if is_end else switching.living_of(number):
        raise SheetRunsIt(f"the steps of a switching sheet say how {number} runs", outage=number)
    return row


def _end(row: PlannedOutage, actor: Actor, at: datetime) -> None:
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
