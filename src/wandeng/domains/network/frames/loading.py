"""Imported network equipment and usage points into their tables; and the codes by which files refer to them."""

from __future__ import annotations

import polars as pl
import pyarrow as pa
from django.db import models

from wandeng.domains.network import revision
from wandeng.domains.network.frames import finding
from wandeng.domains.network.models import (
    ConnectivityNode,
    Feeder,
    LineSegment,
    PowerTransformer,
    Substation,
    Switch,
    SwitchOperation,
    UsagePoint,
)
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import merging

_TABLES: dict[str, type[models.Model]] = {
    "substation": Substation,
    "feeder": Feeder,
    "node": ConnectivityNode,
    "line": LineSegment,
    "switch": Switch,
    "transformer": PowerTransformer,
    "usage_point": UsagePoint,
}
POINTS = pa.schema(
    [
        ("usage_point", pa.string()),
        ("usage_point_id", pa.int64()),
        ("account_id", pa.int64()),
        ("unit_id", pa.int64()),
        ("path", pa.string()),
        ("connected_on", pa.date32()),
    ]
)
SWITCHES = pa.schema([("switch", pa.string()), ("switch_id", pa.int64()), ("path", pa.string())])


def ids_of(store: ColumnStore, equipment: str, codes: pl.DataFrame) -> pl.DataFrame:
    """``code`` and ``id`` of the equipment with these ``code``s. ``equipment``: substation, feeder, node, line, switch,
    transformer or usage_point."""
    return merging.find(store, _TABLES[equipment], codes, ["id"])


def usage_points(store: ColumnStore, codes: pl.DataFrame) -> pl.DataFrame:
    """The usage points with these codes (column ``usage_point``): :data:`POINTS`; unit and path are the account's."""
    with store.staged(codes.select("usage_point").unique(maintain_order=True).to_arrow()) as staged:
        sql = (
            "SELECT p.code AS usage_point, p.id AS usage_point_id, p.account_id AS account_id, a.unit_id AS unit_id, "
            f"u.path AS path, p.connected_on AS connected_on FROM {staged} s "
            "JOIN network_usagepoint p ON p.code = s.usage_point "
            "JOIN customers_customeraccount a ON a.id = p.account_id JOIN organization_unit u ON u.id = a.unit_id"
        )
        return pl.DataFrame(store.read(sql, schema=POINTS))


def switches(store: ColumnStore, codes: pl.DataFrame) -> pl.DataFrame:
    """The switches with these codes (column ``switch``): :data:`SWITCHES`; the path is the feeder's unit's."""
    with store.staged(codes.select("switch").unique(maintain_order=True).to_arrow()) as staged:
        sql = (
            f"SELECT w.code AS switch, w.id AS switch_id, u.path AS path FROM {staged} s "
            "JOIN network_switch w ON w.code = s.switch JOIN network_feeder f ON f.id = w.feeder_id "
            "JOIN organization_unit u ON u.id = f.unit_id"
        )
        return pl.DataFrame(store.read(sql, schema=SWITCHES))


AREAS = pa.schema([("transformer", pa.string()), ("transformer_id", pa.int64()), ("path", pa.string())])


def transformers(store: ColumnStore, codes: pl.DataFrame) -> pl.DataFrame:
    """The transformers with these codes (column ``transformer``): :data:`AREAS`; the path is their unit's."""
    with store.staged(codes.select("transformer").unique(maintain_order=True).to_arrow()) as staged:
        sql = (
            f"SELECT t.code AS transformer, t.id AS transformer_id, u.path AS path FROM {staged} s "
            "JOIN network_powertransformer t ON t.code = s.transformer JOIN organization_unit u ON u.id = t.unit_id"
        )
        return pl.DataFrame(store.read(sql, schema=AREAS))


def areas_of_points(store: ColumnStore, points: pl.DataFrame) -> pl.DataFrame:
    """``usage_point_id`` and ``transformer_id`` of the usage points with these ids (column ``usage_point_id``)."""
    keys = points.select(id="usage_point_id")
    return merging.find(store, UsagePoint, keys, ["transformer_id"]).rename({"id": "usage_point_id"})


def load_equipment(store: ColumnStore, equipment: str, rows: pl.DataFrame) -> pl.DataFrame:
    """``rows``: ``line`` and the columns of the equipment's table but ``id``, one for each code. Returns ``line``,
    ``code``, ``id``, ``outcome``."""
    merged = merging.merge(store, _TABLES[equipment], rows, key=["code"]).select("line", "code", "id", "outcome")
    finding.take_up_equipment(store, equipment, merged.filter(pl.col("outcome") != merging.UNCHANGED)["id"])
    _told(store, merged, revision.Part.EQUIPMENT)
    return merged


def load_usage_points(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """``rows``: ``line``, the columns of :class:`UsagePoint` but ``id`` and ``deducts_from_id``, and ``deducts_from`` (code
    or null; also of a row of the same frame). A row whose parent is unknown must not be among them. Returns ``line``,
    ``code``, ``id``, ``outcome``."""
    known = merging.find(store, UsagePoint, rows.select("code"), ["id"])
    numbered = merging.number(store, UsagePoint, rows.join(known, on="code", how="left", maintain_order="left"))
    wanted = numbered.filter(pl.col("deducts_from").is_not_null()).select(code="deducts_from")
    parents = pl.concat([ids_of(store, "usage_point", wanted), numbered.select("code", "id")]).unique("code")
    placed = numbered.join(
        parents.rename({"code": "deducts_from", "id": "deducts_from_id"}),
        on="deducts_from",
        how="left",
        maintain_order="left",
    )
    table = [field.column for field in UsagePoint._meta.concrete_fields]
    is_known = pl.col("id").is_in(known["id"].implode())
    new = placed.filter(~is_known)
    # Parents first: their children refer to them.
    for part in (new.filter(pl.col("deducts_from_id").is_null()), new.filter(pl.col("deducts_from_id").is_not_null())):
        if part.height:
            store.append(UsagePoint, part.select(table).to_arrow())
    merged = merging.merge(store, UsagePoint, placed.filter(is_known).drop("id"), key=["code"])
    created = new.select("line", "code", "id", pl.lit(merging.CREATED).alias("outcome"))
    whole = pl.concat([created, merged.select(created.columns)])
    _told(store, whole, revision.Part.EQUIPMENT)
    return whole


def load_switch_operations(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """``rows``: ``line``, ``switch_id``, ``at``, ``is_open``, ``actor``, ``reason``. An operation of the same switch, time
    and position is the same one. Returns ``line`` and ``outcome``."""
    key = ["switch_id", "at", "is_open"]
    known = merging.find(store, SwitchOperation, rows.select("switch_id").unique(), ["at", "is_open"])
    seen = known.with_columns(pl.col("at").cast(rows.schema["at"])).unique()
    new = rows.join(seen, on=key, how="anti", maintain_order="left")
    if new.height:
        table = ["switch_id", "is_open", "at", "actor", "reason"]
        store.append(SwitchOperation, new.select(table).to_arrow())
    same = rows.join(seen, on=key, how="semi", maintain_order="left")
    whole = pl.concat(
        [
            new.select("line", pl.lit(merging.CREATED).alias("outcome")),
            same.select("line", pl.lit(merging.UNCHANGED).alias("outcome")),
        ]
    )
    _told(store, whole, revision.Part.SWITCHING)
    return whole


def _told(store: ColumnStore, merged: pl.DataFrame, part: revision.Part) -> None:
    """A new revision when a row was written."""
    if merged.filter(pl.col("outcome") != merging.UNCHANGED).height:
        revision.renew_columns(store, part)
