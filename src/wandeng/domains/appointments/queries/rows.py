"""Lists of appointments, runs, places, vehicles, routes, and of those who are still to be telephoned."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case as Choose
from django.db.models import CharField, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce

from wandeng.domains.appointments.models import (
    Appointment,
    AppointmentTelling,
    MobileServiceVehicle,
    RouteRun,
    ServicePlace,
    ServiceRoute,
)
from wandeng.infra.scope import Scope

Rows = QuerySet[Any, Any]

_KIND = Coalesce(F("slot__place__kind"), Value("VEHICLE"))
_PLACE = Coalesce(F("slot__place__name"), F("slot__stop__name"))
_CASE = Choose(
    When(case__is_confidential=True, then=Value("")),
    default=Coalesce(F("case__number"), Value("")),
    output_field=CharField(),
)


def appointment_rows(scope: Scope, *, states: tuple[str, ...] = ()) -> Rows:
    """Appointments: id, number, state, on, starts_at, ends_at, kind (HALL, CREW, VEHICLE), place, service, account_number,
    name, case_number (empty for a confidential one), booked_at, booked_by, ended_at, explanation, side, unit_id, unit_name.
    Lazy."""
    rows = scope.limit(Appointment.objects.all(), "unit__path")
    if states:
        rows = rows.filter(state__in=states)
    return rows.values(
        "id", "number", "state", "service", "booked_at", "booked_by", "ended_at", "explanation", "side", "unit_id",
        on=F("slot__on"), starts_at=F("slot__starts_at"), ends_at=F("slot__ends_at"), kind=_KIND, place=_PLACE,
        account_number=Coalesce(F("account__account_number"), Value("")),
        name=Coalesce(F("account__name"), F("visitor")), case_number=_CASE, unit_name=F("unit__name"),
    )  # fmt: skip


def call_rows(scope: Scope) -> Rows:
    """Who without an account is still to be told something by telephone: number, what, due_at, starts_at, standing (of the
    appointment), name, kind, place, unit_id, unit_name. Lazy."""
    rows = scope.limit(AppointmentTelling.objects.filter(state="TO_CALL"), "appointment__unit__path")
    return rows.values(
        "id", "what", "due_at", number=F("appointment__number"), starts_at=F("appointment__slot__starts_at"),
        standing=F("appointment__state"), name=F("appointment__visitor"), unit_id=F("appointment__unit_id"),
        kind=Coalesce(F("appointment__slot__place__kind"), Value("VEHICLE")),
        place=Coalesce(F("appointment__slot__place__name"), F("appointment__slot__stop__name")),
        unit_name=F("appointment__unit__name"),
    )  # fmt: skip


def run_rows(scope: Scope) -> Rows:
    """Runs: number, on, state, route_name, vehicle_name, keeper, stops, served, appointments, explanation, unit_id,
    unit_name. Lazy."""
    rows = scope.limit(RouteRun.objects.all(), "unit__path")
    booked = ~Q(stops__slot__appointments__state__in=["CANCELLED", "REBOOKED"])
    return rows.values(
        "id", "number", "on", "state", "explanation", "unit_id", route_name=F("route__name"),
        vehicle_name=F("vehicle__name"), keeper=F("vehicle__keeper"), unit_name=F("unit__name"),
        stops_=Count("stops", distinct=True), served=Count("stops", filter=Q(stops__state="SERVED"), distinct=True),
        appointments_=Count("stops__slot__appointments", filter=booked, distinct=True),
    )  # fmt: skip


def place_rows(scope: Scope) -> Rows:
    """Places: code, name, kind, address, crew, unit_id, unit_name. Lazy."""
    rows = scope.limit(ServicePlace.objects.all(), "unit__path")
    return rows.values(
        "id", "code", "name", "kind", "address", "unit_id", unit_name=F("unit__name"),
        crew_code=Coalesce(F("crew__code"), Value("")),
    )  # fmt: skip


def vehicle_rows(scope: Scope) -> Rows:
    """Vehicles: code, name, plate, keeper, retired_on, routes_, unit_id, unit_name. Lazy."""
    rows = scope.limit(MobileServiceVehicle.objects.all(), "unit__path")
    return rows.values(
        "id", "code", "name", "plate", "keeper", "retired_on", "unit_id", unit_name=F("unit__name"),
        routes_=Count("routes"),
    )  # fmt: skip


def route_rows(scope: Scope) -> Rows:
    """Routes: code, name, weekdays, every_weeks, open_on, valid_from, valid_to, vehicle_code, vehicle_name, stops_, unit_id,
    unit_name. Lazy."""
    rows = scope.limit(ServiceRoute.objects.all(), "unit__path")
    return rows.values(
        "id", "code", "name", "weekdays", "every_weeks", "open_on", "valid_from", "valid_to", "unit_id",
        vehicle_code=F("vehicle__code"), vehicle_name=F("vehicle__name"), stops_=Count("stops"),
        unit_name=F("unit__name"),
    )  # fmt: skip


def runs_with(scope: Scope, person: str, *, on: date) -> Rows:
    """The runs from a day on of vehicles that somebody keeps: what they drive next. Columns as :func:`run_rows`."""
    rows: Rows = run_rows(scope).filter(vehicle__keeper=person, on__gte=on).order_by("on", "id")
    return rows
