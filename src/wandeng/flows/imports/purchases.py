"""Purchases 购电结算: what a supplier delivered in a month and what it cost, with the document that settled it."""

from __future__ import annotations

import polars as pl

from wandeng.domains.organization.frames import loading as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.purchases import frames
from wandeng.domains.purchases.types import Source
from wandeng.flows.imports import references
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import findings, merging
from wandeng.infra.imports.spec import Choice, Code, Column, Kind, Landing, LoadContext, Number, Section, Text

SOURCES = Choice({str(source): (source.name_zh,) for source in Source})

COLUMNS = (
    Column("unit", "单位", Code(32), required=True, sample="43042603"),
    Column("month", "月份", Code(7), required=True, sample="2026-10", about="如 2026-10 (a month, as 2026-10)"),
    Column("source", "购电来源", SOURCES, required=True, sample="小水电"),
    Column("supplier", "供电方", Text(64), required=True, sample="白石水电站"),
    Column("energy_kwh", "电量", Number(2, 0, 10**12), required=True, sample="125000"),
    Column("amount_yuan", "金额", Number(2, 0, 10**11), required=True, sample="41250.00"),
    Column("document_number", "结算单号", Text(64), required=True, sample="JS-2026-10-01"),
)


def load(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Landing:
    """Land purchases of open months that are not recorded yet; the same figures again are unchanged."""
    rows, unknown = references.resolve(rows, organization.units(store).drop("territory"), "unit", "单位", context)
    odd = findings.about(
        rows.filter(~pl.col("month").str.contains(r"^\d{4}-(0[1-9]|1[0-2])$")),
        "month",
        "NOT_A_MONTH",
        "月份，如 2026-10 (a month, as 2026-10)",
    )
    rows = findings.without(rows, odd).rename({"energy_kwh": "energy_ckwh", "amount_yuan": "amount_fen"})
    judged = rows.join(frames.recorded(store, rows), on=frames.KEY, how="left", maintain_order="left")
    is_known = pl.col("was_document_number").is_not_null()
    is_same = pl.all_horizontal(pl.col(name) == pl.col(f"was_{name}") for name in frames.FIGURES)
    same = judged.filter(is_known & is_same)
    differs = findings.about(
        judged.filter(is_known & ~is_same),
        "supplier",
        "RECORDED",
        "未登记，或与已登记的一致；更正请在页面填写原因 (new, or as recorded)",
    )
    new = judged.filter(~is_known)
    late = findings.about(frames.closed(store, new), "month", "MONTH_CLOSED", "未关账的月份 (a month that is open)")
    landed = frames.load(store, findings.without(new, late), actor=context.actor, at=context.at)
    unchanged = same.select("line", pl.lit(merging.UNCHANGED).alias("outcome"))
    return Landing(pl.concat([landed, unchanged]), findings.gather(unknown, odd, differs, late))


KIND = Kind(
    "purchases",
    "购电结算",
    "向电网、小水电和其他供电方购入的电量和金额 energy bought and what it cost",
    (Section("purchase", "购电", COLUMNS, ("unit", "month", "source", "supplier"), load),),
    roles=(Role.ACCOUNTANT,),
)
