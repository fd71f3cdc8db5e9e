"""Who hung where on the days of a file's interruptions: customers of areas, and every supply of those with several."""

from __future__ import annotations

from datetime import date

import polars as pl
import pyarrow as pa

from wandeng.infra.columns import ColumnStore

AT_ONCE = 20_000
"""Pairs of area and day that are joined with their customers at the same time."""

AREAS = pa.schema(
    [
        ("transformer", pa.string()), ("transformer_id", pa.int64()), ("path", pa.string()), ("unit_id", pa.int64()),
        ("feeder_id", pa.int64()), ("is_public", pa.bool_()),
    ]
)  # fmt: skip
POINTS = pa.schema(
    [
        ("usage_point", pa.string()), ("usage_point_id", pa.int64()), ("path", pa.string()), ("account_id", pa.int64()),
        ("point_transformer_id", pa.int64()),
    ]
)  # fmt: skip
_SUPPLIED = pa.schema(
    [
        ("account_id", pa.int64()), ("transformer_id", pa.int64()), ("since", pa.date32()), ("until", pa.date32()),
        ("locality", pa.string()),
    ]
)  # fmt: skip
_DRAWS = (
    "(p.kind = 'LOAD' OR (p.kind = 'FEED_IN' AND NOT EXISTS "
    "(SELECT 1 FROM network_usagepoint l WHERE l.account_id = p.account_id AND l.kind = 'LOAD')))"
)
_MEMBERS = (
    "SELECT p.account_id, p.transformer_id, MIN(p.connected_on) AS since, "
    "MAX(COALESCE(p.disconnected_on, '9999-01-01')) AS until, MAX(a.locality) AS locality "
    "FROM network_usagepoint p JOIN customers_customeraccount a ON a.id = p.account_id"
)


def areas(store: ColumnStore, codes: pl.DataFrame) -> pl.DataFrame:
    """The transformers with these codes (column ``transformer``): :data:`AREAS`, path and unit its own."""
    return _named(store, codes, "transformer", AREAS, (
        "SELECT t.code AS transformer, t.id AS transformer_id, u.path, t.unit_id, t.feeder_id, "
        "t.ownership = 'PUBLIC' AS is_public FROM {staged} s JOIN network_powertransformer t ON t.code = s.transformer "
        "JOIN organization_unit u ON u.id = t.unit_id"
    ))  # fmt: skip


def areas_by_id(store: ColumnStore, ids: pl.DataFrame) -> pl.DataFrame:
    """``transformer_id``, ``unit_id``, ``feeder_id``, ``is_public`` of the transformers with these ids."""
    schema = pa.schema([field for field in AREAS if field.name not in ("transformer", "path")])
    return _named(store, ids, "transformer_id", schema, (
        "SELECT t.id AS transformer_id, t.unit_id, t.feeder_id, t.ownership = 'PUBLIC' AS is_public "
        "FROM {staged} s JOIN network_powertransformer t ON t.id = s.transformer_id"
    ))  # fmt: skip


def points(store: ColumnStore, codes: pl.DataFrame) -> pl.DataFrame:
    """The usage points with these codes (column ``usage_point``): :data:`POINTS`; the path is the account's unit's."""
    return _named(store, codes, "usage_point", POINTS, (
        "SELECT p.code AS usage_point, p.id AS usage_point_id, u.path, p.account_id, "
        "p.transformer_id AS point_transformer_id FROM {staged} s JOIN network_usagepoint p ON p.code = s.usage_point "
        "JOIN customers_customeraccount a ON a.id = p.account_id JOIN organization_unit u ON u.id = a.unit_id"
    ))  # fmt: skip


def _named(store: ColumnStore, codes: pl.DataFrame, column: str, schema: pa.Schema, sql: str) -> pl.DataFrame:
    wanted = codes.select(column).drop_nulls().unique(maintain_order=True)
    with store.staged(wanted.to_arrow()) as staged:
        return pl.DataFrame(store.read(sql.format(staged=staged), schema=schema))


def customers(store: ColumnStore, wanted: pl.DataFrame) -> pl.DataFrame:
    """``transformer_id`` and ``day`` → the same with ``customers`` (without another supply that day) and ``locality`` (of
    most of them, else empty)."""
    pairs = wanted.select("transformer_id", "day").unique(maintain_order=True)
    members = _members(store, pairs.select("transformer_id").unique())
    double = several(store)
    told = [_counted(pairs.slice(start, AT_ONCE), members, double) for start in range(0, pairs.height, AT_ONCE)]
    found = pl.concat(told) if told else _counted(pairs, members, double)
    return pairs.join(found, on=["transformer_id", "day"], how="left", maintain_order="left").with_columns(
        pl.col("customers").fill_null(0).cast(pl.Int64), pl.col("locality").fill_null("")
    )


