"""A day's run of a route (出车): planned ahead, driven stop by stop, ended when everybody on it is accounted for; or
cancelled, and everybody who booked is told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from wandeng.domains.appointments import rules, seats
from wandeng.domains.appointments.actions import booking, outcome, slots
from wandeng.domains.appointments.events import RouteRunCancelled
from wandeng.domains.appointments.keeping import a_reason, locked
from wandeng.domains.appointments.models import Appointment, RouteRun, RunStop, ServiceRoute, ServiceSlot, StopService
from wandeng.domains.appointments.rhythm import is_driven_on
from wandeng.domains.appointments.roles import KEEPERS, SERVERS
from wandeng.domains.appointments.states import RUN, SLOT, STOP
from wandeng.domains.appointments.types import RunNotReady, RunStands, TooEarly
from wandeng.infra import audit, events, ids
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import MoveRefused, move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput, NotFound
from wandeng.kernel.periods import BILLING_ZONE

RUN_SUBJECT = "appointments.RouteRun"


def plan_ahead(*, on: date, library: RuleLibrary) -> int:
    """Plan the runs of every route as far ahead as the rule says; returns how many are new. A route on a day is never
    planned twice, and one that was cancelled stays cancelled. Raises ``NoRuleInForce`` for a year without a calendar."""
    rows = ServiceRoute.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on)).select_related("unit", "vehicle")
    return sum(_plan(row, on, library) for row in rows.order_by("id"))


@transaction.atomic
def plan_route(*, code: str, actor: Actor, at: datetime, library: RuleLibrary) -> int:
    """The same for one route at once. Raises :class:`NotFound`, :class:`NotAllowed`."""
    rows = ServiceRoute.objects.select_related("unit", "vehicle")
    row = Scope.of(actor).one(rows, "unit__path", "service route", code=code)
    require(actor, *KEEPERS, unit_path=row.unit.path)
    made = _plan(row, at.astimezone(BILLING_ZONE).date(), library)
    _log("route_run.plan", code, {"runs": made}, actor, at, row.unit.path)
    return made


@transaction.atomic
def start(*, number: str, actor: Actor, at: datetime) -> RunStands:
    """The vehicle leaves (发车), on the day of the run. Raises :class:`TooEarly`, :class:`MoveRefused`."""
    row = locked_run(actor, number, *SERVERS)
    if at.astimezone(BILLING_ZONE).date() < row.on:
        raise TooEarly(f"run {number} is on {row.on}", on=row.on)
    require_run(row, "PLANNED")
    move(row, RUN, "start", actor=actor, at=at, started_at=at)
    record("route_run.start", row, {}, actor, at)
    return RunStands(number, row.state)


@transaction.atomic
def arrive(*, number: str, stop: int, actor: Actor, at: datetime) -> RunStands:
    """The vehicle is at a stop (到达). Raises :class:`NotFound`, :class:`MoveRefused`, also before it left."""
    row = locked_run(actor, number, *SERVERS)
    one = _stop_under_way(row, stop)
    _require_stop(one, "AHEAD")
    move(one, STOP, "arrive", actor=actor, at=at, arrived_at=at)
    record("route_run.arrive", row, {"stop": stop}, actor, at)
    return RunStands(number, row.state, stop, one.state)


@transaction.atomic
def leave(
    *, number: str, stop: int, counts: Mapping[str, int], actor: Actor, at: datetime, library: RuleLibrary
) -> RunStands:  # fmt: skip
    """The stop is served (离开), with how many were served of each service, those with an appointment counted too.

    Raises :class:`InvalidInput` for a service there is not or a count below zero, :class:`MoveRefused` where the vehicle is not.
    """
    row = locked_run(actor, number, *SERVERS)
    one = _stop_under_way(row, stop)
    known = rules.service_names(library, on=row.on, territory=row.unit.territory)
    if not set(counts) <= set(known) or any(count < 0 or count > 10_000 for count in counts.values()):
        raise InvalidInput("services of the rule are counted, from 0 to 10,000 each", services=sorted(counts))
    _require_stop(one, "HERE")
    move(one, STOP, "leave", actor=actor, at=at, left_at=at)
    StopService.objects.bulk_create(
        StopService(stop=one, service=service, count=count) for service, count in sorted(counts.items()) if count
    )
    record("route_run.leave", row, {"stop": stop, "served": sum(counts.values())}, actor, at)
    return RunStands(number, row.state, stop, one.state)


@transaction.atomic
def skip(*, number: str, stop: int, reason: str, actor: Actor, at: datetime, library: RuleLibrary) -> RunStands:
    """Leave a stop out (取消停靠): who booked there is told. Before its hour the appointments are cancelled by us, after it
    we missed them. Raises :class:`InvalidInput` without a reason, :class:`MoveRefused` for one that was served."""
    row = locked_run(actor, number, *SERVERS)
    require_run(row, "PLANNED", "UNDER_WAY")
    one, why = _stop(row, stop), a_reason(reason)
    _require_stop(one, "AHEAD", "HERE")
    told = _skip(one, why, actor=actor, at=at, library=library)
    record("route_run.skip", row, {"stop": stop, "told": told}, actor, at, why)
    return RunStands(number, row.state, stop, "SKIPPED", told)


@transaction.atomic
def finish(*, number: str, actor: Actor, at: datetime) -> RunStands:
    """The run is over (收车). Raises :class:`RunNotReady` while a stop is neither served nor left out, or an appointment
    neither kept nor missed; ``facts`` name them."""
    row = locked_run(actor, number, *SERVERS)
    require_run(row, "UNDER_WAY")
    waiting = list(
        RunStop.objects.filter(run=row, state__in=["AHEAD", "HERE"]).order_by("place").values_list("place", flat=True)
    )
    open_ = Appointment.objects.filter(slot__stop__run=row, state="BOOKED").order_by("id")
    undecided = list(open_.values_list("number", flat=True))
    if waiting or undecided:
        raise RunNotReady(
            f"run {number} has {len(waiting)} stops and {len(undecided)} appointments to decide on", stops=waiting,
            appointments=undecided,
        )  # fmt: skip
    for one in ServiceSlot.objects.filter(stop__run=row, state="OPEN").order_by("id"):
        move(one, SLOT, "close", actor=actor, at=at)
    move(row, RUN, "finish", actor=actor, at=at, ended_at=at)
    record("route_run.finish", row, {}, actor, at)
    return RunStands(number, row.state)


@transaction.atomic
def cancel(*, number: str, reason: str, actor: Actor, at: datetime, library: RuleLibrary) -> RunStands:
    """Cancel a run (取消出车): every stop that was not served is left out, everybody who booked there is told and can book
    again. Raises :class:`InvalidInput` without a reason, :class:`MoveRefused` for one that has ended."""
    row = locked_run(actor, number, *KEEPERS)
    require_run(row, "PLANNED", "UNDER_WAY")
    why = a_reason(reason)
    move(row, RUN, "cancel", actor=actor, at=at, reason=why, explanation=why, ended_at=at)
    left = RunStop.objects.filter(run=row, state__in=["AHEAD", "HERE"]).order_by("place")
    told = sum(_skip(one, why, actor=actor, at=at, library=library) for one in left)
    record("route_run.cancel", row, {"told": told}, actor, at, why)
    events.publish(RouteRunCancelled(number, row.unit.path), at=at)
    return RunStands(number, row.state, told=told)


def _skip(one: RunStop, reason: str, *, actor: Actor, at: datetime, library: RuleLibrary) -> int:
    """Leave a stop out; returns how many customers had booked there."""
    move(one, STOP, "skip", actor=actor, at=at, reason=reason, explanation=reason)
    slot = seats.for_update(ServiceSlot.objects.filter(stop=one)).get()
    if at < slot.starts_at and slot.state == "OPEN":
        return slots.shut(slot, reason, actor=actor, at=at, library=library)
    if slot.state == "OPEN":
        move(slot, SLOT, "close", actor=actor, at=at, reason=reason, explanation=reason)
    rows = Appointment.objects.filter(slot=slot, state="BOOKED").order_by("id")
    numbers = list(rows.values_list("number", flat=True))
    for number in numbers:
        row = locked(actor, number)
        if at < slot.starts_at:
            booking.call_off(row, reason=reason, side="US", actor=actor, at=at, library=library)
        else:
            outcome.fail(row, reason=reason, actor=actor, at=at, library=library)
    return len(numbers)


def _plan(row: ServiceRoute, on: date, library: RuleLibrary) -> int:
    rule = rules.rule(library, on=on, territory=row.unit.territory)
    last = on + timedelta(days=rule.booking.days_ahead)
    calendar = rules.calendar_for(library, on, last, row.unit.territory)
    there = set(RouteRun.objects.filter(route=row, on__gte=on, on__lt=last).values_list("on", flat=True))
    days = [on + timedelta(days=ahead) for ahead in range(rule.booking.days_ahead)]
    return sum(
        _plan_day(row, day)
        for day in days
        if day not in there and is_driven_on(row, day) and (row.open_on == "EVERY_DAY" or calendar.is_working_day(day))
    )


@transaction.atomic
def _plan_day(row: ServiceRoute, day: date) -> int:
    run = RouteRun(
        id=ids.reserve(RouteRun, 1), number=f"{row.code}-{day:%y%m%d}", route=row, vehicle=row.vehicle,
        unit_id=row.unit_id, on=day,
    )  # fmt: skip
    RouteRun.objects.bulk_create([run], ignore_conflicts=True)
    if not RouteRun.objects.filter(pk=run.pk).exists():
        # Another worker planned this day at the same moment.
        return 0
    stops = list(row.stops.order_by("place"))
    first, begin = ids.reserve(RunStop, len(stops)), ids.reserve(ServiceSlot, len(stops))
    RunStop.objects.bulk_create(
        RunStop(
            id=first + at, run=run, place=one.place, name=one.name, address=one.address, longitude_e6=one.longitude_e6,
            latitude_e6=one.latitude_e6,
        )
        for at, one in enumerate(stops)
    )  # fmt: skip
    ServiceSlot.objects.bulk_create(
        ServiceSlot(
            id=begin + at, stop_id=first + at, unit_id=row.unit_id, on=day, capacity=one.capacity,
            starts_at=slots.moment(day, one.from_minute), ends_at=slots.moment(day, one.to_minute),
        )
        for at, one in enumerate(stops)
    )  # fmt: skip
    return 1


def locked_run(actor: Actor, number: str, *roles: str) -> RouteRun:
    """A run under its lock, for one of some roles. Raises :class:`NotFound`, also outside the actor's scope."""
    rows = RouteRun.objects.select_related("unit", "route", "vehicle")
    if transaction.get_connection().features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    row = Scope.of(actor).one(rows, "unit__path", "route run", number=number)
    require(actor, *roles, unit_path=row.unit.path)
    return row


