"""A plan on the map: its feeders while its isolation points are as the plan has them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from wandeng.domains.network import queries as network
from wandeng.domains.network.types import NetworkMap
from wandeng.domains.outages.models import OutageIsolation, PlannedOutage, PlannedOutageVersion
from wandeng.domains.outages.types import IsolationKind, LiveLine
from wandeng.infra.scope import Scope


@dataclass(frozen=True, slots=True)
class PointMapped:
    """An isolation point at its place, in 10^-6 degrees."""

    kind: IsolationKind
    code: str
    name: str
    longitude_e6: int
    latitude_e6: int


@dataclass(frozen=True, slots=True)
class PlanMap:
    """``drawn``: the normal state with the points operated, so that what they leave without supply is dead; ``off``: codes of the
    areas that the version interrupts, as it was made; ``points`` those with a place."""

    drawn: NetworkMap
    off: frozenset[str]
    points: tuple[PointMapped, ...]


def plan_map(scope: Scope, number: str, *, on: date) -> PlanMap:
    """The version that is decided on, else the one that stands. ``on`` is only the day of the customers that are counted.

    Empty where nothing is isolated. Raises :class:`NotFound`.
    """
    row = scope.one(PlannedOutage.objects.all(), "unit__path", "outage", number=number)
    looked_at = row.versions.filter(state__in=("PROPOSED", "STANDS")).order_by("-version").select_related("feeder")[0]
    points = [] if looked_at.live_line == LiveLine.CHOSEN else _points(looked_at)
    if not points:
        return PlanMap(NetworkMap((), (), (), (), ()), frozenset(), ())
    opened = [one.switch_id for one in points if one.kind == IsolationKind.OPEN and one.switch_id is not None]
    closed = [one.switch_id for one in points if one.kind == IsolationKind.CLOSE and one.switch_id is not None]
    out = [one.transformer_id for one in points if one.transformer_id is not None]
    areas = list(looked_at.outage_areas.values_list("transformer__code", "feeder__code"))
    codes = {feeder for _code, feeder in areas}
    equipment = [one.switch or one.transformer for one in points]
    codes |= {one.feeder.code for one in equipment if one is not None}
    isolated = network.isolate(opened=opened, closed=closed, out=out, on=on)
    rows = network.feeders_rows(Scope.everywhere()).filter(pk__in=isolated.sources)
    codes |= set(rows.values_list("code", flat=True))
    drawn = network.isolated_map(scope, opened=opened, closed=closed, out=out, feeders=sorted(codes), on=on)
    at = {one.code: (one.longitude_e6, one.latitude_e6) for one in drawn.switches}
    at |= {one.code: (one.longitude_e6, one.latitude_e6) for one in drawn.transformers}
    mapped = tuple(
        PointMapped(IsolationKind(point.kind), one.code, one.name, *at[one.code])
        for point, one in zip(points, equipment, strict=True)
        if one is not None and one.code in at
    )
    return PlanMap(drawn, frozenset(code for code, _feeder in areas), mapped)


def _points(version: PlannedOutageVersion) -> list[OutageIsolation]:
    return list(version.isolation.select_related("switch__feeder", "transformer__feeder").order_by("pk"))
