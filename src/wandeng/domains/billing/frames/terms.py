"""Contract terms of points over their billing periods, as rating wants them."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl
import pyarrow as pa

from wandeng.calc.rating.frames import TERMS
from wandeng.domains.customers.types import AccountSet
from wandeng.infra.columns import ColumnStore

_RENAMED = {"tier_shift_ckwh": "household_shift_ckwh"}
_STORED = [name for name in TERMS.names if name not in {"account_id", "usage_point_id", "structure_id"}]
_SCHEMA = pa.schema(
    [("usage_point_id", pa.int64()), ("price_code", pa.string()), *[TERMS.field(name) for name in _STORED]]
)


def terms(store: ColumnStore, *, accounts: AccountSet, points: pl.DataFrame, structures: Sequence[str]) -> pl.DataFrame:
    """TERMS of the points (account_id, usage_point_id, period_from, period_to), clipped to their periods.

    A price code the book does not have leaves ``structure_id`` null, which rating reports as a point without terms.
    """
    from_on, to_on = points.select(pl.col("period_from").min(), pl.col("period_to").max()).row(0)
    where, params = accounts.where("a")
    columns = ", ".join(f"t.{_RENAMED.get(name, name)} AS {name}" for name in _STORED)
    found = store.read(
        f"SELECT t.usage_point_id, t.price_code, {columns} FROM customers_customeraccount a "
        "JOIN network_usagepoint p ON p.account_id = a.id JOIN tariffs_priceassignment t ON t.usage_point_id = p.id "
        f"WHERE t.valid_from < ? AND t.valid_to > ? AND {where}",
        (to_on, from_on, *params),
        schema=_SCHEMA,
    )
    codes = pl.DataFrame(
        {"price_code": list(structures), "structure_id": range(len(structures))},
        schema={"price_code": pl.String, "structure_id": pl.Int32},
    )
    clipped = (
        pl.DataFrame(found)
        .join(points.select("account_id", "usage_point_id", "period_from", "period_to"), on="usage_point_id")
        .join(codes, on="price_code", how="left")
        .with_columns(
            pl.max_horizontal("valid_from", "period_from").alias("valid_from"),
            pl.min_horizontal("valid_to", "period_to").alias("valid_to"),
        )
    )
    return clipped.filter(pl.col("valid_from") < pl.col("valid_to")).select(TERMS.names)
