"""What is used and not billed yet, priced as its bills will be: month by month up to a day's readings. Nothing is stored.

A month whose period is over by the day is priced exactly as its bill run would price it; a running one with the same
tiers, periods and prices over the days it has so far.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

import polars as pl
import pyarrow as pa

from wandeng.calc.rating import shard as rating
from wandeng.calc.rating.frames import Book, FindingCode, Rated, Shard
from wandeng.domains.billing.frames import assembly
from wandeng.domains.billing.frames.accounts import longest_period
from wandeng.domains.customers.types import AccountSet
from wandeng.domains.metering import frames as metering
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.periods import Month

MONTHS_BACK = 13
"""How far back a month without a bill is looked for."""
NO_POINTS = "NO_POINTS"
DOUBTS = (FindingCode.JUMP, FindingCode.OVER_CAPACITY)
"""Held findings that mean something before the month is over; a standing meter does not."""

BookOf = Callable[[date, date], Book]
WANTED = pl.Schema({"account_id": pl.Int64, "from_index": pl.Int32})
"""Accounts, and the month before which nothing is looked for (``Month.index``): when they came into the product's books."""
ESTIMATES = pl.Schema(
    {
        "account_id": pl.Int64, "month_index": pl.Int32, "period_from": pl.Date, "period_to": pl.Date,
        "energy_ckwh": pl.Int64, "amount_fen": pl.Int64,
    }
)  # fmt: skip
GAPS = pl.Schema({"account_id": pl.Int64, "code": pl.String, "on": pl.Date})
_BILLED = pl.Schema({"account_id": pl.Int64, "month_index": pl.Int32})


@dataclass(frozen=True, slots=True)
class Provisional:
    """``estimates``: :data:`ESTIMATES`, nothing for an account that used nothing since its last bill; ``gaps``:
    :data:`GAPS`, accounts that cannot be priced, one row each, and they have no estimates; ``doubts``: accounts of which a
    person would look at the figure first (account_id, code)."""

    estimates: pl.DataFrame
    gaps: pl.DataFrame
    doubts: pl.DataFrame
    months: tuple[ProvisionalMonth, ...] = ()


@dataclass(frozen=True, slots=True)
class ProvisionalMonth:
    """How one month came about: what it was priced from, by which book, and the lines."""

    month: Month
    shard: Shard
    book: Book
    rated: Rated


def provisional(
    store: ColumnStore,
    *,
    accounts: AccountSet,
    wanted: pl.DataFrame,
    upto: date,
    book_of: BookOf,
    detailed: bool = False,
) -> Provisional:
    """Price what ``wanted`` (:data:`WANTED`, all of ``accounts``) used and has no posted bill for, by the readings of
    ``upto``, the midnight before that day begins. ``book_of`` gives the prices of a window of days; ``detailed`` keeps how
    it came about."""
    if wanted.is_empty():
        return _together(wanted, [], [], [], wanted["account_id"])
    reach = longest_period(store)
    waiting = _unbilled(store, accounts, wanted, upto, reach)
    first, last = _first(waiting, upto), Month.of(upto).index + reach
    book = book_of(Month.from_index(first - reach).first, Month.of(upto).next().first)
    estimates, gaps, doubts, seen = [], [], [], [pl.Series(dtype=pl.Int64)]
    months: list[ProvisionalMonth] = []
    before = pl.DataFrame(schema={"usage_point_id": pl.Int64, "year": pl.Int32, "ckwh": pl.Int64})
    for index in range(first, last + 1):
        month = Month.from_index(index)
        found, hung = metering.points_and_installations(store, accounts=accounts, month=month)
        points = pl.DataFrame(found).join(waiting.select("account_id").unique(), on="account_id", how="semi")
        seen.append(points["account_id"])
        ours = waiting.filter(pl.col("month_index") == index).select("account_id")
        cut = points.join(ours, on="account_id", how="semi").filter(pl.col("period_from") < upto)
        cut = cut.with_columns(period_to=pl.min_horizontal("period_to", pl.lit(upto)))
        if cut.is_empty():
            continue
        shard = _on_tiers(assembly.shard_of(store, accounts, month, cut, hung, book), before, month)
        rated = rating.rate(shard, book)
        if detailed:
            months.append(ProvisionalMonth(month, shard, book, rated))
        estimates.append(pl.DataFrame(rated.heads).select(
            "account_id", pl.lit(index, pl.Int32).alias("month_index"), "period_from", "period_to", "energy_ckwh",
            "amount_fen",
        ))  # fmt: skip
        gaps.append(_gaps(rated))
        doubts.append(_doubts(rated))
        before = _used(before, rated, month)
    together = _together(wanted, estimates, gaps, doubts, pl.concat(seen).unique())
    return replace(together, months=tuple(months))


