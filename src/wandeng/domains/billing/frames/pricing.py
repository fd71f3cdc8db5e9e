"""Frozen inputs → bills, lines and exceptions of a shard, stored with its stage in one transaction."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc
from django.db import models

from wandeng.calc.rating import shard as rating
from wandeng.calc.rating.frames import Book, Item, Kind, Rated, Shard
from wandeng.domains.billing import frozen
from wandeng.domains.billing.models import Bill, BillCharge, BillException, BillLine, BillPoint
from wandeng.domains.billing.types import (
    BILLS,
    CHARGES_A_SHARD,
    LINE_NUMBERS,
    TOO_MANY_LINES,
    BillKind,
    PaymentTerms,
    ShardJob,
    Stage,
    Totals,
)
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.errors import Conflict

CHARGE_COLUMNS = {
    "item_id": "item",
    "kind": "kind",
    "measure": "measure",
    "tier": "tier",
    "seg_from": "seg_from",
    "seg_to": "seg_to",
    "days": "days",
    "price_e8": "price_e8",
    "version_id": "version",
}
"""Columns of LINES that are stored once a shard, in the table of charges, and their names there."""


@dataclass(frozen=True, slots=True)
class Priced:
    """A rated shard, told apart: ``heads`` and ``lines`` of the accounts that get bills, ``findings`` of the others."""

    heads: pa.Table
    lines: pa.Table
    findings: pa.Table
    points: pa.Table
    totals: Totals
    lines_hash: str


def price(shard: Shard, book: Book) -> Priced:
    """Rate a shard and park every account with a finding. Pure: equal inputs give equal bytes."""
    rated = rating.rate(shard, book)
    findings = _with_overlong(rated)
    parked = pc.unique(findings.column("account_id"))
    heads, lines, measured = (_without(table, parked) for table in (rated.heads, rated.lines, rated.measured))
    return Priced(
        heads=heads,
        lines=lines,
        findings=findings,
        points=_several_points(measured),
        totals=_totals(shard, book, rated, heads, lines, findings),
        lines_hash=frozen.rows_hash(heads, lines),
    )


def store_bills(store: ColumnStore, job: ShardJob, priced: Priced, terms: PaymentTerms) -> bool:
    """Write the bills of a frozen shard and mark it priced, in one transaction; false when somebody else had done so."""
    bills = bills_of(job, priced.heads, terms)
    charges, lines = lines_of(job, bills.column("id"), priced.heads, priced.lines)
    points = points_of(bills, priced.points)
    exceptions = _exceptions_of(job, priced.findings)
    with store.transaction():
        hold_run(store, job.run_id, "FROZEN")
        if not claim(store, job, _outcome(priced)):
            return False
        append_all(
            store, {Bill: bills, BillCharge: charges, BillLine: lines, BillPoint: points, BillException: exceptions}
        )
    return True


def append_all(store: ColumnStore, tables: Mapping[type[models.Model], pa.Table]) -> None:
    """Append to each table what there is for it."""
    for model, rows in tables.items():
        if rows.num_rows:
            store.append(model, rows)


def hold_run(store: ColumnStore, run_id: int, state: str) -> None:
    """Keep a run in its state until the caller's transaction ends: nobody discards or retakes it meanwhile.

    Raises :class:`Conflict` when it stands elsewhere.
    """
    lock = "" if store.is_sqlite else " FOR SHARE"
    if store.scalar(f"SELECT id FROM billing_billrun WHERE id = ? AND state = ?{lock}", (run_id, state)) is None:
        raise Conflict(f"bill run {run_id} is no longer {state}")


def bills_of(job: ShardJob, heads: pa.Table, terms: PaymentTerms) -> pa.Table:
    """Original bills as ``types.BILLS``; ids by place, from the block reserved when the shard was frozen."""
    count = heads.num_rows
    due_on = pc.add(heads.column("period_to").cast(pa.int32()), pa.scalar(terms.due_days, pa.int32()))
    columns = {
        "id": pa.array(np.arange(job.first_bill_id, job.first_bill_id + count), pa.int64()),
        "shard_id": pa.repeat(pa.scalar(job.shard_id, pa.int64()), count),
        "account_id": heads.column("account_id"),
        "month_index": pa.repeat(pa.scalar(job.month.index, pa.int32()), count),
        "revision": pa.repeat(pa.scalar(0, pa.int16()), count),
        "kind": pa.repeat(pa.scalar(BillKind.ORDINARY.value), count),
        "corrects_id": pa.nulls(count, pa.int64()),
        "period_from": heads.column("period_from"),
        "period_to": heads.column("period_to"),
        "energy_ckwh": heads.column("energy_ckwh"),
        "amount_fen": heads.column("amount_fen"),
        "due_on": due_on.cast(pa.date32()),
    }
    return pa.table(columns, schema=BILLS)


def lines_of(job: ShardJob, bill_ids: pa.ChunkedArray, heads: pa.Table, lines: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Rows of the charge table and of the line table.

    ``lines`` are in the order of the heads and numbered from 1 in each. Charges are numbered in the order in which lines
    first use them, so that the same lines give the same rows.
    """
    counts = heads.column("line_count").to_numpy().astype(np.int64)
    bills = np.repeat(bill_ids.to_numpy(), counts)
    common = list(CHARGE_COLUMNS)
    frame = pl.DataFrame(lines.select(common))
    charges = frame.unique(maintain_order=True).with_row_index("charge_id", offset=0)
    if charges.height >= CHARGES_A_SHARD:
        raise Conflict(f"shard {job.number} has {charges.height} different charges: make smaller shards")
    first = job.shard_id * CHARGES_A_SHARD
    charges = charges.with_columns(pl.col("charge_id").cast(pl.Int64) + first)
    used = frame.join(charges, on=common, how="left", maintain_order="left")["charge_id"]
    rows = pa.table(
        {
            "id": pa.array(bills * LINE_NUMBERS + lines.column("line_no").to_numpy()),
            "bill_id": pa.array(bills),
            "usage_point_id": lines.column("usage_point_id"),
            "charge_id": used.to_arrow(),
            "quantity": lines.column("quantity"),
            "amount_fen": lines.column("amount_fen"),
        }
    )
    return charges.rename(CHARGE_COLUMNS | {"charge_id": "id"}).to_arrow(), rows


def ledger_account(item: Item, kind: int) -> str:
    """Where a line of a bill is booked: revenue by item, a fund by its own code, feed-in as a purchase."""
    family = {Kind.FUND: "FUND", Kind.FEED_IN: "PURCHASE"}.get(Kind(kind), "REVENUE")
    return f"{family}:{item.code}"[:48]


def revenue_of(book: Book, lines: pa.Table) -> dict[str, int]:
    """Fen by ledger account of a set of lines."""
    sums = lines.group_by(["item_id", "kind"]).aggregate([("amount_fen", "sum")])
    revenue: dict[str, int] = {}
    for row in sums.to_pylist():
        account = ledger_account(book.items[row["item_id"]], row["kind"])
        revenue[account] = revenue.get(account, 0) + row["amount_fen_sum"]
    return dict(sorted(revenue.items()))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a shard's row says of its pricing. ``revenue`` is JSON."""

    lines_hash: str
    bills: int
    lines: int
    energy_ckwh: int
    amount_fen: int
    largest_fen: int
    most_lines: int
    revenue: str
    parked: int = 0
    moved: int = 0


def claim(store: ColumnStore, job: ShardJob, outcome: Outcome) -> bool:
    """The conditional update that makes pricing happen once, however many workers try."""
    facts = dataclasses.asdict(outcome)
    sets = ", ".join(f"{name} = ?" for name in facts)
    claimed = store.scalar(
        f"UPDATE billing_billshard SET stage = ?, {sets} WHERE id = ? AND stage = ? RETURNING id",
        (Stage.PRICED.value, *facts.values(), job.shard_id, Stage.FROZEN.value),
    )
    return claimed is not None


def _outcome(priced: Priced) -> Outcome:
    totals = priced.totals
    return Outcome(
        lines_hash=priced.lines_hash,
        bills=totals.bills,
        lines=totals.lines,
        energy_ckwh=totals.energy_ckwh,
        amount_fen=totals.amount_fen,
        largest_fen=totals.largest_fen,
        most_lines=totals.most_lines,
        revenue=json.dumps(totals.revenue, sort_keys=True),
        parked=totals.parked,
        moved=totals.moved,
    )


def _with_overlong(rated: Rated) -> pa.Table:
    """Findings, and one of our own for bills with more lines than line ids."""
    overlong = rated.heads.filter(pc.greater_equal(rated.heads.column("line_count"), LINE_NUMBERS))
    if not overlong.num_rows:
        return rated.findings
    count = overlong.num_rows
    extra = pa.table(
        {
            "account_id": overlong.column("account_id"),
            "usage_point_id": pa.nulls(count, pa.int64()),
            "code": pa.repeat(pa.scalar(TOO_MANY_LINES), count),
            "found": overlong.column("line_count").cast(pa.int64()),
            "limit": pa.repeat(pa.scalar(LINE_NUMBERS - 1, pa.int64()), count),
            "on": pa.nulls(count, pa.date32()),
        },
        schema=rated.findings.schema,
    )
    return pa.concat_tables([rated.findings, extra]).combine_chunks()


def _without(table: pa.Table, parked: pa.Array) -> pa.Table:
    if not len(parked):
        return table
    return table.filter(pc.invert(pc.is_in(table.column("account_id"), value_set=parked))).combine_chunks()


def _several_points(measured: pa.Table) -> pa.Table:
    """Energy by point of the accounts with more than one, by account and point."""
    frame = pl.DataFrame(measured.select(["account_id", "usage_point_id", "total_ckwh"]))
    several = frame.filter(pl.len().over("account_id") > 1).sort("account_id", "usage_point_id")
    return several.to_arrow()


def _totals(shard: Shard, book: Book, rated: Rated, heads: pa.Table, lines: pa.Table, findings: pa.Table) -> Totals:
    accounts = pc.count_distinct(shard.points.column("account_id")).as_py()
    by_code = pl.DataFrame(findings.select(["account_id", "code"])).unique().group_by("code").len().sort("code")
    amounts = heads.column("amount_fen")
    return Totals(
        accounts=accounts,
        bills=heads.num_rows,
        lines=lines.num_rows,
        parked=pc.count_distinct(findings.column("account_id")).as_py(),
        moved=_moved(shard, rated, book),
        energy_ckwh=pc.sum(heads.column("energy_ckwh")).as_py() or 0,
        amount_fen=pc.sum(amounts).as_py() or 0,
        largest_fen=pc.max(pc.abs(amounts)).as_py() or 0,
        most_lines=pc.max(heads.column("line_count")).as_py() or 0,
        revenue=revenue_of(book, lines),
        codes=dict(by_code.rows()),
    )


def _moved(shard: Shard, rated: Rated, book: Book) -> int:
    """Accounts with a point whose energy is more than the jump factor above or below the last bill's, and by more than
    the floor: what the run-level gate counts, whether the account is parked for it or not."""
    factor, floor = book.conventions.jump_factor_e4, book.conventions.jump_floor_ckwh
    now = pl.DataFrame(rated.measured.select(["account_id", "usage_point_id", "total_ckwh"]))
    before = pl.DataFrame(shard.points.select(["usage_point_id", "previous_ckwh"]))
    both = now.join(before.filter(pl.col("previous_ckwh").is_not_null()), on="usage_point_id")
    low, high = pl.min_horizontal("total_ckwh", "previous_ckwh"), pl.max_horizontal("total_ckwh", "previous_ckwh")
    return both.filter((high * 10_000 > low * factor) & (high - low > floor))["account_id"].n_unique()


def points_of(bills: pa.Table, points: pa.Table) -> pa.Table:
    """Rows of the point table for bills of accounts with several points."""
    frame = pl.DataFrame(points).join(
        pl.DataFrame(bills.select(["account_id", "id", "month_index"])), on="account_id", how="inner"
    )
    place = pl.int_range(pl.len()).over("account_id")
    return (
        frame.sort("account_id", "usage_point_id")
        .select(
            (pl.col("id") * LINE_NUMBERS + place).alias("id"),
            pl.col("id").alias("bill_id"),
            "account_id",
            "month_index",
            "usage_point_id",
            pl.col("total_ckwh").alias("energy_ckwh"),
        )
        .to_arrow()
    )


def _exceptions_of(job: ShardJob, findings: pa.Table) -> pa.Table:
    count = findings.num_rows
    return pa.table(
        {
            "run_id": pa.repeat(pa.scalar(job.run_id, pa.int64()), count),
            "shard_id": pa.repeat(pa.scalar(job.shard_id, pa.int64()), count),
            "account_id": findings.column("account_id"),
            "usage_point_id": findings.column("usage_point_id"),
            "code": findings.column("code"),
            "found": findings.column("found"),
            "limit_value": findings.column("limit"),
            "on_date": findings.column("on"),
            "state": pa.repeat(pa.scalar("PARKED"), count),
            "reason": pa.repeat(pa.scalar(""), count),
        }
    )
