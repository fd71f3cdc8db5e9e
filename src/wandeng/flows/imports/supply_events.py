"""Supply events 停上电事件: what meters, transformer terminals and switches told of their supply, from a head-end's file."""

from __future__ import annotations

import polars as pl

from wandeng.domains.emergency.frames import loading
from wandeng.domains.metering.frames import loading as metering
from wandeng.domains.network.frames import loading as network
from wandeng.domains.organization.types import Role
from wandeng.flows.imports import references
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import findings
from wandeng.infra.imports.spec import Choice, Code, Column, Kind, Landing, LoadContext, Moment, Section
from wandeng.kernel.periods import BILLING_ZONE

TELLERS = Choice({"METER": ("电能表", "表计"), "TERMINAL": ("配变终端", "终端"), "SWITCH": ("开关",)})
WHAT = Choice({"OFF": ("停电", "失电", "跳闸", "分闸"), "ON": ("上电", "复电", "合闸")})

COLUMNS = (
    Column("source", "来源系统", Code(32), required=True, sample="HES-1"),
    Column("event_id", "事件编号", Code(64), required=True, sample="20261012-000001"),
    Column("told_by", "上报设备类型", TELLERS, required=True, sample="电能表"),
    Column("device", "设备编号", Code(64), required=True, sample="B00000001",
           about="电能表资产号、台区编码或开关编码 asset number, transformer or switch"),
    Column("what", "事件", WHAT, required=True, sample="停电"),
    Column("occurred_at", "发生时间", Moment(), required=True, sample="2026-10-12 21:05:30"),
)  # fmt: skip


def load(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Landing:
    """Land events that their source has not told before; those of devices nobody knows are parked."""
    parts, complaints = [], [findings.empty()]
    for told_by, attach in (("METER", _meters), ("TERMINAL", _terminals), ("SWITCH", _switches)):
        found, wrong = attach(store, rows.filter(pl.col("told_by") == told_by), context)
        parts.append(found)
        complaints.append(wrong)
    ready = pl.concat([part.select("line", *_READY) for part in parts]).sort("line")
    landed = loading.take_in(store, ready.with_columns(is_off=pl.col("what") == "OFF").drop("what"), at=context.at)
    return Landing(landed, findings.gather(*complaints))


_READY = ("source", "event_id", "told_by", "usage_point_id", "transformer_id", "switch_id", "what", "occurred_at")
_NOTHING = pl.lit(None, pl.Int64)
Found = tuple[pl.DataFrame, pl.DataFrame]


def _meters(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Found:
    """The meter where it hung on the day of its event."""
    rows = rows.rename({"device": "asset_number"})
    hung = metering.hung(store, by="asset_number", values=rows)
    known = hung.select("asset_number", "path").unique("asset_number", keep="last", maintain_order=True)
    rows, strange = references.resolve(rows, known, "asset_number", "电能表", context)
    day = pl.col("occurred_at").dt.convert_time_zone(str(BILLING_ZONE)).dt.date()
    there = rows.select("line", "asset_number", day=day).join(hung, on="asset_number").filter(
        (pl.col("installed_on") <= pl.col("day"))
        & (pl.col("removed_on").is_null() | (pl.col("removed_on") >= pl.col("day")))
    ).sort("installed_on").unique("line", keep="last")  # fmt: skip
    placed = rows.join(there.select("line", "usage_point_id"), on="line", how="left", maintain_order="left")
    loose = findings.about(
        placed.filter(pl.col("usage_point_id").is_null()),
        "asset_number",
        "NOT_INSTALLED",
        "当日在装的电能表 (a meter that hung)",
    )
    placed = findings.without(placed, loose)
    areas = network.areas_of_points(store, placed)
    ready = placed.join(areas, on="usage_point_id", how="left", maintain_order="left")
    return ready.with_columns(switch_id=_NOTHING), findings.gather(_renamed(strange), _renamed(loose))


def _terminals(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Found:
    areas = network.transformers(store, rows.select(transformer="device")).rename({"transformer": "device"})
    rows, strange = references.resolve(rows, areas, "device", "台区", context)
    return rows.with_columns(usage_point_id=_NOTHING, switch_id=_NOTHING), strange


def _switches(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Found:
    known = network.switches(store, rows.select(switch="device")).rename({"switch": "device"})
    rows, strange = references.resolve(rows, known, "device", "开关", context)
    return rows.with_columns(usage_point_id=_NOTHING, transformer_id=_NOTHING), strange


def _renamed(found: pl.DataFrame) -> pl.DataFrame:
    column = pl.when(pl.col("column") == "asset_number").then(pl.lit("device")).otherwise(pl.col("column"))
    return found.with_columns(column=column)


KIND = Kind(
    "supply-events",
    "停上电事件",
    "电能表、配变终端、开关上报的停电与复电 what meters, terminals and switches told of their supply",
    (Section("event", "事件", COLUMNS, ("source", "event_id"), load),),
    chunk_rows=200_000,
    roles=(Role.DISPATCHER,),
)
