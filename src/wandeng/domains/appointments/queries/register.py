"""Places, vehicles and routes, each with what belongs to it."""

from __future__ import annotations

from wandeng.domains.appointments.models import MobileServiceVehicle, OpeningPattern, ServicePlace, ServiceRoute
from wandeng.domains.appointments.types import PatternShown, PlaceShown, RouteShown, StopGiven, VehicleShown
from wandeng.infra.scope import Scope


def place(scope: Scope, code: str) -> PlaceShown:
    """A place with its openings, the newest first. Raises :class:`NotFound`, also outside the scope."""
    row = scope.one(ServicePlace.objects.select_related("unit", "crew"), "unit__path", "service place", code=code)
    patterns = OpeningPattern.objects.filter(place=row).order_by("-valid_from", "from_minute", "id")
    return PlaceShown(
        row.code, row.name, row.kind, row.unit.code, row.unit.name, row.crew.code if row.crew else "", row.address,
        tuple(
            PatternShown(
                one.pk, one.valid_from, one.valid_to, one.weekdays, one.open_on, one.from_minute, one.to_minute,
                one.slot_minutes, one.capacity,
            )
            for one in patterns
        ),
    )  # fmt: skip


def vehicle(scope: Scope, code: str) -> VehicleShown:
    """A vehicle with its routes. Raises :class:`NotFound`, also outside the scope."""
    row = scope.one(MobileServiceVehicle.objects.select_related("unit"), "unit__path", "service vehicle", code=code)
    routes = scope.limit(ServiceRoute.objects.filter(vehicle=row), "unit__path").order_by("code")
    return VehicleShown(
        row.code, row.name, row.plate, row.unit.code, row.unit.name, row.keeper, row.retired_on,
        tuple((one.code, one.name) for one in routes),
    )  # fmt: skip


def route(scope: Scope, code: str) -> RouteShown:
    """A route with its stops in order. Raises :class:`NotFound`, also outside the scope."""
    rows = ServiceRoute.objects.select_related("unit", "vehicle")
    row = scope.one(rows, "unit__path", "service route", code=code)
    stops = tuple(
        StopGiven(
            one.name, one.from_minute, one.to_minute, one.capacity, one.address, one.longitude_e6, one.latitude_e6
        )
        for one in row.stops.order_by("place")
    )
    return RouteShown(
        row.code, row.name, row.unit.code, row.unit.name, row.vehicle.code, row.vehicle.name, row.valid_from,
        row.valid_to, row.weekdays, row.every_weeks, row.open_on, stops,
    )  # fmt: skip


def vehicles(scope: Scope) -> tuple[tuple[str, str], ...]:
    """Code and name of every vehicle in service."""
    rows = scope.limit(MobileServiceVehicle.objects.filter(retired_on__isnull=True), "unit__path")
    return tuple(rows.order_by("code").values_list("code", "name"))
