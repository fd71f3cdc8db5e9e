"""Voltage 电压监测: points, a day's 96 readings of a point, or a day's sums as the monitoring device tells them."""

from __future__ import annotations

import polars as pl

from wandeng.domains.network.frames import loading as network
from wandeng.domains.organization.frames import loading as organization
from wandeng.domains.organization.types import Role
from wandeng.domains.voltage.frames import loading
from wandeng.domains.voltage.types import DaySource
from wandeng.flows.imports import references
from wandeng.infra.columns import ColumnStore
from wandeng.infra.imports import findings
from wandeng.infra.imports.spec import Choice, Code, Column, Day, Kind, Landing, LoadContext, Number, Section, Text
from wandeng.kernel.periods import BILLING_ZONE

CLASSES = Choice(
    {
        "A": ("A类", "变电站母线"),
        "B": ("B类", "35kV专线及110kV以上用户"),
        "C": ("C类", "35kV、10kV用户"),
        "D": ("D类", "低压用户"),
    }
)
AREAS = Choice({"CITY": ("城市", "城镇"), "RURAL": ("农村",)})
VOLTS = Number(1, 0, 10**6)
SUM_OF_BOTH_PERCENT = 10
"""From 35 kV the sum of both deviations is limited (GB/T 12325-2008)."""

POINT_COLUMNS = (
    Column("code", "监测点编号", Code(64), required=True, sample="DY-0001"),
    Column("name", "监测点名称", Text(128), required=True, sample="白水台区末端"),
    Column("unit", "单位", Code(32), required=True, sample="43042603"),
    Column("voltage_class", "监测点类别", CLASSES, required=True, sample="D类"),
    Column("area", "地区", AREAS, default="城市", sample="农村"),
    Column("nominal_volts", "标称电压", VOLTS, required=True, sample="220", about="伏 volts"),
    Column("upper_volts", "电压上限", VOLTS, about="空白按标准；35千伏及以上必填 empty: by the standard"),
    Column("lower_volts", "电压下限", VOLTS, about="空白按标准；35千伏及以上必填 empty: by the standard"),
    Column("transformer", "台区编码", Code(64), sample="T0001"),
    Column("usage_point", "计量点编号", Code(64)),
    Column("valid_from", "投运日期", Day(), required=True, sample="2025-01-01"),
    Column("valid_to", "退运日期", Day()),
)
SLOTS = tuple(
    Column(f"v{i:02d}", f"{i // 4:02d}:{i % 4 * 15:02d}", Number(1, -(10**6), 10**6), sample="231.5") for i in range(96)
)
READING_COLUMNS = (
    Column("point", "监测点编号", Code(64), required=True, sample="DY-0001"),
    Column("day", "日期", Day(), required=True, sample="2026-01-01"),
    *SLOTS,
)
SUM_COLUMNS = (
    Column("point", "监测点编号", Code(64), required=True, sample="DY-0001"),
    Column("day", "日期", Day(), required=True, sample="2026-01-01"),
    Column("monitored", "监测分钟", Number(0, 0, 1440), required=True, sample="1440"),
    Column("over", "超上限分钟", Number(0, 0, 1440), required=True, sample="0"),
    Column("under", "超下限分钟", Number(0, 0, 1440), required=True, sample="35"),
    Column("max_volts", "最高电压", VOLTS, sample="236.1"),
    Column("min_volts", "最低电压", VOLTS, sample="196.2"),
)


