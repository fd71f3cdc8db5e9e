"""What a shard sold, summed once when it is posted: bills and lines of a posted shard never change.

Sales stand under the unit, the class of customer and the price that were in force when the shard was posted, so that the
statement of a month that is over stays as it was reported.
"""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from wandeng.calc.rating.frames import Kind
from wandeng.domains.billing.models import ShardPriceSale, ShardSale
from wandeng.domains.billing.types import LINE_NUMBERS
from wandeng.infra.columns import ColumnStore, arrow_schema

SALES = """
SELECT a.unit_id AS unit_id, a.customer_class AS customer_class,
       CAST(SUM(b.energy_ckwh) AS BIGINT) AS energy_ckwh, CAST(SUM(b.amount_fen) AS BIGINT) AS amount_fen,
       CAST(COALESCE(SUM(f.energy), 0) AS BIGINT) AS fed_ckwh, CAST(COALESCE(SUM(f.amount), 0) AS BIGINT) AS fed_fen
FROM billing_bill b JOIN customers_customeraccount a ON a.id = b.account_id
LEFT JOIN (SELECT l.bill_id, SUM(l.quantity) AS energy, SUM(l.amount_fen) AS amount
           FROM billing_billline l JOIN billing_billcharge c ON c.id = l.charge_id
           WHERE l.id >= ? AND l.id < ? AND c.kind = ? GROUP BY l.bill_id) f ON f.bill_id = b.id
WHERE b.id >= ? AND b.id < ?
GROUP BY a.unit_id, a.customer_class ORDER BY a.unit_id, a.customer_class
"""
"""Given: ids of lines from, to; FEED_IN; ids of bills from, to."""

AT_PRICE = f"""
SELECT a.unit_id AS unit_id, COALESCE(p.price_code, '') AS price_code,
       CAST(SUM(x.energy) AS BIGINT) AS energy_ckwh, CAST(SUM(x.amount) AS BIGINT) AS amount_fen
FROM (
  SELECT b.account_id AS account_id, l.usage_point_id AS point, c.seg_from AS first_day, 0 AS energy, l.amount_fen AS amount
  FROM billing_billline l JOIN billing_billcharge c ON c.id = l.charge_id JOIN billing_bill b ON b.id = l.bill_id
  WHERE l.id >= ? AND l.id < ? AND c.kind <> ?
  UNION ALL
  SELECT b.account_id, t.usage_point_id, b.period_from, t.energy_ckwh, 0
  FROM billing_billpoint t JOIN billing_bill b ON b.id = t.bill_id
  WHERE t.id >= ? AND t.id < ?
  UNION ALL
  SELECT b.account_id,
         (SELECT MIN(l.usage_point_id) FROM billing_billline l
          WHERE l.id >= b.id * {LINE_NUMBERS} AND l.id < (b.id + 1) * {LINE_NUMBERS}),
         b.period_from, b.energy_ckwh, 0
  FROM billing_bill b WHERE b.id >= ? AND b.id < ? AND NOT EXISTS (
    SELECT 1 FROM billing_billpoint t WHERE t.id >= b.id * {LINE_NUMBERS} AND t.id < (b.id + 1) * {LINE_NUMBERS})
) x
JOIN customers_customeraccount a ON a.id = x.account_id
LEFT JOIN tariffs_priceassignment p
     ON p.usage_point_id = x.point AND p.valid_from <= x.first_day AND p.valid_to > x.first_day
GROUP BY a.unit_id, COALESCE(p.price_code, '') ORDER BY 1, 2
"""
"""Given: ids of lines from, to; FEED_IN; ids of points from, to; ids of bills from, to."""


def given(first: int, end: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Parameters of both questions for the bills with ``first`` ≤ id < ``end``."""
    lines, feed_in = (first * LINE_NUMBERS, end * LINE_NUMBERS), int(Kind.FEED_IN)
    return (*lines, feed_in, first, end), (*lines, feed_in, *lines, first, end)


@dataclass(frozen=True, slots=True)
class Sums:
    """Rows of :class:`ShardSale` and :class:`ShardPriceSale` of a shard, without their ids."""

    sales: pa.Table
    at_price: pa.Table


def read(store: ColumnStore, *, shard_id: int, month_index: int, first: int, end: int) -> Sums:
    """Add up the stored bills and lines of a shard."""
    by_class, by_price = given(first, end)
    found = []
    for model, sql, params in ((ShardSale, SALES, by_class), (ShardPriceSale, AT_PRICE, by_price)):
        columns = [one for one in arrow_schema(model) if one.name not in ("id", "shard_id", "month_index")]
        rows = store.read(sql, params, schema=pa.schema(columns))
        for name, value in (("shard_id", shard_id), ("month_index", month_index)):
            rows = rows.append_column(name, pa.repeat(pa.scalar(value, pa.int64()), rows.num_rows))
        found.append(rows)
    return Sums(*found)


def write(store: ColumnStore, sums: Sums) -> None:
    """Keep them, in the transaction that posts the shard."""
    store.append(ShardSale, sums.sales)
    store.append(ShardPriceSale, sums.at_price)
