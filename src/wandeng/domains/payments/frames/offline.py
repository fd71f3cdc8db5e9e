"""Receipts that a device printed without a network (流动收费车, 村级代收点): a day of a till is a session of its own, whose
control total must hold before anything of it is posted, and before it can be counted.
"""

from __future__ import annotations

from datetime import datetime

import polars as pl

from wandeng.domains.ledger import types as accounts
from wandeng.domains.payments import settling
from wandeng.domains.payments.actions.till_receipts import numbered
from wandeng.domains.payments.frames import batches, posting
from wandeng.domains.payments.frames.batches import Then
from wandeng.domains.payments.models import ReceiptSeries, TillReceipt, TillSession
from wandeng.domains.payments.types import TAKE, Tender
from wandeng.infra import ids
from wandeng.infra.columns import ColumnStore, moments
from wandeng.kernel.actors import Actor
from wandeng.kernel.ids import UnitId

TILLS = pl.Schema(
    {
        "till": pl.String, "till_id": pl.Int64, "till_kind": pl.String, "till_unit_id": pl.Int64,
        "till_unit": pl.String, "path": pl.String,
    }
)  # fmt: skip
DAYS = pl.Schema(
    {"till_id": pl.Int64, "business_on": pl.Date, "session_id": pl.Int64, "state": pl.String, "posted_fen": pl.Int64}
)
KNOWN = pl.Schema({"key": pl.String, "payment_id": pl.Int64, "state": pl.String})
SLIPS = pl.Schema(
    {
        "line": pl.Int64, "key": pl.String, "till_id": pl.Int64, "till": pl.String, "till_kind": pl.String,
        "till_unit_id": pl.Int64, "till_unit": pl.String, "business_on": pl.Date, "slip": pl.String,
        "cashier": pl.String, "account_id": pl.Int64, "account_path": pl.String, "amount_fen": pl.Int64,
        "tender": pl.String, "day_total_fen": pl.Int64,
    }
)  # fmt: skip
"""What :func:`take` takes; ``day_total_fen`` is what the device says it took on the day."""
TAKEN = pl.Schema({"line": pl.Int64, "verdict": pl.String, "reason": pl.String})
_CHANNELS = {"VEHICLE": "MOBILE", "VILLAGE": "AGENT", "COUNTER": "TILL"}


def key_of(till: pl.Expr, slip: pl.Expr) -> pl.Expr:
    """The key of a payment that a device took: one for ever."""
    return pl.concat_str(pl.lit("offline:"), till, pl.lit(":"), slip)


def tills(store: ColumnStore, codes: pl.DataFrame) -> pl.DataFrame:
    """The tills with these codes (column ``till``) that are in use: :data:`TILLS`."""
    with store.staged(codes.select("till").unique(maintain_order=True).to_arrow()) as staged:
        found = store.read(
            "SELECT t.code AS till, t.id AS till_id, t.kind AS till_kind, u.id AS till_unit_id, u.code AS till_unit, "
            f"u.path AS path FROM {staged} s JOIN payments_till t ON t.code = s.till "
            "JOIN organization_unit u ON u.id = t.unit_id WHERE t.is_active",
            schema=pl.DataFrame(schema=TILLS).to_arrow().schema,
        )
    return pl.DataFrame(found).cast(TILLS)


