"""The time that was agreed with the customer of a case: what field work goes by."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from wandeng.domains.appointments.models import Appointment


@dataclass(frozen=True, slots=True)
class AgreedTime:
    """When a customer is visited, or comes: the next appointment of a case that is still ahead of its end."""

    number: str
    starts_at: datetime
    ends_at: datetime
    kind: str


def agreed_times(case_numbers: Collection[str], *, now: datetime) -> Mapping[str, AgreedTime]:
    """Case → the agreed time, for cases that were asked for within a scope; without those that have none."""
    rows = Appointment.objects.filter(case__number__in=case_numbers, state="BOOKED", slot__ends_at__gt=now)
    found = rows.order_by("-slot__starts_at").values_list(
        "case__number", "number", "slot__starts_at", "slot__ends_at", "slot__place__kind"
    )
    return {case: AgreedTime(number, first, last, kind or "VEHICLE") for case, number, first, last, kind in found}


def ahead_of_case(case_number: str, *, now: datetime) -> tuple[str, ...]:
    """Numbers of the appointments of a case that have not begun."""
    rows = Appointment.objects.filter(case__number=case_number, state="BOOKED", slot__starts_at__gt=now)
    return tuple(rows.order_by("id").values_list("number", flat=True))
