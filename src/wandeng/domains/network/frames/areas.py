"""Every transformer area with its feeder and the place that notices name, as columns; and when they are others."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from wandeng.domains.network import revision
from wandeng.infra.columns import ColumnStore

_AREAS = pa.schema(
    [
        ("area", pa.int64()), ("feeder", pa.int64()), ("name", pa.string()), ("place", pa.string()),
        ("is_public", pa.bool_()), ("unit_code", pa.string()), ("unit_name", pa.string()), ("unit_path", pa.string()),
    ]
)  # fmt: skip


def areas(store: ColumnStore) -> pl.DataFrame:
    """``area`` (transformer), ``feeder``, ``name``, ``place`` (village or community; may be empty), ``is_public`` (公变) and the
    unit it belongs to; sorted by area."""
    found = store.read(
        "SELECT t.id AS area, t.feeder_id AS feeder, t.name AS name, t.area_name AS place, "
        "t.ownership = 'PUBLIC' AS is_public, u.code AS unit_code, u.name AS unit_name, u.path AS unit_path "
        "FROM network_powertransformer t JOIN organization_unit u ON u.id = t.unit_id ORDER BY t.id",
        schema=_AREAS,
    )
    return pl.DataFrame(found)


def feeders(store: ColumnStore) -> pl.DataFrame:
    """``feeder``: the id of every one, also of those without an area."""
    return pl.DataFrame(
        store.read("SELECT id AS feeder FROM network_feeder ORDER BY id", schema=pa.schema([("feeder", pa.int64())]))
    )


def mark() -> str:
    """Another text after every change of equipment; empty where nobody keeps count of changes."""
    return revision.marks().equipment
