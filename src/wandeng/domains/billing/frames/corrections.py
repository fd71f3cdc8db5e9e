"""Bills that correct bills: a cancellation, what takes its place, or an adjustment, stored as columns in one transaction."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from django.db import models

from wandeng.calc.rating.frames import HEADS, LINES, POINTS, READS, TERMS, Book, Shard
from wandeng.domains.billing import adjusting, frozen
from wandeng.domains.billing.frames import assembly, pricing, shards, stored
from wandeng.domains.billing.models import Bill, BillCharge, BillLine, BillPoint
from wandeng.domains.billing.types import BILLS, LINE_NUMBERS, BillKind, CorrectionJob, PaymentTerms, ShardJob
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.errors import Refused

Row = dict[str, Any]


class RebillBlocked(Refused):
    """The corrected inputs cannot be priced; the findings say what is still wrong."""

    code = "REBILL_BLOCKED"


@dataclass(frozen=True, slots=True)
class _Made:
    """A bill about to be stored: its head, its lines as LINES, its energy by point, its revenue by ledger account."""

    head: Row
    lines: pa.Table
    points: pa.Table
    revenue: dict[str, int]


def freeze(store: ColumnStore, job: ShardJob, correction: CorrectionJob, book: Book) -> bool:
    """Freeze what a correction is priced from: the account's inputs as they stand now; nothing where none is needed."""
    inputs = Shard(POINTS.empty_table(), TERMS.empty_table(), READS.empty_table())
    if correction.action == "REBILL":
        inputs = assembly.assemble(store, job, book)
    return shards.mark_frozen(
        store,
        job,
        accounts=1,
        bill_ids=2 if correction.action == "REBILL" and correction.cancels else 1,
        input_hash=frozen.write_shard(job.run_id, job.number, inputs),
    )


def make(
    store: ColumnStore, job: ShardJob, correction: CorrectionJob, book: Book, original_book: Book, terms: PaymentTerms
) -> bool:
    """Write the correcting bills of a frozen shard and mark it priced; false when that was done before.

    Raises :class:`RebillBlocked`.
    """
    made: list[_Made] = []
    original = _original(store, correction.original_id)
    if correction.cancels:
        made.append(_cancellation(store, job, correction, original, original_book))
    if correction.action == "REBILL":
        made.append(_rebill(job, correction, book, terms, job.first_bill_id + len(made)))
    elif correction.action == "ADJUST":
        made.append(_adjustment(store, job, correction, original, original_book, terms))
    with store.transaction():
        pricing.hold_run(store, job.run_id, "OPEN")
        if not pricing.claim(store, job, _priced(made)):
            return False
        pricing.append_all(store, _rows(job, made))
    return True


def _rows(job: ShardJob, made: Sequence[_Made]) -> dict[type[models.Model], pa.Table]:
    """The rows of the correcting bills, their charges numbered together."""
    counts = pa.table({"line_count": pa.array([one.lines.num_rows for one in made], pa.int16())})
    bill_ids = pa.chunked_array([pa.array([one.head["id"] for one in made], pa.int64())])
    charges, lines = pricing.lines_of(job, bill_ids, counts, _lines(made))
    points = [one.points for one in made if one.points.num_rows]
    return {
        Bill: pa.Table.from_pylist([one.head for one in made], schema=BILLS),
        BillCharge: charges,
        BillLine: lines,
        BillPoint: pa.concat_tables(points, promote_options="permissive") if points else pa.table({}),
    }


def _lines(made: Sequence[_Made]) -> pa.Table:
    return pa.concat_tables([one.lines.select(LINES.names).cast(LINES) for one in made]).combine_chunks()


def is_annual(store: ColumnStore, job: ShardJob, book: Book) -> bool:
    """Whether the account of a job is priced by annual tiers, so that one month's energy moves the next one's tiers."""
    used = set(assembly.assemble(store, job, book).terms.column("structure_id").to_pylist())
    cycles = zip(
        book.prices.column("structure_id").to_pylist(), book.prices.column("tier_cycle").to_pylist(), strict=True
    )
    return any(structure in used and cycle == assembly.ANNUAL_CYCLE for structure, cycle in cycles)


def _original(store: ColumnStore, bill_id: int) -> Row:
    columns = ", ".join(BILLS.names)
    found = store.read(f"SELECT {columns} FROM billing_bill WHERE id = ?", (bill_id,), schema=BILLS)
    return dict(found.to_pylist()[0])


