"""What people ask of the network: who is behind a switch, what would follow if it moved, what stands where."""

from wandeng.domains.network.queries.behind import switch_view, transformer_view, transformers_behind
from wandeng.domains.network.queries.diagram import feeder_diagram
from wandeng.domains.network.queries.drawing import isolated_map, map_revision, network_map
from wandeng.domains.network.queries.isolating import isolate
from wandeng.domains.network.queries.labels import area_labels, points_of_area
from wandeng.domains.network.queries.overview import off_normal, overview
from wandeng.domains.network.queries.points import house_accounts, point_codes, transformer_names, usage_point
from wandeng.domains.network.queries.rows import (
    feeders_rows,
    operations_rows,
    points_behind,
    points_rows,
    substations_rows,
    switches_rows,
    transformers_rows,
)
from wandeng.domains.network.queries.sites import (
    check_points,
    contract_loads,
    feeder_loads,
    feeder_name,
    points_of,
    public_transformers,
)
from wandeng.domains.network.queries.tracing import trace, trace_live, what_if

__all__ = [
    "area_labels",
    "check_points",
    "contract_loads",
    "feeder_diagram",
    "feeder_loads",
    "feeder_name",
    "feeders_rows",
    "house_accounts",
    "isolate",
    "isolated_map",
    "map_revision",
    "network_map",
    "off_normal",
    "operations_rows",
    "overview",
    "point_codes",
    "points_behind",
    "points_of",
    "points_of_area",
    "points_rows",
    "public_transformers",
    "substations_rows",
    "switch_view",
    "switches_rows",
    "trace",
    "trace_live",
    "transformer_names",
    "transformer_view",
    "transformers_behind",
    "transformers_rows",
    "usage_point",
    "what_if",
]