def _first(waiting: pl.DataFrame, upto: date) -> int:
    lowest = waiting["month_index"].min()
    return Month.of(upto).index if lowest is None else int(str(lowest))


def _unbilled(
    store: ColumnStore, accounts: AccountSet, wanted: pl.DataFrame, upto: date, reach: int
) -> pl.DataFrame:  # fmt: skip
    """(account_id, month_index) of months without a posted bill, from each account's first on. A bill up to ``reach`` months
    ahead of the running one may have begun."""
    ahead = Month.of(upto).index + reach
    least = Month.of(upto).index - MONTHS_BACK
    billed = posted_months(store, accounts=accounts, from_index=least)
    first = billed.group_by("account_id").agg(first_index=pl.col("month_index").min())
    starts = wanted.join(first, on="account_id", how="left").with_columns(
        start=pl.max_horizontal(pl.min_horizontal("from_index", "first_index"), pl.lit(least, pl.Int32))
    )
    return (
        starts.select("account_id", month_index=pl.int_ranges(pl.col("start"), pl.lit(ahead + 1, pl.Int32), dtype=pl.Int32))
        .explode("month_index")
        .join(billed, on=["account_id", "month_index"], how="anti")
    )  # fmt: skip


def posted_months(store: ColumnStore, *, accounts: AccountSet, from_index: int) -> pl.DataFrame:
    """(account_id, month_index) of the bills of accounts that stand in the ledger, from a month on."""
    where = "b.account_id >= ? AND b.account_id < ?" if accounts.from_id is not None else "1 = 1"
    params = (accounts.from_id, accounts.to_id) if accounts.from_id is not None else ()
    found = store.read(
        "SELECT b.account_id, b.month_index FROM billing_bill b JOIN billing_billshard s ON s.id = b.shard_id "
        f"WHERE b.month_index >= ? AND b.revision = 0 AND s.stage = 'POSTED' AND {where}",
        (from_index, *params),
        schema=pa.schema([("account_id", pa.int64()), ("month_index", pa.int32())]),
    )
    return pl.DataFrame(found).cast(_BILLED)


def _on_tiers(shard: Shard, before: pl.DataFrame, month: Month) -> Shard:
    """The shard with the energy of earlier months of the year that are not billed yet added to its tier base."""
    earlier = before.filter(pl.col("year") == month.year).group_by("usage_point_id").agg(pl.col("ckwh").sum())
    if earlier.is_empty():
        return shard
    points = pl.DataFrame(shard.points).join(earlier, on="usage_point_id", how="left", maintain_order="left")
    raised = points.with_columns(pl.col("tier_base_ckwh") + pl.col("ckwh").fill_null(0)).drop("ckwh")
    return Shard(raised.to_arrow().cast(shard.points.schema).combine_chunks(), shard.terms, shard.reads)


def _used(before: pl.DataFrame, rated: Rated, month: Month) -> pl.DataFrame:
    more = pl.DataFrame(rated.measured).select(
        "usage_point_id", year=pl.lit(month.year, pl.Int32), ckwh=pl.col("total_ckwh")
    )
    return pl.concat([before, more])


def _gaps(rated: Rated) -> pl.DataFrame:
    found = pl.DataFrame(rated.findings).filter(pl.col("code").is_in(sorted(FindingCode.BLOCKING)))
    return found.select(GAPS.names())


def _doubts(rated: Rated) -> pl.DataFrame:
    return pl.DataFrame(rated.findings).filter(pl.col("code").is_in(DOUBTS)).select("account_id", "code")


def _together(
    wanted: pl.DataFrame, estimates: list[pl.DataFrame], gaps: list[pl.DataFrame], doubts: list[pl.DataFrame],
    known: pl.Series,
) -> Provisional:  # fmt: skip
    nowhere = wanted.filter(~pl.col("account_id").is_in(known.implode())).select(
        "account_id", code=pl.lit(NO_POINTS), on=pl.lit(None, pl.Date)
    )
    missing = pl.concat([*gaps, nowhere.cast(GAPS), pl.DataFrame(schema=GAPS)])
    one_each = missing.sort("account_id", "on", "code", nulls_last=True).unique("account_id", keep="first")
    priced = pl.concat([*estimates, pl.DataFrame(schema=ESTIMATES)]).cast(ESTIMATES)
    priced = priced.join(one_each, on="account_id", how="anti").sort("account_id", "month_index")
    doubtful = pl.concat([*doubts, pl.DataFrame(schema={"account_id": pl.Int64, "code": pl.String})])
    return Provisional(
        priced, one_each.sort("account_id"),
        doubtful.sort("account_id", "code").unique("account_id", keep="first", maintain_order=True),
    )  # fmt: skip