def _cancellation(
    store: ColumnStore, job: ShardJob, correction: CorrectionJob, original: Row, original_book: Book
) -> _Made:
    """The original with every sign turned; items and versions stay those of the original's book."""
    lines = stored.lines(store, first=original["id"], end=original["id"] + 1).select(LINES.names)
    for name in ("quantity", "amount_fen"):
        lines = lines.set_column(lines.schema.get_field_index(name), name, pc.negate(lines.column(name)))
    head = original | {
        "id": job.first_bill_id,
        "shard_id": job.shard_id,
        "revision": correction.next_revision,
        "kind": BillKind.CANCELLATION.value,
        "corrects_id": original["id"],
        "energy_ckwh": -original["energy_ckwh"],
        "amount_fen": -original["amount_fen"],
    }
    points = store.read(
        "SELECT account_id, month_index, usage_point_id, -energy_ckwh AS energy_ckwh FROM billing_billpoint "
        "WHERE id >= ? AND id < ? ORDER BY id",
        (original["id"] * LINE_NUMBERS, (original["id"] + 1) * LINE_NUMBERS),
    )
    return _Made(head, lines, _numbered(points, head["id"]), pricing.revenue_of(original_book, lines))


def _rebill(job: ShardJob, correction: CorrectionJob, book: Book, terms: PaymentTerms, bill_id: int) -> _Made:
    """The account's month priced anew from corrected inputs, by the rules of its own time."""
    inputs = frozen.read_shard(job.run_id, job.number, input_hash=job.input_hash)
    priced = pricing.price(inputs, book)
    if priced.findings.num_rows or not priced.heads.num_rows:
        codes = sorted(set(priced.findings.column("code").to_pylist())) or ["NO_POINTS"]
        raise RebillBlocked(
            f"{job.month} cannot be billed again: {', '.join(codes)}", codes=codes, month=str(job.month)
        )
    head = priced.heads.to_pylist()[0]
    row = {
        "id": bill_id,
        "shard_id": job.shard_id,
        "account_id": head["account_id"],
        "month_index": job.month.index,
        "revision": correction.next_revision + int(correction.cancels),
        "kind": BillKind.REBILL.value,
        "corrects_id": correction.original_id,
        "period_from": head["period_from"],
        "period_to": head["period_to"],
        "energy_ckwh": head["energy_ckwh"],
        "amount_fen": head["amount_fen"],
        "due_on": _due(head["period_to"], correction, terms),
    }
    bills = pa.Table.from_pylist([row], schema=BILLS)
    return _Made(row, priced.lines, pricing.points_of(bills, priced.points), priced.totals.revenue)


def _adjustment(
    store: ColumnStore,
    job: ShardJob,
    correction: CorrectionJob,
    original: Row,
    original_book: Book,
    terms: PaymentTerms,
) -> _Made:
    """Energy or money to add or refund, in the proportions and at the prices of the month it belongs to."""
    lines = stored.lines(store, first=original["id"], end=original["id"] + 1).to_pylist()
    if correction.energy_ckwh is not None:
        rows = adjusting.by_energy(lines, original["energy_ckwh"], correction.energy_ckwh, original_book)
    else:
        rows = adjusting.by_amount(lines, correction.amount_fen or 0)
    table = pa.Table.from_pylist([{name: row[name] for name in LINES.names} for row in rows], schema=LINES)
    head = original | {
        "id": job.first_bill_id,
        "shard_id": job.shard_id,
        "revision": correction.next_revision,
        "kind": BillKind.ADJUSTMENT.value,
        "corrects_id": original["id"],
        "energy_ckwh": correction.energy_ckwh or 0,
        "amount_fen": sum(row["amount_fen"] for row in rows),
        "due_on": _due(original["period_to"], correction, terms),
    }
    return _Made(head, table, pa.table({}), pricing.revenue_of(original_book, table))


def _due(period_to: date, correction: CorrectionJob, terms: PaymentTerms) -> date:
    """A correction is due as long after it is made as a bill is after its period: nobody is late before he could know."""
    return max(period_to, correction.made_on) + timedelta(days=terms.due_days)


def _numbered(points: pa.Table, bill_id: int) -> pa.Table:
    if not points.num_rows:
        return points
    ids = pa.array([bill_id * LINE_NUMBERS + place for place in range(points.num_rows)], pa.int64())
    bills = pa.repeat(pa.scalar(bill_id, pa.int64()), points.num_rows)
    return points.append_column("id", ids).append_column("bill_id", bills)


def _priced(made: Sequence[_Made]) -> pricing.Outcome:
    """What the shard's row says of its correcting bills; the hash is over their stored rows."""
    heads = pa.Table.from_pylist(
        [{**one.head, "line_count": one.lines.num_rows} for one in made], schema=HEADS
    )  # fmt: skip
    lines = _lines(made)
    amounts = [one.head["amount_fen"] for one in made]
    return pricing.Outcome(
        lines_hash=frozen.rows_hash(heads, lines),
        bills=len(made),
        lines=lines.num_rows,
        energy_ckwh=sum(one.head["energy_ckwh"] for one in made),
        amount_fen=sum(amounts),
        largest_fen=max(map(abs, amounts)),
        most_lines=max(one.lines.num_rows for one in made),
        revenue=json.dumps({str(one.head["id"]): _plain(one.revenue) for one in made}, sort_keys=True),
    )


def _plain(revenue: Mapping[str, int]) -> dict[str, int]:
    return dict(revenue)
