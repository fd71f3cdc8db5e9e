"""An outage that runs ends at another time than was told (延迟送电): those who are still off and were told hear the new time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from wandeng.domains.outages import loading, rules
from wandeng.domains.outages.actions import running
from wandeng.domains.outages.events import OutageChanged
from wandeng.domains.outages.models import (
    OutageArea,
    OutageImportantUser,
    OutageIsolation,
    OutageWork,
    PlannedOutage,
    PlannedOutageVersion,
)
from wandeng.domains.outages.roles import DISPATCHERS
from wandeng.domains.outages.states import VERSION
from wandeng.domains.outages.types.plans import OutageState
from wandeng.domains.outages.types.telling import NewEnd
from wandeng.infra import audit, events, ids, statements
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput


@transaction.atomic
def new_end(
    *, number: str, ends_at: datetime, reason: str, actor: Actor, at: datetime, library: RuleLibrary | None = None
) -> NewEnd:
    """Supply is expected back at another time, to the minute, later or earlier: a version with that end stands at once, because
    the dispatcher tells what is, and asks nobody. A worker tells it to those who are still off and were told.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput` without a reason or for a time that has come,
    :class:`Conflict` unless it runs with somebody still off, or for the end that stands; ``NoRuleInForce``.
    """
    row = loading.locked(actor, number)
    require(actor, *DISPATCHERS, unit_path=row.unit.path)
    old, ends_at = loading.standing(row), ends_at.replace(second=0, microsecond=0)
    _refuse(row, old, ends_at, reason, actor, at)
    rule = rules.telling(rules.local_day(old.ends_at), territory=row.unit.territory, library=library)
    tell_by = old.ends_at - timedelta(minutes=rule.changed_end.minutes_before)
    move(old, VERSION, "replace", actor=actor, at=at, reason=reason.strip())
    made = _copied(row, old, ends_at=ends_at, reason=reason.strip(), tell_by=tell_by, actor=actor, at=at)
    events.publish(OutageChanged(row.number, made.version, old.version, row.unit.path), at=at)
    facts = {"version": made.version, "ends_at": ends_at.isoformat(), "is_late": at > tell_by}
    audit.record(
        actor=actor, action="outage.new_end", subject=row, facts=facts, at=at, reason=reason.strip(),
        unit_path=row.unit.path,
    )  # fmt: skip
    return NewEnd(row.number, made.version, old.ends_at, ends_at, tell_by, at > tell_by)


def _refuse(
    row: PlannedOutage, old: PlannedOutageVersion, ends_at: datetime, reason: str, actor: Actor, at: datetime
) -> None:
    if row.state != OutageState.RUNNING:
        raise Conflict(f"outage {row.number} is {row.state}: only one that runs gets another end this way")
    if not reason.strip():
        raise InvalidInput("say why supply comes back at another time")
    if ends_at <= at:
        raise InvalidInput("the new end lies ahead: what has come back is recorded as back")
    if ends_at == old.ends_at:
        raise Conflict(f"outage {row.number} ends then already")
    if not running.still_off(Scope.of(actor), row.number):
        raise Conflict(f"nobody of {row.number} is off any more", outage=row.number)


def _copied(
    row: PlannedOutage, old: PlannedOutageVersion, *, ends_at: datetime, reason: str, tell_by: datetime, actor: Actor,
    at: datetime,
) -> PlannedOutageVersion:  # fmt: skip
    """The version with another end and all that hangs on it. It has no approvals: that is how it is known."""
    last = row.versions.order_by("-version").values_list("version", flat=True)[0]
    kept = ("outage_id", "starts_at", "feeder_id", "place", "work", "live_line", "areas", "customers", "important",
            "protected", "double_supply")  # fmt: skip
    made = PlannedOutageVersion.objects.create(
        id=ids.reserve(PlannedOutageVersion, 1), version=last + 1, state="STANDS", is_change=True, ends_at=ends_at,
        reason=reason, made_by=actor.code, made_at=at, notice_by=tell_by, **{name: getattr(old, name) for name in kept},
    )  # fmt: skip
    for model in (OutageIsolation, OutageWork, OutageArea, OutageImportantUser):
        rows: list[Any] = list(model.objects.filter(version=old).order_by("pk"))
        first = ids.reserve(model, max(1, len(rows))) if model in (OutageArea, OutageImportantUser) else None
        for place, one in enumerate(rows):
            one.pk, one.version_id = (None if first is None else first + place), made.pk
        statements.insert(rows)
    PlannedOutage.objects.filter(pk=row.pk).update(version=made.version)
    return made
