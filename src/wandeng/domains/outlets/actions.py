"""What is done about outlets: days with other hours, closing one; and payment circles computed, as it is or as it might be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import polars as pl
from django.db import transaction
from django.db.models import Q

from wandeng.domains.organization import queries as organization
from wandeng.domains.organization.types import UnitNode
from wandeng.domains.outlets import computing, hours, rules
from wandeng.domains.outlets.models import (
    CircleChange,
    CirclePoint,
    CircleReach,
    Outlet,
    OutletException,
    PaymentCircle,
    RoadMap,
    Settlement,
)
from wandeng.domains.outlets.types import ChangeKind, OutletService, ServedBy, SettlementArea, VehicleStop
from wandeng.infra import audit, ids
from wandeng.infra.effective.library import RuleLibrary
from wandeng.infra.scope import Scope, require
from wandeng.kernel.actors import Actor
from wandeng.kernel.errors import Conflict, InvalidInput
from wandeng.kernel.periods import BILLING_ZONE

KEEPERS = ("COUNTY_MANAGER", "CELL_MANAGER", "HALL_CLERK")
PLANNERS = ("COUNTY_MANAGER", "PROVINCIAL_MANAGER")
MOST_CHANGES = 50


class OutletClosed(Conflict):
    """The outlet is out of service."""

    code = "OUTLET_CLOSED"


@transaction.atomic
def set_exception(
    *, code: str, from_on: date, to_on: date, hours_text: str, reason: str, actor: Actor, at: datetime
) -> int:
    """Say that an outlet has other hours on days (half-open), or is closed (``hours_text`` empty). Returns its id.

    Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput` for days that have passed, hours nobody can read, days that
    have an exception already, or without a reason; :class:`OutletClosed`.
    """
    row = _locked(code, actor, at)
    if from_on >= to_on or to_on <= _today(at):
        raise InvalidInput("days with other hours lie ahead and end after they begin")
    if not reason.strip():
        raise InvalidInput("say why an outlet has other hours")
    kept = hours.kept(hours_text) if hours_text.strip() else ""
    if row.exceptions.filter(lifted_at__isnull=True, from_on__lt=to_on, to_on__gt=from_on).exists():
        raise InvalidInput("some of these days have other hours already: lift those first")
    made = OutletException(
        id=ids.reserve(OutletException, 1), outlet=row, from_on=from_on, to_on=to_on, hours=kept, reason=reason.strip(),
        set_by=actor.code, set_at=at,
    )  # fmt: skip
    made.save(force_insert=True)
    _log(row, "outlet.except", {"from_on": from_on, "to_on": to_on, "hours": kept}, actor, at, reason.strip())
    return made.pk


@transaction.atomic
def lift_exception(*, exception: int, actor: Actor, at: datetime) -> None:
    """Take an exception back. Raises :class:`NotFound`, :class:`NotAllowed`, :class:`Conflict` for one that was lifted."""
    scope = Scope.of(actor)
    row = scope.one(
        OutletException.objects.select_related("outlet__unit"), "outlet__unit__path", "outlet exception", pk=exception
    )
    require(actor, *KEEPERS, unit_path=row.outlet.unit.path)
    if not OutletException.objects.filter(pk=row.pk, lifted_at__isnull=True).update(lifted_at=at):
        raise Conflict("this exception was lifted already")
    _log(row.outlet, "outlet.lift", {"from_on": row.from_on, "to_on": row.to_on}, actor, at, "")


@transaction.atomic
def close(*, code: str, on: date, reason: str, actor: Actor, at: datetime) -> None:
    """Take an outlet out of service from a day on. Raises :class:`NotFound`, :class:`NotAllowed`, :class:`InvalidInput` for a day that has
    passed or lies before its first, or without a reason; :class:`OutletClosed`."""
    row = _locked(code, actor, at)
    if on < _today(at) or on <= row.valid_from:
        raise InvalidInput("an outlet ends on a day to come, after its first")
    if not reason.strip():
        raise InvalidInput("say why an outlet is closed")
    Outlet.objects.filter(pk=row.pk).update(valid_to=on)
    _log(row, "outlet.close", {"on": on}, actor, at, reason.strip())


@transaction.atomic
def compute(
    *,
    unit_code: str,
    on: date,
    stops: Sequence[VehicleStop],
    actor: Actor,
    at: datetime,
    name: str = "",
    added: Sequence[str] = (),
    closed: Sequence[str] = (),
    library: RuleLibrary | None = None,
) -> int:
    """Compute the payment circle of a unit on a day and keep it. ``stops``: of vehicles around that day. A scenario has a ``name`` and
    changes: settlements that get a point (``added``), outlets that are ``closed``. Returns its id.

    Raises :class:`NotFound` for the unit, a settlement or an outlet outside, :class:`NotAllowed`, :class:`InvalidInput` without a road
    map, settlements, or a name for changes; ``NoRuleInForce``.
    """
    unit = organization.unit(Scope.of(actor), unit_code)
    require(actor, *PLANNERS, unit_path=unit.path)
    changes = _changes(unit, name.strip(), added, closed)
    rule = rules.circle(on, library=library)
    road_map = _road_map(unit, on)
    settlements = _frame(unit)
    points = _points(unit, on, changes)
    told = computing.compute(computing.ground(road_map, rule.travel), settlements, points, stops, rule)
    circle = _kept(unit, road_map, on, name.strip(), settlements, told, rule.circle.minutes, points.height, actor, at)
    _keep_rows(circle, settlements, points, told, changes)
    audit.record(
        actor=actor, action="circle.compute", subject=circle, at=at, unit_path=unit.path,
        facts={"on": on, "scenario": name.strip(), "population": circle.people, "population_inside": circle.people_inside},
    )  # fmt: skip
    return circle.pk


def _changes(unit: UnitNode, name: str, added: Sequence[str], closed: Sequence[str]) -> list[CircleChange]:
    if (added or closed) and not name:
        raise InvalidInput("a scenario has a name")
    if len(added) + len(closed) > MOST_CHANGES:
        raise InvalidInput(f"a scenario changes at most {MOST_CHANGES} points")
    scope = Scope(unit.path)
    wanted: list[CircleChange] = []
    for code in dict.fromkeys(added):
        place = scope.one(Settlement.objects.all(), "unit__path", "settlement", code=code)
        wanted.append(CircleChange(kind=ChangeKind.ADD.value, settlement=place))
    for code in dict.fromkeys(closed):
        gone = scope.one(Outlet.objects.all(), "unit__path", "outlet", code=code)
        wanted.append(CircleChange(kind=ChangeKind.CLOSE.value, outlet=gone))
    return wanted


def _road_map(unit: UnitNode, on: date) -> RoadMap:
    """The latest version of the unit or of one above it, since roads do not end at the border of an office."""
    above = [unit.path[: end + 1] for end, sign in enumerate(unit.path) if sign == "/"]
    rows = RoadMap.objects.filter(unit__path__in=above, valid_from__lte=on).order_by("-valid_from", "-id")
    found = rows.first()
    if found is None:
        raise InvalidInput("no road map is in force for this unit: import one first", unit=unit.code)
    return found


def _frame(unit: UnitNode) -> pl.DataFrame:
    rows = Scope(unit.path).limit(Settlement.objects.all(), "unit__path").order_by("code")
    found = computing.frame(rows, dict(computing.SETTLEMENTS))
    if found.is_empty():
        raise InvalidInput("there are no settlements in this unit: import them first", unit=unit.code)
    return found


def _points(unit: UnitNode, on: date, changes: Sequence[CircleChange]) -> pl.DataFrame:
    """Outlets that take payments on a day, without those a scenario closes, with those it adds. Those of neighbors count: who lives at
    a border pays where it is nearer, so all of the topmost unit above are taken."""
    root = unit.path[: unit.path.index("/") + 1]
    rows = Scope(root).limit(Outlet.objects.all(), "unit__path").filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=on), valid_from__lte=on, services__contains=OutletService.PAY.value
    )  # fmt: skip
    # PREPAY holds the letters of PAY.
    plain = Q(services=OutletService.PAY.value) | Q(services__startswith=f"{OutletService.PAY.value},")
    gone = [one.outlet_id for one in changes if one.outlet_id]
    found = computing.frame(rows.filter(plain).exclude(pk__in=gone).order_by("code"), dict(computing.POINTS))
    new = [
        (None, one.settlement.longitude_e6, one.settlement.latitude_e6, one.settlement.village)
        for one in changes if one.settlement
    ]  # fmt: skip
    return pl.concat([found, pl.DataFrame(new, computing.POINTS, orient="row")])


def _kept(
    unit: UnitNode, road_map: RoadMap, on: date, name: str, settlements: pl.DataFrame, told: computing.Computed,
    minutes: int, outlets: int, actor: Actor, at: datetime,
) -> PaymentCircle:  # fmt: skip
    people, customers = settlements["people"], settlements["customers"]
    inside = pl.Series(told.inside)
    villages = {
        village: served
        for village, area, served in zip(settlements["village"], settlements["area"], told.served_by, strict=True)
        if area == SettlementArea.RURAL
    }
    circle = PaymentCircle(
        id=ids.reserve(PaymentCircle, 1), unit_id=unit.unit_id, road_map=road_map, on=on, name=name, minutes=minutes,
        outlets=outlets, people=int(people.sum()), people_inside=int(people.filter(inside).sum()),
        customers=int(customers.sum()), customers_inside=int(customers.filter(inside).sum()),
        at_most=told.following.at_most, villages=len(villages),
        villages_without=sum(one is ServedBy.NOTHING for one in villages.values()), computed_at=at, computed_by=actor.code,
    )  # fmt: skip
    circle.save(force_insert=True)
    return circle


def _keep_rows(
    circle: PaymentCircle, settlements: pl.DataFrame, points: pl.DataFrame, told: computing.Computed,
    changes: Sequence[CircleChange],
) -> None:  # fmt: skip
    settlement_ids, point_ids = settlements["id"].to_list(), points["id"].to_list()
    seconds, nearest = told.reach.seconds.tolist(), told.reach.nearest.tolist()
    columns = zip(settlement_ids, settlements["people"], settlements["customers"], seconds, nearest, told.inside.tolist(),
                  told.served_by, strict=True)  # fmt: skip
    CircleReach.objects.bulk_create(
        [
            CircleReach(
                circle=circle, settlement_id=settlement, people=people, customers=customers, seconds=computing.far(far),
                outlet_id=point_ids[point] if point >= 0 else None, is_inside=is_inside, served_by=served.value,
            )
            for settlement, people, customers, far, point, is_inside, served in columns
        ],
        batch_size=2000,
    )  # fmt: skip
    CirclePoint.objects.bulk_create(
        [
            CirclePoint(circle=circle, place=place, settlement_id=settlement_ids[one.site], people=one.people)
            for place, one in enumerate(told.following.points, start=1)
        ]
    )
    for change in changes:
        change.circle = circle
    CircleChange.objects.bulk_create(list(changes))


def _locked(code: str, actor: Actor, at: datetime) -> Outlet:
    rows = Outlet.objects.select_related("unit")
    if transaction.get_connection().features.has_select_for_update:
        rows = rows.select_for_update(of=("self",))
    row = Scope.of(actor).one(rows, "unit__path", "outlet", code=code)
    require(actor, *KEEPERS, unit_path=row.unit.path)
    if row.valid_to is not None and row.valid_to <= _today(at):
        raise OutletClosed(f"the outlet {code} is out of service", outlet=code)
    return row


def _today(at: datetime) -> date:
    return at.astimezone(BILLING_ZONE).date()


def _log(row: Outlet, action: str, facts: dict[str, object], actor: Actor, at: datetime, reason: str) -> None:
    audit.record(
        actor=actor, action=action, subject=row, facts=facts | {"outlet": row.code}, at=at, reason=reason,
        unit_path=row.unit.path,
    )  # fmt: skip
