"""Interruptions 停电事件: who was off from when to when; a number with several rows was restored step by step."""

from __future__ import annotations

import polars as pl

from wandeng.domains.network.frames import loading as network
from wandeng.domains.organization.frames import loading as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.reliability.frames import loading, standing
from wandeng.flows.imports import references
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import findings, merging
from wandeng.infra.imports.spec import (
    Choice,
    Code,
    Column,
    Flag,
    Kind,
    Landing,
    LoadContext,
    Moment,
    Number,
    Section,
    Text,
)

KINDS = Choice(
    {
        "FAULT_INTERNAL": ("内部故障", "故障停电-内部"),
        "FAULT_EXTERNAL": ("外部故障", "故障停电-外部"),
        "PLANNED_OVERHAUL": ("计划检修", "检修停电"),
        "PLANNED_CONSTRUCTION": ("计划施工", "施工停电"),
        "PLANNED_REQUEST": ("计划用户申请", "用户申请停电"),
        "TEMPORARY_OVERHAUL": ("临时检修",),
        "TEMPORARY_CONSTRUCTION": ("临时施工",),
        "TEMPORARY_REQUEST": ("临时用户申请",),
        "RATIONING_SYSTEM": ("系统电源不足限电",),
        "RATIONING_NETWORK": ("供电网限电",),
    }
)
CAUSES = Choice(
    {
        "OVERHAUL": ("检修",),
        "CONSTRUCTION": ("施工",),
        "CUSTOMER_REQUEST": ("用户申请",),
        "EQUIPMENT": ("设备原因", "设备老化"),
        "OVERLOAD": ("过负荷",),
        "OPERATION": ("运行维护",),
        "WEATHER": ("自然因素", "气候因素"),
        "TREES_AND_ANIMALS": ("树障与动物", "树障", "动物"),
        "THIRD_PARTY": ("外力破坏",),
        "CUSTOMER_EQUIPMENT": ("用户设备影响",),
        "UPSTREAM": ("上级电网",),
        "SHORTAGE": ("电源不足",),
        "UNKNOWN": ("原因不明",),
        "CUSTOMER_SWITCHED_OFF": ("用户自行停电",),
        "ARREARS_CUT": ("欠费停电",),
        "THEFT_OR_BREACH_CUT": ("窃电违约停电",),
        "OWN_EQUIPMENT_FAULT": ("用户自身故障",),
        "SUCCESSFUL_RECLOSING": ("重合成功",),
    }
)
VOLTAGES = Choice({"LOW": ("低压",), "MEDIUM": ("中压", "10kV"), "HIGH": ("高压",)})

SAID = ("unit", "kind", "cause", "is_external", "voltage", "feeder", "device", "note")
COLUMNS = (
    Column("number", "停电编号", Code(64), required=True, sample="TD20260305-001"),
    Column("unit", "单位", Code(32), required=True, sample="43042603"),
    Column("kind", "停电性质", KINDS, required=True, sample="计划检修"),
    Column("cause", "停电原因", CAUSES, required=True, sample="检修"),
    Column("is_external", "外部影响", Flag(), default="否", sample="否"),
    Column("voltage", "电压等级", VOLTAGES, default="中压", sample="中压"),
    Column("feeder", "线路编码", Code(64), sample="F101"),
    Column("device", "停电设备", Text(128), sample="白水一线03号分段开关"),
    Column("transformer", "台区编码", Code(64), sample="T0001", about="与计量点编号填其一 one of the two"),
    Column("usage_point", "计量点编号", Code(64), about="仅低压停电时填写 only for low voltage"),
    Column("off_at", "停电时间", Moment(), required=True, sample="2026-03-05 08:00:00"),
    Column("on_at", "复电时间", Moment(), sample="2026-03-05 11:30:00", about="空白为尚未复电 empty: still off"),
    Column("customers", "影响户数", Number(0, 0, 10**7), about="空白由系统按当日档案计算 empty: counted"),
    Column("note", "备注", Text(500)),
)


