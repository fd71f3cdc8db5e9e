"""Another vehicle takes a run over (换车), as when the first one breaks down: people wait where they are, and are told when the
time they were told changes."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from wandeng.domains.appointments import keeping, seats, telling
from wandeng.domains.appointments.actions import running
from wandeng.domains.appointments.actions.routes import vehicle_in_service
from wandeng.domains.appointments.models import Appointment, MobileServiceVehicle, RouteRun, RunSwap, ServiceSlot
from wandeng.domains.appointments.roles import KEEPERS
from wandeng.domains.appointments.types import MOST_SWAPS, RunStands, VehicleTaken
from wandeng.infra.effective.library import RuleLibrary
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput
from wandeng.kernel.periods import BILLING_ZONE

MOST_DELAY = 12 * 60


@transaction.atomic
def hand_over(
    *, number: str, vehicle: str, reason: str, actor: Actor, at: datetime, library: RuleLibrary, delay_minutes: int = 0
) -> RunStands:  # fmt: skip
    """Hand a run to another vehicle. With ``delay_minutes`` the stops that lie ahead begin and end so much later: whoever booked
    there is told the new time, and reminders wait as long. Without, nothing that anybody was told changes, and nobody is told.

    Raises :class:`NotFound` for a run or a vehicle outside or out of service, :class:`MoveRefused` for a run that has ended,
    :class:`Conflict` for one with no stop ahead, :class:`VehicleTaken` when the other vehicle is under way at these hours,
    :class:`InvalidInput` without a reason, for the same vehicle, or for a delay past the day.
    """
    car = vehicle_in_service(actor, vehicle)
    row = running.locked_run(actor, number, *KEEPERS)
    running.require_run(row, "PLANNED", "UNDER_WAY")
    why = keeping.a_reason(reason)
    was = row.vehicle
    if car.pk == was.pk:
        raise InvalidInput(f"run {number} has vehicle {vehicle} already", vehicle=vehicle)
    if not 0 <= delay_minutes <= MOST_DELAY:
        raise InvalidInput(f"a run is put off by 0 to {MOST_DELAY} minutes", minutes=delay_minutes)
    turns = RunSwap.objects.filter(run=row)
    if turns.count() >= MOST_SWAPS:
        raise Conflict(f"run {number} was handed over {MOST_SWAPS} times: cancel it", number=number)
    left = seats.for_update(ServiceSlot.objects.filter(stop__run=row, stop__state__in=["AHEAD", "HERE"]))
    slots = list(left.select_related("stop"))
    if not slots:
        raise Conflict(f"run {number} has no stop ahead: finish it", number=number)
    ahead = _put_off(row, slots, timedelta(minutes=delay_minutes))
    _refuse_busy(car, row, slots)
    RouteRun.objects.filter(pk=row.pk).update(vehicle=car)
    RunSwap.objects.create(
        run=row, left=was, took_over=car, delay_minutes=delay_minutes, explanation=why, swapped_at=at,
        swapped_by=actor.code,
    )  # fmt: skip
    told = 0
    if delay_minutes:
        turn = turns.filter(delay_minutes__gt=0).count()
        told = _tell(ahead, delay_minutes, turn, why, actor=actor, at=at, library=library)
    facts = {"from": was.code, "vehicle": car.code, "minutes": delay_minutes, "told": told}
    running.record("route_run.swap", row, facts, actor, at, why)
    return RunStands(number, row.state, told=told)


def _put_off(row: RouteRun, slots: list[ServiceSlot], by: timedelta) -> list[ServiceSlot]:
    """The slots of stops that lie ahead, moved. Raises :class:`InvalidInput` where one would end on another day."""
    ahead = [one for one in slots if one.stop is not None and one.stop.state == "AHEAD"]
    if not by:
        return ahead
    for one in ahead:
        one.starts_at, one.ends_at = one.starts_at + by, one.ends_at + by
        if (one.ends_at - timedelta(microseconds=1)).astimezone(BILLING_ZONE).date() != row.on:
            raise InvalidInput(f"the last stop of run {row.number} would end on another day", number=row.number)
    ServiceSlot.objects.bulk_update(ahead, ["starts_at", "ends_at"])
    return ahead


def _refuse_busy(car: MobileServiceVehicle, row: RouteRun, slots: list[ServiceSlot]) -> None:
    first, last = min(one.starts_at for one in slots), max(one.ends_at for one in slots)
    others = RouteRun.objects.filter(
        vehicle=car, on=row.on, state__in=["PLANNED", "UNDER_WAY"], stops__state__in=["AHEAD", "HERE"],
        stops__slot__starts_at__lt=last, stops__slot__ends_at__gt=first,
    )  # fmt: skip
    found = others.select_related("route").order_by("id").first()
    if found is not None:
        other, met = found.route, row.on
        raise VehicleTaken(f"vehicle {car.code} drives route {other.code} on {met}", route=other.code, on=met)


def _tell(
    slots: list[ServiceSlot], minutes: int, turn: int, reason: str, *, actor: Actor, at: datetime, library: RuleLibrary
) -> int:
    """Tell everybody who booked in slots that were put off; returns how many customers that is."""
    booked = Appointment.objects.filter(slot__in=slots, state="BOOKED")
    numbers = list(booked.order_by("slot_id", "id").values_list("number", flat=True))
    for number in numbers:
        row = keeping.locked(actor, number)
        by = timedelta(minutes=minutes)
        telling.put_off(row, by, turn, library=library, actor=actor, at=at, reason=reason)
        keeping.tell_case(row, f"流动服务车推迟{minutes}分钟：{reason}", actor, at)
    return len(numbers)
