"""What people ask of outlets and payment circles."""

from wandeng.domains.outlets.queries.circles import (
    circle,
    circle_map,
    circles_rows,
    has_settlements,
    latest_circle,
    main_roads,
    reaches_rows,
    units_with_roads,
    vehicle_days,
)
from wandeng.domains.outlets.queries.outlets import (
    open_on_day,
    opening_next,
    outlet,
    outlets_rows,
    public_outlets,
    spots_like,
)

__all__ = [
    "circle",
    "circle_map",
    "circles_rows",
    "has_settlements",
    "latest_circle",
    "main_roads",
    "open_on_day",
    "opening_next",
    "outlet",
    "outlets_rows",
    "public_outlets",
    "reaches_rows",
    "spots_like",
    "units_with_roads",
    "vehicle_days",
]
