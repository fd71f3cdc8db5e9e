"""The ten-minute payment circle (十分钟缴费圈) and a point in every village (村村设点)."""

from __future__ import annotations

from typing import Annotated, ClassVar

from pydantic import Field

from wandeng.infra.effective.values import Group, TopicModel

Above = Annotated[int, Field(gt=0)]


class Circle(Group):
    """Who has an outlet within ``minutes`` is inside; so many ``next_points`` are proposed."""

    minutes: Above
    next_points: Above


class Travel(Group):
    """How fast one goes, km/h: on each class of road, and on foot between a place and the nearest node of a road."""

    main_kmh: Above
    county_kmh: Above
    village_kmh: Above
    street_kmh: Above
    path_kmh: Above
    walk_kmh: Above


class EveryVillage(Group):
    """A village is served by a point of its own, or by a vehicle that stops within ``stop_m`` meters of one of its settlements
    at least once in ``vehicle_days`` days."""

    vehicle_days: Above
    stop_m: Above


class PaymentCircleRule(TopicModel):
    """Minutes, speeds, villages."""

    topic_name: ClassVar[str] = "payment_circle"

    circle: Circle
    travel: Travel
    every_village: EveryVillage
