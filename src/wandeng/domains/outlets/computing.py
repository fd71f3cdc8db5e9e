"""A payment circle computed (缴费圈测算): columns of roads, settlements and outlets into seconds, villages and next points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from django.db.models import QuerySet

from wandeng.calc import coverage
from wandeng.calc.coverage import NEVER, NextPoints, Places, Reach, Roads, Whole
from wandeng.domains.outlets.models import RoadEdge, RoadMap, RoadNode
from wandeng.domains.outlets.types import RoadClass, ServedBy, VehicleStop
from wandeng.infra.effective.topics.payment_circle import PaymentCircleRule, Travel

E6 = 1e6
SECONDS_A_MINUTE = 60
_SITES = {"id": pl.Int64, "longitude_e6": pl.Int64, "latitude_e6": pl.Int64, "village": pl.String}
POINTS = pl.Schema(_SITES)
"""Points that serve: id of the outlet (null of a scenario's new one), degrees, the village it names or nothing."""
SETTLEMENTS = pl.Schema(_SITES | {"area": pl.String, "people": pl.Int64, "customers": pl.Int64})


@dataclass(frozen=True, slots=True)
class Ground:
    """The roads of a map, and where its nodes lie, degrees."""

    graph: Roads
    east: coverage.Degrees
    north: coverage.Degrees

    def places(self, rows: pl.DataFrame, travel: Travel) -> Places:
        """Where rows with degrees lie on the roads; off the road one walks."""
        nodes, meters = coverage.snap(*degrees(rows), (self.east, self.north))
        return Places(nodes, seconds(meters, travel.walk_kmh))


@dataclass(frozen=True, slots=True)
class Computed:
    """What came out, by settlement in the order given: seconds to the nearest point and its row among the points, inside or
    not, what serves its village; and the next points by row of the settlements."""

    reach: Reach
    inside: np.ndarray[Any, np.dtype[np.bool_]]
    served_by: list[ServedBy]
    following: NextPoints


def ground(road_map: RoadMap, travel: Travel) -> Ground:
    """The graph of a road map at the speeds of the rule."""
    rows = RoadNode.objects.filter(road_map=road_map).order_by("id")
    schema = {"id": pl.Int64, "longitude_e6": pl.Int64, "latitude_e6": pl.Int64}
    nodes = frame(rows, schema)
    columns = {
        "tail_id": pl.Int64,
        "head_id": pl.Int64,
        "length_m": pl.Int64,
        "road_class": pl.String,
        "is_one_way": pl.Boolean,
    }
    edges = frame(RoadEdge.objects.filter(road_map=road_map).order_by("id"), columns)
    ids = nodes["id"].to_numpy()
    tails, heads = (np.searchsorted(ids, edges[name].to_numpy()) for name in ("tail_id", "head_id"))
    speeds = {str(one): int(getattr(travel, f"{one.lower()}_kmh")) for one in RoadClass}
    kmh = edges["road_class"].replace_strict(speeds, return_dtype=pl.Int64).to_numpy()
    taken = seconds(edges["length_m"].to_numpy(), kmh)
    back = ~edges["is_one_way"].to_numpy()
    graph = coverage.roads(
        len(ids), np.concatenate((tails, heads[back])), np.concatenate((heads, tails[back])),
        np.concatenate((taken, taken[back])),
    )  # fmt: skip
    return Ground(graph, *degrees(nodes))


def compute(
    on: Ground, settlements: pl.DataFrame, points: pl.DataFrame, stops: Sequence[VehicleStop], rule: PaymentCircleRule
) -> Computed:
    """Who is inside, what serves each village, where next points would serve most (at settlements)."""
    limit = rule.circle.minutes * SECONDS_A_MINUTE
    homes = on.places(settlements, rule.travel)
    found = coverage.reach(on.graph, homes, on.places(points, rule.travel))
    inside = found.within(limit)
    following = coverage.next_points(
        on.graph, homes, settlements["people"].to_numpy(), outside=~inside, sites=homes, limit=limit,
        count=rule.circle.next_points,
    )  # fmt: skip
    return Computed(found, inside, _served(settlements, points, stops, rule.every_village.stop_m), following)


def _served(
    settlements: pl.DataFrame, points: pl.DataFrame, stops: Sequence[VehicleStop], stop_m: int
) -> list[ServedBy]:
    """What serves each settlement's village."""
    villages = settlements["village"].to_list()
    here = degrees(settlements)
    by_point = set()
    if points.height:
        nearest, _meters = coverage.snap(*degrees(points), here)
        for named, at in zip(points["village"].to_list(), nearest.tolist(), strict=True):
            by_point.add(named or villages[at])
    by_vehicle = set()
    if stops:
        where = pl.DataFrame(
            [(one.longitude_e6, one.latitude_e6) for one in stops], ["longitude_e6", "latitude_e6"], orient="row"
        )
        nearest, meters = coverage.snap(*degrees(where), here)
        by_vehicle = {villages[at] for at, far in zip(nearest.tolist(), meters.tolist(), strict=True) if far <= stop_m}
    return [
        ServedBy.OUTLET if one in by_point else ServedBy.VEHICLE if one in by_vehicle else ServedBy.NOTHING
        for one in villages
    ]  # fmt: skip


def seconds(meters: Whole, kmh: Whole | int) -> Whole:
    """Whole seconds for so many meters, rounded up."""
    told: Whole = -(-np.asarray(meters, dtype=np.int64) * 36 // (np.asarray(kmh, dtype=np.int64) * 10))
    return told


def degrees(rows: pl.DataFrame) -> tuple[coverage.Degrees, coverage.Degrees]:
    """Longitude and latitude, degrees."""
    return rows["longitude_e6"].to_numpy() / E6, rows["latitude_e6"].to_numpy() / E6


def frame(rows: QuerySet[Any], schema: dict[str, Any]) -> pl.DataFrame:
    """Columns of a query."""
    return pl.DataFrame(list(rows.values_list(*schema)), schema, orient="row")


def far(value: int) -> int | None:
    """Seconds as they are kept: nothing where no way leads to a point."""
    return None if value == NEVER else value
