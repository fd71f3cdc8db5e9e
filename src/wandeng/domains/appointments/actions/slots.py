"""Slots (时段): made from opening patterns, never double; closed when nobody can serve in them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import Q

from wandeng.domains.appointments import rules, seats
from wandeng.domains.appointments.actions import booking
from wandeng.domains.appointments.keeping import a_reason, locked
from wandeng.domains.appointments.models import Appointment, OpeningPattern, ServicePlace, ServiceSlot
from wandeng.domains.appointments.roles import KEEPERS
from wandeng.domains.appointments.states import SLOT
from wandeng.domains.appointments.types import SlotClosed
from wandeng.infra import audit, ids
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope, require
from wandeng.infra.transitions import move
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict
from wandeng.kernel.periods import BILLING_ZONE

__all__ = ["Closed", "a_reason", "close_day", "close_slot", "make", "moment", "open_ahead", "open_slot", "shut"]


@dataclass(frozen=True, slots=True)
class Closed:
    """What closing came to: slots closed, and appointments that were cancelled and told of it."""

    slots: int
    told: int


def open_ahead(*, on: date, library: RuleLibrary) -> int:
    """Make the slots of every place as far ahead as the rule of its territory says; returns how many are new. What is there
    already stays as it is."""
    rows = OpeningPattern.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on)).select_related("place__unit")
    return make(list(rows.order_by("place_id", "id")), on=on, library=library)


def make(patterns: Iterable[OpeningPattern], *, on: date, library: RuleLibrary) -> int:
    """The slots of some patterns, in a transaction for each. Raises ``NoRuleInForce`` for a year without a calendar."""
    return sum(_of_pattern(one, on, library) for one in patterns)


@transaction.atomic
def close_day(*, code: str, on: date, reason: str, actor: Actor, at: datetime, library: RuleLibrary) -> Closed:
    """Close every slot of a place on a day that has not begun (停约): appointments are cancelled, everybody is told and can
    book again. Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput` without a reason."""
    place = Scope.of(actor).one(ServicePlace.objects.select_related("unit"), "unit__path", "service place", code=code)
    require(actor, *KEEPERS, unit_path=place.unit.path)
    why = a_reason(reason)
    rows = seats.for_update(ServiceSlot.objects.filter(place=place, on=on, state="OPEN", starts_at__gt=at))
    found = list(rows)
    told = sum(shut(one, why, actor=actor, at=at, library=library) for one in found)
    audit.record(
        actor=actor, action="service_place.close_day", subject=("appointments.ServicePlace", code),
        facts={"on": on, "slots": len(found), "told": told}, at=at, reason=why, unit_path=place.unit.path,
    )  # fmt: skip
    return Closed(len(found), told)


@transaction.atomic
def close_slot(*, slot_id: int, reason: str, actor: Actor, at: datetime, library: RuleLibrary) -> Closed:
    """Close one slot; as :func:`close_day`. Raises :class:`SlotClosed` for one that is closed."""
    row = seats.slot(actor, slot_id)
    require(actor, *KEEPERS, unit_path=row.unit.path)
    why = a_reason(reason)
    seats.lock([row.pk])
    row.refresh_from_db(fields=["state"])
    told = shut(row, why, actor=actor, at=at, library=library)
    _record("service_slot.close", row, {"told": told}, actor, at, why)
    return Closed(1, told)


@transaction.atomic
def open_slot(*, slot_id: int, actor: Actor, at: datetime) -> None:
    """Take a closed slot into use again; appointments that were cancelled stay so. Raises :class:`Conflict` for one that is open."""
    row = seats.slot(actor, slot_id)
    require(actor, *KEEPERS, unit_path=row.unit.path)
    if row.state != "CLOSED":
        raise Conflict(f"slot {row.pk} is open", slot=row.pk)
    move(row, SLOT, "open", actor=actor, at=at, explanation="")
    _record("service_slot.open", row, {}, actor, at, "")


def shut(row: ServiceSlot, reason: str, *, actor: Actor, at: datetime, library: RuleLibrary) -> int:
    """Close a slot whose lock is held; cancels what is booked in it, and returns how many customers that is."""
    if row.state != "OPEN":
        raise SlotClosed(f"slot {row.pk} is closed already", slot=row.pk)
    move(row, SLOT, "close", actor=actor, at=at, reason=reason, explanation=reason)
    numbers = list(Appointment.objects.filter(slot=row, state="BOOKED").order_by("id").values_list("number", flat=True))
    for number in numbers:
        booking.call_off(locked(actor, number), reason=reason, side="US", actor=actor, at=at, library=library)
    return len(numbers)


def moment(on: date, minute: int) -> datetime:
    """A minute of a local day as an instant; 1440 is the midnight after it."""
    return datetime.combine(on, time(), BILLING_ZONE) + timedelta(minutes=minute)


@transaction.atomic
def _of_pattern(one: OpeningPattern, on: date, library: RuleLibrary) -> int:
    place = one.place
    rule = rules.rule(library, on=on, territory=place.unit.territory)
    last = on + timedelta(days=rule.booking.days_ahead)
    first, end = max(on, one.valid_from), min(last, one.valid_to or last)
    if first >= end:
        return 0
    calendar = rules.calendar_for(library, first, end, place.unit.territory)
    taken = list(ServiceSlot.objects.filter(place=place, on__gte=first, on__lt=end).values_list("starts_at", "ends_at"))
    wanted = [
        (day, starts_at, ends_at)
        for day in (first + timedelta(days=ahead) for ahead in range((end - first).days))
        if rules.is_open_on(day, weekdays=one.weekdays, open_on=one.open_on, calendar=calendar)
        for starts_at, ends_at in _of_day(one, day)
        if not any(was < ends_at and starts_at < until for was, until in taken)
    ]
    if wanted:
        begin = ids.reserve(ServiceSlot, len(wanted))
        # Another worker may make the same ones at this moment: the database keeps the first.
        ServiceSlot.objects.bulk_create(
            [
                ServiceSlot(
                    id=begin + place_, place=place, pattern=one, unit_id=place.unit_id, on=day, starts_at=starts_at,
                    ends_at=ends_at, capacity=one.capacity,
                )
                for place_, (day, starts_at, ends_at) in enumerate(wanted)
            ],
            ignore_conflicts=True,
        )  # fmt: skip
    return len(wanted)


def _of_day(one: OpeningPattern, day: date) -> Iterator[tuple[datetime, datetime]]:
    """The slots of a day; what is left at its end and is no whole slot is none."""
    for minute in range(one.from_minute, one.to_minute - one.slot_minutes + 1, one.slot_minutes):
        yield moment(day, minute), moment(day, minute + one.slot_minutes)


def _record(
    action: str, row: ServiceSlot, facts: dict[str, object], actor: Actor, at: datetime, reason: str
) -> None:  # fmt: skip
    audit.record(
        actor=actor, action=action, subject=("appointments.ServiceSlot", str(row.pk)), facts=facts, at=at, reason=reason,
        unit_path=row.unit.path,
    )  # fmt: skip
