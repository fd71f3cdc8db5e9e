"""Rationing 有序用电: who takes part in the draft of a scheme."""

from __future__ import annotations

import polars as pl

from wandeng.domains.customers.frames import loading as customers
from wandeng.domains.network.frames import loading as network
from wandeng.domains.organization.frames import loading as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.rationing.frames import loading
from wandeng.flows.imports import references
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import findings
from wandeng.infra.imports.spec import Choice, Code, Column, Kind, Landing, LoadContext, Number, Section, Text

MEASURES = Choice({"STAGGER": ("错峰",), "AVOID": ("避峰",), "LIMIT": ("限电",), "CUT": ("拉路", "拉闸")})
KINDS = Choice({"ACCOUNT": ("用户",), "LINE": ("线路",)})
POWER = Number(0, 0, 10**8)

COLUMNS = (
    Column("unit", "单位", Code(32), required=True, sample="430426", about="方案的单位 the scheme's unit"),
    Column("year", "年度", Number(0, 2000, 2099), required=True, sample="2026"),
    Column("kind", "类型", KINDS, required=True, sample="用户"),
    Column("code", "户号或开关编码", Code(64), required=True, sample="1000000001"),
    Column("name", "名称", Text(256), required=True, sample="白水水泥厂"),
    Column("measure", "措施", MEASURES, required=True, sample="错峰"),
    Column("rota", "轮换组", Text(64), sample="第一组"),
    Column("sequence", "序位", Number(0, 0, 10**6), default="0", sample="1"),
    Column("before_kw", "正常负荷", POWER, required=True, sample="1200", about="千瓦 kW"),
    Column(
        "shed_kw",
        "压降负荷",
        POWER,
        required=True,
        sample="400",
        about="千瓦，线路等于正常负荷 kW, of a line all it takes",
    ),
)


def load(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Landing:
    """Land participants in the open draft of their unit and year; what is known is changed to what the file says."""
    rows, unknown = references.resolve(rows, organization.units(store).drop("territory"), "unit", "单位", context)
    rows = rows.with_columns(
        account_number=pl.when(pl.col("kind") == "ACCOUNT").then("code"),
        switch=pl.when(pl.col("kind") == "LINE").then("code"),
    )
    accounts = customers.accounts(store, rows.select("account_number").drop_nulls()).drop("unit_id")
    rows, no_account = _resolved(rows, accounts, "account_number", "户号", context)
    switches = network.switches(store, rows.select("switch").drop_nulls())
    rows, no_switch = _resolved(rows, switches, "switch", "开关", context)
    drafts = loading.drafts(store).cast({"year": pl.Int64})
    joined = rows.cast({"year": pl.Int64}).join(drafts, on=["unit_id", "year"], how="left", maintain_order="left")
    closed = findings.about(
        joined.filter(pl.col("scheme_id").is_null()), "year", "NO_DRAFT",
        "有方案草稿的单位和年度；先新建方案 (a unit and year whose scheme is a draft)",
    )  # fmt: skip
    odd = _odd(joined)
    told = findings.without(joined, findings.gather(closed, odd))
    landed = loading.load_participants(store, told)
    return Landing(landed, findings.gather(unknown, no_account, no_switch, closed, odd))


def _resolved(
    rows: pl.DataFrame, known: pl.DataFrame, column: str, what: str, context: LoadContext
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows whose account or switch is known, with findings that name the column of the file."""
    found, missing = references.resolve(rows, known, column, what, context)
    return found, missing.with_columns(column=pl.lit("code"))


def _odd(rows: pl.DataFrame) -> pl.DataFrame:
    line, cut = pl.col("kind") == "LINE", pl.col("measure") == "CUT"
    before, shed = pl.col("before_kw"), pl.col("shed_kw")
    return findings.gather(
        findings.about(rows.filter(before <= 0), "before_kw", "POWER", "大于零的负荷 (above zero)"),
        findings.about(rows.filter(shed > before), "shed_kw", "POWER", "不大于正常负荷 (not above the power before)"),
        findings.about(rows.filter(line & ~cut), "measure", "MEASURE", "线路只能拉路 (a line is cut or it is not)"),
        findings.about(
            rows.filter(line & (shed < before)),
            "shed_kw",
            "POWER",
            "线路的压降负荷等于正常负荷 (all of a line's power)",
        ),
    )


KIND = Kind(
    "rationing-participants",
    "有序用电参与对象",
    "有序用电方案草稿的用户和线路：措施、序位、可压降负荷 who takes part in the draft of a rationing scheme",
    (Section("participant", "参与对象", COLUMNS, ("unit", "year", "code"), load),),
    roles=(Role.DISPATCHER, Role.ACCOUNT_MANAGER),
)
