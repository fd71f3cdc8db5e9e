"""Kept and missed, by unit: what became of the appointments of a time."""

from __future__ import annotations

from datetime import date

from django.db.models import Count, F, Q

from wandeng.domains.appointments.models import Appointment, RouteRun, StopService
from wandeng.domains.appointments.types import KeptFigures
from wandeng.infra.scope import Scope


def kept(scope: Scope, *, first: date, last: date) -> tuple[KeptFigures, ...]:
    """By unit, of appointments whose slots lie from one day to another, both included."""
    rows = scope.limit(Appointment.objects.filter(slot__on__gte=first, slot__on__lte=last), "unit__path")
    found = rows.order_by("unit__path").values(code=F("unit__code"), name=F("unit__name")).annotate(
        booked=Count("id", filter=Q(state="BOOKED")), kept=Count("id", filter=Q(state="KEPT")),
        missed_by_customer=Count("id", filter=Q(state="MISSED_BY_CUSTOMER")),
        missed_by_us=Count("id", filter=Q(state="MISSED_BY_US")), cancelled=Count("id", filter=Q(state="CANCELLED")),
        rebooked=Count("id", filter=Q(state="REBOOKED")),
    )  # fmt: skip
    return tuple(
        KeptFigures(
            one["code"], one["name"], one["booked"], one["kept"], one["missed_by_customer"], one["missed_by_us"],
            one["cancelled"], one["rebooked"],
        )
        for one in found
    )  # fmt: skip


def together(figures: tuple[KeptFigures, ...]) -> KeptFigures:
    """All units as one."""
    return KeptFigures(
        "", "", sum(one.booked for one in figures), sum(one.kept for one in figures),
        sum(one.missed_by_customer for one in figures), sum(one.missed_by_us for one in figures),
        sum(one.cancelled for one in figures), sum(one.rebooked for one in figures),
    )  # fmt: skip


def served(scope: Scope, *, first: date, last: date) -> tuple[int, int]:
    """Runs that were driven to their end, and how many were served at their stops, from one day to another."""
    runs = scope.limit(RouteRun.objects.filter(on__gte=first, on__lte=last, state="DONE"), "unit__path")
    counts = StopService.objects.filter(stop__run__on__gte=first, stop__run__on__lte=last)
    return runs.count(), sum(scope.limit(counts, "stop__run__unit__path").values_list("count", flat=True))
