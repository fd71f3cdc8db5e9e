"""What can be found of the network: equipment by code and name, transformer areas by the village they serve too."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from wandeng.infra.columns import ColumnStore
from wandeng.infra.search import sources
from wandeng.infra.search.entries import Kind
from wandeng.infra.search.sources import Source

_EQUIPMENT: Mapping[str, Source] = {
    "substation": Source(
        Kind.SUBSTATION,
        "network_substation",
        "s.id",
        "SELECT s.id AS id, s.unit_id AS unit_id, s.code AS code, s.name AS name, NULL AS place "
        "FROM network_substation s",
    ),
    "feeder": Source(
        Kind.FEEDER,
        "network_feeder",
        "f.id",
        "SELECT f.id AS id, f.unit_id AS unit_id, f.code AS code, f.name AS name, NULL AS place FROM network_feeder f",
    ),
    "switch": Source(
        Kind.SWITCH,
        "network_switch",
        "w.id",
        "SELECT w.id AS id, f.unit_id AS unit_id, w.code AS code, w.name AS name, NULL AS place "
        "FROM network_switch w JOIN network_feeder f ON f.id = w.feeder_id",
    ),
    "transformer": Source(
        Kind.TRANSFORMER,
        "network_powertransformer",
        "t.id",
        "SELECT t.id AS id, t.unit_id AS unit_id, t.code AS code, t.name AS name, t.area_name AS place "
        "FROM network_powertransformer t",
    ),
}
SOURCES = tuple(_EQUIPMENT.values())


def take_up_equipment(store: ColumnStore, equipment: str, ids: pl.Series) -> int:
    """Make this equipment findable as it stands in the caller's transaction; kinds nobody looks for are passed over."""
    source = _EQUIPMENT.get(equipment)
    return 0 if source is None else sources.take_up(store, source, ids)