def _stop(row: RouteRun, place: int) -> RunStop:
    found = RunStop.objects.filter(run=row, place=place).first()
    if found is None:
        raise NotFound(f"run {row.number} has no stop {place}")
    return found


def _stop_under_way(row: RouteRun, place: int) -> RunStop:
    require_run(row, "UNDER_WAY")
    return _stop(row, place)


def require_run(row: RouteRun, *states: str) -> None:
    """Raises :class:`MoveRefused` for a run in another state."""
    if row.state not in states:
        raise MoveRefused(f"run {row.number} is {row.state}: this cannot be done now", state=row.state)


def _require_stop(one: RunStop, *states: str) -> None:
    if one.state not in states:
        raise MoveRefused(f"stop {one.place} is {one.state}: this cannot be done now", state=one.state)


def record(
    action: str, row: RouteRun, facts: dict[str, object], actor: Actor, at: datetime, reason: str = ""
) -> None:  # fmt: skip
    """One line of the operation log."""
    _log(action, row.number, facts, actor, at, row.unit.path, reason)


def _log(
    action: str, number: str, facts: dict[str, object], actor: Actor, at: datetime, unit_path: str, reason: str = ""
) -> None:  # fmt: skip
    audit.record(
        actor=actor, action=action, subject=(RUN_SUBJECT, number), facts=facts, at=at, reason=reason, unit_path=unit_path
    )  # fmt: skip
