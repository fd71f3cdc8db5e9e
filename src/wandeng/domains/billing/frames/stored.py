"""Stored bills as columns again: to compare with what is priced, and to explain."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from wandeng.calc.rating.frames import HEADS, LINES
from wandeng.domains.billing import frozen
from wandeng.domains.billing.frames.pricing import CHARGE_COLUMNS
from wandeng.domains.billing.types import LINE_NUMBERS, BillKind, ShardJob
from wandeng.infra.columns import ColumnStore

_HEADS = pa.schema([("id", pa.int64()), *HEADS])
_LINES = pa.schema([("bill_id", pa.int64()), *LINES])


def heads(store: ColumnStore, *, first: int, end: int) -> pa.Table:
    """Bills with ``first`` ≤ id < ``end`` as HEADS with their id; ``line_count`` counts the stored lines."""
    bills = store.read(
        "SELECT id, account_id, period_from, period_to, energy_ckwh, amount_fen, 0 AS line_count FROM billing_bill "
        "WHERE id >= ? AND id < ? ORDER BY id",
        (first, end),
        schema=_HEADS,
    )
    counted = store.read(
        "SELECT bill_id AS id, COUNT(*) AS n FROM billing_billline WHERE id >= ? AND id < ? GROUP BY bill_id",
        (first * LINE_NUMBERS, end * LINE_NUMBERS),
        schema=pa.schema([("id", pa.int64()), ("n", pa.int64())]),
    )
    place = pc.index_in(bills.column("id"), value_set=counted.column("id").combine_chunks())
    counts = pc.fill_null(counted.column("n").take(place), 0).cast(pa.int16())
    return bills.set_column(bills.schema.get_field_index("line_count"), "line_count", counts)


def lines(store: ColumnStore, *, first: int, end: int) -> pa.Table:
    """Lines of the bills with ``first`` ≤ id < ``end`` as LINES with their bill's id."""
    common = ", ".join(f"c.{stored} AS {name}" for name, stored in CHARGE_COLUMNS.items())
    return store.read(
        f"SELECT l.bill_id, b.account_id, l.id - l.bill_id * {LINE_NUMBERS} AS line_no, l.usage_point_id, l.quantity, "
        f"l.amount_fen, {common} FROM billing_billline l JOIN billing_bill b ON b.id = l.bill_id "
        "JOIN billing_billcharge c ON c.id = l.charge_id WHERE l.id >= ? AND l.id < ? ORDER BY l.id",
        (first * LINE_NUMBERS, end * LINE_NUMBERS),
        schema=_LINES,
    )


def rebill_hash(store: ColumnStore, job: ShardJob) -> str:
    """The hash of a correction's re-billed bill alone, which is what its frozen inputs give."""
    found = store.scalar(
        "SELECT id FROM billing_bill WHERE id >= ? AND id < ? AND kind = ?",
        (job.first_bill_id, job.first_bill_id + job.bill_ids, BillKind.REBILL.value),
    )
    bill = int(found or 0)
    return frozen.rows_hash(
        heads(store, first=bill, end=bill + 1).select(HEADS.names).combine_chunks(),
        lines(store, first=bill, end=bill + 1).select(LINES.names).combine_chunks(),
    )


def rows_hash(store: ColumnStore, job: ShardJob) -> str:
    """The hash that pricing gives a shard, of the rows as they are stored."""
    first, end = job.first_bill_id, job.first_bill_id + job.bill_ids
    return frozen.rows_hash(
        heads(store, first=first, end=end).select(HEADS.names).combine_chunks(),
        lines(store, first=first, end=end).select(LINES.names).combine_chunks(),
    )
