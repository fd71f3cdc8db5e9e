"""The register of vehicles (流动服务车) and of the routes they drive (巡回线路)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import Q

from wandeng.calc.dispatch import Spot
from wandeng.domains.appointments.models import MobileServiceVehicle, RouteStop, ServiceRoute
from wandeng.domains.appointments.models.slots import MINUTES_A_DAY
from wandeng.domains.appointments.rhythm import meet
from wandeng.domains.appointments.roles import KEEPERS
from wandeng.domains.appointments.types import OPEN_ON, StopGiven, VehicleTaken
from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.queries import acting
from wandeng.infra import audit, ids
from wandeng.infra.scope import Scope, require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput
from wandeng.kernel.periods import BILLING_ZONE

VEHICLE_SUBJECT, ROUTE_SUBJECT = "appointments.MobileServiceVehicle", "appointments.ServiceRoute"


@dataclass(frozen=True, slots=True)
class Rhythm:
    """On which weekdays (digits, 1 Monday to 7 Sunday), every so many weeks, a route is driven from a day on."""

    valid_from: date
    weekdays: str
    every_weeks: int = 1
    open_on: str = "WORKING_DAYS"
    valid_to: date | None = None


@transaction.atomic
def add_vehicle(
    *, code: str, name: str, unit_code: str, keeper: str, actor: Actor, at: datetime, plate: str = ""
) -> str:  # fmt: skip
    """Add a vehicle; ``keeper``: who goes with it. Returns its code. Raises :class:`NotFound` for a unit outside or nobody of
    that code, :class:`InvalidInput` for a code that is taken."""
    unit = organization.unit(Scope.of(actor), unit_code)
    require(actor, *KEEPERS, unit_path=unit.path)
    found = code.strip()
    if not found or not name.strip():
        raise InvalidInput("a vehicle has a code and a name")
    if MobileServiceVehicle.objects.filter(code=found).exists():
        raise InvalidInput(f"there is a vehicle {found} already", code=found)
    acting.person_place(keeper)
    MobileServiceVehicle.objects.create(
        id=ids.reserve(MobileServiceVehicle, 1), code=found, name=name.strip(), plate=plate.strip(),
        unit_id=unit.unit_id, keeper=keeper,
    )  # fmt: skip
    _record("service_vehicle.add", VEHICLE_SUBJECT, found, {"unit": unit_code, "keeper": keeper}, actor, at, unit.path)
    return found


@transaction.atomic
def retire_vehicle(*, code: str, reason: str, actor: Actor, at: datetime) -> None:
    """Take a vehicle out of service (停用). Raises :class:`Conflict` while a route is driven with it, or a run lies ahead."""
    rows = MobileServiceVehicle.objects.select_related("unit")
    row = Scope.of(actor).one(rows, "unit__path", "service vehicle", code=code)
    require(actor, *KEEPERS, unit_path=row.unit.path)
    if not reason.strip():
        raise InvalidInput("this is done for a stated reason")
    on = at.astimezone(BILLING_ZONE).date()
    driven = row.routes.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on))
    if driven.exists() or row.runs.filter(state__in=["PLANNED", "UNDER_WAY"]).exists():
        raise Conflict(f"vehicle {code} has a route or a run: end or cancel these first", code=code)
    MobileServiceVehicle.objects.filter(pk=row.pk).update(retired_on=on)
    _record("service_vehicle.retire", VEHICLE_SUBJECT, code, {"on": on}, actor, at, row.unit.path, reason)


@transaction.atomic
def add_route(
    *, code: str, name: str, unit_code: str, vehicle: str, rhythm: Rhythm, stops: Sequence[StopGiven], actor: Actor,
    at: datetime,
) -> str:  # fmt: skip
    """Add a route with its stops in order; returns its code. Its runs are planned by the night, or by
    :func:`running.plan_route`.

    Raises :class:`NotFound` for a unit or vehicle outside, :class:`InvalidInput` for a code that is taken, days or stops that
    are none, :class:`VehicleTaken` when the vehicle is on another route at these hours.
    """
    unit = organization.unit(Scope.of(actor), unit_code)
    require(actor, *KEEPERS, unit_path=unit.path)
    found = code.strip()
    if not found or not name.strip():
        raise InvalidInput("a route has a code and a name")
    if ServiceRoute.objects.filter(code=found).exists():
        raise InvalidInput(f"there is a route {found} already", code=found)
    _check_rhythm(rhythm)
    check_stops(stops)
    car = vehicle_in_service(actor, vehicle)
    row = ServiceRoute(
        id=ids.reserve(ServiceRoute, 1), code=found, name=name.strip(), unit_id=unit.unit_id, vehicle=car,
        valid_from=rhythm.valid_from, valid_to=rhythm.valid_to, weekdays="".join(sorted(set(rhythm.weekdays))),
        every_weeks=rhythm.every_weeks, open_on=rhythm.open_on,
    )  # fmt: skip
    _refuse_two_places(row, stops)
    row.save(force_insert=True)
    _keep_stops(row, stops)
    facts = {"vehicle": vehicle, "stops": len(stops), "weekdays": row.weekdays}
    _record("service_route.add", ROUTE_SUBJECT, found, facts, actor, at, unit.path)
    return found


@transaction.atomic
def set_stops(*, code: str, stops: Sequence[StopGiven], actor: Actor, at: datetime) -> None:
    """Give a route other stops; runs that are planned already keep those they have. Raises as :func:`add_route`."""
    row = _route(actor, code)
    check_stops(stops)
    _refuse_two_places(row, stops)
    RouteStop.objects.filter(route=row).delete()
    _keep_stops(row, stops)
    _record("service_route.set_stops", ROUTE_SUBJECT, code, {"stops": len(stops)}, actor, at, row.unit.path)


@transaction.atomic
def end_route(*, code: str, on: date, reason: str, actor: Actor, at: datetime) -> None:
    """Drive a route no more from a day on; runs planned for later are cancelled one by one, by somebody who says why.

    Raises :class:`InvalidInput` for a day that has passed, :class:`Conflict` while runs from that day on are planned.
    """
    row = _route(actor, code)
    if not reason.strip() or on < at.astimezone(BILLING_ZONE).date():
        raise InvalidInput("a route ends today at the earliest, for a stated reason")
    ahead = row.runs.filter(on__gte=on, state__in=["PLANNED", "UNDER_WAY"]).count()
    if ahead:
        raise Conflict(f"route {code} has {ahead} runs from that day on: cancel them first", runs=ahead)
    ServiceRoute.objects.filter(pk=row.pk).update(valid_to=max(on, row.valid_from))
    _record("service_route.end", ROUTE_SUBJECT, code, {"on": on}, actor, at, row.unit.path, reason)


def check_stops(stops: Sequence[StopGiven]) -> None:
    """Raises :class:`InvalidInput` for no stops, or some that are not one after the other within a day."""
    if not stops:
        raise InvalidInput("a route has at least one stop")
    before = 0
    for place, one in enumerate(stops, start=1):
        if not one.name.strip() or not 0 < one.capacity <= 500:
            raise InvalidInput(f"stop {place} has a name, and takes 1 to 500 appointments", stop=place)
        if not before <= one.from_minute < one.to_minute <= MINUTES_A_DAY:
            raise InvalidInput(f"stop {place} begins after the one before it and ends the same day", stop=place)
        if (one.longitude_e6 is None) != (one.latitude_e6 is None):
            raise InvalidInput(f"the position of stop {place} is half known", stop=place)
        if one.longitude_e6 is not None and one.latitude_e6 is not None:
            Spot(one.longitude_e6, one.latitude_e6)
        before = one.to_minute


def stop_of_line(line: str) -> StopGiven:
    """A stop as people type it: ``名称,09:00-10:00,容量`` and perhaps ``,经度,纬度`` and ``,地址``. Commas of either script.

    Raises :class:`InvalidInput`.
    """
    parts = [one.strip() for one in line.replace("，", ",").split(",")]
    try:
        first, last = span_of(parts[1])
        here = (_e6(parts[3]), _e6(parts[4])) if len(parts) >= 5 and parts[3] else (None, None)
        return StopGiven(parts[0], first, last, int(parts[2]), parts[5] if len(parts) == 6 else "", *here)
    except (ValueError, IndexError, ArithmeticError):
        raise InvalidInput(f"a stop is written NAME,HH:MM-HH:MM,PLACES[,LON,LAT[,ADDRESS]], not '{line}'") from None


def line_of_stop(one: StopGiven) -> str:
    """The same the other way: what a form starts with."""
    where = ["", ""] if one.longitude_e6 is None else [_degrees(one.longitude_e6), _degrees(one.latitude_e6 or 0)]
    parts = [one.name, f"{clock_of(one.from_minute)}-{clock_of(one.to_minute)}", str(one.capacity), *where, one.address]
    while not parts[-1]:
        parts.pop()
    return ",".join(parts)


def span_of(text: str) -> tuple[int, int]:
    """``09:00-11:30`` as minutes after midnight. Raises :class:`InvalidInput`.

    >>> span_of("09:00-11:30")
    (540, 690)
    """
    try:
        (first, first_minute), (last, last_minute) = (one.split(":") for one in text.replace("–", "-").split("-"))
        return int(first) * 60 + int(first_minute), int(last) * 60 + int(last_minute)
    except ValueError:
        raise InvalidInput(f"hours are written HH:MM-HH:MM, not '{text}'") from None


def clock_of(minute: int) -> str:
    """A minute after midnight as the clock shows it."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _e6(degrees: str) -> int:
    return int(Decimal(degrees) * 1_000_000)


