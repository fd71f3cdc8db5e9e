"""Readings 抄表示数: all registers of a meter frozen at midnight before the day, one wide row a meter and day."""

from __future__ import annotations

from wandeng.flows.imports.meters import register
from wandeng.infra.imports.spec import Choice, Code, Column, Day, Number

SOURCES = Choice(
    {
        "HEAD_END": ("远采", "自动抄表", "采集"),
        "MANUAL": ("人工", "现场", "补抄"),
        "CUSTOMER": ("客户自抄", "客户"),
        "ESTIMATE": ("估抄", "估算"),
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
