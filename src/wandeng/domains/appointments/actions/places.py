"""The register of places that take appointments, and when they are open (开放安排)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q

from wandeng.domains.appointments import seats
from wandeng.domains.appointments.actions import slots
from wandeng.domains.appointments.models import OpeningPattern, ServicePlace, ServiceSlot
from wandeng.domains.appointments.models.slots import MINUTES_A_DAY
from wandeng.domains.appointments.roles import KEEPERS
from wandeng.domains.appointments.states import SLOT
from wandeng.domains.appointments.types import OPEN_ON, PLACE_KINDS, OpeningOverlaps
from wandeng.domains.cases.queries import crews
from wandeng.domains.organization import queries as organization
from wandeng.infra import audit, ids
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import InvalidInput, NotFound
from wandeng.kernel.periods import BILLING_ZONE

PLACE_SUBJECT = "appointments.ServicePlace"
MOST = 500


@dataclass(frozen=True, slots=True)
class Opening:
    """When a place takes appointments: weekdays as digits, minutes after local midnight, slots of so many minutes that take
    so many appointments each."""

    valid_from: date
    weekdays: str
    from_minute: int
    to_minute: int
    slot_minutes: int
    capacity: int
    open_on: str = "WORKING_DAYS"
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class OpenedSlots:
    """What an opening came to: its id, and how many slots were made at once."""

    pattern_id: int
    slots: int


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What the end of an opening came to: slots withdrawn, and those that stay for appointments that were made."""

    withdrawn: int
    kept: int


@transaction.atomic
def add(
    *, code: str, name: str, kind: str, unit_code: str, actor: Actor, at: datetime, crew: str = "", address: str = ""
) -> str:  # fmt: skip
    """Add a place (设服务点); returns its code. Raises :class:`NotFound` for a unit or crew outside, :class:`InvalidInput` for
    a code that is taken, a kind there is not, or a hall without an address."""
    unit = organization.unit(Scope.of(actor), unit_code)
    require(actor, *KEEPERS, unit_path=unit.path)
    found = code.strip()
    if kind not in PLACE_KINDS or not found or not name.strip():
        raise InvalidInput(f"a place has a code, a name and a kind out of {', '.join(PLACE_KINDS)}", kind=kind)
    if kind == "HALL" and (crew or not address.strip()):
        raise InvalidInput("a hall has an address and no crew")
    if ServicePlace.objects.filter(code=found).exists():
        raise InvalidInput(f"there is a place {found} already", code=found)
    crew_id = crews.crew_rows(Scope.of(actor)).filter(code=crew).values_list("id", flat=True).first() if crew else None
    if crew and crew_id is None:
        raise NotFound(f"there is no crew {crew}")
    ServicePlace.objects.create(
        id=ids.reserve(ServicePlace, 1), code=found, name=name.strip(), kind=kind, unit_id=unit.unit_id, crew_id=crew_id,
        address=address.strip(),
    )  # fmt: skip
    _record("service_place.add", found, {"kind": kind, "unit": unit_code}, actor, at, unit.path)
    return found


@transaction.atomic
def open_(
    *, code: str, opening: Opening, actor: Actor, at: datetime, library: RuleLibrary
) -> OpenedSlots:  # fmt: skip
    """Say when a place is open from a day on, and make its slots as far ahead as the rule says.

    Raises :class:`InvalidInput` for hours or days that are none, :class:`OpeningOverlaps` where another opening holds on the
    same days and hours, :class:`NoRuleInForce` for a year without a calendar.
    """
    place = _locked(actor, code)
    on = at.astimezone(BILLING_ZONE).date()
    weekdays = _checked(opening, on)
    mine = OpeningPattern.objects.filter(place=place).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=opening.valid_from)
    )
    if opening.valid_to:
        mine = mine.filter(valid_from__lt=opening.valid_to)
    for one in mine.filter(from_minute__lt=opening.to_minute, to_minute__gt=opening.from_minute):
        if set(one.weekdays) & set(weekdays) or one.open_on == opening.open_on == "WORKING_DAYS":
            raise OpeningOverlaps(f"place {code} is open at these hours already: end that opening first", id=one.pk)
    row = OpeningPattern.objects.create(
        id=ids.reserve(OpeningPattern, 1), place=place, valid_from=opening.valid_from, valid_to=opening.valid_to,
        weekdays=weekdays, open_on=opening.open_on, from_minute=opening.from_minute, to_minute=opening.to_minute,
        slot_minutes=opening.slot_minutes, capacity=opening.capacity, set_by=actor.code,
    )  # fmt: skip
    made = slots.make([row], on=on, library=library)
    facts = {"from": opening.valid_from, "weekdays": weekdays, "slots": made, "capacity": opening.capacity}
    _record("service_place.open", code, facts, actor, at, place.unit.path)
    return OpenedSlots(row.pk, made)


