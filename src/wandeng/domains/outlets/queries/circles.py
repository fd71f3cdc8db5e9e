"""Payment circles: the list, one with its shares and proposals, its settlements, and what its map shows."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Case, F, Max, Q, QuerySet, Sum, When
from django.db.models import IntegerField as Whole

from wandeng.domains.outlets import rules
from wandeng.domains.outlets.models import (
    CirclePoint,
    CircleReach,
    Outlet,
    PaymentCircle,
    RoadEdge,
    RoadMap,
    Settlement,
)
from wandeng.domains.outlets.types import (
    AreaShare,
    ChangeKind,
    ChangeShown,
    CircleShown,
    PointProposed,
    RoadClass,
    ServedBy,
    SettlementArea,
    Spotted,
    VillageWithout,
)
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope

MOST_WITHOUT = 50
MOST_LINES = 3_000
Line = tuple[int, int, int, int]
"""Longitude and latitude of both ends, 10⁻⁶ degrees."""


def circles_rows(scope: Scope) -> QuerySet[Any, Any]:
    """Circles: id, unit_id, unit_name, on, name, minutes, outlets, people, people_inside, customers, customers_inside,
    customers_outside, villages, villages_without, road_map_code, computed_at, computed_by."""
    return scope.limit(PaymentCircle.objects.all(), "unit__path").values(
        "id", "unit_id", "on", "name", "minutes", "outlets", "people", "people_inside", "customers", "customers_inside",
        "villages", "villages_without", "computed_at", "computed_by", unit_name=F("unit__name"),
        road_map_code=F("road_map__code"), customers_outside=F("customers") - F("customers_inside"),
    )  # fmt: skip


def reaches_rows(scope: Scope) -> QuerySet[Any, Any]:
    """Settlements of circles: id, circle_id, code, name, unit_id, unit_name, village, area, people, customers, seconds, is_inside,
    served_by, outlet_code, outlet_name, open_circle_id. A scope sees the settlements that are its own, also of a circle of the
    unit above; ``open_circle_id`` is the circle where the scope may open it, else none."""
    circle = F("circle_id")
    opened = (
        Case(When(scope.inside("circle__unit__path"), then=circle), output_field=Whole()) if scope.prefix else circle
    )
    return scope.limit(CircleReach.objects.all(), "settlement__unit__path").values(
        "id", "circle_id", "people", "customers", "seconds", "is_inside", "served_by", code=F("settlement__code"),
        name=F("settlement__name"), unit_id=F("settlement__unit_id"), unit_name=F("settlement__unit__name"),
        village=F("settlement__village"), area=F("settlement__area"), outlet_code=F("outlet__code"),
        outlet_name=F("outlet__name"), open_circle_id=opened,
    )  # fmt: skip


def latest_circle(scope: Scope, unit_code: str) -> int | None:
    """The latest circle of a unit that is no scenario; ``None``: none was computed."""
    rows = scope.limit(PaymentCircle.objects.filter(unit__code=unit_code, name=""), "unit__path")
    return rows.order_by("-on", "-id").values_list("id", flat=True).first()


def units_with_roads(*, on: date) -> tuple[str, ...]:
    """Codes of the units that have a road map of their own in force."""
    rows = RoadMap.objects.filter(valid_from__lte=on).order_by("unit__code")
    return tuple(dict.fromkeys(rows.values_list("unit__code", flat=True)))


def has_settlements(scope: Scope) -> bool:
    """Whether anybody is known to live there."""
    return scope.limit(Settlement.objects.all(), "unit__path").exists()


def vehicle_days(on: date, *, library: RuleLibrary | None = None) -> int:
    """Within how many days a vehicle must stop to serve a village. Raises ``NoRuleInForce``."""
    return rules.circle(on, library=library).every_village.vehicle_days


def circle(scope: Scope, circle_id: int) -> CircleShown:
    """One circle. Raises :class:`NotFound`."""
    rows = PaymentCircle.objects.select_related("unit", "road_map")
    row = scope.one(rows, "unit__path", "payment circle", pk=circle_id)
    points = CirclePoint.objects.filter(circle=row).select_related("settlement").order_by("place")
    return CircleShown(
        row.pk, row.unit.code, row.unit.name, row.road_map.code, row.on, row.name, row.minutes, row.outlets, row.people,
        row.people_inside, row.customers, row.customers_inside, row.at_most, row.villages, row.villages_without,
        row.computed_at, row.computed_by, _areas(row),
        tuple(
            PointProposed(one.place, one.settlement.code, one.settlement.name, one.settlement.longitude_e6,
                          one.settlement.latitude_e6, one.people)
            for one in points
        ),
        _changes(row), _without(row),
    )  # fmt: skip


def circle_map(scope: Scope, circle_id: int, *, on: date) -> tuple[tuple[Spotted, ...], tuple[Spotted, ...]]:
    """Settlements and outlets of a circle for its map. Raises :class:`NotFound`."""
    row = scope.one(PaymentCircle.objects.select_related("unit"), "unit__path", "payment circle", pk=circle_id)
    reaches = CircleReach.objects.filter(circle=row).select_related("settlement").order_by("settlement__code")
    settlements = tuple(
        Spotted(one.settlement.code, one.settlement.name, one.settlement.longitude_e6, one.settlement.latitude_e6, one.people,
                one.is_inside)
        for one in reaches
    )  # fmt: skip
    closed = row.changes.filter(kind=ChangeKind.CLOSE).values("outlet")
    rows = Scope(row.unit.path).limit(Outlet.objects.all(), "unit__path")
    served = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on).exclude(pk__in=closed)
    outlets = tuple(
        Spotted(one.code, one.name, one.longitude_e6, one.latitude_e6, 0, True) for one in served.order_by("code")
    )
    return settlements, outlets


def main_roads(*, on: date) -> tuple[Line, ...]:
    """Main roads of the latest road maps, as lines to draw: public, since every map has them."""
    latest = RoadMap.objects.filter(valid_from__lte=on).values("unit").annotate(newest=Max("id")).values("newest")
    rows = RoadEdge.objects.filter(road_map__in=latest, road_class=RoadClass.MAIN.value).order_by("id")
    return tuple(
        rows.values_list("tail__longitude_e6", "tail__latitude_e6", "head__longitude_e6", "head__latitude_e6")[
            :MOST_LINES
        ]
    )


def _areas(row: PaymentCircle) -> tuple[AreaShare, ...]:
    def inside(what: str) -> Sum:
        return Sum(Case(When(is_inside=True, then=F(what)), default=0, output_field=Whole()))

    grouped = (
        CircleReach.objects.filter(circle=row)
        .order_by()
        .values("settlement__area")
        .annotate(
            all_people=Sum("people"), near=inside("people"), all_customers=Sum("customers"), served=inside("customers")
        )
        .order_by("settlement__area")
    )
    return tuple(
        AreaShare(
            SettlementArea(one["settlement__area"]), one["all_people"], one["near"], one["all_customers"], one["served"]
        )
        for one in grouped
    )


def _changes(row: PaymentCircle) -> tuple[ChangeShown, ...]:
    told = []
    for one in row.changes.select_related("outlet", "settlement").order_by("id"):
        thing = one.outlet or one.settlement
        assert thing is not None
        told.append(ChangeShown(ChangeKind(one.kind), thing.code, thing.name))
    return tuple(told)


def _without(row: PaymentCircle) -> tuple[VillageWithout, ...]:
    """Villages of the country that nothing serves, those of most people first; named by their largest settlement."""
    rows = CircleReach.objects.filter(
        circle=row, served_by=ServedBy.NOTHING.value, settlement__area=SettlementArea.RURAL.value
    )
    named: dict[str, tuple[str, int]] = {}
    for village, name, people in rows.order_by("-people", "settlement__code").values_list(
        "settlement__village", "settlement__name", "people"
    ):
        was = named.get(village)
        named[village] = (name, people) if was is None else (was[0], was[1] + people)
    found = [VillageWithout(village, *told) for village, told in named.items()]
    return tuple(sorted(found, key=lambda one: (-one.people, one.village))[:MOST_WITHOUT])
