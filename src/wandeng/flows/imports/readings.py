"""Readings 抄表示数: all registers of a meter frozen at midnight before the day, one wide row a meter and day."""

from __future__ import annotations

import polars as pl

from wandeng.domains.metering import actions as metering
from wandeng.domains.metering.frames import loading
from wandeng.domains.metering.types import Unrecorded
from wandeng.domains.organization.frames import loading as organization
from wandeng.domains.organization.types import Role
from wandeng.flows.imports import hanging
from wandeng.flows.imports.meters import register
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import findings, merging
from wandeng.infra.imports.spec import Choice, Code, Column, Day, Kind, Landing, LoadContext, Number, Section
from wandeng.kernel.periods import BILLING_ZONE

SOURCES = Choice(
    {
        "HEAD_END": ("远采", "自动抄表", "采集"),
        "MANUAL": ("人工", "现场", "补抄"),
        "CUSTOMER": ("客户自抄", "客户"),
        "INSTALLATION": ("装表",),
        "REMOVAL": ("拆表",),
    }
)

COLUMNS = (
    Column(
        "asset_number",
        "资产编号",
        Code(32),
        sample="4330001000012345678",
        about="与计量点编号至少填一项 this or the usage point",
        also=("电能表资产编号", "表号"),
    ),
    Column("usage_point", "计量点编号", Code(64), also=("用电点编号",)),
    Column(
        "read_on", "抄表日期", Day(), required=True, sample="2026-02-01", about="当日零点冻结 frozen as the day begins"
    ),
    register("total", "正向有功总", sample="12345.67"),
    register("sharp", "正向有功尖"),
    register("peak", "正向有功峰"),
    register("valley", "正向有功谷"),
    register("deep", "正向有功深谷"),
    register("reactive", "正向无功总"),
    register("reactive_export", "反向无功总"),
    register("export", "反向有功总"),
    Column("demand", "最大需量", Number(4, 0, 10**7), about="千瓦，互感器前 kW before the multiplier"),
    Column("source", "抄表方式", SOURCES, default="远采", sample="远采"),
)

STORED = {
    "total": "total_ckwh",
    "sharp": "sharp_ckwh",
    "peak": "peak_ckwh",
    "valley": "valley_ckwh",
    "deep": "deep_ckwh",
    "reactive": "reactive_ckvarh",
    "reactive_export": "reactive_export_ckvarh",
    "export": "export_ckwh",
    "demand": "demand_e4",
}
REQUIRED_TOTAL = "正向有功总示数 (the total register)"
REFUSALS = {
    Unrecorded.DIFFERS: ("total", "CONFLICT", "已有不同示数，更正须另办 (another reading stands: correct it instead)"),
    Unrecorded.TWICE: ("read_on", "TWICE_IN_FILE", "一表一日一次 (one reading a meter and day)"),
    Unrecorded.NOT_HUNG: ("read_on", "NOT_INSTALLED", "电能表在装期间的日期 (a day on which the meter hung)"),
    Unrecorded.NO_TOTAL: ("total", "REQUIRED", REQUIRED_TOTAL),
    Unrecorded.NEGATIVE: ("total", "OUT_OF_RANGE", "不为负 (not negative)"),
    Unrecorded.UNKNOWN_INSTALLATION: ("asset_number", "UNKNOWN_REFERENCE", "已安装的电能表 (a meter that hangs here)"),
}
"""What metering refuses, in the words of the file."""


def load(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Landing:
    """Hand readings to metering: sound ones are accepted, doubtful ones held for a person, and one that stands is never
    overwritten: a different value is parked."""
    silent = findings.about(rows.filter(pl.col("total").is_null()), "total", "REQUIRED", REQUIRED_TOTAL)
    rows, found = hanging.attach(
        store, findings.without(rows, silent), context, day="read_on", prefer_new=pl.col("source") == "INSTALLATION"
    )
    rows = rows.rename(STORED)
    shown = [name for name in STORED.values() if name != "demand_e4"]
    too_large = rows.filter(pl.any_horizontal(pl.col(name) >= pl.lit(100) * 10 ** pl.col("digits") for name in shown))
    beyond = findings.about(
        too_large, "total", "OUT_OF_RANGE", "不超过电能表整数位数 (what the meter can show)", found=_kwh
    )
    rows = findings.without(rows, beyond)
    territories = organization.units(store).select("unit_id", "territory")
    rows = rows.join(territories, on="unit_id", how="left", maintain_order="left")
    today = context.at.astimezone(BILLING_ZONE).date()
    refused, held, known = [findings.empty()], 0, [pl.Series(dtype=pl.Int64)]
    for (territory, source), part in rows.partition_by(
        ["territory", "source"], as_dict=True, maintain_order=True
    ).items():
        recorded = metering.record_readings(
            batch=part.select("installation_id", "read_on", *STORED.values(), row="line").to_arrow(),
            source=source,
            limits=loading.limits(territory=territory, on=today),
            actor=context.actor,
            at=context.at,
            store=store,
        )
        held += recorded.held
        known.append(pl.Series(recorded.unchanged_rows, dtype=pl.Int64))
        refused.append(_refused(pl.DataFrame(recorded.refused)))
    complaints = findings.gather(*refused)
    landed = findings.without(rows, complaints).select("line")
    outcome = (
        pl.when(pl.col("line").is_in(pl.concat(known).implode()))
        .then(pl.lit(merging.UNCHANGED))
        .otherwise(pl.lit(merging.CREATED))
    )
    notes = {"HELD": held} if held else {}
    return Landing(
        landed.with_columns(outcome=outcome), findings.gather(silent, found, beyond, complaints), notes=notes
    )


def _refused(refused: pl.DataFrame) -> pl.DataFrame:
    rows = refused.rename({"row": "line", "found_ckwh": "total_ckwh"})
    parts = []
    for code, (column, ours, expected) in REFUSALS.items():
        found = _kwh if column == "total" else pl.col("read_on")
        parts.append(findings.about(rows.filter(pl.col("code") == code), column, ours, expected, found=found))
    return findings.gather(*parts)


_kwh = pl.concat_str(
    (pl.col("total_ckwh") // 100).cast(pl.String),
    pl.lit("."),
    (pl.col("total_ckwh") % 100).cast(pl.String).str.zfill(2),
)
"""0.01 kWh as people write it."""


KIND = Kind(
    "readings",
    "抄表示数",
    "电能表各寄存器零点冻结示数 registers of meters, frozen at midnight",
    (Section("reading", "示数", COLUMNS, ("asset_number", "usage_point", "read_on"), load),),
    roles=(Role.METER_READER, Role.BILLING_CLERK),
)
