"""A channel's day by our books against the channel's own detail: what matches by itself, and an item for what does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import polars as pl
import pyarrow as pa

from wandeng.domains.ledger.types import BANK, clearing
from wandeng.domains.payments.bank_states import RECONCILIATION_DAY, RECONCILIATION_ITEM
from wandeng.domains.payments.frames import pairing, posting
from wandeng.domains.payments.models import ReconciliationDay, ReconciliationItem
from wandeng.domains.payments.queries.bank_values import ACQUIRERS
from wandeng.infra import ids
from wandeng.infra.columns import ColumnStore, moments
from wandeng.infra.transitions import move_many
from wandeng.kernel.actors import Actor
from wandeng.kernel.ids import UnitId

FOUND_LATER = "recon:"
"""Beginning of the keys of money that a reconciliation brought to light: it belongs to no day's own receipts."""
_OURS = pa.schema([("key", pa.string()), ("ours_fen", pa.int64()), ("account_number", pa.string())])
_OURS_PL = pl.Schema({"key": pl.String, "ours_fen": pl.Int64, "account_number": pl.String})
_BY_ORDER = "CASE WHEN r.order_number IS NULL THEN {own} ELSE 'online:' || r.order_number END"
_REFUNDED = (
    "EXISTS (SELECT 1 FROM payments_paymentorder o JOIN payments_onlinerefund f ON f.order_id = o.id "
    "WHERE o.payment_id = p.id AND f.state NOT IN ('PROPOSED', 'REJECTED'))"
)
_THEIRS = pa.schema([("key", pa.string()), ("theirs_fen", pa.int64()), ("their_number", pa.string())])
_EARLIER = pa.schema([("key", pa.string()), ("item_id", pa.int64()), ("missing_fen", pa.int64())])


@dataclass(frozen=True, slots=True)
class Day:
    """Which channel's day, seen from which unit, by which detail file."""

    unit_id: int
    unit_path: str
    channel: str
    day: date
    file_id: int
    actor: Actor
    at: datetime
    refunds: tuple[tuple[str, int, str], ...] = ()
    """Of a channel that pays back by itself: key, fen above zero, account, of the refunds that it confirmed for the day."""


def is_reconciled(store: ColumnStore, unit_id: int, channel: str, day: date) -> bool:
    """Whether the day has been reconciled."""
    sql = "SELECT COUNT(*) FROM payments_reconciliationday WHERE unit_id = ? AND channel = ? AND day = ?"
    return bool(store.scalar(sql, (unit_id, channel, day)))


def reconcile(store: ColumnStore, of: Day) -> int:
    """Reconcile a day in the caller's transaction: what the channel says it has goes from its clearing account to the
    bank; each difference is an item. Money that an earlier day missed settles that day's item. Returns the day's id."""
    ours, theirs = _ours(store, of), _theirs(store, of.file_id)
    if of.channel in ACQUIRERS:
        theirs = pairing.by_amount(ours, theirs)
    sides = ours.join(theirs, on="key", how="full", coalesce=True).with_columns(
        pl.col("ours_fen", "theirs_fen").fill_null(0)
    )
    sides = sides.sort("key")
    late = _arrived(store, of, sides)
    odd = sides.filter(pl.col("ours_fen") != pl.col("theirs_fen")).join(late, on="key", how="anti")
    even = sides.height - odd.height
    total = int(theirs["theirs_fen"].sum())
    day_id = ids.reserve_columns(store, ReconciliationDay, 1)
    matched_fen = int(
        sides.join(odd.select("key"), on="key", how="anti")["theirs_fen"].sum()
    )  # fmt: skip
    figures = {
        "ours": ours.height, "ours_fen": int(ours["ours_fen"].sum()), "theirs": theirs.height, "theirs_fen": total,
        "matched": even, "matched_fen": matched_fen,
    }  # fmt: skip
    _keep_day(store, of, day_id, figures, is_open=odd.height > 0)
    _keep_items(store, day_id, odd)
    if total:
        lines = pl.DataFrame(
            {
                "ledger_account": [BANK, clearing(of.channel)],
                "account_id": [None, None],
                "source": [day_id, day_id],
                "amount_fen": [total, -total],
            },
            schema={"ledger_account": pl.String, "account_id": pl.Int64, "source": pl.Int64, "amount_fen": pl.Int64},
        )
        key = f"reconciliation:{of.unit_id}:{of.channel}:{of.day}"
        posting.post(
            store, key=key, kind="CLEARING", unit=UnitId(of.unit_id), lines=lines, on=of.day, at=of.at, actor=of.actor
        )
    return day_id


