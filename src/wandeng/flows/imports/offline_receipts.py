"""Offline receipts 离线收据: what a mobile vehicle or a village pay point took without a network, one row a slip.

Every row says what the device took on its day altogether. A day whose slips do not add up to that is parked whole; a slip
of an unknown account is parked alone, and its session cannot be counted before it is settled.
"""

from __future__ import annotations

import polars as pl

from wandeng.domains.collections import frames as collections
from wandeng.domains.customers.frames import loading as customers
from wandeng.domains.organization.frames import loading as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.payments.frames import offline
from wandeng.flows.imports import references
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import findings, merging
from wandeng.infra.imports.spec import Choice, Code, Column, Day, Kind, Landing, LoadContext, Number, Section
from wandeng.kernel.periods import BILLING_ZONE

TENDERS = Choice({"CASH": ("现金",), "CARD": ("刷卡", "POS"), "QR": ("扫码", "二维码")})
MOST_ROWS = 20_000
"""A chunk: a day that were cut in two would not add up."""

COLUMNS = (
    Column("till", "收费台编码", Code(32), required=True, sample="4304260301-C1", about="流动收费车或代收点 the device"),
    Column("business_on", "收费日期", Day(), required=True, sample="2026-02-01"),
    Column("slip", "票号", Code(64), required=True, sample="C1-000123", about="设备打印的编号 as the device printed it"),
    Column("account_number", "户号", Code(20), required=True, sample="0430426030112"),
    Column("amount", "收费金额", Number(2, 0, 10**8), required=True, sample="128.50", about="元 yuan"),
    Column("tender", "结算方式", TENDERS, default="现金", sample="现金"),
    Column("cashier", "收费员工号", Code(64), required=True, sample="hall-01", about="谁拿着现金 who holds the cash"),
    Column("day_total", "当日合计", Number(2, 0, 10**10), required=True, sample="1280.00",
           about="设备当日全部票的合计 all slips of the device's day"),
)  # fmt: skip


def load(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Landing:
    """Post the slips of days whose control total holds; each once, however often its file is brought."""
    today = context.at.astimezone(BILLING_ZONE).date()
    future = findings.about(
        rows.filter(pl.col("business_on") > today),
        "business_on",
        "OUT_OF_RANGE",
        "不晚于今天的日期 (no later than today)",
    )
    nothing = findings.about(
        rows.filter(pl.col("amount") == 0), "amount", "OUT_OF_RANGE", "大于零的金额 (an amount above zero)"
    )
    future = findings.gather(future, nothing)
    rows, stray = references.resolve(
        findings.without(rows, future), offline.tills(store, rows), "till", "在用收费台", context
    )
    people = organization.people(store, rows.select(code="cashier")).select(cashier="code")
    rows, nobody = references.resolve(rows, people, "cashier", "人员", context)
    slips = rows.with_columns(key=offline.key_of(pl.col("till"), pl.col("slip")))
    taken = slips.join(offline.known(store, slips), on="key", how="left", maintain_order="left")
    judged = taken.join(offline.days(store, taken), on=["till_id", "business_on"], how="left", maintain_order="left")
    wrong, closed = _days_that_do_not_hold(judged)
    sound = findings.without(judged, findings.gather(wrong, closed))
    known = customers.accounts(store, sound).select("account_number", "account_id", "path", account_path="path")
    sound, unknown = references.resolve(sound, known, "account_number", "户号", context)
    verdicts = offline.take(
        store,
        sound.rename({"amount": "amount_fen", "day_total": "day_total_fen"}).select(offline.SLIPS.names()),
        at=context.at,
        actor=context.actor,
        then=lambda posting, paid: _reconnect(posting, paid, context),
    )
    refused = findings.about(
        sound.join(verdicts.filter(pl.col("verdict") == "refused"), on="line", how="semi", maintain_order="left"),
        "slip",
        "CONFLICT",
        "此票号未以其他金额入账 (no payment of this slip with other facts)",
    )
    outcome = pl.when(pl.col("verdict") == "posted").then(pl.lit(merging.CREATED)).otherwise(pl.lit(merging.UNCHANGED))
    landed = verdicts.filter(pl.col("verdict") != "refused").select("line", outcome=outcome)
    return Landing(landed, findings.gather(future, stray, nobody, wrong, closed, unknown, refused))


def _reconnect(store: ColumnStore, paid: list[int], context: LoadContext) -> None:
    """Who paid at the car gets supply back as who paid at the desk."""
    collections.after_payments(store, paid, batch="offline", actor=context.actor, at=context.at)


def _days_that_do_not_hold(judged: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Findings for days whose total is not the sum of its slips (those of this file that are new, and those posted), and
    for new slips of a day that is counted or closed."""
    day = ["till_id", "business_on"]
    is_new = pl.col("payment_id").is_null()
    summed = judged.with_columns(
        adds_up=pl.col("amount").filter(is_new).sum().over(day) + pl.col("posted_fen").fill_null(0),
        totals=pl.col("day_total").n_unique().over(day),
        news=is_new.any().over(day),
    )
    off = summed.filter(pl.col("news") & ((pl.col("totals") > 1) | (pl.col("adds_up") != pl.col("day_total"))))
    wrong = findings.about(
        off, "day_total", "WRONG_TOTAL", "当日各票之和 (the sum of the day's slips)", found=_yuan("day_total")
    )
    late = judged.filter(is_new & pl.col("state_right").is_in(["COUNTED", "CLOSED"]))
    closed = findings.about(late, "business_on", "DAY_CLOSED", "未日结的日期 (a day that is not counted yet)")
    return wrong, closed


def _yuan(column: str) -> pl.Expr:
    fen = pl.col(column)
    return pl.concat_str((fen // 100).cast(pl.String), pl.lit("."), (fen % 100).cast(pl.String).str.zfill(2))


KIND = Kind(
    "offline-receipts",
    "离线收据",
    "流动收费车、村级代收点离线收取的电费 payments taken by a vehicle or a village pay point without a network",
    (Section("receipt", "收据", COLUMNS, ("till", "slip"), load),),
    chunk_rows=MOST_ROWS,
    roles=(Role.HALL_CLERK, Role.ACCOUNTANT),
)
