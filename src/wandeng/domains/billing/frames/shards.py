"""The three steps of a shard, each in one transaction that also moves its stage: freeze, price, post.

Any worker may try any step of any shard at any time: the stage is changed by an update that names the stage it expects,
inside the transaction that does the work, so a step happens once or not at all.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from wandeng.calc.rating.frames import Book
from wandeng.domains.billing import frozen
from wandeng.domains.billing.frames import assembly, pricing, stored, sums
from wandeng.domains.billing.models import Bill
from wandeng.domains.billing.types import BillKind, PaymentTerms, ShardJob, Stage, Totals
from wandeng.domains.ledger import frames as ledger
from wandeng.domains.ledger.types import LINES as LEDGER_LINES
from wandeng.domains.ledger.types import RECEIVABLE
from wandeng.infra import ids
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.actors import Actor
from wandeng.kernel.ids import EntryId, UnitId
from wandeng.kernel.periods import Month

LEDGER_ACCOUNTS = 512
"""Most ledger accounts a shard earns on: more than there are items on any bill."""

_JOBS = pa.schema(
    [
        ("shard_id", pa.int64()),
        ("number", pa.int32()),
        ("takes", pa.string()),
        ("month_index", pa.int32()),
        ("account_from", pa.int64()),
        ("account_to", pa.int64()),
        ("first_bill_id", pa.int64()),
        ("bill_ids", pa.int32()),
        ("input_hash", pa.string()),
        ("lines_hash", pa.string()),
        ("ends_on", pa.date32()),
    ]
)


_POSTED = pa.schema(
    [
        ("account_id", pa.int64()),
        ("source", pa.int64()),
        ("amount_fen", pa.int64()),
        ("kind", pa.string()),
        ("corrects_id", pa.int64()),
    ]
)


def jobs(store: ColumnStore, *, run_id: int, unit_path: str, stages: tuple[Stage, ...]) -> list[ShardJob]:
    """Shards of a run that stand at one of the stages, in order."""
    marks = ", ".join("?" for _ in stages)
    rows = store.read(
        "SELECT id AS shard_id, number, takes, month_index, account_from, account_to, first_bill_id, bill_ids, input_hash, "
        "lines_hash, ends_on "
        f"FROM billing_billshard WHERE run_id = ? AND stage IN ({marks}) ORDER BY number",
        (run_id, *(stage.value for stage in stages)),
        schema=_JOBS,
    )
    found = []
    for row in rows.to_pylist():
        month = Month.from_index(row.pop("month_index"))
        found.append(ShardJob(run_id=run_id, unit_path=unit_path, month=month, **row))
    return found


def freeze(store: ColumnStore, job: ShardJob, book: Book) -> bool:
    """Write down a planned shard's inputs; false when it was frozen before."""
    inputs = assembly.assemble(store, job, book)
    input_hash = frozen.write_shard(job.run_id, job.number, inputs)
    accounts = pc.count_distinct(inputs.points.column("account_id")).as_py()
    return mark_frozen(store, job, accounts=accounts, bill_ids=accounts, input_hash=input_hash)


def mark_frozen(store: ColumnStore, job: ShardJob, *, accounts: int, bill_ids: int, input_hash: str) -> bool:
    """Make frozen files count: their hash, their number of accounts, and the reserved ids of their bills."""
    with store.transaction():
        pricing.hold_run(store, job.run_id, "OPEN")
        first = ids.reserve_columns(store, Bill, bill_ids)
        claimed = store.scalar(
            "UPDATE billing_billshard SET stage = ?, input_hash = ?, accounts = ?, first_bill_id = ?, bill_ids = ? "
            "WHERE id = ? AND stage = ? RETURNING id",
            (Stage.FROZEN.value, input_hash, accounts, first, bill_ids, job.shard_id, Stage.PLANNED.value),
        )
    return claimed is not None


def price(store: ColumnStore, job: ShardJob, book: Book, terms: PaymentTerms) -> bool:
    """Price a frozen shard and store what comes of it; false when somebody else had done so."""
    inputs = frozen.read_shard(job.run_id, job.number, input_hash=job.input_hash)
    return pricing.store_bills(store, job, pricing.price(inputs, book), terms)


def try_out(store: ColumnStore, job: ShardJob, book: Book) -> Totals:
    """Price the live data of a shard into nothing, for a dry run."""
    return pricing.price(assembly.assemble(store, job, book), book).totals


