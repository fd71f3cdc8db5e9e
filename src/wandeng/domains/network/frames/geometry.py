"""Where equipment stands, as columns: for maps. Degrees × 10⁶, as surveyed; what has no place is left out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
import pyarrow as pa

from wandeng.infra.columns import ColumnStore

_PLACE = [("longitude_e6", pa.int32()), ("latitude_e6", pa.int32())]
SUBSTATIONS = pa.schema([("code", pa.string()), ("name", pa.string()), *_PLACE])
NODES = pa.schema([("node_id", pa.int64()), ("feeder_id", pa.int64()), *_PLACE])
SPANS = pa.schema([("node_a", pa.int64()), ("node_b", pa.int64())])
SWITCHES = pa.schema(
    [
        ("switch_id", pa.int64()),
        ("code", pa.string()),
        ("name", pa.string()),
        ("kind", pa.string()),
        ("node_a", pa.int64()),
        ("node_b", pa.int64()),
        ("normal_open", pa.bool_()),
    ]
)
TRANSFORMERS = pa.schema(
    [
        ("transformer_id", pa.int64()),
        ("code", pa.string()),
        ("name", pa.string()),
        ("node_id", pa.int64()),
        ("ownership", pa.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Geometry:
    """The equipment of the feeders of a unit's subtree. ``nodes`` are those with a place, of all feeders: a tie leads
    into another unit."""

    substations: pl.DataFrame
    nodes: pl.DataFrame
    lines: pl.DataFrame
    switches: pl.DataFrame
    transformers: pl.DataFrame


def geometry(store: ColumnStore, *, unit_path: str, feeders: Sequence[str] = ()) -> Geometry:
    """Places of a unit's subtree (empty: of everything), or of some feeders of it by their codes."""
    length = len(unit_path)
    inside = f"SELECT f.id FROM network_feeder f JOIN organization_unit u ON u.id = f.unit_id WHERE substr(u.path, 1, {length}) = ?"
    params: tuple[str, ...] = (unit_path,)
    if feeders:
        inside, params = f"{inside} AND f.code IN ({', '.join('?' * len(feeders))})", (unit_path, *feeders)
    return Geometry(
        substations=pl.DataFrame(
            store.read(
                "SELECT code, name, longitude_e6, latitude_e6 FROM network_substation WHERE longitude_e6 IS NOT NULL "
                f"AND id IN (SELECT substation_id FROM network_feeder WHERE id IN ({inside})) ORDER BY id",
                params,
                schema=SUBSTATIONS,
            )
        ),
        nodes=pl.DataFrame(
            store.read(
                "SELECT id AS node_id, feeder_id, longitude_e6, latitude_e6 FROM network_connectivitynode "
                "WHERE longitude_e6 IS NOT NULL AND latitude_e6 IS NOT NULL ORDER BY id",
                schema=NODES,
            )
        ),
        lines=pl.DataFrame(
            store.read(
                "SELECT l.node_a_id AS node_a, l.node_b_id AS node_b FROM network_linesegment l "
                "JOIN network_connectivitynode n ON n.id = l.node_a_id "
                f"WHERE n.feeder_id IN ({inside}) ORDER BY l.id",
                params,
                schema=SPANS,
            )
        ),
        switches=pl.DataFrame(
            store.read(
                "SELECT id AS switch_id, code, name, kind, node_a_id AS node_a, node_b_id AS node_b, normal_open "
                f"FROM network_switch WHERE feeder_id IN ({inside}) ORDER BY id",
                params,
                schema=SWITCHES,
            )
        ),
        transformers=pl.DataFrame(
            store.read(
                "SELECT id AS transformer_id, code, name, node_id, ownership FROM network_powertransformer "
                f"WHERE feeder_id IN ({inside}) ORDER BY id",
                params,
                schema=TRANSFORMERS,
            )
        ),
    )