def _ours(store: ColumnStore, of: Day) -> pl.DataFrame:
    """What we took on the day by the channel: payments, and money that waits in suspense or was given back; below zero what
    went back. Money of a provider goes by the number of its order, whatever it was booked as, and counts as taken though it
    was refunded since."""
    inside = f"substr(u.path, 1, {len(of.unit_path)}) = ?"
    sql = (
        f"SELECT {_BY_ORDER.format(own='p.key')} AS key, p.amount_fen AS ours_fen, a.account_number AS account_number "
        "FROM payments_payment p LEFT JOIN payments_channelreceipt r ON r.key = p.key "
        "JOIN customers_customeraccount a ON a.id = p.account_id JOIN organization_unit u ON u.id = a.unit_id "
        f"WHERE p.received_on = ? AND p.debited = ? AND (p.state = 'RECEIVED' OR {_REFUNDED}) AND {inside} "
        f"AND substr(p.key, 1, {len(FOUND_LATER)}) <> ? "
        f"UNION ALL SELECT {_BY_ORDER.format(own='i.key')}, i.amount_fen, i.account_number FROM payments_suspenseitem i "
        "LEFT JOIN payments_channelreceipt r ON r.key = i.key JOIN organization_unit u ON u.id = i.unit_id "
        f"WHERE i.received_on = ? AND i.channel = ? AND i.state <> 'MATCHED' AND {inside} "
        f"AND substr(i.key, 1, {len(FOUND_LATER)}) <> ?"
    )
    params = (of.day, clearing(of.channel), of.unit_path, FOUND_LATER, of.day, of.channel, of.unit_path, FOUND_LATER)
    back = [(key, -fen, account) for key, fen, account in of.refunds]
    taken = pl.concat([pl.DataFrame(store.read(sql, params, schema=_OURS)), pl.DataFrame(back, _OURS_PL, orient="row")])
    return taken.group_by("key").agg(pl.col("ours_fen").sum(), pl.col("account_number").max()).sort("key")


def _theirs(store: ColumnStore, file_id: int) -> pl.DataFrame:
    """What the channel says, a sum for each payment: one that it took twice is twice the money."""
    sql = (
        "SELECT payment_key AS key, CAST(SUM(amount_fen) AS BIGINT) AS theirs_fen, MAX(account_number) AS their_number "
        "FROM payments_bankfilerow WHERE file_id = ? AND verdict = 'TOLD' GROUP BY payment_key"
    )
    return pl.DataFrame(store.read(sql, (file_id,), schema=_THEIRS))


def _arrived(store: ColumnStore, of: Day, sides: pl.DataFrame) -> pl.DataFrame:
    """Keys that are only theirs today, and that an earlier day misses by just this much: settled there. Returns them."""
    sql = (
        "SELECT i.key AS key, i.id AS item_id, i.ours_fen - i.theirs_fen AS missing_fen FROM payments_reconciliationitem i "
        "JOIN payments_reconciliationday d ON d.id = i.day_id "
        "WHERE i.state = 'OPEN' AND (i.kind = 'SHORT' OR i.ours_fen < 0) AND d.unit_id = ? AND d.channel = ?"
    )
    earlier = pl.DataFrame(store.read(sql, (of.unit_id, of.channel), schema=_EARLIER))
    found = sides.filter(pl.col("ours_fen") == 0).join(earlier, on="key", how="inner")
    found = found.filter(pl.col("theirs_fen") == pl.col("missing_fen"))
    decided = {"decided_by": of.actor.code, "reason": str(of.day)}
    move_many(
        store, ReconciliationItem, RECONCILIATION_ITEM, "arrive", found["item_id"].to_list(), actor=of.actor, at=of.at,
        also=decided,
    )  # fmt: skip
    close_days(store, actor=of.actor, at=of.at)
    return found.select("key")


def close_days(store: ColumnStore, *, actor: Actor, at: datetime) -> None:
    """Close the days whose last difference has been decided."""
    sql = (
        "SELECT d.id FROM payments_reconciliationday d WHERE d.state = 'OPEN' AND NOT EXISTS "
        "(SELECT 1 FROM payments_reconciliationitem i WHERE i.day_id = d.id AND i.state = 'OPEN')"
    )
    over = store.read(sql).column(0).to_pylist()
    move_many(store, ReconciliationDay, RECONCILIATION_DAY, "close", over, actor=actor, at=at)


def _keep_day(store: ColumnStore, of: Day, day_id: int, figures: dict[str, int], *, is_open: bool) -> None:
    row = {
        "id": day_id, "unit_id": of.unit_id, "channel": of.channel, "day": of.day, "file_id": of.file_id, **figures,
        "state": "OPEN" if is_open else "CLOSED", "made_by": of.actor.code,
    }  # fmt: skip
    table = pa.table({name: [value] for name, value in row.items()} | {"made_at": moments(of.at, 1)})
    store.append(ReconciliationDay, table)


def _keep_items(store: ColumnStore, day_id: int, odd: pl.DataFrame) -> None:
    if odd.is_empty():
        return
    first = ids.reserve_columns(store, ReconciliationItem, odd.height)
    items = odd.select(
        id=pl.int_range(first, first + odd.height, dtype=pl.Int64),
        day_id=pl.lit(day_id, pl.Int64),
        kind=pl.when(pl.col("theirs_fen") > pl.col("ours_fen")).then(pl.lit("LONG")).otherwise(pl.lit("SHORT")),
        key="key",
        account_number=pl.coalesce("account_number", "their_number").fill_null(""),
        ours_fen="ours_fen",
        theirs_fen="theirs_fen",
        state=pl.lit("OPEN"),
        reason=pl.lit(""),
        decided_by=pl.lit(""),
    )
    store.append(ReconciliationItem, items.to_arrow())
