"""Work on bad voltage: opened by the readings or by hand, assigned, finished, verified by the readings of the days after."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Max, Min, QuerySet, Sum

from wandeng.domains.organization import queries as organization
from wandeng.domains.voltage import rules
from wandeng.domains.voltage.models import VoltageDay, VoltagePoint, VoltageRemedy
from wandeng.domains.voltage.states import REMEDY
from wandeng.domains.voltage.types import Defect, Swept, VoltageCause
from wandeng.infra import audit, ids
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.voltage_monitoring import LastingDefect
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput
from wandeng.kernel.periods import BILLING_ZONE

ROLES = ("DISPATCHER", "CELL_MANAGER", "COUNTY_MANAGER")
AT_WORK = ("OPEN", "ASSIGNED", "DONE")
_MINUTES = {Defect.LOW: "under", Defect.HIGH: "over"}


class RemedyAtWork(Conflict):
    """The point is being worked on for the same defect."""

    code = "REMEDY_AT_WORK"


@transaction.atomic
def sweep(*, actor: Actor, at: datetime, library: RuleLibrary | None = None) -> Swept:
    """Bring the work list up to date by the readings: points whose voltage is bad for long get a remedy, finished remedies are
    verified, or open again when it did not help. The same again changes nothing."""
    on = at.astimezone(BILLING_ZONE).date()
    rule = rules.monitoring(on, library=library).lasting
    opened = 0
    for defect in Defect:
        busy = VoltageRemedy.objects.filter(defect=defect.value, state__in=AT_WORK).values("point")
        for told in _lasting(defect, rule, on).exclude(point__in=busy):
            _opened(told["point_id"], defect, told, actor=actor, at=at)
            opened += 1
    verified = reopened = 0
    for row in VoltageRemedy.objects.filter(state="DONE").select_related("point").order_by("pk"):
        since = row.point.days.filter(day__gt=row.done_on)
        if since.filter(**{f"{_MINUTES[Defect(row.defect)]}__gte": rule.minutes_a_day}).exists():
            move(row, REMEDY, "reopen", actor=actor, at=at, reason="bad again", handler="", done_on=None)
            reopened += 1
        elif since.filter(monitored__gt=0).count() >= rule.verify_days:
            move(row, REMEDY, "verify", actor=actor, at=at, ended_at=at)
            verified += 1
    return Swept(opened, verified, reopened)


@transaction.atomic
def open_remedy(*, code: str, defect: Defect, actor: Actor, at: datetime, library: RuleLibrary | None = None) -> int:
    """Open a remedy by hand, with what the readings say of the window. Returns its id.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`RemedyAtWork`.
    """
    point = Scope.of(actor).one(VoltagePoint.objects.select_related("unit"), "unit__path", "voltage point", code=code)
    require(actor, *ROLES, unit_path=point.unit.path)
    if VoltageRemedy.objects.filter(point=point, defect=defect.value, state__in=AT_WORK).exists():
        raise RemedyAtWork(f"the voltage of {code} is being worked on", point=code)
    on = at.astimezone(BILLING_ZONE).date()
    rule = rules.monitoring(on, library=library).lasting
    told = _bad_days(defect, rule, on).filter(point=point).order_by("point_id").first() or {
        "days": 0,
        "minutes": 0,
        "extreme": None,
    }
    return _opened(point.pk, defect, told, actor=actor, at=at)


@transaction.atomic
def assign(*, remedy: int, handler: str, due_on: date, actor: Actor, at: datetime) -> None:
    """Hand a remedy to a person, to be done by a day.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput` for a day that has passed, ``MoveRefused``.
    """
    row = _locked(remedy, actor)
    if due_on < at.astimezone(BILLING_ZONE).date():
        raise InvalidInput("a remedy is due on a day to come")
    organization.person_card(handler)
    move(row, REMEDY, "assign", actor=actor, at=at, handler=handler, due_on=due_on)
    _log(row, "voltage.assign", {"handler": handler, "due_on": due_on}, actor=actor, at=at)


@transaction.atomic
def finish(*, remedy: int, cause: VoltageCause, measure: str, done_on: date, actor: Actor, at: datetime) -> None:
    """Say why voltage was bad and what was done; the readings of the days after verify it.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput` without a measure or for a day ahead, ``MoveRefused``.
    """
    row = _locked(remedy, actor)
    if not measure.strip() or done_on > at.astimezone(BILLING_ZONE).date():
        raise InvalidInput("say what was done, on a day that has come")
    move(row, REMEDY, "finish", actor=actor, at=at, cause=cause.value, measure=measure.strip(), done_on=done_on)
    _log(row, "voltage.finish", {"cause": cause.value, "done_on": done_on}, actor=actor, at=at)


@transaction.atomic
def drop(*, remedy: int, reason: str, actor: Actor, at: datetime) -> None:
    """End a remedy without work, for a reason: the device was wrong, the point is gone."""
    row = _locked(remedy, actor)
    if not reason.strip():
        raise InvalidInput("say why nothing is done about the voltage")
    move(row, REMEDY, "drop", actor=actor, at=at, reason=reason.strip(), ended_at=at)
    _log(row, "voltage.drop", {}, actor=actor, at=at, reason=reason.strip())


def _bad_days(defect: Defect, rule: LastingDefect, on: date) -> QuerySet[Any, Any]:
    """Points with days out of range for long in the window: point_id, days, minutes, extreme."""
    minutes = _MINUTES[defect]
    rows = VoltageDay.objects.filter(
        day__gt=on - timedelta(days=rule.window_days), day__lte=on, **{f"{minutes}__gte": rule.minutes_a_day}
    )
    extreme = Min("min_dv") if defect is Defect.LOW else Max("max_dv")
    return rows.order_by().values("point_id").annotate(days=Count("id"), minutes=Sum(F(minutes)), extreme=extreme)


def _lasting(defect: Defect, rule: LastingDefect, on: date) -> QuerySet[Any, Any]:
    return _bad_days(defect, rule, on).filter(days__gte=rule.days).order_by("point_id")


def _opened(point: int, defect: Defect, told: dict[str, Any], *, actor: Actor, at: datetime) -> int:
    row = VoltageRemedy(
        id=ids.reserve(VoltageRemedy, 1), point_id=point, state=REMEDY.start, defect=defect.value, opened_at=at,
        opened_by=actor.code, days=told["days"], minutes=told["minutes"], extreme_dv=told["extreme"],
    )  # fmt: skip
    row.save(force_insert=True)
    _log(row, "voltage.open", {"defect": defect.value, "days": told["days"]}, actor=actor, at=at)
    return row.pk


def _locked(remedy: int, actor: Actor) -> VoltageRemedy:
    rows = VoltageRemedy.objects.select_related("point__unit")
    if transaction.get_connection().features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    row = Scope.of(actor).one(rows, "point__unit__path", "voltage remedy", pk=remedy)
    require(actor, *ROLES, unit_path=row.point.unit.path)
    return row


def _log(
    row: VoltageRemedy, action: str, facts: dict[str, object], *, actor: Actor, at: datetime, reason: str = ""
) -> None:
    audit.record(
        actor=actor, action=action, subject=row, facts=facts | {"point": row.point.code}, at=at, reason=reason,
        unit_path=row.point.unit.path,
    )  # fmt: skip