def _degrees(e6: int) -> str:
    return f"{Decimal(e6) / 1_000_000:f}"


def _check_rhythm(rhythm: Rhythm) -> None:
    if not rhythm.weekdays or not set(rhythm.weekdays) <= set("1234567"):
        raise InvalidInput("weekdays are digits, 1 Monday to 7 Sunday")
    if not 1 <= rhythm.every_weeks <= 8 or rhythm.open_on not in OPEN_ON:
        raise InvalidInput(f"a route is driven every 1 to 8 weeks, on one of {', '.join(OPEN_ON)}")
    if rhythm.valid_to is not None and rhythm.valid_to <= rhythm.valid_from:
        raise InvalidInput("the last day lies after the first")


def _refuse_two_places(row: ServiceRoute, stops: Sequence[StopGiven]) -> None:
    """A vehicle is in one place at a time: no other of its routes meets this one on a day of the next weeks."""
    hours = [(one.from_minute, one.to_minute) for one in stops]
    others = ServiceRoute.objects.filter(vehicle=row.vehicle).exclude(pk=row.pk).prefetch_related("stops")
    for other in others:
        met = meet(row, hours, other, [(one.from_minute, one.to_minute) for one in other.stops.all()])
        if met is not None:
            raise VehicleTaken(
                f"vehicle {row.vehicle.code} drives route {other.code} on {met}", route=other.code, on=met
            )