def _counted(pairs: pl.DataFrame, members: pl.DataFrame, double: pl.DataFrame) -> pl.DataFrame:
    there = pairs.join(members, on="transformer_id").filter(_connected())
    asked = there.join(double.select("account_id").unique(), on="account_id", how="semi").select("account_id", "day")
    elsewhere = (
        asked.unique().join(double, on="account_id").filter(_connected())
        .group_by("account_id", "day").agg(pl.col("transformer_id").n_unique().alias("supplies"))
        .filter(pl.col("supplies") > 1)
    )  # fmt: skip
    alone = there.join(elsewhere, on=["account_id", "day"], how="anti")
    by_place = alone.group_by("transformer_id", "day", "locality").agg(pl.len().alias("n"))
    return (
        by_place.sort("n", "locality")
        .group_by("transformer_id", "day", maintain_order=True)
        .agg(pl.col("n").sum().alias("customers"), pl.col("locality").last())
    )


def several(store: ColumnStore) -> pl.DataFrame:
    """Accounts that have, or had, more than one supply: ``account_id``, ``transformer_id``, ``since``, ``until``,
    ``locality``, a row for each supply."""
    sql = (
        f"{_MEMBERS} WHERE {_DRAWS} AND p.account_id IN (SELECT account_id FROM network_usagepoint "
        "GROUP BY account_id HAVING COUNT(DISTINCT transformer_id) > 1) GROUP BY p.account_id, p.transformer_id"
    )
    found = pl.DataFrame(store.read(sql, schema=_SUPPLIED))
    return found.filter(pl.len().over("account_id") > 1)


def supplies_on(double: pl.DataFrame, wanted: pl.DataFrame) -> pl.DataFrame:
    """Every supply on a ``day`` of the customers of ``wanted`` (``event``, ``transformer_id``, ``day``) that had several
    then: ``event``, ``account_id``, ``transformer_id``."""
    met = wanted.join(double, on="transformer_id").filter(_connected()).select("event", "account_id", "day").unique()
    every = met.join(double, on="account_id").filter(_connected())
    kept = every.filter(pl.len().over("event", "account_id", "day") > 1)
    return kept.select("event", "account_id", "transformer_id").unique().sort("event", "account_id", "transformer_id")


def _members(store: ColumnStore, transformers: pl.DataFrame) -> pl.DataFrame:
    with store.staged(transformers.to_arrow()) as staged:
        sql = (
            f"{_MEMBERS} JOIN {staged} s ON s.transformer_id = p.transformer_id WHERE {_DRAWS} "
            "GROUP BY p.account_id, p.transformer_id"
        )
        return pl.DataFrame(store.read(sql, schema=_SUPPLIED))


def _connected() -> pl.Expr:
    return (pl.col("since") <= pl.col("day")) & (pl.col("day") < pl.col("until"))


def users(store: ColumnStore, on: date) -> pl.DataFrame:
    """The base on a local day, by ``transformer_id``: ``unit_id``, ``feeder_id``, ``is_public``, ``locality`` (of most
    customers, else empty), ``customers``. A customer with several supplies counts at the first."""
    sql = (
        "SELECT t.id AS transformer_id, t.unit_id, t.feeder_id, t.ownership = 'PUBLIC' AS is_public, "
        "c.locality AS locality, c.customers AS customers FROM network_powertransformer t LEFT JOIN ("
        "SELECT h.transformer_id, a.locality, COUNT(*) AS customers FROM ("
        "SELECT p.account_id, COALESCE(MIN(CASE WHEN p.kind = 'LOAD' THEN p.transformer_id END), "
        "MIN(p.transformer_id)) AS transformer_id FROM network_usagepoint p "
        "WHERE p.kind IN ('LOAD', 'FEED_IN') AND p.connected_on <= ? "
        "AND (p.disconnected_on IS NULL OR p.disconnected_on > ?) GROUP BY p.account_id) h "
        "JOIN customers_customeraccount a ON a.id = h.account_id GROUP BY h.transformer_id, a.locality"
        ") c ON c.transformer_id = t.id"
    )
    schema = pa.schema(
        [
            ("transformer_id", pa.int64()), ("unit_id", pa.int64()), ("feeder_id", pa.int64()), ("is_public", pa.bool_()),
            ("locality", pa.string()), ("customers", pa.int64()),
        ]
    )  # fmt: skip
    found = pl.DataFrame(store.read(sql, (on, on), schema=schema)).with_columns(
        pl.col("customers").fill_null(0), pl.col("locality").fill_null("")
    )
    return (
        found.sort("customers", "locality")
        .group_by("transformer_id", maintain_order=True)
        .agg(
            pl.col("unit_id", "feeder_id", "is_public", "locality").last(), pl.col("customers").sum()
        )
        .sort("transformer_id")
    )  # fmt: skip
