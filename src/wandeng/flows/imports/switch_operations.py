"""Switch operations 开关操作记录: the switching log of another system; replayed, it is the current state."""

from __future__ import annotations

import polars as pl

from wandeng.domains.network.frames import loading
from wandeng.domains.organization.types import Role
from wandeng.flows.imports import references
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports.spec import Choice, Code, Column, Kind, Landing, LoadContext, Moment, Section, Text

POSITIONS = Choice({"OPEN": ("分", "断开", "分闸"), "CLOSED": ("合", "闭合", "合闸")})

COLUMNS = (
    Column("switch", "开关编码", Code(64), required=True, sample="K101-03"),
    Column("at", "操作时间", Moment(), required=True, sample="2026-01-31 08:15:00"),
    Column("position", "操作后位置", POSITIONS, required=True, sample="分"),
    Column("reason", "原因", Text(256), sample="检修"),
)


def load(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Landing:
    """Land operations that are not in the log yet."""
    rows, unknown = references.resolve(rows, loading.switches(store, rows), "switch", "开关", context)
    landed = loading.load_switch_operations(
        store,
        rows.select(
            "line",
            "switch_id",
            "at",
            (pl.col("position") == "OPEN").alias("is_open"),
            pl.lit(context.actor.code).alias("actor"),
            pl.col("reason").fill_null(""),
        ),
    )
    return Landing(landed, unknown)


KIND = Kind(
    "switch-operations",
    "开关操作记录",
    "其他系统的开关操作 switching logs of other systems",
    (Section("operation", "操作", COLUMNS, ("switch", "at"), load),),
    roles=(Role.DISPATCHER,),
)
