"""What a month's posted bills sold, by unit and customer class, beside what the ledger has of the same bills."""

from __future__ import annotations

from dataclasses import dataclass

import pyarrow as pa

from wandeng.calc.rating.frames import Kind
from wandeng.domains.billing.types import CHARGES_A_SHARD, LINE_NUMBERS
from wandeng.infra.columns import ColumnStore
from wandeng.infra.scope import Scope
from wandeng.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class Sold:
    """Bills of a unit's own accounts of a customer class in a month, with all corrections taken in.

    ``amount_fen`` counts what was fed in too (``fed_fen``, negative; ``fed_ckwh``). ``posted_fen`` is what the ledger took
    over as owed, ``open_fen`` what it still has as owed.
    """

    month: Month
    unit_path: str
    customer_class: str
    energy_ckwh: int
    amount_fen: int
    fed_ckwh: int
    fed_fen: int
    posted_fen: int
    open_fen: int


_NUMBERS = ("energy_ckwh", "amount_fen", "fed_ckwh", "fed_fen", "posted_fen", "open_fen")
_SCHEMA = pa.schema(
    [("unit_path", pa.string()), ("customer_class", pa.string()), *((name, pa.int64()) for name in _NUMBERS)]
)
_SQL = f"""
SELECT u.path AS unit_path, a.customer_class AS customer_class,
       CAST(SUM(x.energy) AS BIGINT) AS energy_ckwh, CAST(SUM(x.amount) AS BIGINT) AS amount_fen,
       CAST(SUM(x.fed_energy) AS BIGINT) AS fed_ckwh, CAST(SUM(x.fed_amount) AS BIGINT) AS fed_fen,
       CAST(SUM(x.posted) AS BIGINT) AS posted_fen, CAST(SUM(x.open) AS BIGINT) AS open_fen
FROM (
  SELECT b.account_id AS account_id, b.energy_ckwh AS energy, b.amount_fen AS amount,
         0 AS fed_energy, 0 AS fed_amount, 0 AS posted, 0 AS open
  FROM billing_bill b JOIN billing_billshard s ON s.id = b.shard_id
  WHERE b.month_index = ? AND s.stage = 'POSTED'
  UNION ALL
  SELECT b.account_id, 0, 0, l.quantity, l.amount_fen, 0, 0
  FROM billing_billshard s
  JOIN billing_billcharge c ON c.id >= s.id * {CHARGES_A_SHARD} AND c.id < (s.id + 1) * {CHARGES_A_SHARD} AND c.kind = ?
  JOIN billing_billline l ON l.charge_id = c.id
       AND l.id >= s.first_bill_id * {LINE_NUMBERS} AND l.id < (s.first_bill_id + s.bill_ids) * {LINE_NUMBERS}
  JOIN billing_bill b ON b.id = l.bill_id
  WHERE s.month_index = ? AND s.stage = 'POSTED'
  UNION ALL
  SELECT b.account_id, 0, 0, 0, 0, CASE WHEN e.kind LIKE 'BILL%' THEN l.amount_fen ELSE 0 END, l.amount_fen
  FROM billing_bill b
  JOIN ledger_entryline l ON l.account_id = b.account_id AND l.source = b.id AND l.ledger_account = 'RECEIVABLE'
  JOIN ledger_entry e ON e.id = l.entry_id
  WHERE b.month_index = ? AND e.is_posted
) x
JOIN customers_customeraccount a ON a.id = x.account_id JOIN organization_unit u ON u.id = a.unit_id
WHERE substr(u.path, 1, CAST(? AS INTEGER)) = ?
GROUP BY u.path, a.customer_class ORDER BY u.path, a.customer_class
"""

_AT_PRICE = pa.schema([("price_code", pa.string()), ("energy_ckwh", pa.int64()), ("amount_fen", pa.int64())])
_AT_PRICE_SQL = f"""
SELECT COALESCE(p.price_code, '') AS price_code,
       CAST(SUM(x.energy) AS BIGINT) AS energy_ckwh, CAST(SUM(x.amount) AS BIGINT) AS amount_fen
FROM (
  SELECT b.account_id AS account_id, l.usage_point_id AS point, c.seg_from AS first_day, 0 AS energy, l.amount_fen AS amount
  FROM billing_billshard s
  JOIN billing_billline l
       ON l.id >= s.first_bill_id * {LINE_NUMBERS} AND l.id < (s.first_bill_id + s.bill_ids) * {LINE_NUMBERS}
  JOIN billing_billcharge c ON c.id = l.charge_id AND c.kind <> ?
  JOIN billing_bill b ON b.id = l.bill_id
  WHERE s.month_index = ? AND s.stage = 'POSTED'
  UNION ALL
  SELECT b.account_id, t.usage_point_id, b.period_from, t.energy_ckwh, 0
  FROM billing_bill b JOIN billing_billshard s ON s.id = b.shard_id
  JOIN billing_billpoint t ON t.id >= b.id * {LINE_NUMBERS} AND t.id < (b.id + 1) * {LINE_NUMBERS}
  WHERE b.month_index = ? AND s.stage = 'POSTED'
  UNION ALL
  SELECT b.account_id,
         (SELECT MIN(l.usage_point_id) FROM billing_billline l
          WHERE l.id >= b.id * {LINE_NUMBERS} AND l.id < (b.id + 1) * {LINE_NUMBERS}),
         b.period_from, b.energy_ckwh, 0
  FROM billing_bill b JOIN billing_billshard s ON s.id = b.shard_id
  WHERE b.month_index = ? AND s.stage = 'POSTED' AND NOT EXISTS (
    SELECT 1 FROM billing_billpoint t WHERE t.id >= b.id * {LINE_NUMBERS} AND t.id < (b.id + 1) * {LINE_NUMBERS})
) x
JOIN customers_customeraccount a ON a.id = x.account_id JOIN organization_unit u ON u.id = a.unit_id
LEFT JOIN tariffs_priceassignment p
     ON p.usage_point_id = x.point AND p.valid_from <= x.first_day AND p.valid_to > x.first_day
WHERE substr(u.path, 1, CAST(? AS INTEGER)) = ?
GROUP BY COALESCE(p.price_code, '') ORDER BY 1
"""

