"""Payments of the demonstration: nearly everybody has paid, by the channels people use, and a few are behind."""

from __future__ import annotations

from datetime import datetime

import polars as pl

from wandeng.domains.organization import queries as organization
from wandeng.domains.payments import frames
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
    """Pay what the county's bills have open, each some days before it is due: payments and fen. Twice pays once."""
    today = at.astimezone(BILLING_ZONE).date()
    unit = organization.unit(Scope.everywhere(), ROOT)
    with ColumnStore() as store:
        items = frames.open_items(store, on=today).filter(pl.col("open_fen") > 0)
    if items.is_empty():
        return 0, 0
    newest = pl.col("month_index").max()
    lot = pl.col("account_id") * 7919 % 104_729 % 100
    chosen = items.with_columns(lot=lot, age=newest - pl.col("month_index"), early=lot % 9 + 1).filter(
        ~((pl.col("lot") < BEHIND) & (pl.col("age") < 3)) & ~((pl.col("lot") >= 100 - WAITS) & (pl.col("age") == 0))
    )
    rounded = (pl.col("open_fen") + 999) // 1000 * 1000
    rows = chosen.sort("month_index", "account_id").select(
        key=pl.format("demo:{}", "bill_id"),
        account_id="account_id",
        amount_fen=pl.when(pl.col("lot") % 100 < BEHIND + ROUNDS_UP).then(rounded).otherwise("open_fen"),
        tender=_of_lot(2),
        channel=_of_lot(1),
        received_on=pl.min_horizontal(pl.col("due_on"), pl.lit(today))
        - pl.duration(days=pl.col("early").cast(pl.Int64)),
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