def _keep_stops(row: ServiceRoute, stops: Sequence[StopGiven]) -> None:
    RouteStop.objects.bulk_create(
        RouteStop(
            route=row, place=place, name=one.name.strip(), address=one.address.strip(), longitude_e6=one.longitude_e6,
            latitude_e6=one.latitude_e6, from_minute=one.from_minute, to_minute=one.to_minute, capacity=one.capacity,
        )
        for place, one in enumerate(stops, start=1)
    )  # fmt: skip


def vehicle_in_service(actor: Actor, code: str) -> MobileServiceVehicle:
    """A vehicle under its lock. Raises :class:`NotFound` for one that is retired, or outside the actor's scope."""
    rows = MobileServiceVehicle.objects.filter(retired_on__isnull=True)
    if transaction.get_connection().features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    return Scope.of(actor).one(rows, "unit__path", "service vehicle", code=code)


def _route(actor: Actor, code: str) -> ServiceRoute:
    rows = ServiceRoute.objects.select_related("unit", "vehicle")
    row = Scope.of(actor).one(rows, "unit__path", "service route", code=code)
    require(actor, *KEEPERS, unit_path=row.unit.path)
    return row


def _record(
    action: str, subject: str, code: str, facts: dict[str, object], actor: Actor, at: datetime, unit_path: str,
    reason: str = "",
) -> None:  # fmt: skip
    audit.record(
        actor=actor, action=action, subject=(subject, code), facts=facts, at=at, reason=reason, unit_path=unit_path
    )  # fmt: skip
