"""Slots: those of a day by place (日程), and the next that can be booked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, F, Q, QuerySet, Sum

from wandeng.domains.appointments import rules, seats
from wandeng.domains.appointments.models import Appointment, ServiceSlot
from wandeng.domains.appointments.types import SlotShown
from wandeng.domains.organization import queries as organization
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.effective.topics.appointments import Service
from wandeng.infra.scope import Scope
from wandeng.kernel.periods import BILLING_ZONE

_RELATED = ("unit", "place", "stop__run__vehicle")
MOST_SLOTS = 400


@dataclass(frozen=True, slots=True)
class InSlot:
    """An appointment on the day board."""

    number: str
    state: str
    name: str
    service: str


@dataclass(frozen=True, slots=True)
class DayPlace:
    """A place on a day: its slots in order, each with its appointments."""

    kind: str
    code: str
    name: str
    unit_name: str
    slots: tuple[tuple[SlotShown, tuple[InSlot, ...]], ...]

    @property
    def free(self) -> int:
        """Places still to be had that day."""
        return sum(one.free for one, _ in self.slots if one.may_book)


@dataclass(frozen=True, slots=True)
class DayFree:
    """A day of the calendar: how many places there are, how many are taken."""

    on: date
    capacity: int
    booked: int

    @property
    def free(self) -> int:
        """Places left."""
        return self.capacity - self.booked


def day(
    scope: Scope, *, on: date, library: RuleLibrary, now: datetime, kind: str = "", place: str = ""
) -> tuple[DayPlace, ...]:
    """The places of a day with their slots and appointments: halls first, then crews, then vehicles; limited to a kind or to
    a place by its code (the number of a run) where these are named."""
    slots = list(_slots(scope, kind, place).filter(on=on).order_by("starts_at", "id")[:MOST_SLOTS])
    inside: dict[int, list[InSlot]] = {one.pk: [] for one in slots}
    rows = Appointment.objects.filter(slot__in=slots).exclude(state__in=["CANCELLED", "REBOOKED"])
    for one in rows.select_related("account").order_by("id") if slots else ():
        name = one.account.name if one.account else one.visitor
        inside[one.slot_id].append(InSlot(one.number, one.state, name, one.service))
    before = _minutes_before(library, slots, now)
    found: dict[str, DayPlace] = {}
    for row in slots:
        shown = slot_shown(row, now=now, minutes_before=before[row.unit.territory])
        one_place = found.get(shown.place) or DayPlace(shown.kind, shown.place, shown.place_name, shown.unit_name, ())
        added = (*one_place.slots, (shown, tuple(inside[row.pk])))
        found[shown.place] = DayPlace(one_place.kind, one_place.code, one_place.name, one_place.unit_name, added)
    order = ("HALL", "CREW", "VEHICLE")
    return tuple(sorted(found.values(), key=lambda one: (order.index(one.kind), one.code)))


def free_slots(
    scope: Scope, *, library: RuleLibrary, now: datetime, kind: str = "", place: str = "", on: date | None = None,
    limit: int = 60,
) -> tuple[SlotShown, ...]:  # fmt: skip
    """Slots that can be booked now, the earliest first; on a day, of a kind or a place where these are named."""
    rows = _slots(scope, kind, place).filter(state="OPEN", booked__lt=F("capacity"), starts_at__gt=now)
    if on:
        rows = rows.filter(on=on)
    slots = list(rows.order_by("starts_at", "id")[:limit])
    before = _minutes_before(library, slots, now)
    shown = [slot_shown(row, now=now, minutes_before=before[row.unit.territory]) for row in slots]
    return tuple(one for one in shown if one.may_book)


def slot(scope: Scope, slot_id: int, *, library: RuleLibrary, now: datetime) -> SlotShown:
    """One slot. Raises :class:`NotFound`, also outside the scope."""
    row = scope.one(ServiceSlot.objects.select_related(*_RELATED), "unit__path", "service slot", pk=slot_id)
    return slot_shown(row, now=now, minutes_before=_minutes_before(library, [row], now)[row.unit.territory])


def week(scope: Scope, *, first: date, days: int = 14, kind: str = "", place: str = "") -> tuple[DayFree, ...]:
    """So many days from one on, those without slots too."""
    rows = _slots(scope, kind, place).filter(on__gte=first, on__lt=first + timedelta(days=days), state="OPEN")
    counts = {
        one["on"]: DayFree(one["on"], one["all"], one["taken"])
        for one in rows.order_by().values("on").annotate(all=Sum("capacity"), taken=Sum("booked"))
    }
    wanted = [first + timedelta(days=ahead) for ahead in range(days)]
    return tuple(counts.get(one, DayFree(one, 0, 0)) for one in wanted)


def undecided(scope: Scope, *, now: datetime) -> int:
    """Appointments whose slot has ended and that nobody has marked as kept or missed."""
    rows = Appointment.objects.filter(state="BOOKED", slot__ends_at__lt=now)
    return scope.limit(rows, "unit__path").aggregate(n=Count("id"))["n"] or 0


def services(scope: Scope, *, library: RuleLibrary, now: datetime) -> tuple[Service, ...]:
    """What appointments are made for, by the rule of the scope's first unit. Raises ``NoRuleInForce``."""
    territory = organization.unit_tree(scope)[0].territory
    rule = rules.rule(library, on=now.astimezone(BILLING_ZONE).date(), territory=territory)
    return tuple(rule.services.values)


def slot_shown(row: ServiceSlot, *, now: datetime, minutes_before: int) -> SlotShown:
    """A slot as pages show it; its place, stop and unit must be at hand."""
    place, stop = row.place, row.stop
    if stop is not None:
        kind, code, name = "VEHICLE", stop.run.number, f"{stop.run.vehicle.name} {stop.name}"
    else:
        kind, code, name = (place.kind, place.code, place.name) if place else ("", "", "")
    in_time = row.starts_at - timedelta(minutes=minutes_before) >= now
    return SlotShown(
        row.pk, kind, code, name, seats.spot(row), row.unit.name, row.starts_at, row.ends_at, row.capacity, row.booked,
        row.state, row.explanation, row.state == "OPEN" and row.booked < row.capacity and in_time,
    )  # fmt: skip


def _slots(scope: Scope, kind: str, place: str) -> QuerySet[ServiceSlot]:
    rows = scope.limit(ServiceSlot.objects.select_related(*_RELATED), "unit__path")
    if kind:
        rows = rows.filter(stop__isnull=False) if kind == "VEHICLE" else rows.filter(place__kind=kind)
    if place:
        rows = rows.filter(Q(place__code=place) | Q(stop__run__number=place))
    return rows


def _minutes_before(library: RuleLibrary, slots: list[ServiceSlot], now: datetime) -> Mapping[str, int]:
    """Territory → how long before a slot it is booked last."""
    on = now.astimezone(BILLING_ZONE).date()
    territories = {row.unit.territory for row in slots}
    return {one: rules.rule(library, on=on, territory=one).booking.minutes_before for one in territories}
