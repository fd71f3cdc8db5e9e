"""The sheet that goes with the vehicle: stops in order, who booked where, what was served."""

from __future__ import annotations

from wandeng.domains.appointments import rules
from wandeng.domains.appointments.models import Appointment, RouteRun, RunStop, RunSwap, StopService
from wandeng.domains.appointments.types import PHONE_COLUMN, OnSheet, RunShown, StopShown, SwapShown
from wandeng.infra import pii
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope


def run(scope: Scope, number: str, *, library: RuleLibrary) -> RunShown:
    """A run with its sheet. Raises :class:`NotFound`, also outside the scope."""
    row = scope.one(
        RouteRun.objects.select_related("unit", "route", "vehicle"), "unit__path", "route run", number=number
    )
    names = rules.service_names(library, on=row.on, territory=row.unit.territory)
    stops = list(RunStop.objects.filter(run=row).select_related("slot").order_by("place"))
    booked: dict[int, list[OnSheet]] = {one.slot.pk: [] for one in stops}
    rows = Appointment.objects.filter(slot__stop__run=row).exclude(state="REBOOKED").select_related("account", "case")
    for one in rows.order_by("id"):
        booked[one.slot_id].append(_on_sheet(one, names.get(one.service, (one.service, one.service))))
    counted: dict[int, list[tuple[str, str, str, int]]] = {one.pk: [] for one in stops}
    for service in StopService.objects.filter(stop__run=row).order_by("stop_id", "service"):
        zh, en = names.get(service.service, (service.service, service.service))
        counted[service.stop_id].append((service.service, zh, en, service.count))
    return RunShown(
        row.number, row.on, row.state, row.route.code, row.route.name, row.vehicle.code, row.vehicle.name,
        row.vehicle.plate, row.vehicle.keeper, row.unit.name, row.unit.path, row.started_at, row.ended_at, row.explanation,
        tuple(_stop(one, tuple(booked[one.slot.pk]), tuple(counted[one.pk])) for one in stops), _swaps(row),
    )  # fmt: skip


def _swaps(row: RouteRun) -> tuple[SwapShown, ...]:
    rows = RunSwap.objects.filter(run=row).select_related("left", "took_over").order_by("id")
    return tuple(
        SwapShown(one.left.name, one.took_over.name, one.delay_minutes, one.explanation, one.swapped_at, one.swapped_by)
        for one in rows
    )


def _on_sheet(one: Appointment, names: tuple[str, str]) -> OnSheet:
    phone = pii.open_sealed(one.phone_sealed, column=PHONE_COLUMN)
    account = one.account
    return OnSheet(
        one.number, one.state, account.name if account else one.visitor, account.account_number if account else "",
        account.address if account else "", pii.mask_phone(phone) if phone else "", *names,
        one.case.number if one.case and not one.case.is_confidential else "", one.remark,
    )  # fmt: skip


def _stop(
    one: RunStop, booked: tuple[OnSheet, ...], counted: tuple[tuple[str, str, str, int], ...]
) -> StopShown:  # fmt: skip
    slot = one.slot
    return StopShown(
        one.place, one.name, one.address, one.longitude_e6, one.latitude_e6, slot.starts_at, slot.ends_at, one.state,
        one.arrived_at, one.left_at, one.explanation, slot.pk, slot.capacity, slot.booked, booked, counted,
    )  # fmt: skip