def load(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Landing:
    """Land steps that are not recorded yet and ends of open ones; what contradicts the record is complained about."""
    rows, strange = references.resolve(rows, organization.units(store).drop("territory"), "unit", "单位", context)
    feeders = network.ids_of(store, "feeder", rows.select(code="feeder").drop_nulls()).rename(
        {"code": "feeder", "id": "feeder_id"}
    )
    rows, unknown = references.resolve(rows, feeders, "feeder", "线路", context)
    areas = standing.areas(store, rows).select("transformer", "transformer_id")
    rows, no_area = references.resolve(rows, areas, "transformer", "台区", context)
    rows, no_point = references.resolve(
        rows, standing.points(store, rows).drop("path"), "usage_point", "计量点", context
    )
    odd = _odd(rows, context)
    ready = findings.without(rows, odd).with_columns(
        transformer_id=pl.coalesce("transformer_id", "point_transformer_id"), belongs_to=pl.lit(""),
        device=pl.col("device").fill_null(""), note=pl.col("note").fill_null(""),
    )  # fmt: skip
    landed, conflicts = _land(store, ready, context)
    return Landing(landed, findings.gather(strange, unknown, no_area, no_point, odd, conflicts))


def _odd(rows: pl.DataFrame, context: LoadContext) -> pl.DataFrame:
    """What cannot be right whatever stands recorded."""
    both = pl.col("transformer").is_not_null() == pl.col("usage_point").is_not_null()
    return findings.gather(
        findings.about(
            rows.filter(both),
            "transformer",
            "ONE_OF_TWO",
            "台区编码或计量点编号，填其一 (a transformer or a usage point)",
        ),
        findings.about(
            rows.filter(pl.col("on_at") <= pl.col("off_at")), "on_at", "BEFORE_OFF", "晚于停电时间 (later than off)"
        ),
        findings.about(
            rows.filter(pl.max_horizontal("off_at", "on_at") > context.at),
            "off_at",
            "IN_FUTURE",
            "已发生的停电 (what has happened)",
        ),
    )


def _land(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> tuple[pl.DataFrame, pl.DataFrame]:
    known = loading.recorded(store, rows)
    judged = rows.join(known, on="number", how="left", maintain_order="left")
    stands = [name for name in loading.FACTS if name != "belongs_to"]
    same = pl.all_horizontal(pl.col(name).eq_missing(pl.col(f"was_{name}")) for name in stands)
    differs = findings.about(
        judged.filter(pl.col("event").is_not_null() & ~same),
        "number",
        "RECORDED",
        "未登记的编号，或与已登记的一致；更正请填写原因 (new, or as recorded)",
    )
    rows = findings.without(judged, differs)
    who = ["number", "transformer_id", "usage_point_id"]
    was = loading.steps_of(store, known).rename({"on_at": "was_on_at", "event": "was_event"})
    rows = rows.join(was.drop("was_event"), on=[*who, "off_at"], how="left", maintain_order="left", nulls_equal=True)
    recorded = pl.col("step").is_not_null()
    unchanged = rows.filter(recorded & pl.col("on_at").eq_missing(pl.col("was_on_at")))
    told = rows.filter(~(recorded & pl.col("on_at").eq_missing(pl.col("was_on_at"))))
    clash = findings.about(
        told.join(_overlapping(told, was, who), on="line", how="semi"),
        "off_at",
        "OVERLAP",
        "同一编号下同一台区、计量点的时间不重叠，已登记的不改动 (times that do not overlap what is recorded)",
    )
    landed = loading.load(store, findings.without(told, clash), actor=context.actor, at=context.at)
    kept = unchanged.select("line", pl.lit(merging.UNCHANGED).alias("outcome"))
    return pl.concat([landed, kept]), findings.gather(differs, clash)


def _overlapping(told: pl.DataFrame, was: pl.DataFrame, who: list[str]) -> pl.DataFrame:
    """Lines whose time overlaps a recorded step of the same who under the same number, or an earlier line's. A step that
    was open may end; any other end is a contradiction."""
    columns = [*who, "off_at", "on_at", "line"]
    stored = was.join(told.filter(pl.col("was_on_at").is_null()).select("step").drop_nulls(), on="step", how="anti")
    stored = stored.select(*who, "off_at", pl.col("was_on_at").alias("on_at"), pl.lit(0, pl.Int64).alias("line"))
    lines = pl.concat([stored.select(columns), told.select(columns)]).sort(*who, "off_at", "line")
    far = pl.datetime(9999, 1, 1, time_zone="UTC", time_unit="us")
    ends = pl.col("on_at").fill_null(far).cum_max().shift(1).over(who)
    begins = pl.col("off_at").shift(-1).over(who)
    later = lines.with_columns(before=ends, next=begins)
    hit = (pl.col("before") > pl.col("off_at")) | (
        # A recorded step that begins later, inside this one: the recorded one stays, this line is refused.
        pl.col("next").is_not_null() & (pl.col("on_at").fill_null(far) > pl.col("next"))
    )
    return later.filter(hit & (pl.col("line") > 0)).select("line").unique()


KIND = Kind(
    "interruptions",
    "停电事件",
    "停电历史：停电、复电时间和停电范围，一行一个台区或计量点 who was off from when to when",
    (
        Section(
            "interruption",
            "停电",
            COLUMNS,
            ("number", "transformer", "usage_point", "off_at"),
            load,
            agree={"number": SAID},
        ),
    ),
    chunk_rows=200_000,
    roles=(Role.DISPATCHER,),
)
