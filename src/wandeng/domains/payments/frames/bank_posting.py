"""Rows of a bank file into the books, a chunk at a time: each chunk with its payments, its suspense, its verdicts and its
progress is one transaction, so a killed worker leaves whole chunks and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import polars as pl
import pyarrow as pa

from wandeng.domains.ledger.types import SUSPENSE, clearing
from wandeng.domains.payments.frames import batches, posting
from wandeng.domains.payments.frames.batches import Then
from wandeng.domains.payments.models import SuspenseItem
from wandeng.infra import ids
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective.library import RuleLibrary
from wandeng.kernel.actors import Actor
from wandeng.kernel.ids import UnitId

CHUNK = 2_000
_WAITING = pa.schema(
    [
        ("id", pa.int64()), ("line", pa.int64()), ("account_number", pa.string()), ("account_id", pa.int64()),
        ("payer", pa.string()), ("tail", pa.string()), ("amount_fen", pa.int64()), ("day", pa.date32()),
        ("pay_mode", pa.string()), ("verdict", pa.string()), ("reason", pa.string()), ("payment_key", pa.string()),
    ]
)  # fmt: skip
_SOUGHT = "', '".join(("READY", "TO_SUSPENSE"))


@dataclass(frozen=True, slots=True)
class Booking:
    """How the money of a file is booked. ``then`` is called inside each transaction with the accounts that paid."""

    file_id: int
    unit_id: int
    unit_path: str
    channel: str
    tender: str
    pay_mode: str
    day: date
    actor: Actor
    at: datetime
    library: RuleLibrary
    then: Then | None = None


def post_chunk(store: ColumnStore, booking: Booking, after: int) -> tuple[int, int]:
    """Book the next rows that wait behind line ``after``, in a transaction of its own; returns how many, and the last
    line. None waits any more when there are 0."""
    with store.transaction():
        rows = _waiting(store, booking.file_id, after)
        if rows.is_empty():
            return 0, after
        ready = rows.filter(pl.col("verdict") == "READY")
        taken = _take(store, ready, booking)
        fresh = rows.filter(pl.col("verdict") == "TO_SUSPENSE").select("id", "reason")
        refused = taken.filter(pl.col("verdict") == "refused").select("id", "reason")
        nobodys = rows.drop("reason").join(pl.concat([fresh, refused]), on="id", how="inner", maintain_order="left")
        _suspend(store, nobodys, booking)
        done = pl.concat(
            [
                taken.filter(pl.col("verdict") == "posted").select("id", verdict=pl.lit("POSTED"), reason=pl.lit("")),
                taken.filter(pl.col("verdict") == "repeat").select(
                    "id", verdict=pl.lit("REPEAT"), reason=pl.lit("POSTED_BEFORE")
                ),
                nobodys.select("id", verdict=pl.lit("SUSPENSE"), reason="reason"),
            ]
        )
        _mark(store, done)
        store.execute(
            "UPDATE payments_bankfile SET rows_done = rows_done + ? WHERE id = ?", (rows.height, booking.file_id)
        )
        return rows.height, int(rows["line"][-1])


def close_requests(store: ColumnStore, file_id: int, request: int) -> int:
    """Write the fate of what we asked into the rows of the request, from the result that answers it: PAID, FAILED with the
    bank's code. Returns how many rows of the request nobody has answered yet."""
    for verdicts, fate in (("'POSTED', 'REPEAT'", "PAID"), ("'FAILED'", "FAILED")):
        store.execute(
            "UPDATE payments_bankfilerow SET verdict = ?, result = told.result FROM (SELECT serial, result "
            f"FROM payments_bankfilerow WHERE file_id = ? AND verdict IN ({verdicts})) AS told "
            "WHERE payments_bankfilerow.file_id = ? AND payments_bankfilerow.verdict = 'ASKED' "
            "AND payments_bankfilerow.serial = told.serial",
            (fate, file_id, request),
        )
    left = "SELECT COUNT(*) FROM payments_bankfilerow WHERE file_id = ? AND verdict = 'ASKED'"
    return int(store.scalar(left, (request,)))


def _waiting(store: ColumnStore, file_id: int, after: int) -> pl.DataFrame:
    columns = ", ".join(_WAITING.names)
    sql = (
        f"SELECT {columns} FROM payments_bankfilerow WHERE file_id = ? AND line > ? AND verdict IN ('{_SOUGHT}') "
        f"ORDER BY line LIMIT {CHUNK}"
    )
    return pl.DataFrame(store.read(sql, (file_id, after), schema=_WAITING))


def _take(store: ColumnStore, ready: pl.DataFrame, booking: Booking) -> pl.DataFrame:
    """``id``, ``verdict`` (posted, repeat, refused), ``reason`` of rows for known accounts."""
    if ready.is_empty():
        return pl.DataFrame(schema={"id": pl.Int64, "verdict": pl.String, "reason": pl.String})
    asked = ready.select(
        key="payment_key",
        account_id="account_id",
        amount_fen="amount_fen",
        tender=pl.lit(booking.tender),
        channel=pl.lit(booking.channel),
        received_on=pl.col("day").fill_null(booking.day),
    )
    ran = batches.take_many(
        store, asked, batch=f"bank-file:{booking.file_id}", unit_path=booking.unit_path, at=booking.at,
        actor=booking.actor, library=booking.library, then=booking.then,
    )  # fmt: skip
    verdicts = ready.select("id", key="payment_key").join(ran.verdicts, on="key", how="left", maintain_order="left")
    return verdicts.select("id", "verdict", pl.col("reason").fill_null(""))


def _suspend(store: ColumnStore, rows: pl.DataFrame, booking: Booking) -> None:
    """Items of suspense for these rows, and one entry for all of them."""
    if rows.is_empty():
        return
    first = ids.reserve_columns(store, SuspenseItem, rows.height)
    items = rows.select(
        id=pl.int_range(first, first + rows.height, dtype=pl.Int64),
        key="payment_key",
        unit_id=pl.lit(booking.unit_id, pl.Int64),
        channel=pl.lit(booking.channel),
        pay_mode=pl.when(pl.col("pay_mode") != "").then("pay_mode").otherwise(pl.lit(booking.pay_mode)),
        received_on=pl.col("day").fill_null(booking.day),
        amount_fen="amount_fen",
        account_number="account_number",
        payer="payer",
        tail="tail",
        reason="reason",
        row_id="id",
        state=pl.lit("OPEN"),
        note=pl.lit(""),
        document=pl.lit(""),
        asked_by=pl.lit(""),
        needs_second=pl.lit(False),
        decided_by=pl.lit(""),
    )
    store.append(SuspenseItem, items.to_arrow())
    lines = pl.concat(
        [
            items.select(ledger_account=pl.lit(clearing(booking.channel)), source="id", amount_fen="amount_fen"),
            items.select(ledger_account=pl.lit(SUSPENSE), source="id", amount_fen=-pl.col("amount_fen")),
        ]
    ).with_columns(account_id=pl.lit(None, pl.Int64))
    posting.post(
        store, key=f"bank-file:{booking.file_id}:suspense:{first}", kind="SUSPENSE", unit=UnitId(booking.unit_id),
        lines=lines, on=booking.day, at=booking.at, actor=booking.actor,
    )  # fmt: skip


def _mark(store: ColumnStore, done: pl.DataFrame) -> None:
    with store.staged(done.to_arrow()) as staged:
        store.execute(
            f"UPDATE payments_bankfilerow SET verdict = s.verdict, reason = s.reason FROM {staged} s "
            "WHERE s.id = payments_bankfilerow.id"
        )