def post(store: ColumnStore, job: ShardJob, *, unit: UnitId, month: str, at: datetime, actor: Actor) -> bool:
    """Post a priced shard's receivables against its revenue as one entry; false when it was posted before.

    The receivables come from the stored bills, the revenue from what pricing summed over the lines: the ledger refuses
    the entry when the two differ.
    """
    reserved = None
    if job.takes != "CORRECTION" and not store.is_sqlite:  # where one writes at a time there is nobody to wait for
        reserved = ledger.reserve(store, lines=job.bill_ids + LEDGER_ACCOUNTS)
    # Read before others are kept waiting: bills change no more while their shard is PRICED and the run APPROVED, which the
    # transaction makes sure of.
    bills = _posted_bills(store, job)
    sold = sums.read(
        store, shard_id=job.shard_id, month_index=job.month.index, first=job.first_bill_id,
        end=job.first_bill_id + job.bill_ids,
    )  # fmt: skip
    with store.transaction():
        pricing.hold_run(store, job.run_id, "APPROVED")
        revenue = store.scalar(
            "UPDATE billing_billshard SET stage = ? WHERE id = ? AND stage = ? AND first_bill_id = ? AND bill_ids = ? "
            "RETURNING revenue",
            (Stage.POSTED.value, job.shard_id, Stage.PRICED.value, job.first_bill_id, job.bill_ids),
        )
        if revenue is None:
            return False
        sums.write(store, sold)
        books = Books(unit, month, at, actor)
        earned = json.loads(revenue)
        if job.takes == "CORRECTION":
            _post_each(store, bills, earned, books)
        else:
            _post(store, f"bill-shard:{job.shard_id}", "BILLS", entry_lines(bills, earned), books, reserved=reserved)
    return True


def _posted_bills(store: ColumnStore, job: ShardJob) -> pa.Table:
    """A shard's bills as its entry wants them, in order."""
    return store.read(
        "SELECT account_id, id AS source, amount_fen, kind, corrects_id FROM billing_bill "
        "WHERE id >= ? AND id < ? ORDER BY id",
        (job.first_bill_id, job.first_bill_id + job.bill_ids),
        schema=_POSTED,
    )


@dataclass(frozen=True, slots=True)
class Books:
    """Into whose books an entry goes, when, and by whom."""

    unit: UnitId
    month: str
    at: datetime
    actor: Actor


def _post(
    store: ColumnStore, biz_key: str, kind: str, lines: pa.Table, books: Books, *, reverses: EntryId | None = None,
    reserved: ledger.ReservedIds | None = None,
) -> None:  # fmt: skip
    """One entry; none when every amount is zero."""
    if lines.num_rows:
        ledger.post(
            store, biz_key=biz_key, kind=kind, unit=books.unit, month=books.month, lines=lines, at=books.at,
            actor=books.actor, reverses=reverses, reserved=reserved,
        )  # fmt: skip


def _post_each(store: ColumnStore, bills: pa.Table, revenue: dict[str, dict[str, int]], books: Books) -> None:
    """An entry a bill. A cancellation reverses the entry of the bill it cancels where that bill has one of its own; an
    ordinary bill stands in its shard's entry, and is found by the cancellation's reference."""
    for place, bill in enumerate(bills.to_pylist()):
        reverses = None
        if bill["kind"] == BillKind.CANCELLATION:
            own = f"bill:{bill['corrects_id']}"
            reverses = store.scalar("SELECT id FROM ledger_entry WHERE biz_key = ?", (own,))
        lines = entry_lines(bills.slice(place, 1), revenue[str(bill["source"])])
        _post(store, f"bill:{bill['source']}", f"BILL_{bill['kind']}", lines, books, reverses=reverses)


def verify(store: ColumnStore, job: ShardJob, book: Book) -> list[str]:
    """Price a shard's frozen inputs again and compare: with the hash of the first time, and with the stored rows."""
    inputs = frozen.read_shard(job.run_id, job.number, input_hash=job.input_hash)
    again = pricing.price(inputs, book)
    named = f"shard {job.number} of bill run {job.run_id}"
    complaints = []
    if again.lines_hash != (stored.rebill_hash(store, job) if job.takes == "CORRECTION" else job.lines_hash):
        complaints.append(f"{named}: priced again it gives other lines")
    if stored.rows_hash(store, job) != job.lines_hash:
        complaints.append(f"{named}: the stored bills are not those that were priced")
    return complaints


def entry_lines(bills: pa.Table, revenue: dict[str, int]) -> pa.Table:
    """Ledger lines of bills (account_id, source, amount_fen): what customers owe against where it was earned.

    Amounts of zero are left out, as the ledger wants it.
    """
    owed = {
        "ledger_account": pa.repeat(pa.scalar(RECEIVABLE), bills.num_rows),
        **{name: bills.column(name).cast(pa.int64()) for name in ("account_id", "source", "amount_fen")},
    }
    earned = {
        "ledger_account": pa.array(list(revenue), pa.string()),
        "account_id": pa.nulls(len(revenue), pa.int64()),
        "source": pa.nulls(len(revenue), pa.int64()),
        "amount_fen": pa.array([-amount for amount in revenue.values()], pa.int64()),
    }
    both = pa.concat_tables([pa.table(owed, schema=LEDGER_LINES), pa.table(earned, schema=LEDGER_LINES)])
    return both.filter(pc.not_equal(both.column("amount_fen"), 0))
