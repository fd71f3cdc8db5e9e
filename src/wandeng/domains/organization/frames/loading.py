"""Imported units, people and posts into their tables; and the codes by which everything else refers to units."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import pyarrow as pa

from wandeng.domains.organization.models import Person, Post, Unit
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import merging

UNITS = pa.schema([("unit", pa.string()), ("unit_id", pa.int64()), ("path", pa.string()), ("territory", pa.string())])


def units(store: ColumnStore) -> pl.DataFrame:
    """All units: ``unit`` (code), ``unit_id``, ``path``, ``territory``."""
    sql = "SELECT code AS unit, id AS unit_id, path, territory FROM organization_unit"
    return pl.DataFrame(store.read(sql, schema=UNITS))


def load_units(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """``rows``: ``line``, ``code``, ``name``, ``kind``, ``parent`` (code or null), ``path``, ``territory``, parents before
    their children. A unit keeps its parent and path. Returns ``line`` and ``outcome``."""
    existing = merging.find(store, Unit, rows.select("code"), ["id"])
    numbered = merging.number(store, Unit, rows.join(existing, on="code", how="left", maintain_order="left"))
    fresh = numbered.join(existing, on="code", how="anti", maintain_order="left")
    above = pl.concat(
        [
            units(store).select(parent="unit", parent_id="unit_id"),
            fresh.select(parent="code", parent_id="id"),
        ]
    )
    placed = numbered.join(above, on="parent", how="left", maintain_order="left")
    wanted = ["id", "code", "name", "kind", "parent_id", "path", "territory"]
    new = placed.join(existing, on="code", how="anti", maintain_order="left")
    # Level by level: a database checks a parent when its child is written.
    for level in sorted(set(new["path"].str.count_matches("/").to_list())):
        store.append(Unit, new.filter(pl.col("path").str.count_matches("/") == level).select(wanted).to_arrow())
    known = placed.join(existing, on="code", how="semi", maintain_order="left").drop("id")
    merged = merging.merge(store, Unit, known, key=["code"], update=["name", "kind", "territory"])
    created = new.select("line", pl.lit(merging.CREATED).alias("outcome"))
    return pl.concat([created, merged.select("line", "outcome")])


def people(store: ColumnStore, codes: pl.DataFrame) -> pl.DataFrame:
    """``code`` and ``id`` of the people with these ``code``s."""
    return merging.find(store, Person, codes, ["id"])


def load_people(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """``rows``: ``line``, ``code``, ``name``, ``unit_id``, ``is_active``. Returns ``line`` and ``outcome``."""
    return merging.merge(store, Person, rows, key=["code"]).select("line", "outcome")


def load_posts(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """``rows``: ``line``, ``person_id``, ``unit_id``, ``role``, ``valid_from``, ``valid_to``; only the end of a known post
    may change. Returns ``line`` and ``outcome``."""
    key: Sequence[str] = ["person_id", "unit_id", "role", "valid_from"]
    return merging.merge(store, Post, rows, key=key).select("line", "outcome")
