"""Invariants of appointments, recomputed: what tests ask after every program."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, F, Q

from wandeng.domains.appointments.models import Appointment, AppointmentTelling, RouteRun, ServiceSlot

HOLDS = ("BOOKED", "KEPT", "MISSED_BY_CUSTOMER", "MISSED_BY_US")
"""States of an appointment in which it has a place of its slot."""


def faults() -> list[str]:
    """A sentence for everything that does not hold."""
    return [*_seats(), *_doubles(), *_tellings(), *_runs()]


def _seats() -> Iterator[str]:
    held = Count("appointments", filter=Q(appointments__state__in=HOLDS))
    for row in ServiceSlot.objects.annotate(held=held).exclude(booked=F("held")).order_by("id"):
        yield f"slot {row.pk}: {row.booked} places are taken, its appointments hold {row.held}"


def _doubles() -> Iterator[str]:
    slots = ServiceSlot.objects.filter(place__isnull=False).order_by("place_id", "starts_at", "id")
    before = None
    for row in slots.iterator(2_000):
        if before is not None and before.place_id == row.place_id and row.starts_at < before.ends_at:
            yield f"slot {row.pk} begins before slot {before.pk} of the same place has ended"
        before = row


def _tellings() -> Iterator[str]:
    waiting = AppointmentTelling.objects.filter(state="WANTED").exclude(appointment__state="BOOKED")
    for number in waiting.order_by("id").values_list("appointment__number", flat=True):
        yield f"appointment {number} has ended, and its customer is still to be reminded"


def _runs() -> Iterator[str]:
    for row in RouteRun.objects.filter(state="DONE", stops__state__in=["AHEAD", "HERE"]).distinct().order_by("id"):
        yield f"run {row.number} is over with a stop that was neither served nor left out"
    cancelled = Appointment.objects.filter(state="BOOKED", slot__stop__state="SKIPPED")
    for number in cancelled.order_by("id").values_list("number", flat=True):
        yield f"appointment {number} stands at a stop that was left out"
