"""Contract terms of usage points over a billing period, as rating wants them."""

from __future__ import annotations

from datetime import date

import polars as pl
import pyarrow as pa

from wandeng.calc.rating import frames as rating
from wandeng.domains.customers.types import AccountSet
from wandeng.infra import ranges
from wandeng.infra.columns import ColumnStore

TERMS = pa.schema(
    [pa.field("price_code", pa.string()) if field.name == "structure_id" else field for field in rating.TERMS]
)
"""``calc.rating.frames.TERMS`` with the price code's text where rating has its place in the book."""

_RENAMED = {"household_shift_ckwh": "tier_shift_ckwh"}
_STORED = [name for name in TERMS.names if name not in ("account_id", "tier_shift_ckwh")] + list(_RENAMED)
_ASSIGNMENTS = pa.schema(
    [pa.field("account_id", pa.int64())]
    + [pa.field(name, TERMS.field(_RENAMED.get(name, name)).type) for name in _STORED]
)


def terms_for_period(store: ColumnStore, *, accounts: AccountSet, from_on: date, to_on: date) -> pa.Table:
    """Terms of the accounts' usage points, clipped to ``from_on`` ≤ day < ``to_on``, in order; columns of TERMS.

    A day without an assignment has no row, which rating reports as NO_TERMS.
    """
    found = _assignments(store, accounts, from_on, to_on).with_columns(
        pl.max_horizontal("valid_from", pl.lit(from_on)).alias("valid_from"),
        pl.min_horizontal("valid_to", pl.lit(to_on)).alias("valid_to"),
    )
    return _as_terms(found)


def terms_for_points(store: ColumnStore, *, accounts: AccountSet, points: pa.Table) -> pa.Table:
    """The same, each clipped to its point's own period (usage_point_id, period_from, period_to in ``points``);
    points not in the table have no row."""
    if not points.num_rows:
        return TERMS.empty_table()
    wanted = pl.DataFrame(points.select(["usage_point_id", "period_from", "period_to"]))
    from_on, to_on = wanted.select(pl.col("period_from").min(), pl.col("period_to").max()).row(0)
    found = (
        _assignments(store, accounts, from_on, to_on, of=wanted["usage_point_id"])
        .join(wanted, on="usage_point_id")
        .with_columns(
            pl.max_horizontal("valid_from", "period_from").alias("valid_from"),
            pl.min_horizontal("valid_to", "period_to").alias("valid_to"),
        )
        .filter(pl.col("valid_from") < pl.col("valid_to"))
    )
    return _as_terms(found)


def _assignments(
    store: ColumnStore, accounts: AccountSet, from_on: date, to_on: date, of: pl.Series | None = None
) -> pl.DataFrame:
    """Assignments of the accounts' points, or of the points ``of``; where these lie close together they are read by
    their range, and there may be some of others among them."""
    where, params = accounts.where("a", points="p")
    tables = "customers_customeraccount a JOIN network_usagepoint p ON p.account_id = a.id"
    if of is not None and (reach := ranges.dense(of)):
        where, params = "p.id >= ? AND p.id < ? AND t.usage_point_id >= ? AND t.usage_point_id < ?", (*reach, *reach)
        tables = "network_usagepoint p"
    columns = ", ".join(f"t.{name}" for name in _STORED)
    found = store.read(
        f"SELECT p.account_id, {columns} FROM {tables} "
        "JOIN tariffs_priceassignment t ON t.usage_point_id = p.id "
        f"WHERE t.valid_from < ? AND t.valid_to > ? AND {where}",
        (to_on, from_on, *params),
        schema=_ASSIGNMENTS,
    )
    return pl.DataFrame(found).rename(_RENAMED)


def _as_terms(found: pl.DataFrame) -> pa.Table:
    ordered = found.sort("account_id", "usage_point_id", "valid_from").select(TERMS.names)
    return ordered.to_arrow().cast(TERMS)
