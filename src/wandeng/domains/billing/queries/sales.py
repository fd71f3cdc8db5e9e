"""What a month's posted bills sold, by unit, class of customer and price, and what the ledger has of the same bills.

Answered from what was summed when each shard was posted (``frames/sums.py``) and from what the ledger's triggers wrote down
(``moves.py``): the work does not grow with the number of bills. ``checks`` adds everything up anew each night.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TypeVar

import pyarrow as pa

from wandeng.infra.columns import ColumnStore
from wandeng.infra.scope import Scope
from wandeng.kernel.periods import Month


@dataclass(frozen=True, slots=True)
class Sold:
    """Bills of a unit's own accounts of a customer class in a month, with all corrections taken in; unit and class as they
    were when each bill was posted. ``amount_fen`` counts what was fed in too (``fed_fen``, negative; ``fed_ckwh``)."""

    month: Month
    unit_path: str
    customer_class: str
    energy_ckwh: int
    amount_fen: int
    fed_ckwh: int
    fed_fen: int


@dataclass(frozen=True, slots=True)
class SoldAt:
    """What lines of a month's bills came to under a price code, energy fed in left out; an empty code: no price was assigned
    to the point for those days any more."""

    month: Month
    price_code: str
    energy_ckwh: int
    amount_fen: int


@dataclass(frozen=True, slots=True)
class Owed:
    """A month's bills in the ledger, for a unit's own accounts: ``posted_fen`` what it took over from bills of this unit;
    ``billed_fen`` the same for the accounts that the unit has now, ``open_fen`` what they still owe of it."""

    month: Month
    unit_path: str
    posted_fen: int
    billed_fen: int
    open_fen: int


_SOLD = """
SELECT s.month_index AS month, u.path AS unit_path, s.customer_class AS customer_class,
       CAST(SUM(s.energy_ckwh) AS BIGINT) AS energy_ckwh, CAST(SUM(s.amount_fen) AS BIGINT) AS amount_fen,
       CAST(SUM(s.fed_ckwh) AS BIGINT) AS fed_ckwh, CAST(SUM(s.fed_fen) AS BIGINT) AS fed_fen
FROM billing_shardsale s JOIN organization_unit u ON u.id = s.unit_id
WHERE s.month_index IN ({months}) AND substr(u.path, 1, CAST(? AS INTEGER)) = ?
GROUP BY s.month_index, u.path, s.customer_class ORDER BY s.month_index, u.path, s.customer_class
"""
_SOLD_AT = """
SELECT s.month_index AS month, s.price_code AS price_code,
       CAST(SUM(s.energy_ckwh) AS BIGINT) AS energy_ckwh, CAST(SUM(s.amount_fen) AS BIGINT) AS amount_fen
FROM billing_shardpricesale s JOIN organization_unit u ON u.id = s.unit_id
WHERE s.month_index IN ({months}) AND substr(u.path, 1, CAST(? AS INTEGER)) = ?
GROUP BY s.month_index, s.price_code ORDER BY s.month_index, s.price_code
"""
_OWED = """
SELECT m.month_index AS month, u.path AS unit_path, CAST(SUM(m.posted_fen) AS BIGINT) AS posted_fen,
       CAST(SUM(m.billed_fen) AS BIGINT) AS billed_fen, CAST(SUM(m.open_fen) AS BIGINT) AS open_fen
FROM billing_monthmove m JOIN organization_unit u ON u.id = m.unit_id
WHERE m.month_index IN ({months}) AND substr(u.path, 1, CAST(? AS INTEGER)) = ?
GROUP BY m.month_index, u.path ORDER BY m.month_index, u.path
"""


def sold(scope: Scope, *, unit_path: str, months: tuple[Month, ...]) -> tuple[Sold, ...]:
    """Posted bills of months, by month, unit path and customer class. Raises :class:`NotFound` outside the scope."""
    return _read(scope, unit_path, months, _SOLD, Sold)


def sold_at(scope: Scope, *, unit_path: str, months: tuple[Month, ...]) -> tuple[SoldAt, ...]:
    """Posted bills of months by month and price code. Money is the lines', by the price of the point on the line's first day;
    energy is the points' as billed, once whatever was charged on it, by their price on the first day of the bill; prices as
    they were assigned when the bill was posted. Raises :class:`NotFound` outside the scope."""
    return _read(scope, unit_path, months, _SOLD_AT, SoldAt)


def owed(scope: Scope, *, unit_path: str, months: tuple[Month, ...]) -> tuple[Owed, ...]:
    """What the ledger has of months' bills, by month and unit path. Raises :class:`NotFound` outside the scope."""
    return _read(scope, unit_path, months, _OWED, Owed)


_TEXTS = ("unit_path", "customer_class", "price_code")
_Row = TypeVar("_Row", Sold, SoldAt, Owed)


def _read(scope: Scope, unit_path: str, months: tuple[Month, ...], sql: str, row: type[_Row]) -> tuple[_Row, ...]:
    prefix = scope.narrowed(unit_path).prefix
    wanted = sql.format(months=", ".join(str(month.index) for month in months))
    schema = pa.schema([(one.name, pa.string() if one.name in _TEXTS else pa.int64()) for one in fields(row)])
    with ColumnStore() as store:
        found = store.read(wanted, (len(prefix), prefix), schema=schema).to_pylist()
    return tuple(row(Month.from_index(one.pop("month")), **one) for one in found)