def days(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """The offline sessions there are of ``till_id`` and ``business_on``: :data:`DAYS`. ``posted_fen``: what stands."""
    with store.staged(rows.select("till_id", "business_on").unique(maintain_order=True).to_arrow()) as staged:
        found = store.read(
            "SELECT e.till_id, e.business_on, e.id AS session_id, e.state, CAST(COALESCE(SUM(p.amount_fen), 0) AS BIGINT) "
            f"AS posted_fen FROM {staged} s JOIN payments_tillsession e ON e.till_id = s.till_id "
            "AND e.business_on = s.business_on AND e.is_offline "
            "LEFT JOIN payments_payment p ON p.till_session = e.id AND p.state = 'RECEIVED' "
            "GROUP BY e.till_id, e.business_on, e.id, e.state",
            schema=pl.DataFrame(schema=DAYS).to_arrow().schema,
        )
    return pl.DataFrame(found).cast(DAYS)


def known(store: ColumnStore, rows: pl.DataFrame) -> pl.DataFrame:
    """Which ``key``s are taken already: :data:`KNOWN`."""
    with store.staged(rows.select("key").unique(maintain_order=True).to_arrow()) as staged:
        found = store.read(
            f"SELECT p.key, p.id AS payment_id, p.state FROM {staged} s JOIN payments_payment p ON p.key = s.key",
            schema=pl.DataFrame(schema=KNOWN).to_arrow().schema,
        )
    return pl.DataFrame(found).cast(KNOWN)


def take(
    store: ColumnStore, slips: pl.DataFrame, *, at: datetime, actor: Actor, then: Then | None = None
) -> pl.DataFrame:
    """Post slips (:data:`SLIPS`) whose day's control total was found to hold, in the caller's transaction: payments,
    receipts, and the cash in the books of the till's unit. Answers :data:`TAKEN`: posted, repeat or refused."""
    if slips.is_empty():
        return pl.DataFrame(schema=TAKEN)
    with store.transaction():
        seated = _seated(store, slips, at)
        judged = [
            _taken(store, some, path=str(path), at=at, actor=actor, then=then)
            for (path,), some in seated.group_by("account_path", maintain_order=True)
        ]
        verdicts = pl.concat(judged)
        new = seated.join(verdicts.filter(pl.col("verdict") == "posted"), on="key", maintain_order="left")
        if new.height:
            _note_totals(store, new)
            _receipts(store, new, at)
            _hand_over(store, new, at=at, actor=actor)
    return seated.join(verdicts, on="key", maintain_order="left").select(TAKEN.names())


def _seated(store: ColumnStore, slips: pl.DataFrame, at: datetime) -> pl.DataFrame:
    """The slips with their sessions; a day seen for the first time gets one."""
    groups = slips.group_by("till_id", "business_on", maintain_order=True).first()
    there = days(store, groups).select("till_id", "business_on", "session_id")
    seats = groups.join(there, on=["till_id", "business_on"], how="left", maintain_order="left")
    fresh = seats.filter(pl.col("session_id").is_null())
    if fresh.height:
        first = ids.reserve_columns(store, TillSession, fresh.height)
        fresh = fresh.with_columns(session_id=pl.int_range(first, first + fresh.height, dtype=pl.Int64))
        rows = fresh.select(
            "till_id", "cashier", "business_on", id="session_id",
            number=pl.concat_str("till", pl.lit("-"), pl.col("business_on").dt.strftime("%Y%m%d"), pl.lit("-OFF")),
            is_offline=pl.lit(True), state=pl.lit("OPEN"), float_fen=pl.lit(0, pl.Int64), control_fen="day_total_fen",
            expected_fen=pl.lit(0, pl.Int64), counted_fen=pl.lit(0, pl.Int64), deposit_fen=pl.lit(0, pl.Int64),
            deposit_number=pl.lit(""), counted_by=pl.lit(""), difference_reason=pl.lit(""), confirmed_by=pl.lit(""),
        ).to_arrow()  # fmt: skip
        store.append(TillSession, rows.append_column("opened_at", moments(at, rows.num_rows)))
    every = pl.concat([seats.drop_nulls("session_id"), fresh]).select("till_id", "business_on", "session_id")
    return slips.join(every, on=["till_id", "business_on"], maintain_order="left")


def _note_totals(store: ColumnStore, new: pl.DataFrame) -> None:
    """What the device says of a day when something new of it comes in; an older file brought again says nothing."""
    for session, total in (
        new.group_by("session_id", maintain_order=True).agg(pl.col("day_total_fen").first()).iter_rows()
    ):
        store.execute("UPDATE payments_tillsession SET control_fen = ? WHERE id = ?", (total, session))


def _taken(
    store: ColumnStore, some: pl.DataFrame, *, path: str, at: datetime, actor: Actor, then: Then | None
) -> pl.DataFrame:
    """Payments of the accounts of one unit, in its books: ``key``, ``verdict``, ``reason``, ``payment_id``."""
    rows = some.select(
        "key", "account_id", "amount_fen", "tender", pl.col("till_kind").replace_strict(_CHANNELS).alias("channel"),
        received_on="business_on",
    ).select(TAKE.names())  # fmt: skip
    return batches.take_many(store, rows, batch="offline", unit_path=path, at=at, actor=actor, then=then).verdicts


def _receipts(store: ColumnStore, new: pl.DataFrame, at: datetime) -> None:
    """Tie the payments to their sessions and number their receipts by unit and year, in the order of the file."""
    for payment, session, unit, tender in new.select("payment_id", "session_id", "till_unit", "tender").iter_rows():
        debited = (accounts.cash(unit),) if tender == Tender.CASH else ()
        sets = "till_session = ?" + (", debited = ?" if debited else "")
        store.execute(f"UPDATE payments_payment SET {sets} WHERE id = ?", (session, *debited, payment))
    first = ids.reserve_columns(store, TillReceipt, new.height)
    parts = []
    for (unit_id, unit, year), some in new.with_columns(year=pl.col("business_on").dt.year()).group_by(
        "till_unit_id", "till_unit", "year", maintain_order=True
    ):
        start = _draw(store, int(unit_id), int(year), some.height)
        sequences = pl.Series("sequence", range(start, start + some.height), dtype=pl.Int32)
        numbers = pl.Series("number", [numbered(str(unit), int(year), one) for one in sequences])
        parts.append(some.with_columns(sequences, numbers))
    rows = pl.concat(parts).with_row_index("place").select(
        "number", "sequence", "session_id", "payment_id", "slip", (pl.col("place").cast(pl.Int64) + first).alias("id"),
        pl.col("year").cast(pl.Int16), unit_id="till_unit_id", tendered_fen="amount_fen",
        change_fen=pl.lit(0, pl.Int64), owed_after_fen=pl.lit(0, pl.Int64),
    ).to_arrow()  # fmt: skip
    store.append(TillReceipt, rows.append_column("issued_at", moments(at, rows.num_rows)))


def _draw(store: ColumnStore, unit_id: int, year: int, count: int) -> int:
    """The first of ``count`` numbers of a unit's year."""
    table = ReceiptSeries._meta.db_table
    store.execute(
        f"INSERT INTO {table} (unit_id, year, last) VALUES (?, ?, 0) ON CONFLICT (unit_id, year) DO NOTHING",
        (unit_id, year),
    )
    store.execute(f"UPDATE {table} SET last = last + ? WHERE unit_id = ? AND year = ?", (count, unit_id, year))
    return int(store.scalar(f"SELECT last FROM {table} WHERE unit_id = ? AND year = ?", (unit_id, year))) - count + 1


def _hand_over(store: ColumnStore, new: pl.DataFrame, *, at: datetime, actor: Actor) -> None:
    """Batches debit the cash of the accounts' units; it lies in the till, so each session takes it over."""
    cash = new.filter(pl.col("tender") == Tender.CASH)
    if cash.is_empty():
        return
    codes = dict(pl.DataFrame(store.read("SELECT path, code FROM organization_unit")).iter_rows())
    for (session, unit_id, unit, day), some in cash.group_by(
        "session_id", "till_unit_id", "till_unit", "business_on", maintain_order=True
    ):
        by_path = some.group_by("account_path", maintain_order=True).agg(pl.col("amount_fen").sum())
        names = [accounts.cash(str(unit))] + [accounts.cash(codes[path]) for path in by_path["account_path"]]
        amounts = [int(some["amount_fen"].sum()), *(-fen for fen in by_path["amount_fen"])]
        sources = [int(session), *([None] * by_path.height)]
        lines = pl.DataFrame(
            {"ledger_account": names, "account_id": None, "source": sources, "amount_fen": amounts},
            schema=settling.LINES,
        )
        posting.post(
            store, key=f"offline:{session}:{int(some['payment_id'][0])}", kind="TILL_OFFLINE",
            unit=UnitId(int(unit_id)), lines=lines, on=day, at=at, actor=actor,
        )  # fmt: skip
