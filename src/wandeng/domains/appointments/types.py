"""What appointments give to pages, doors and flows, and the refusals of their actions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from wandeng.domains.appointments.models.slots import OPEN_ON, PLACE_KINDS
from wandeng.kernel.errors import Conflict, InvalidInput

__all__ = ["OPEN_ON", "PLACE_KINDS"]

PHONE_COLUMN = "appointments_appointment.phone"
"""The name that ``infra.pii`` derives keys from."""
SUBJECT = "appointments.Appointment"
MOST_SWAPS = 5
"""How often a run is handed to another vehicle before it is cancelled instead."""


class SlotFull(Conflict):
    """The last place of the slot is taken."""

    code = "SLOT_FULL"


class SlotClosed(Conflict):
    """The slot takes no more appointments: it was closed, or begins too soon."""

    code = "SLOT_CLOSED"


class AlreadyBooked(Conflict):
    """The customer has an appointment in this slot, or as many ahead as one may have."""

    code = "ALREADY_BOOKED"


class OpeningOverlaps(Conflict):
    """Another opening pattern of the place holds on the same days and hours."""

    code = "OPENING_OVERLAPS"


class VehicleTaken(Conflict):
    """The vehicle is on another route at that time."""

    code = "VEHICLE_TAKEN"


class RunNotReady(Conflict):
    """A run cannot end yet: ``facts`` name the stops and appointments that nobody decided on."""

    code = "RUN_NOT_READY"


class TooEarly(InvalidInput):
    """What is marked has not come yet."""

    code = "APPOINTMENT_AHEAD"


@dataclass(frozen=True, slots=True)
class Booked:
    """An appointment as it stands after an action; ``is_new`` is false when the same key booked it before."""

    number: str
    state: str
    starts_at: datetime
    ends_at: datetime
    where: str
    is_new: bool = True


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom an appointment is for and what for. Without an account a name and a telephone number; ``case``: the number of
    the case it belongs to."""

    service: str
    account_number: str = ""
    visitor: str = ""
    phone: str = ""
    case: str = ""
    remark: str = ""


@dataclass(frozen=True, slots=True)
class SlotShown:
    """A slot with its free places. ``kind`` HALL, CREW or VEHICLE; ``place`` the code of the place or the number of the run."""

    id: int
    kind: str
    place: str
    place_name: str
    where: str
    unit_name: str
    starts_at: datetime
    ends_at: datetime
    capacity: int
    booked: int
    state: str
    reason: str
    may_book: bool

    @property
    def free(self) -> int:
        """Places still to be had."""
        return self.capacity - self.booked if self.state == "OPEN" else 0


@dataclass(frozen=True, slots=True)
class TellingShown:
    """Something a customer was told, or will be."""

    what: str
    due_at: datetime
    state: str
    told_at: datetime | None
    told_by: str


@dataclass(frozen=True, slots=True)
class AppointmentShown:
    """An appointment with everything about it; the telephone number is masked."""

    number: str
    state: str
    slot: SlotShown
    service: str
    service_zh: str
    service_en: str
    account_number: str
    name: str
    address: str
    phone: str
    case_number: str
    remark: str
    booked_at: datetime
    booked_by: str
    ended_at: datetime | None
    ended_by: str
    side: str
    reason: str
    follows: str
    followed_by: str
    unit_path: str
    tellings: tuple[TellingShown, ...]


@dataclass(frozen=True, slots=True)
class PatternShown:
    """An opening pattern; minutes after local midnight."""

    id: int
    valid_from: date
    valid_to: date | None
    weekdays: str
    open_on: str
    from_minute: int
    to_minute: int
    slot_minutes: int
    capacity: int


@dataclass(frozen=True, slots=True)
class PlaceShown:
    """A service place with its opening patterns."""

    code: str
    name: str
    kind: str
    unit_code: str
    unit_name: str
    crew: str
    address: str
    patterns: tuple[PatternShown, ...]


@dataclass(frozen=True, slots=True)
class StopGiven:
    """A stop as a route is given it; its place in the order is its place in the list. Degrees × 10⁶, minutes after local
    midnight."""

    name: str
    from_minute: int
    to_minute: int
    capacity: int
    address: str = ""
    longitude_e6: int | None = None
    latitude_e6: int | None = None


@dataclass(frozen=True, slots=True)
class RouteShown:
    """A route with its stops."""

    code: str
    name: str
    unit_code: str
    unit_name: str
    vehicle: str
    vehicle_name: str
    valid_from: date
    valid_to: date | None
    weekdays: str
    every_weeks: int
    open_on: str
    stops: tuple[StopGiven, ...]


@dataclass(frozen=True, slots=True)
class VehicleShown:
    """A vehicle with its routes (code, name)."""

    code: str
    name: str
    plate: str
    unit_code: str
    unit_name: str
    keeper: str
    retired_on: date | None
    routes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class RunStands:
    """Where a run stands after an action on it."""

    number: str
    state: str
    stop: int = 0
    stop_state: str = ""
    told: int = 0


@dataclass(frozen=True, slots=True)
class OnSheet:
    """An appointment on a run sheet."""

    number: str
    state: str
    name: str
    account_number: str
    address: str
    phone: str
    service_zh: str
    service_en: str
    case_number: str
    remark: str


@dataclass(frozen=True, slots=True)
class StopShown:
    """A stop of a run with its appointments and how many were served of what (service, Chinese, English, count)."""

    place: int
    name: str
    address: str
    longitude_e6: int | None
    latitude_e6: int | None
    starts_at: datetime
    ends_at: datetime
    state: str
    arrived_at: datetime | None
    left_at: datetime | None
    reason: str
    slot_id: int
    capacity: int
    booked: int
    appointments: tuple[OnSheet, ...]
    services: tuple[tuple[str, str, str, int], ...]


@dataclass(frozen=True, slots=True)
class SwapShown:
    """A vehicle that handed a run over to another (names), and by how many minutes it was put off."""

    left: str
    took_over: str
    delay_minutes: int
    reason: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True)
class RunShown:
    """A run with its stops in order: the sheet that goes with the vehicle."""

    number: str
    on: date
    state: str
    route: str
    route_name: str
    vehicle: str
    vehicle_name: str
    plate: str
    keeper: str
    unit_name: str
    unit_path: str
    started_at: datetime | None
    ended_at: datetime | None
    reason: str
    stops: tuple[StopShown, ...]
    swaps: tuple[SwapShown, ...]


@dataclass(frozen=True, slots=True)
class KeptFigures:
    """What became of the appointments of a unit, by the day of their slots. ``percent_kept`` of those that were to take
    place, rounded down; ``None`` where there were none."""

    unit_code: str
    unit_name: str
    booked: int
    kept: int
    missed_by_customer: int
    missed_by_us: int
    cancelled: int
    rebooked: int

    @property
    def percent_kept(self) -> int | None:
        """Whole percent."""
        came = self.kept + self.missed_by_customer + self.missed_by_us
        return self.kept * 100 // came if came else None
