"""Payments of the demonstration: nearly everybody has paid, by the channels people use, and a few are behind."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from wandeng.domains.organization import queries as organization
from wandeng.domains.payments import frames, queries
from wandeng.domains.payments.types import TAKE
from wandeng.flows import payments as flow
from wandeng.infra.columns import ColumnStore
from wandeng.infra.scope import Scope
from wandeng.kernel.actors import SYSTEM
from wandeng.kernel.periods import BILLING_ZONE
from wandeng.twin.county import ROOT

MIX = (
    (38, "WECHAT", "ONLINE"),
    (56, "ALIPAY", "ONLINE"),
    (76, "BANK_DEBIT", "DEBIT"),
    (84, "BANK_COUNTER", "TRANSFER"),
    (92, "AGENT", "CASH"),
    (100, "UNIONPAY", "ONLINE"),
)
"""Channel and tender of an account by its lot, a number below a hundred."""

BEHIND, WAITS, ROUNDS_UP = 3, 25, 7
"""Of a hundred accounts so many have not paid the last two months that are due, so many wait with the newest bill, and so
many round their payments up to ten yuan."""


def pay_bills(at: datetime) -> tuple[int, int]:
    """Pay what accounts have open that have not paid anything yet, some days before it is due: the newest two months one
    by one, what is older at once. Payments and fen; doing it again pays nothing."""
    today = at.astimezone(BILLING_ZONE).date()
    unit = organization.unit(Scope.everywhere(), ROOT)
    seen = set(queries.payment_rows(Scope.everywhere()).values_list("account_id", flat=True).order_by().distinct())
    with ColumnStore() as store:
        items = frames.open_items(store, on=today)
    items = items.filter((pl.col("open_fen") > 0) & ~pl.col("account_id").is_in(list(seen)))
    if items.is_empty():
        return 0, 0
    lot = pl.col("account_id") * 7919 % 104_729 % 100
    age = (pl.col("month_index").max() - pl.col("month_index")).clip(upper_bound=2)
    bills = items.with_columns(lot=lot, age=age).filter(
        ~((pl.col("lot") < BEHIND) & (pl.col("age") < 2)) & ~((pl.col("lot") >= 100 - WAITS) & (pl.col("age") == 0))
    )
    owed = bills.group_by("account_id", "lot", "age").agg(
        pl.col("open_fen").sum(), pl.col("bill_id").min(), pl.col("due_on").min()
    )
    rounded = (pl.col("open_fen") + 999) // 1000 * 1000
    rows = owed.sort("age", "account_id", descending=[True, False]).select(
        key=pl.format("demo:{}", "bill_id"),
        account_id="account_id",
        amount_fen=pl.when(pl.col("lot") < BEHIND + ROUNDS_UP).then(rounded).otherwise("open_fen"),
        tender=_of_lot(2),
        channel=_of_lot(1),
        received_on=pl.min_horizontal(pl.col("due_on"), pl.lit(today)) - pl.duration(days=pl.col("lot") % 9 + 1),
    )
    ran = flow.take_batch(
        rows=rows.select(TAKE.names()).cast(TAKE), batch="demo", unit_path=unit.path, at=at, actor=SYSTEM
    )
    return ran.posted, ran.amount_fen


def _of_lot(place: int) -> pl.Expr:
    chosen = pl.lit(MIX[-1][place])
    for below, *names in reversed(MIX[:-1]):
        chosen = pl.when(pl.col("lot") < below).then(pl.lit(names[place - 1])).otherwise(chosen)
    return chosen
