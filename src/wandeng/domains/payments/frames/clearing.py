"""Whether the clearing accounts of banks hold what they must, recomputed from every row: the second opinion on days."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
import pyarrow as pa

from wandeng.domains.ledger.types import clearing
from wandeng.domains.payments.frames.reconciling import FOUND_LATER
from wandeng.domains.payments.queries.bank_values import ACQUIRERS, BANK_CHANNEL
from wandeng.infra.columns import ColumnStore

_SUMS = pa.schema([("channel", pa.string()), ("fen", pa.int64())])
_BY = f"substr(m.debited, {len(clearing('')) + 1})"
"""The channel that owes a payment: its own, or the acquirer of a till's card or code."""
_RECONCILED = (
    "EXISTS (SELECT 1 FROM payments_reconciliationday d JOIN organization_unit du ON du.id = d.unit_id "
    "WHERE d.channel = {by} AND d.day = m.received_on AND substr(u.path, 1, length(du.path)) = du.path)"
)


@dataclass(frozen=True, slots=True)
class Unexplained:
    """A bank's or an acquirer's clearing account that holds other than receipts of days not reconciled and open differences."""

    channel: str
    ledger_fen: int
    explained_fen: int


def unexplained(store: ColumnStore) -> list[Unexplained]:
    """Banks and acquirers whose clearing account has fen that nothing explains; empty is the only good answer. A payment that was
    reversed after its day had agreed stands here until the bank has given the money back."""
    later = f"substr(m.key, 1, {len(FOUND_LATER)}) <> '{FOUND_LATER}'"
    parts = [
        f"SELECT {_BY} AS channel, CAST(SUM(m.amount_fen) AS BIGINT) AS fen FROM payments_payment m "
        f"JOIN organization_unit u ON u.id = m.unit_id WHERE m.state = 'RECEIVED' AND {_ours('m.debited', clearing(''))} "
        f"AND {later} AND NOT {_RECONCILED.format(by=_BY)} GROUP BY m.debited",
        "SELECT m.channel AS channel, CAST(SUM(m.amount_fen) AS BIGINT) AS fen FROM payments_suspenseitem m "
        f"JOIN organization_unit u ON u.id = m.unit_id WHERE m.state <> 'MATCHED' AND {_ours('m.channel')} "
        f"AND {later} AND NOT {_RECONCILED.format(by='m.channel')} GROUP BY m.channel",
        "SELECT d.channel AS channel, CAST(SUM(i.ours_fen - i.theirs_fen) AS BIGINT) AS fen "
        "FROM payments_reconciliationitem i JOIN payments_reconciliationday d ON d.id = i.day_id "
        f"WHERE i.state = 'OPEN' AND {_ours('d.channel')} GROUP BY d.channel",
    ]
    booked = (
        f"SELECT substr(l.ledger_account, {len(clearing('')) + 1}) AS channel, CAST(SUM(l.amount_fen) AS BIGINT) AS fen "
        f"FROM ledger_entryline l WHERE {_ours('l.ledger_account', clearing(''))} GROUP BY l.ledger_account"
    )
    explained = _sums(store, parts).rename({"fen": "explained_fen"})
    sides = _sums(store, [booked]).join(explained, on="channel", how="full", coalesce=True).fill_null(0).sort("channel")
    odd = sides.filter(pl.col("fen") != pl.col("explained_fen"))
    return [Unexplained(*row) for row in odd.select("channel", "fen", "explained_fen").iter_rows()]


def _ours(column: str, before: str = "") -> str:
    """Whether a column names a bank or an acquirer."""
    named = ", ".join(f"'{before}{one}'" for one in ACQUIRERS)
    return f"({column} LIKE '{before}{BANK_CHANNEL}%' OR {column} IN ({named}))"


def _sums(store: ColumnStore, queries: list[str]) -> pl.DataFrame:
    found = pl.concat([pl.DataFrame(store.read(sql, schema=_SUMS)) for sql in queries])
    return found.group_by("channel").agg(pl.col("fen").sum())
