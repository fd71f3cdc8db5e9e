"""Rows of a file into a table by their natural key: new ones are numbered and appended, changed ones updated, in bulk.

Everything happens in the caller's transaction on the caller's connection. Nothing is read or written by row.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import pyarrow as pa
from django.db import models

from wandeng.infra import ids
from wandeng.infra.columns import ColumnStore, arrow_schema, cast

CREATED, CHANGED, UNCHANGED = "created", "changed", "unchanged"
_WAS = "__was"


def find(
    store: ColumnStore, model: type[models.Model], keys: pl.DataFrame, columns: Sequence[str], *, where: str = ""
) -> pl.DataFrame:
    """Rows of a table that match ``keys`` (a frame of key columns, named as in the table) as a typed frame with the key
    columns and ``columns``; ``where`` narrows the table, called ``t``."""
    names = [*keys.columns, *(name for name in columns if name not in keys.columns)]
    wanted = pa.schema([arrow_schema(model).field(name) for name in names])
    with store.staged(keys.unique(maintain_order=True).to_arrow()) as staged:
        matched = " AND ".join(f"t.{name} = s.{name}" for name in keys.columns)
        picked = ", ".join(f"t.{name} AS {name}" for name in names)
        tail = f" WHERE {where}" if where else ""
        sql = f"SELECT {picked} FROM {staged} s JOIN {model._meta.db_table} t ON {matched}{tail}"
        return _frame(store.read(sql, schema=wanted))


def merge(
    store: ColumnStore,
    model: type[models.Model],
    rows: pl.DataFrame,
    *,
    key: Sequence[str],
    update: Sequence[str] | None = None,
    fixed: dict[str, object] | None = None,
) -> pl.DataFrame:
    """Bring ``rows`` (one for each key) into the table; returns them with ``id`` and ``outcome``, in their order.

    ``update`` names the columns that a difference may change (default: all the rows bring but the key); ``fixed`` are
    values for new rows only. Columns of ``rows`` that the table does not have are carried along untouched.
    """
    schema = arrow_schema(model)
    brought = [name for name in rows.columns if name in schema.names and name != "id"]
    compared = [name for name in brought if name not in key] if update is None else list(update)
    existing = find(store, model, rows.select(key), ["id", *compared])
    known = rows.join(
        existing.rename({name: f"{name}{_WAS}" for name in compared}), on=list(key), how="left", maintain_order="left"
    )
    differs = pl.any_horizontal(
        pl.lit(False), *(pl.col(name).ne_missing(pl.col(f"{name}{_WAS}").cast(rows.schema[name])) for name in compared)
    )
    judged = known.with_columns(
        outcome=pl.when(pl.col("id").is_null())
        .then(pl.lit(CREATED))
        .when(differs)
        .then(pl.lit(CHANGED))
        .otherwise(pl.lit(UNCHANGED))
    ).drop([f"{name}{_WAS}" for name in compared])
    numbered = number(store, model, judged)
    # Changes first: a period that is cut short makes room for the one that follows it.
    change(store, model, numbered.filter(pl.col("outcome") == CHANGED), compared)
    new = numbered.filter(pl.col("outcome") == CREATED)
    if new.height:
        extra = [pl.lit(value).alias(name) for name, value in (fixed or {}).items()]
        store.append(model, new.select("id", *brought, *extra).to_arrow())
    return numbered


def number(store: ColumnStore, model: type[models.Model], rows: pl.DataFrame) -> pl.DataFrame:
    """Give every row without an ``id`` the next free one, in the order of the rows."""
    unnumbered = pl.col("id").is_null()
    count = rows.select(unnumbered.sum()).item()
    if not count:
        return rows
    first = ids.reserve_columns(store, model, count)
    return rows.with_columns(id=pl.coalesce("id", unnumbered.cast(pl.Int64).cum_sum() - 1 + first))


def change(store: ColumnStore, model: type[models.Model], rows: pl.DataFrame, columns: Sequence[str]) -> None:
    """Set ``columns`` of the rows with these ``id``s."""
    if rows.is_empty() or not columns:
        return
    schema = pa.schema([arrow_schema(model).field(name) for name in ("id", *columns)])
    with store.staged(cast(rows.select("id", *columns).to_arrow(), schema)) as staged:
        assigned = ", ".join(f"{name} = s.{name}" for name in columns)
        table = model._meta.db_table
        store.execute(f"UPDATE {table} SET {assigned} FROM {staged} s WHERE {table}.id = s.id")


def worst(outcomes: pl.DataFrame) -> pl.DataFrame:
    """One outcome for each ``line`` from several: created if anything was, else changed if anything was."""
    rank = pl.col("outcome").replace_strict({CREATED: 2, CHANGED: 1, UNCHANGED: 0}, return_dtype=pl.Int8)
    names = {2: CREATED, 1: CHANGED, 0: UNCHANGED}
    return (
        outcomes.group_by("line", maintain_order=True)
        .agg(rank.max().alias("outcome"))
        .with_columns(pl.col("outcome").replace_strict(names, return_dtype=pl.String))
    )


def _frame(table: pa.Table) -> pl.DataFrame:
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame
