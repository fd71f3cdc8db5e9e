"""Live tables → the frozen inputs of a shard: whole accounts with their points, contract terms and readings."""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from wandeng.calc.rating.frames import POINTS, READS, TERMS, Book, Shard
from wandeng.domains.billing.frames import history
from wandeng.domains.billing.types import ShardJob
from wandeng.domains.customers.types import AccountSet
from wandeng.domains.metering import frames as metering
from wandeng.domains.metering.types import CurveSchedules
from wandeng.domains.tariffs import frames as tariffs
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.periods import Month

ANNUAL_CYCLE = 12


def assemble(store: ColumnStore, job: ShardJob, book: Book) -> Shard:
    """The inputs of a shard's accounts as they stand now.

    A RANGE shard takes the accounts of its id range and unit that have no bill for the month yet; a RETAKE shard those
    whose exceptions were given to it. A CORRECTION takes its account whether billed or not, and as accepted: a
    person has already looked at it. A FINAL takes its account up to ``ends_on``, as accepted too.
    """
    is_correction = job.takes == "CORRECTION"
    accounts = AccountSet(job.account_from, job.account_to, job.unit_path)
    found, hung = metering.points_and_installations(store, accounts=accounts, month=job.month, ends_on=job.ends_on)
    points = pl.DataFrame(found)
    if job.takes == "RETAKE":
        points = points.filter(_is_in("account_id", _retaken(store, job)))
    if not is_correction:
        points = points.filter(
            ~_is_in("account_id", history.billed_accounts(store, accounts=accounts, month=job.month))
        )
    is_accepted = is_correction or job.takes == "FINAL"
    return shard_of(store, accounts, job.month, points, hung, book, is_accepted=is_accepted)


def shard_of(
    store: ColumnStore,
    accounts: AccountSet,
    month: Month,
    points: pl.DataFrame,
    hung: pa.Table,
    book: Book,
    *,
    is_accepted: bool = False,
) -> Shard:
    """The inputs of ``points`` (``metering.frames.POINT_PERIODS``) of whole accounts of the set, over their own periods,
    as bills of ``month``. ``hung``: the installations they were found from."""
    if points.is_empty():
        return Shard(POINTS.empty_table(), TERMS.empty_table(), READS.empty_table())
    terms = _with_structures(tariffs.terms_for_points(store, accounts=accounts, points=points.to_arrow()), book)
    schedules = _curve_schedules(terms, book)
    reads = pl.DataFrame(
        metering.reads(store, accounts=accounts, points=points.to_arrow(), schedules=schedules, hung=hung)
    )
    billed = _without_bare_submeters(points, terms)
    decided = _with_history(store, accounts, month, billed, book, is_accepted)
    return Shard(
        points=_arrow(decided.sort("account_id", "usage_point_id"), POINTS),
        terms=_arrow(_of(terms, billed, "usage_point_id").sort("account_id", "usage_point_id", "valid_from"), TERMS),
        reads=_arrow(
            _of(reads, billed, "account_id").sort("account_id", "usage_point_id", "from_on", "installation_id"), READS
        ),
    )


def _with_structures(terms: pa.Table, book: Book) -> pl.DataFrame:
    """Price codes as places in the book; a code the book does not have becomes null, which is a point without terms."""
    codes = pl.DataFrame(
        {"price_code": list(book.structures), "structure_id": range(len(book.structures))},
        schema={"price_code": pl.String, "structure_id": pl.Int32},
    )
    return pl.DataFrame(terms).join(codes, on="price_code", how="left", maintain_order="left").select(TERMS.names)


def _curve_schedules(terms: pl.DataFrame, book: Book) -> CurveSchedules:
    """By which schedule the quarter hours of each point are counted, should it be billed from curves: that of its price
    code, day by day. Points whose code has no time of use have no row, and get totals only."""
    of_point = (
        terms.select("usage_point_id", "structure_id", first="valid_from", end="valid_to")
        .join(pl.DataFrame(book.schedule_of), on="structure_id")
        .with_columns(
            pl.max_horizontal("first", "valid_from").alias("valid_from"),
            pl.min_horizontal("end", "valid_to").alias("valid_to"),
        )
        .filter(pl.col("valid_from") < pl.col("valid_to"))
        .select("usage_point_id", "valid_from", "valid_to", "schedule")
    )
    return CurveSchedules(of_point.to_arrow(), book.timetable)


def _without_bare_submeters(points: pl.DataFrame, terms: pl.DataFrame) -> pl.DataFrame:
    """A sub-meter (扣减表) without contract terms of its own only reduces its parent: it is read, but not billed."""
    bare = (pl.col("kind") == "SUBMETER") & ~pl.col("usage_point_id").is_in(terms["usage_point_id"].unique().implode())
    return points.filter(~bare)


def _with_history(
    store: ColumnStore, accounts: AccountSet, month: Month, points: pl.DataFrame, book: Book, is_accepted: bool
) -> pl.DataFrame:
    """Add what earlier bills and people decide. The tier year is summed only where a price is annual."""
    previous = history.previous(store, accounts=accounts, month=month, points=points)
    joined = points.join(previous, on="usage_point_id", how="left", maintain_order="left")
    if ANNUAL_CYCLE in book.prices.column("tier_cycle").to_pylist():
        base = history.tier_base(store, accounts=accounts, month=month, points=points)
        joined = joined.join(base, on="usage_point_id", how="left", maintain_order="left")
    else:
        joined = joined.with_columns(pl.lit(0, pl.Int64).alias("tier_base_ckwh"))
    accepted = pl.lit(is_accepted)
    if not is_accepted:
        accepted = _is_in("account_id", history.accepted_accounts(store, accounts=accounts, month=month))
    return joined.with_columns(
        pl.col("tier_base_ckwh").fill_null(0),
        history.tier_months(joined, month),
        accepted.alias("accepted"),
    )


def _retaken(store: ColumnStore, job: ShardJob) -> pa.ChunkedArray:
    found = store.read(
        "SELECT DISTINCT account_id FROM billing_billexception WHERE retaken_by_id = ?",
        (job.shard_id,),
        schema=pa.schema([("account_id", pa.int64())]),
    )
    return found.column(0)


def _is_in(column: str, values: pa.ChunkedArray) -> pl.Expr:
    return pl.col(column).is_in(pl.Series(values.to_pylist(), dtype=pl.Int64).implode())


def _of(rows: pl.DataFrame, points: pl.DataFrame, key: str) -> pl.DataFrame:
    return rows.join(points.select(key).unique(), on=key, how="semi", maintain_order="left")


def _arrow(frame: pl.DataFrame, schema: pa.Schema) -> pa.Table:
    return frame.select(schema.names).to_arrow().cast(schema).combine_chunks()
