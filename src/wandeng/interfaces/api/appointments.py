"""Appointments: slots, booking and what came of it; places, vehicles, routes and runs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from wandeng.domains.appointments.actions import (
    booking,
    outcome,
    places,
    reminding,
    revealing,
    routes,
    running,
    slots,
    swapping,
)
from wandeng.domains.appointments.queries import days, figures, one, register, runs
from wandeng.domains.appointments.queries.days import DayPlace
from wandeng.domains.appointments.types import (
    AppointmentShown,
    KeptFigures,
    PlaceShown,
    RouteShown,
    RunShown,
    RunStands,
    SlotShown,
    VehicleShown,
)
from wandeng.flows import run_documents
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.appointments import Service
from wandeng.infra.scope import Scope
from wandeng.interfaces.api.operations import Download, read, write
from wandeng.kernel.actors import Actor

TAG = "appointments"


def free_slots(
    scope: Scope, *, library: RuleLibrary, now: datetime, kind: str = "", place: str = "", day: date | None = None,
    limit: int = 60,
) -> tuple[SlotShown, ...]:  # fmt: skip
    """Slots that can be booked now, the earliest first; of a kind (HALL, CREW, VEHICLE), a place or a run, on a day."""
    return days.free_slots(scope, library=library, now=now, kind=kind, place=place, on=day, limit=limit)


def day_board(
    scope: Scope, *, on: date, library: RuleLibrary, now: datetime, kind: str = "", place: str = ""
) -> tuple[DayPlace, ...]:  # fmt: skip
    """The places of a day with their slots and appointments."""
    return days.day(scope, on=on, library=library, now=now, kind=kind, place=place)


def services(scope: Scope, *, library: RuleLibrary, now: datetime) -> tuple[Service, ...]:
    """What appointments are made for."""
    return days.services(scope, library=library, now=now)


def appointment(scope: Scope, number: str, *, library: RuleLibrary, now: datetime) -> AppointmentShown:
    """An appointment with everything about it; the telephone number is masked."""
    return one.appointment(scope, number, library=library, now=now)


def of_case(scope: Scope, number: str, *, library: RuleLibrary, now: datetime) -> tuple[AppointmentShown, ...]:
    """The appointments of a case, the newest first."""
    return one.of_case(scope, number, library=library, now=now)


def kept(scope: Scope, *, first: date, last: date) -> tuple[KeptFigures, ...]:
    """Kept and missed by unit, of slots from one day to another, both included."""
    return figures.kept(scope, first=first, last=last)


def place(scope: Scope, code: str) -> PlaceShown:
    """A place with its openings."""
    return register.place(scope, code)


def vehicle(scope: Scope, code: str) -> VehicleShown:
    """A vehicle with its routes."""
    return register.vehicle(scope, code)


def route(scope: Scope, code: str) -> RouteShown:
    """A route with its stops in order."""
    return register.route(scope, code)


def run(scope: Scope, number: str, *, library: RuleLibrary) -> RunShown:
    """A run with its sheet: stops in order, who booked, what was served."""
    return runs.run(scope, number, library=library)


def run_sheet(scope: Scope, number: str, *, library: RuleLibrary, on: date) -> Download:
    """The sheet as PDF."""
    content = run_documents.run_pdf(scope, number, library=library, on=on)
    return Download(f"{number}.pdf", "application/pdf", content)


def leave(
    *, number: str, stop: int, counts: dict[str, int], actor: Actor, at: datetime, library: RuleLibrary
) -> RunStands:  # fmt: skip
    """The stop is served, with how many were served of each service."""
    return running.leave(number=number, stop=stop, counts=counts, actor=actor, at=at, library=library)


def _read(address: str, query: Any, name: str, like: str, about: str, *, files: tuple[str, ...] = ()) -> None:
    read(address, query, name=name, like=f"console:appointments-{like}", tag=TAG, about=about, files=files)


def _write(address: str, action: Any, name: str, like: str, about: str) -> None:
    write(address, action, name=name, like=f"console:appointments-{like}", tag=TAG, about=about)


_read("/service-slots/free", free_slots, "service-slots-free", "day", "可约时段 slots that can be booked")
_read("/service-slots/day", day_board, "service-slots-day", "day", "预约日程 a day by place")
_read("/service-slots/services", services, "appointment-services", "day", "预约事项 what they are made for")
_write("/service-slots/{slot_id}/book", booking.book, "appointment-book", "book", "预约 book a place in a slot")
_write("/service-slots/{slot_id}/close", slots.close_slot, "service-slot-close", "place-act", "时段停约 close a slot")
_write("/service-slots/{slot_id}/open", slots.open_slot, "service-slot-open", "place-act", "恢复开放 open it again")
_read("/appointments/figures", kept, "appointment-figures", "figures", "履约情况 kept and missed by unit")
_read("/appointments/{number}", appointment, "appointment", "detail", "预约 an appointment")
_read("/cases/{number}/appointments", of_case, "case-appointments", "part", "工单的预约 appointments of a case")
_write("/appointments/{number}/rebook", booking.rebook, "appointment-rebook", "rebook", "改约 another slot instead")
_write("/appointments/{number}/cancel", booking.cancel, "appointment-cancel", "act", "取消预约 cancel")
_write("/appointments/{number}/keep", outcome.keep, "appointment-keep", "act", "已赴约 it was kept")
_write("/appointments/{number}/customer-missed", outcome.customer_missed, "appointment-customer-missed", "act",
       "客户爽约 the customer missed it")  # fmt: skip
_write("/appointments/{number}/we-missed", outcome.we_missed, "appointment-we-missed", "act", "我方失约 we missed it")
_write("/appointments/{number}/take-back", outcome.take_back, "appointment-take-back", "act", "更正结果 mark it anew")
_write("/appointments/{number}/called", reminding.called, "appointment-called", "act", "已电话告知 was telephoned")
_write("/appointments/{number}/reveal", revealing.reveal, "appointment-reveal", "act", "查看完整号码 the number left")
_read("/service-places/{code}", place, "service-place", "place", "服务点 a place with its openings")
_write("/service-places/add", places.add, "service-place-add", "place-new", "设服务点 add a place")
_write("/service-places/{code}/open", places.open_, "service-place-open", "place-act", "安排开放时间 when it is open")
_write("/service-places/{code}/end", places.end, "service-place-end", "place-act", "终止开放安排 end an opening")
_write(
    "/service-places/{code}/close-day", slots.close_day, "service-place-close-day", "place-act", "停约一天 close a day"
)
_read("/service-vehicles/{code}", vehicle, "service-vehicle", "vehicle", "流动服务车 a vehicle with its routes")
_write("/service-vehicles/add", routes.add_vehicle, "service-vehicle-add", "vehicle-new", "登记车辆 add a vehicle")
_write(
    "/service-vehicles/{code}/retire", routes.retire_vehicle, "service-vehicle-retire", "vehicle-retire", "停用 retire"
)
_read("/service-routes/{code}", route, "service-route", "route", "巡回线路 a route with its stops")
_write("/service-routes/add", routes.add_route, "service-route-add", "route-new", "设线路 add a route")
_write("/service-routes/{code}/stops", routes.set_stops, "service-route-stops", "route-act", "调整停靠点 other stops")
_write("/service-routes/{code}/end", routes.end_route, "service-route-end", "route-act", "撤销线路 drive it no more")
_write(
    "/service-routes/{code}/plan", running.plan_route, "service-route-plan", "route-act", "生成出车计划 plan its runs"
)
_read("/route-runs/{number}", run, "route-run", "run", "出车 a run with its sheet")
_read("/route-runs/{number}/sheet", run_sheet, "route-run-sheet", "run-sheet", "出车单 the sheet as PDF",
      files=("application/pdf",))  # fmt: skip
_write("/route-runs/{number}/start", running.start, "route-run-start", "run-act", "发车 the vehicle leaves")
_write("/route-runs/{number}/arrive", running.arrive, "route-run-arrive", "run-act", "到达 it is at a stop")
_write("/route-runs/{number}/leave", leave, "route-run-leave", "run-act", "离开 the stop is served")
_write("/route-runs/{number}/skip", running.skip, "route-run-skip", "run-act", "取消停靠 leave a stop out")
_write("/route-runs/{number}/finish", running.finish, "route-run-finish", "run-act", "收车 the run is over")
_write("/route-runs/{number}/cancel", running.cancel, "route-run-cancel", "route-act", "取消出车 cancel a run")
_write(
    "/route-runs/{number}/swap", swapping.hand_over, "route-run-swap", "route-act", "换车 another vehicle takes it over"
)
