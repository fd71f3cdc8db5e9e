"""What a month sold and is owed, from every bill, every line and every entry there is: slow, and beyond doubt.

Units, classes and prices are those of now; the product's own answer keeps them as they were when a bill was posted.
"""

from __future__ import annotations

from collections import Counter

from wandeng.calc.rating.frames import Kind
from wandeng.domains.billing.types import CHARGES_A_SHARD, LINE_NUMBERS
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.periods import Month

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


def by_class(month: Month) -> dict[str, tuple[int, ...]]:
    """Customer class → energy, amount, energy and amount fed in."""
    found: Counter[tuple[str, str]] = Counter()
    for row in _rows(month):
        for name in ("energy_ckwh", "amount_fen", "fed_ckwh", "fed_fen"):
            found[row["customer_class"], name] += row[name]
    classes = sorted({one for one, _ in found})
    return {
        one: tuple(found[one, name] for name in ("energy_ckwh", "amount_fen", "fed_ckwh", "fed_fen")) for one in classes
    }


def by_unit(month: Month) -> dict[str, tuple[int, int]]:
    """Unit path → fen that the ledger took over from bills, fen still open."""
    found: dict[str, tuple[int, int]] = {}
    for row in _rows(month):
        billed, owing = found.get(row["unit_path"], (0, 0))
        found[row["unit_path"]] = (billed + row["posted_fen"], owing + row["open_fen"])
    return found


def by_price(month: Month) -> dict[str, tuple[int, int]]:
    """Price code → energy and amount."""
    given = (int(Kind.FEED_IN), month.index, month.index, month.index, 0, "")
    with ColumnStore() as store:
        rows = store.read(_AT_PRICE_SQL, given).to_pylist()
    return {row["price_code"]: (row["energy_ckwh"], row["amount_fen"]) for row in rows}


def _rows(month: Month) -> list[dict[str, object]]:
    with ColumnStore() as store:
        return store.read(_SQL, (month.index, int(Kind.FEED_IN), month.index, month.index, 0, "")).to_pylist()