_COLLECTED = pa.schema([("unit_path", pa.string()), ("billed_fen", pa.int64()), ("open_fen", pa.int64())])
_COLLECTED_SQL = """
SELECT u.path AS unit_path, CAST(SUM(x.billed) AS BIGINT) AS billed_fen, CAST(SUM(x.open) AS BIGINT) AS open_fen
FROM (
  SELECT b.account_id AS account_id, b.amount_fen AS billed, 0 AS open
  FROM billing_bill b JOIN billing_billshard s ON s.id = b.shard_id
  WHERE b.month_index = ? AND s.stage = 'POSTED'
  UNION ALL
  SELECT b.account_id, 0, l.amount_fen
  FROM billing_bill b
  JOIN ledger_entryline l ON l.account_id = b.account_id AND l.source = b.id AND l.ledger_account = 'RECEIVABLE'
  JOIN ledger_entry e ON e.id = l.entry_id
  WHERE b.month_index = ? AND e.is_posted
) x
JOIN customers_customeraccount a ON a.id = x.account_id JOIN organization_unit u ON u.id = a.unit_id
WHERE substr(u.path, 1, CAST(? AS INTEGER)) = ?
GROUP BY u.path ORDER BY u.path
"""


@dataclass(frozen=True, slots=True)
class SoldAt:
    """What lines of a month's bills came to under a price code, energy fed in left out; an empty code: no price is assigned
    to the point for those days any more."""

    month: Month
    price_code: str
    energy_ckwh: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Collected:
    """A unit's own accounts: what a month's bills came to with all corrections, and what is still open of it."""

    unit_path: str
    billed_fen: int
    open_fen: int


def collected(scope: Scope, *, unit_path: str, month: Month) -> tuple[Collected, ...]:
    """What is collected of a month's posted bills, by unit path. Raises :class:`NotFound` outside the scope.

    Reads every bill of the month and every ledger line of it: for a county a matter of seconds.
    """
    prefix = scope.narrowed(unit_path).prefix
    with ColumnStore() as store:
        rows = store.read(_COLLECTED_SQL, (month.index, month.index, len(prefix), prefix), schema=_COLLECTED)
    return tuple(Collected(**row) for row in rows.to_pylist())


def sold(scope: Scope, *, unit_path: str, months: tuple[Month, ...]) -> tuple[Sold, ...]:
    """Posted bills of months, by month, unit path and customer class. Raises :class:`NotFound` outside the scope.

    Reads every bill of the months and every ledger line of them: for a county a matter of seconds.
    """
    prefix = scope.narrowed(unit_path).prefix
    found: list[Sold] = []
    with ColumnStore() as store:
        for month in months:
            given = (month.index, int(Kind.FEED_IN), month.index, month.index, len(prefix), prefix)
            found += [Sold(month, **row) for row in store.read(_SQL, given, schema=_SCHEMA).to_pylist()]
    return tuple(found)


def sold_at(scope: Scope, *, unit_path: str, months: tuple[Month, ...]) -> tuple[SoldAt, ...]:
    """Posted bills of months by month and price code. Money is the lines', by the price of the point on the line's first day;
    energy is the points' as billed, once whatever was charged on it, by their price on the first day of the bill. Raises
    :class:`NotFound` outside the scope.

    Reads every line of the months: for a county a matter of seconds.
    """
    prefix = scope.narrowed(unit_path).prefix
    found: list[SoldAt] = []
    with ColumnStore() as store:
        for month in months:
            given = (int(Kind.FEED_IN), month.index, month.index, month.index, len(prefix), prefix)
            found += [SoldAt(month, **row) for row in store.read(_AT_PRICE_SQL, given, schema=_AT_PRICE).to_pylist()]
    return tuple(found)