@transaction.atomic
def end(*, code: str, pattern_id: int, on: date, reason: str, actor: Actor, at: datetime) -> Withdrawn:
    """End an opening on a day: its slots from then on are withdrawn. One with appointments takes no more and stays: whoever
    booked is served, unless the day is closed (:func:`slots.close_day`).

    Raises :class:`InvalidInput` for a day that has passed or an opening that is none of the place.
    """
    place = _locked(actor, code)
    row = OpeningPattern.objects.filter(pk=pattern_id, place=place).first()
    if row is None or on <= at.astimezone(BILLING_ZONE).date() or (row.valid_to and row.valid_to <= on):
        raise InvalidInput("an opening of the place is ended from tomorrow on at the earliest", id=pattern_id)
    why = slots.a_reason(reason)
    OpeningPattern.objects.filter(pk=row.pk).update(valid_to=max(on, row.valid_from))
    ahead = ServiceSlot.objects.filter(pattern=row, on__gte=on)
    seats.lock(ahead.values_list("pk", flat=True))
    empty = ahead.filter(booked=0, appointments__isnull=True)
    withdrawn = empty.count()
    ServiceSlot.objects.filter(pk__in=list(empty.values_list("pk", flat=True))).delete()
    left = list(ahead.filter(state="OPEN").order_by("id"))
    for one in left:
        move(one, SLOT, "close", actor=actor, at=at, reason=why, explanation=why)
    _record("service_place.end", code, {"on": on, "withdrawn": withdrawn, "kept": len(left)}, actor, at, place.unit.path,
            why)  # fmt: skip
    return Withdrawn(withdrawn, len(left))


def _checked(opening: Opening, on: date) -> str:
    """The weekdays in order. Raises :class:`InvalidInput` for what is none."""
    if not opening.weekdays or not set(opening.weekdays) <= set("1234567"):
        raise InvalidInput("weekdays are digits, 1 Monday to 7 Sunday")
    if opening.open_on not in OPEN_ON:
        raise InvalidInput(f"a place is open on one of {', '.join(OPEN_ON)}")
    if not 0 <= opening.from_minute < opening.to_minute <= MINUTES_A_DAY:
        raise InvalidInput("hours lie within a day, the first before the last")
    if not 0 < opening.slot_minutes <= opening.to_minute - opening.from_minute or not 0 < opening.capacity <= MOST:
        raise InvalidInput(f"a slot fits into the hours and takes 1 to {MOST} appointments")
    if opening.valid_from < on or (opening.valid_to and opening.valid_to <= opening.valid_from):
        raise InvalidInput("an opening begins today at the earliest, and ends after it began")
    return "".join(sorted(set(opening.weekdays)))


def _locked(actor: Actor, code: str) -> ServicePlace:
    rows = ServicePlace.objects.select_related("unit")
    if transaction.get_connection().features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    place = Scope.of(actor).one(rows, "unit__path", "service place", code=code)
    require(actor, *KEEPERS, unit_path=place.unit.path)
    return place


def _record(
    action: str, code: str, facts: dict[str, object], actor: Actor, at: datetime, unit_path: str, reason: str = ""
) -> None:  # fmt: skip
    audit.record(
        actor=actor, action=action, subject=(PLACE_SUBJECT, code), facts=facts, at=at, reason=reason, unit_path=unit_path
    )  # fmt: skip
