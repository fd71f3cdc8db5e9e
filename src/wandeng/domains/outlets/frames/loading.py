"""Outlets, road maps and settlements from files, on the importer's connection; and the codes by which files refer to them."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from wandeng.domains.outlets import hours
from wandeng.domains.outlets.models import Outlet, RoadEdge, RoadMap, RoadNode, Settlement
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import merging
from wandeng.kernel.errors import InvalidInput

HOURS_EXPECTED = hours.EXPECTED
OUTLET_FACTS = [
    "name", "kind", "unit_id", "address", "public_phone", "longitude_e6", "latitude_e6", "village", "services", "hours", "open_on",
    "valid_from", "valid_to",
]  # fmt: skip
SETTLEMENT_FACTS = ["name", "unit_id", "village", "area", "longitude_e6", "latitude_e6", "people", "customers"]
_MAPS = pa.schema([("road_map", pa.string()), ("road_map_id", pa.int64()), ("path", pa.string())])
_OWNED = pa.schema([("code", pa.string()), ("was_path", pa.string())])


def read_hours(rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with ``hours`` as they are kept; null where nobody can read them."""
    told = {text: _kept(text) for text in rows["hours"].drop_nulls().unique(maintain_order=True)}
    return rows.with_columns(pl.col("hours").replace_strict(told, default=None, return_dtype=pl.String))


def _kept(text: str) -> str | None:
    try:
        return hours.kept(text)
    except InvalidInput:
        return None


def road_maps(store: ColumnStore) -> pl.DataFrame:
    """All road maps, a utility has a few: ``road_map`` (code), ``road_map_id``, ``path`` of the unit."""
    sql = (
        "SELECT m.code AS road_map, m.id AS road_map_id, u.path AS path "
        "FROM outlets_roadmap m JOIN organization_unit u ON u.id = m.unit_id"
    )
    return pl.DataFrame(store.read(sql, schema=_MAPS))


def nodes(store: ColumnStore, rows: pl.DataFrame, column: str) -> pl.DataFrame:
    """The nodes that ``rows`` (``road_map_id`` and a code in ``column``) name: those two and the id as ``<column>_id``."""
    keys = rows.select("road_map_id", code=column).drop_nulls()
    found = merging.find(store, RoadNode, keys, ["id"])
    return found.rename({"code": column, "id": f"{column}_id"})


def owners(store: ColumnStore, what: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Of the codes of ``rows`` those that are here: ``code`` and ``was_path`` of the unit. ``what``: outlet, roadmap or settlement."""
    with store.staged(rows.select("code").unique(maintain_order=True).to_arrow()) as staged:
        sql = (
            f"SELECT t.code AS code, u.path AS was_path FROM {staged} s JOIN outlets_{what} t ON t.code = s.code "
            "JOIN organization_unit u ON u.id = t.unit_id"
        )
        return pl.DataFrame(store.read(sql, schema=_OWNED))


def load_outlets(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """Bring outlets (``line``, ``code``, :data:`OUTLET_FACTS`) in by code. Returns ``line`` and ``outcome``."""
    return merging.merge(store, Outlet, rows, key=["code"], update=OUTLET_FACTS).select("line", "outcome")


def load_settlements(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """Bring settlements (``line``, ``code``, :data:`SETTLEMENT_FACTS`) in by code. Returns ``line`` and ``outcome``."""
    return merging.merge(store, Settlement, rows, key=["code"], update=SETTLEMENT_FACTS).select("line", "outcome")


def load_road_maps(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """Bring the heads of road maps in by code. Returns ``line`` and ``outcome``."""
    facts = ["name", "unit_id", "valid_from", "source"]
    return merging.merge(store, RoadMap, rows, key=["code"], update=facts).select("line", "outcome")


def load_nodes(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """Bring nodes in by map and code. Returns ``line`` and ``outcome``."""
    key, facts = ["road_map_id", "code"], ["longitude_e6", "latitude_e6"]
    brought = rows.select("line", *key, *facts)
    return merging.merge(store, RoadNode, brought, key=key, update=facts).select("line", "outcome")


def load_edges(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """Bring roads in by map and code. Returns ``line`` and ``outcome``."""
    key, facts = ["road_map_id", "code"], ["tail_id", "head_id", "length_m", "road_class", "is_one_way"]
    brought = rows.select("line", *key, *facts)
    return merging.merge(store, RoadEdge, brought, key=key, update=facts).select("line", "outcome")
