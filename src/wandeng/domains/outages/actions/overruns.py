"""Outages that run past their planned end are told (停电超时告警), once for each end, and answered for."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from wandeng.domains.organization.types import Role
from wandeng.domains.outages import rules
from wandeng.domains.outages.actions import running
from wandeng.domains.outages.events import OutageOverran
from wandeng.domains.outages.models import OutageOverrun, PlannedOutageVersion
from wandeng.domains.outages.roles import DISPATCHERS
from wandeng.domains.outages.types.board import OverrunKind
from wandeng.infra import audit, events
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope, require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput


def raise_due(*, at: datetime, library: RuleLibrary | None = None) -> int:
    """Raise the alarm of every outage that runs and whose planned end is near or past, by the dated rule. Returns how many are new;
    again, or by two workers at once, nothing is raised twice. Raises ``NoRuleInForce``."""
    rule = rules.overrun(rules.local_day(at), library=library)
    near = at + timedelta(minutes=rule.lead_minutes)
    due = PlannedOutageVersion.objects.filter(state="STANDS", outage__state="RUNNING", ends_at__lte=near)
    new = 0
    for row in due.select_related("outage__unit").order_by("ends_at", "pk"):
        is_over = at >= row.ends_at + timedelta(minutes=rule.grace_minutes)
        if not is_over and not rule.lead_minutes:
            continue
        new += _raised(row, OverrunKind.OVER if is_over else OverrunKind.SOON, at)
    return new


@transaction.atomic
def acknowledge(*, alarm: int, reason: str, actor: Actor, at: datetime) -> None:
    """Answer for an alarm with a reason. Raises :class:`InvalidInput` without one, :class:`Conflict` for one that is answered for,
    :class:`NotFound`, :class:`NotAllowed`."""
    rows = OutageOverrun.objects.select_for_update(of=("self",)).select_related("outage__unit")
    row = Scope.of(actor).one(rows, "outage__unit__path", "overrun alarm", pk=alarm)
    path = row.outage.unit.path
    require(actor, *DISPATCHERS, Role.COUNTY_MANAGER, unit_path=path)
    if not reason.strip():
        raise InvalidInput("say why the outage lasts longer")
    if row.acknowledged_by:
        raise Conflict("this alarm is answered for already")
    OutageOverrun.objects.filter(pk=row.pk).update(
        acknowledged_by=actor.code, acknowledged_at=at, reason=reason.strip()
    )
    facts = {"number": row.outage.number, "kind": row.kind}
    audit.record(
        actor=actor, action="outage.overrun_acknowledge", subject=row.outage, facts=facts, at=at, reason=reason.strip(),
        unit_path=path,
    )  # fmt: skip


@transaction.atomic
def _raised(row: PlannedOutageVersion, kind: OverrunKind, at: datetime) -> int:
    number = row.outage.number
    areas = running.still_off(Scope.everywhere(), number)
    _alarm, is_new = OutageOverrun.objects.get_or_create(
        outage=row.outage, kind=kind.value, ends_at=row.ends_at, defaults={"raised_at": at, "areas": areas}
    )
    if is_new:
        told = OutageOverran(number, kind.value, row.ends_at, areas, row.outage.created_by, row.outage.unit.path)
        events.publish(told, at=at)
    return int(is_new)