def load_points(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Landing:
    """Land points; what is known is changed to what the file says."""
    rows, unknown = references.resolve(rows, organization.units(store).drop("territory"), "unit", "单位", context)
    transformers = network.ids_of(store, "transformer", rows.select(code="transformer").drop_nulls()).rename(
        {"code": "transformer", "id": "transformer_id"}
    )
    rows, no_area = references.resolve(rows, transformers, "transformer", "台区", context)
    known = network.usage_points(store, rows.select("usage_point").drop_nulls())
    rows, no_point = references.resolve(
        rows, known.select("usage_point", "usage_point_id"), "usage_point", "计量点", context
    )
    rows = rows.rename({f"{one}_volts": f"{one}_dv" for one in ("nominal", "upper", "lower")})
    odd = _odd_limits(rows)
    landed = loading.load_points(store, findings.without(rows, odd))
    return Landing(landed, findings.gather(unknown, no_area, no_point, odd))


def _odd_limits(rows: pl.DataFrame) -> pl.DataFrame:
    upper, lower, nominal = pl.col("upper_dv"), pl.col("lower_dv"), pl.col("nominal_dv")
    half = upper.is_null() != lower.is_null()
    high = nominal >= loading.HIGH_DV
    deviation = (upper - nominal).abs() + (nominal - lower).abs()
    wide = high & (deviation * 100 > SUM_OF_BOTH_PERCENT * nominal)
    turned = upper <= lower
    return findings.gather(
        findings.about(rows.filter(half | turned), "upper_volts", "LIMITS", "上限、下限同时填写，上限较高 (both limits, the upper higher)",
                       found=pl.lit("")),
        findings.about(rows.filter(high & upper.is_null() & lower.is_null()), "upper_volts", "LIMITS_NEEDED",
                       "35千伏及以上须填写上下限 (limits of its own from 35 kV)", found=pl.lit("")),
        findings.about(rows.filter(wide & ~half & ~turned), "upper_volts", "TOO_WIDE",
                       "正负偏差绝对值之和不超过10% (deviations of 10 % together at most)", found=pl.lit("")),
        findings.about(rows.filter(pl.col("valid_to") <= pl.col("valid_from")), "valid_to", "BEFORE_START",
                       "晚于投运日期 (later than the first day)"),
    )  # fmt: skip


def load_readings(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Landing:
    """Judge and land days of readings; a day told again with other readings is changed."""
    rows, found = _pointed(store, rows, context)
    names = [column.name for column in SLOTS]
    silent = findings.about(
        rows.filter(pl.all_horizontal(pl.col(name).is_null() for name in names)), "v00", "REQUIRED",
        "至少一个时刻的电压 (at least one reading)", found=pl.lit(""),
    )  # fmt: skip
    judged = loading.judged(findings.without(rows, silent), names)
    landed = loading.load_days(store, judged, at=context.at)
    return Landing(landed, findings.gather(found, silent))


def load_sums(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> Landing:
    """Land what devices counted themselves; a day whose readings are here keeps them."""
    rows, found = _pointed(store, rows, context)
    beyond = findings.about(
        rows.filter(pl.col("over") + pl.col("under") > pl.col("monitored")), "monitored", "TOO_FEW",
        "不少于超限分钟之和 (at least the minutes out of range)",
    )  # fmt: skip
    known = rows.join(loading.days(store, rows), on=["point_id", "day"], how="left", maintain_order="left")
    better = findings.about(
        known.filter(pl.col("was_source") == DaySource.READINGS.value), "day", "RECORDED",
        "没有读数的日期；已有读数的以读数为准 (a day without readings)",
    )  # fmt: skip
    told = findings.without(rows, findings.gather(beyond, better)).rename(
        {"max_volts": "max_dv", "min_volts": "min_dv"}
    )
    none = [pl.lit(0, pl.Int32).alias(name) for name in ("negative", "dead", "doubled", "beyond", "stuck")]
    days = told.with_columns(
        *none, missing=(loading.DAY_MINUTES - pl.col("monitored")).cast(pl.Int32), source=pl.lit(DaySource.SUMS.value),
        readings=pl.lit(""),
    )  # fmt: skip
    return Landing(loading.load_days(store, days, at=context.at), findings.gather(found, beyond, better))


def _pointed(store: ColumnStore, rows: pl.DataFrame, context: LoadContext) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows with their points and the limits of their days, and the findings about those without."""
    rows, unknown = references.resolve(rows, loading.points(store, rows), "point", "监测点", context)
    early = pl.col("day") < pl.col("valid_from")
    late = pl.col("valid_to").is_not_null() & (pl.col("day") >= pl.col("valid_to"))
    future = pl.col("day") > pl.lit(context.at.astimezone(BILLING_ZONE).date())
    outside = findings.about(rows.filter(early | late), "day", "OUT_OF_SERVICE", "监测点在运的日期 (a day in service)")
    ahead = findings.about(rows.filter(future), "day", "IN_FUTURE", "已过去的日期 (a day that has come)")
    limited = loading.limited(findings.without(rows, findings.gather(outside, ahead)))
    return limited, findings.gather(unknown, outside, ahead)


_ROLES = (Role.DISPATCHER, Role.CELL_MANAGER)
POINTS = Kind(
    "voltage-points",
    "电压监测点",
    "电压在何处监测：类别、标称电压、上下限 where voltage is measured",
    (Section("point", "监测点", POINT_COLUMNS, ("code",), load_points),),
    roles=_ROLES,
)
READINGS = Kind(
    "voltage-readings",
    "电压读数",
    "监测点每日96点电压 quarter-hour voltages of monitoring points, a row a day",
    (Section("reading", "读数", READING_COLUMNS, ("point", "day"), load_readings),),
    chunk_rows=20_000,
    roles=_ROLES,
)
SUMS = Kind(
    "voltage-days",
    "电压日统计",
    "监测装置自行统计的每日监测、超限分钟 what monitoring devices counted of a day",
    (Section("day", "日统计", SUM_COLUMNS, ("point", "day"), load_sums),),
    roles=_ROLES,
)
