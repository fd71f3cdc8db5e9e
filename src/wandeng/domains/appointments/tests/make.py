"""Appointments for tests: the county of the tests of cases with a hall, a visiting crew, and a vehicle with a route."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

from wandeng.domains.appointments.actions import booking, places, routes
from wandeng.domains.appointments.actions.places import Opening
from wandeng.domains.appointments.actions.routes import Rhythm
from wandeng.domains.appointments.models import Appointment, ServiceSlot
from wandeng.domains.appointments.types import Booked, StopGiven, Wanted
from wandeng.domains.cases.tests import make as cases
from wandeng.infra.effective.current import library
from wandeng.infra.effective.library import RuleLibrary

NOW = datetime(2026, 10, 12, 0, 0, tzinfo=UTC)
"""A Monday, 08:00 of the utility, before the hall opens."""
TODAY = date(2026, 10, 12)
STOPS = (
    StopGiven("白水村", 9 * 60, 10 * 60, 2, "村委会门口", 112_000_000, 26_000_000),
    StopGiven("幸福小区", 10 * 60 + 30, 12 * 60, 3),
)
actor = cases.actor
ACCOUNT = cases.ACCOUNT


def rules() -> RuleLibrary:
    """The rules that ship."""
    return library()


def after(minutes: int) -> datetime:
    """So many minutes after :data:`NOW`."""
    return NOW + timedelta(minutes=minutes)


def hall(*, capacity: int = 2, valid_from: date = TODAY) -> None:
    """A hall that is open on working days from 09:00 to 11:00, in slots of half an hour."""
    places.add(
        code="H1", name="城关营业厅", kind="HALL", unit_code="c01", address="解放路1号", actor=actor("COUNTY_MANAGER"), at=NOW
    )  # fmt: skip
    places.open_(
        code="H1", opening=Opening(valid_from, "12345", 9 * 60, 11 * 60, 30, capacity), actor=actor("COUNTY_MANAGER"), at=NOW,
        library=rules(),
    )  # fmt: skip


def vehicle() -> None:
    """A vehicle whose route is driven on Tuesdays, with two stops."""
    keeper = actor("COUNTY_MANAGER")
    routes.add_vehicle(
        code="V1", name="流动服务车一号", unit_code="c01", keeper="cell_manager", actor=keeper, at=NOW, plate="湘L12345"
    )  # fmt: skip
    routes.add_route(
        code="R1", name="白水线", unit_code="c01", vehicle="V1", rhythm=Rhythm(TODAY, "2"), stops=STOPS, actor=keeper, at=NOW
    )  # fmt: skip


def slot(place: int = 0, *, code: str = "H1") -> ServiceSlot:
    """A slot of a place by its order, the earliest first."""
    return ServiceSlot.objects.filter(place__code=code).order_by("starts_at")[place]


def visitor(name: str = "李四", phone: str = "13900000001") -> Wanted:
    """Somebody without an account."""
    return Wanted("ENQUIRY", visitor=name, phone=phone)


def book(
    at_slot: ServiceSlot, wanted: Wanted | None = None, *, key: str = "k1", at: datetime = NOW, role: str = "CALL_CLERK"
) -> Booked:  # fmt: skip
    """An appointment of the account, or of somebody else, taken by the call clerk."""
    return booking.book(
        slot_id=at_slot.pk, wanted=wanted or Wanted("METER", account_number=ACCOUNT), actor=actor(role), at=at,
        library=rules(), key=key,
    )  # fmt: skip


def row(number: str) -> Appointment:
    """What is stored of an appointment."""
    return Appointment.objects.get(number=number)
