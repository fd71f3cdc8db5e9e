"""What earlier bills decide about the next one: energy billed in the tier year, the last bill, what people accepted."""

from __future__ import annotations

from datetime import date

import polars as pl
import pyarrow as pa

from wandeng.domains.customers.types import AccountSet
from wandeng.infra.columns import ColumnStore
from wandeng.kernel.periods import Month

MONTHS_A_YEAR = 12
LAST_BILL_REACHES_BACK = 2
"""Months searched for the last bill: a two-monthly route has none in the month before."""

_ENERGY = pa.schema([("account_id", pa.int64()), ("month_index", pa.int32()), ("energy_ckwh", pa.int64())])
_POINT_ENERGY = pa.schema(
    [
        ("account_id", pa.int64()),
        ("usage_point_id", pa.int64()),
        ("month_index", pa.int32()),
        ("energy_ckwh", pa.int64()),
    ]
)


def billed_accounts(store: ColumnStore, *, accounts: AccountSet, month: Month) -> pa.ChunkedArray:
    """Ids of accounts in an id range that have a bill for the month, whatever became of it since."""
    found = store.read(
        "SELECT account_id FROM billing_bill WHERE month_index = ? AND account_id >= ? AND account_id < ? "
        "AND revision = 0",
        (month.index, accounts.from_id, accounts.to_id),
        schema=pa.schema([("account_id", pa.int64())]),
    )
    return found.column(0)


def accepted_accounts(store: ColumnStore, *, accounts: AccountSet, month: Month) -> pa.ChunkedArray:
    """Ids of accounts in an id range of which a person has accepted a held finding of the month."""
    found = store.read(
        "SELECT DISTINCT e.account_id FROM billing_billexception e JOIN billing_billshard s ON s.id = e.shard_id "
        "WHERE e.state = 'ACCEPTED' AND s.month_index = ? AND e.account_id >= ? AND e.account_id < ?",
        (month.index, accounts.from_id, accounts.to_id),
        schema=pa.schema([("account_id", pa.int64())]),
    )
    return found.column(0)


def tier_base(store: ColumnStore, *, accounts: AccountSet, month: Month, points: pl.DataFrame) -> pl.DataFrame:
    """Net energy billed before ``month`` in its calendar year: (usage_point_id, tier_base_ckwh).

    Cancellations count negative; adjustments do not count, being priced in the proportions of the bill they mend.
    """
    january = month.index - month.number + 1
    return (
        _net_energy(store, accounts, january, month.index, points)
        .group_by("usage_point_id")
        .agg(pl.col("energy_ckwh").sum().alias("tier_base_ckwh"))
    )


def previous(store: ColumnStore, *, accounts: AccountSet, month: Month, points: pl.DataFrame) -> pl.DataFrame:
    """Net energy of the last billed month before ``month``: (usage_point_id, previous_ckwh)."""
    return (
        _net_energy(store, accounts, month.index - LAST_BILL_REACHES_BACK, month.index, points)
        .sort("usage_point_id", "month_index")
        .unique("usage_point_id", keep="last", maintain_order=True)
        .select("usage_point_id", pl.col("energy_ckwh").alias("previous_ckwh"))
    )


def tier_months(points: pl.DataFrame, month: Month) -> pl.Series:
    """Months in force in the calendar year of ``month`` of each point (begins_on, ends_on). Those that neither begin nor
    end in the year are in force for twelve. The months of the first and of the last day both count."""
    start, end = date(month.year, 1, 1), date(month.year + 1, 1, 1)
    last_day = pl.col("ends_on").dt.offset_by("-1d")
    first = pl.when(pl.col("begins_on") >= start).then(pl.col("begins_on").dt.month().cast(pl.Int16)).otherwise(1)
    last = pl.when(pl.col("ends_on") <= end).then(last_day.dt.month().cast(pl.Int16)).otherwise(MONTHS_A_YEAR)
    months = (last.fill_null(MONTHS_A_YEAR) - first + 1).clip(1, MONTHS_A_YEAR)
    return points.select(months.alias("tier_months")).to_series()


def _net_energy(
    store: ColumnStore, accounts: AccountSet, from_index: int, to_index: int, points: pl.DataFrame
) -> pl.DataFrame:
    """Energy of bills with ``from_index`` ≤ month < ``to_index`` by (usage_point_id, month_index).

    A bill of an account that had one point then belongs to the account's first point now.
    """
    params = (from_index, to_index, accounts.from_id, accounts.to_id)
    where = "month_index >= ? AND month_index < ? AND account_id >= ? AND account_id < ?"
    whole = store.read(
        "SELECT account_id, month_index, CAST(SUM(energy_ckwh) AS BIGINT) AS energy_ckwh FROM billing_bill "
        f"WHERE {where} AND kind <> 'ADJUSTMENT' GROUP BY account_id, month_index",
        params,
        schema=_ENERGY,
    )
    split = pl.DataFrame(
        store.read(
            "SELECT account_id, usage_point_id, month_index, CAST(SUM(energy_ckwh) AS BIGINT) AS energy_ckwh "
            f"FROM billing_billpoint WHERE {where} GROUP BY account_id, usage_point_id, month_index",
            params,
            schema=_POINT_ENERGY,
        )
    )
    first = points.group_by("account_id").agg(pl.col("usage_point_id").min())
    single = pl.DataFrame(whole).join(split, on=["account_id", "month_index"], how="anti").join(first, on="account_id")
    return pl.concat([single.select(_POINT_ENERGY.names), split]).drop("account_id")
