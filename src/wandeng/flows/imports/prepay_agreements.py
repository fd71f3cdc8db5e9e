"""Prepay agreements 费控协议: which accounts pay in advance, from when, on what paper."""

from __future__ import annotations

import polars as pl

from wandeng.domains.collections.frames import prepay_loading as collections
from wandeng.domains.customers.frames import loading as customers
from wandeng.domains.organization.types import Role
from wandeng.flows.imports import references
from wandeng.infra.columns import ColumnStore
from wandeng.infra.effective import current
from wandeng.infra.imports import findings, merging
from wandeng.infra.imports.spec import Code, Column, Day, Kind, Landing, LoadContext, Number, Section

COLUMNS = (
    Column("account_number", "户号", Code(20), required=True, sample="0430426030112"),
    Column("valid_from", "生效日期", Day(), required=True, sample="2026-11-01"),
    Column("document", "协议编号", Code(64), sample="FK-2026-00112"),
    Column("warn_yuan", "约定预警值", Number(2, 0, 10**7), about="元，空白为按规则 yuan; empty: by the rule"),
)


def load(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Landing:
    """Enroll accounts that have no active agreement; the same agreement again is unchanged."""
    library = current.library()
    known = customers.accounts(store, rows.select("account_number")).select("account_number", "account_id", "path")
    rows, strange = references.resolve(rows, known, "account_number", "户号", context)
    rows = rows.rename({"warn_yuan": "agreed_warn_fen"})
    rows = rows.join(collections.classes(store, rows["account_id"]), on="account_id", how="left", maintain_order="left")
    without = findings.about(
        rows.join(collections.terms_of(rows, library), on="line", how="anti", maintain_order="left"),
        "account_number",
        "NO_TERMS",
        "费控规则有条款的用户类别，预警值不低于复电阈值 (a class with prepay terms, warned no later than restored)",
    )
    rows = findings.without(rows, without)
    judged = rows.join(
        collections.prepay_agreements(store, rows["account_id"]), on="account_id", how="left", maintain_order="left"
    )
    active = pl.col("state") == "ACTIVE"
    is_same = (
        active & (pl.col("was_from") == pl.col("valid_from"))
        & (pl.col("was_document") == pl.col("document").fill_null(""))
    )  # fmt: skip
    same = judged.filter(is_same.fill_null(False))
    other = findings.about(
        judged.filter((active & ~is_same).fill_null(False)),
        "account_number",
        "ENROLLED",
        "没有生效费控协议的户号 (an account without an active agreement)",
    )
    early = findings.about(
        judged.filter(((pl.col("state") == "ENDED") & (pl.col("valid_from") < pl.col("was_to"))).fill_null(False)),
        "valid_from",
        "OVERLAPS",
        "不早于上一份协议的终止日 (no earlier than the last one's end)",
    )
    new = judged.filter(~active.fill_null(False))
    landed = collections.load_prepay_agreements(
        store, findings.without(new, early), library=library, actor=context.actor, at=context.at
    )
    unchanged = same.select("line", pl.lit(merging.UNCHANGED).alias("outcome"))
    return Landing(pl.concat([landed, unchanged]), findings.gather(strange, without, other, early))


KIND = Kind(
    "prepay-agreements",
    "费控协议",
    "预付费用户及其协议 accounts that pay in advance, and their agreements",
    (Section("agreement", "费控协议", COLUMNS, ("account_number",), load),),
    roles=(Role.ACCOUNTANT, Role.HALL_CLERK, Role.COUNTY_MANAGER),
)
