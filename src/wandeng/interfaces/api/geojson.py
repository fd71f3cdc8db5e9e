"""A plan's map as GeoJSON (RFC 7946): programs draw what the plan's page draws, with codes in place of words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from wandeng.domains.network.types import NetworkMap
from wandeng.domains.outages import queries
from wandeng.domains.outages.queries.mapped import PlanMap
from wandeng.infra.scope import Scope
from wandeng.interfaces.api.operations import read
from wandeng.kernel.periods import BILLING_ZONE

MICRO = 1_000_000


@dataclass(frozen=True, slots=True)
class GeoGeometry:
    """``coordinates``: longitude before latitude in degrees; of a point one place, of a ``MultiLineString`` lists of places."""

    type: Literal["Point", "MultiLineString"]
    coordinates: Any


@dataclass(frozen=True, slots=True)
class GeoProperties:
    """``kind``: SUBSTATION, LINE, AREA (a transformer area), IMPORTANT (an important customer) or what is done to an isolation
    point: OPEN, CLOSE, OUT. ``is_off``: without supply while the points are so. ``fed_by``: feeder that supplies it meanwhile.
    ``customers`` of an area."""

    kind: str
    code: str
    name: str
    is_off: bool = False
    fed_by: str = ""
    customers: int | None = None


@dataclass(frozen=True, slots=True)
class GeoFeature:
    """One thing at its place."""

    type: Literal["Feature"]
    geometry: GeoGeometry
    properties: GeoProperties


@dataclass(frozen=True, slots=True)
class GeoCollection:
    """The features of a map, what lies below first. What has no coordinates is absent."""

    type: Literal["FeatureCollection"]
    features: tuple[GeoFeature, ...]


def outage_map(scope: Scope, number: str, *, now: datetime) -> GeoCollection:
    """What is isolated by the version that is decided on, else by the one that stands; which areas are off, what a tie feeds."""
    found = queries.plan_map(scope, number, on=now.astimezone(BILLING_ZONE).date())
    return GeoCollection("FeatureCollection", (*_lines(found.drawn), *_places(found)))


def _lines(drawn: NetworkMap) -> Iterator[GeoFeature]:
    for one in drawn.lines:
        spans = tuple((_degrees(*a), _degrees(*b)) for a, b in one.spans)
        told = GeoProperties(
            "LINE", one.home_code, one.home_name, is_off=one.is_open or not one.fed_code, fed_by=one.fed_code
        )
        yield GeoFeature("Feature", GeoGeometry("MultiLineString", spans), told)


def _places(found: PlanMap) -> Iterator[GeoFeature]:
    drawn = found.drawn
    for station in drawn.substations:
        yield _point(station.longitude_e6, station.latitude_e6, GeoProperties("SUBSTATION", station.code, station.name))
    for one in drawn.important:
        yield _point(one.longitude_e6, one.latitude_e6, GeoProperties("IMPORTANT", one.code, one.name))
    for area in drawn.transformers:
        told = GeoProperties("AREA", area.code, area.name, area.code in found.off, area.fed_by, area.customers)
        yield _point(area.longitude_e6, area.latitude_e6, told)
    for point in found.points:
        yield _point(point.longitude_e6, point.latitude_e6, GeoProperties(point.kind.value, point.code, point.name))


def _point(longitude_e6: int, latitude_e6: int, told: GeoProperties) -> GeoFeature:
    return GeoFeature("Feature", GeoGeometry("Point", _degrees(longitude_e6, latitude_e6)), told)


def _degrees(longitude_e6: int, latitude_e6: int) -> tuple[float, float]:
    return longitude_e6 / MICRO, latitude_e6 / MICRO


read(
    "/outages/plans/{number}/map", outage_map, name="outage-map", like="console:outages-geojson", tag="outages",
    about="停电示意图 the map of a plan as GeoJSON",
)  # fmt: skip
